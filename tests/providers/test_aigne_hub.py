"""AIGNE Hub: what it remembers, how it edits, and what it offers."""

import base64
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, Refused, Unknown
from bot.http import Http, Limits, Network, Spool
from bot.images import AspectRatio
from bot.providers import Ticket
from bot.providers.aigne_hub import COMPONENT, DOCUMENTED, SERVED, AigneHub, Settings, model
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, FakeService, cut_off
from tests.providers.gateway import SITE, Gateway, request
from tests.providers.hands import Hands

FOX = base64.b64encode(PNG).decode()
JPEG = b"\xff\xd8\xff\xe0 a picture"


def drawn(count: int = 1) -> Answer:
    pictures = [{"base64": FOX, "b64_json": FOX, "b64Json": FOX}] * count
    return Answer(json={"images": pictures, "data": pictures})


def paths(service: FakeService) -> list[str]:
    return [call.path for call in service.calls]


async def test_where_the_hub_is_mounted_is_asked_once(hub: Any, service: FakeService, gateway: Gateway) -> None:
    gateway.answers[f"/hub{SERVED}"] = drawn()
    provider = hub()
    await provider.generate(request(), Ticket())
    await provider.generate(request(), Ticket())
    assert paths(service) == ["/__blocklet__.js?type=json", f"/hub{SERVED}", f"/hub{SERVED}"]


async def test_an_address_with_a_path_is_where_the_hub_is(hub: Any, service: FakeService, gateway: Gateway) -> None:
    gateway.answers[f"/here{SERVED}"] = drawn()
    await hub("/here").generate(request(), Ticket())
    assert paths(service) == [f"/here{SERVED}"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>a page for people</html>"),
        Answer(json={"componentMountPoints": "none"}),
    ],
)
async def test_a_site_that_says_something_odd_is_asked_again_next_time(
    hub: Any, service: FakeService, gateway: Gateway, answer: Answer
) -> None:
    gateway.answers[SERVED] = gateway.answers[f"/hub{SERVED}"] = drawn()
    provider = hub()
    service.will(answer)
    await provider.generate(request(), Ticket())
    await provider.generate(request(), Ticket())
    site = "/__blocklet__.js?type=json"
    assert paths(service) == [site, SERVED, site, f"/hub{SERVED}"]


@pytest.mark.parametrize("answer", [Answer(503, json={}), Answer(json=SITE, fault=cut_off)])
async def test_while_a_site_is_not_well_nothing_is_ordered_by_guess(
    hub: Any, service: FakeService, gateway: Gateway, answer: Answer
) -> None:
    gateway.answers[f"/hub{SERVED}"] = drawn()
    provider = hub()
    service.will(answer)
    with pytest.raises(NotNow):
        await provider.generate(request(), Ticket())
    await provider.generate(request(), Ticket())
    site = "/__blocklet__.js?type=json"
    assert paths(service) == [site, site, f"/hub{SERVED}"]


@pytest.mark.parametrize("mount", ["//elsewhere.example", "/a b", "/hub?x=1", 7, None])
async def test_a_mount_that_is_no_path_is_not_followed(
    hub: Any, service: FakeService, gateway: Gateway, mount: object
) -> None:
    gateway.answers["/__blocklet__.js?type=json"] = Answer(
        json={"componentMountPoints": [{"did": COMPONENT, "mountPoint": mount}]}
    )
    gateway.answers[SERVED] = drawn()
    assert await hub().generate(request(), Ticket())
    assert paths(service)[-1] == SERVED


async def test_the_path_that_works_is_remembered(hub: Any, service: FakeService, gateway: Gateway) -> None:
    gateway.answers[f"/here{DOCUMENTED}"] = drawn()
    provider = hub("/here")
    await provider.generate(request(), Ticket())
    await provider.generate(request(), Ticket())
    assert paths(service) == [f"/here{SERVED}", f"/here{DOCUMENTED}", f"/here{DOCUMENTED}"]


async def test_the_documented_path_of_a_setting_gives_way_too(hub: Any, service: FakeService, gateway: Gateway) -> None:
    gateway.answers[f"/here{SERVED}"] = drawn()
    assert await hub("/here", images_path=DOCUMENTED).generate(request(), Ticket())
    assert paths(service) == [f"/here{DOCUMENTED}", f"/here{SERVED}"]


@pytest.mark.parametrize(
    "words",
    [
        "Provider google not found",
        "No active credentials found for provider google",
        "Model gemini could not be found",
    ],
)
async def test_a_maker_that_is_missing_is_no_missing_path(
    hub: Any, service: FakeService, gateway: Gateway, words: str
) -> None:
    gateway.answers[f"/here{SERVED}"] = Answer(404, json={"error": words})
    provider = hub("/here")
    with pytest.raises(Refused) as caught:
        await provider.generate(request(), Ticket())
    assert (caught.value.cause, caught.value.status) == (Cause.MODEL_GONE, 404)
    gateway.answers[f"/here{SERVED}"] = drawn()
    await provider.generate(request(), Ticket())
    assert paths(service) == [f"/here{SERVED}"] * 2


async def test_a_path_that_failed_for_another_reason_is_not_remembered(
    hub: Any, service: FakeService, gateway: Gateway
) -> None:
    gateway.answers[f"/here{DOCUMENTED}"] = Answer(500, json={"error": {"message": "fetch failed"}})
    provider = hub("/here")
    with pytest.raises(Unknown):
        await provider.generate(request(), Ticket())
    gateway.answers[f"/here{SERVED}"] = drawn()
    await provider.generate(request(), Ticket())
    assert paths(service) == [f"/here{SERVED}", f"/here{DOCUMENTED}", f"/here{SERVED}"]


async def test_two_pictures_are_changed_into_one(
    hub: Any, service: FakeService, gateway: Gateway, tmp_path: Path
) -> None:
    sources = (tmp_path / "one", tmp_path / "two")
    sources[0].write_bytes(PNG)
    sources[1].write_bytes(JPEG)
    gateway.answers["/here/api/v2/image"] = Answer(
        json={"images": [{"type": "file", "data": FOX, "mimeType": "image/png"}], "model": "gemini"}
    )
    images = await hub("/here").generate(request(sources=sources, ratio=AspectRatio.WIDE), Ticket())
    assert [(image.width, image.height) for image in images] == [(16, 9)]
    assert service.calls[0].json == {
        "input": {
            "prompt": "a red fox",
            "n": 1,
            "size": "1536x864",
            "imageConfig": {"aspectRatio": "16:9"},
            "image": [
                {"type": "file", "data": FOX, "mimeType": "image/png", "filename": "picture.png"},
                {
                    "type": "file",
                    "data": base64.b64encode(JPEG).decode(),
                    "mimeType": "image/jpeg",
                    "filename": "picture.jpeg",
                },
            ],
            "outputFileType": "file",
            "modelOptions": {"model": "google/gemini-2.5-flash-image"},
        }
    }


async def test_an_edit_that_is_refused_goes_nowhere_else(
    hub: Any, service: FakeService, gateway: Gateway, tmp_path: Path
) -> None:
    source = tmp_path / "one"
    source.write_bytes(PNG)
    with pytest.raises(Refused) as caught:
        await hub("/here").generate(request(sources=(source,)), Ticket())
    assert (caught.value.cause, paths(service)) == (Cause.MODEL_GONE, ["/here/api/v2/image"])


async def test_a_picture_at_an_address_is_fetched_with_the_key_from_its_own_host_only(
    hub: Any, service: FakeService, gateway: Gateway
) -> None:
    async with FakeService() as stranger:
        url = f"{service.url}/media-kit/uploads/7.png"
        gateway.answers[f"/here{SERVED}"] = Answer(
            json={"images": [{"url": url}, {"url": f"{stranger.url}/7.png"}], "data": [{"url": url}]}
        )
        gateway.answers["/media-kit/uploads/7.png"] = Answer(body=PNG)
        images = await hub("/here").generate(request("ideogram/ideogram-v3", count=2), Ticket())
        assert len(images) == 1
        assert stranger.calls == []
    assert service.calls[-1].headers["authorization"] == f"Bearer {KEY}"


async def test_no_picture_is_given_twice_and_none_is_left_behind(hub: Any, gateway: Gateway, spool: Spool) -> None:
    gateway.answers[f"/here{SERVED}"] = drawn(3)
    images = await hub("/here").generate(request("ideogram/ideogram-v3", count=3), Ticket())
    assert len(images) == 3
    assert {image.path for image in images} == set(spool.directory.iterdir())


async def test_six_copies_of_each_picture_take_the_room_of_one(
    clock: Hands, service: FakeService, gateway: Gateway, spool: Spool
) -> None:
    room = 1 << 20
    weight = room // 6
    pictures = [base64.b64encode(PNG + bytes([number]) * weight).decode() for number in range(4)]
    spelled = [{"base64": fox, "b64_json": fox, "b64Json": fox} for fox in pictures]
    gateway.answers[f"/here{SERVED}"] = Answer(json={"images": spelled, "data": spelled})
    async with Network(clock, Limits(body=room)) as network:
        settings = Settings.model_validate({"base_url": f"{service.url}/here"})
        narrow = AigneHub(Http(network, spool, settings.address), settings)
        images = await narrow.generate(request("ideogram/ideogram-v3", count=4), Ticket())
    assert [image.size for image in images] == [len(PNG) + weight] * 4
    assert len({image.path.read_bytes() for image in images}) == 4
    assert {image.path for image in images} == set(spool.directory.iterdir())


@pytest.mark.parametrize(
    ("name", "quality", "style", "sent"),
    [
        ("openai/gpt-image-1.5", "high", "vivid", {"quality": "high"}),
        ("openai/gpt-image-1.5", "hd", "vivid", {}),
        ("openai/dall-e-3", "hd", "natural", {"quality": "hd", "style": "natural"}),
        ("openai/dall-e-3", "high", "natural", {"style": "natural"}),
        ("google/gemini-2.5-flash-image", "high", "vivid", {}),
        ("other/unheard-of", "high", "vivid", {}),
    ],
)
async def test_quality_and_style_go_where_they_are_understood(
    hub: Any, service: FakeService, gateway: Gateway, name: str, quality: str, style: str, sent: dict[str, str]
) -> None:
    gateway.answers[f"/here{SERVED}"] = drawn()
    await hub("/here", quality=quality, style=style).generate(request(name), Ticket())
    question = service.calls[0].json
    assert {word: question[word] for word in ("quality", "style") if word in question} == sent


@pytest.mark.parametrize(
    ("name", "ratio", "size"),
    [
        ("openai/gpt-image-1.5", "2:3", "1024x1536"),
        ("openai/gpt-image-1.5", "9:16", "1024x1536"),
        ("openai/gpt-image-1-mini", "21:9", "1536x1024"),
        ("openai/dall-e-3", "16:9", "1792x1024"),
        ("other/unheard-of", "1:1", "1024x1024"),
        ("other/unheard-of", "4:3", "1536x1152"),
    ],
)
async def test_the_size_is_one_that_the_model_draws(
    hub: Any, service: FakeService, gateway: Gateway, name: str, ratio: str, size: str
) -> None:
    gateway.answers[f"/here{SERVED}"] = drawn()
    await hub("/here").generate(request(name, ratio=AspectRatio(ratio)), Ticket())
    assert service.calls[0].json["size"] == size


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("google/gemini-3-pro-image-preview", 3),
        ("openai/gpt-image-1", 4),
        ("openai/gpt-image-1.5", 0),
        ("google/imagen-4.0-generate-001", 0),
        ("ideogram/ideogram-v3", 0),
        ("other/unheard-of", 0),
    ],
)
def test_editing_is_offered_where_the_hub_can_do_it(name: str, sources: int) -> None:
    assert model(name).sources == sources


@pytest.mark.parametrize(
    ("name", "maker", "title"),
    [
        ("google/gemini-2.5-flash-image", "Google", "Gemini 2.5 Flash Image (Google)"),
        ("openai/gpt-image-1.5", "OpenAI", "GPT Image 1.5 (OpenAI)"),
        ("ideogram/ideogram-v3", "Ideogram", "Ideogram V3"),
        ("google/imagen-4.0-generate-001", "", "Imagen 4.0"),
        ("a/fox", "<b>x</b>", "Fox"),
    ],
)
def test_models_have_names_for_people(name: str, maker: str, title: str) -> None:
    assert model(name, maker).title == title


async def test_the_list_is_no_longer_than_a_keyboard_can_bear(hub: Any, gateway: Gateway) -> None:
    entries = [{"key": f"a/fox-{number}", "status": "active"} for number in range(60)]
    gateway.answers["/here/api/ai/models?type=image"] = Answer(json=entries + entries)
    provider = hub("/here")
    await provider.refresh()
    assert len(provider.models()) == 50


@pytest.mark.parametrize("path", ["no/slash", "/a?b=c", "/a b", "https://elsewhere"])
def test_a_path_of_pictures_is_a_path(path: str) -> None:
    with pytest.raises(ValueError, match="images_path"):
        Settings.model_validate({"images_path": path})
