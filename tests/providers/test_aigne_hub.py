"""AIGNE Hub: what it remembers, how it edits, and what it says about money."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, Unknown
from bot.http import Http, Limits, Network, Spool
from bot.images import AspectRatio, ImageRequest
from bot.providers import Ticket
from bot.providers.aigne_hub import COMPONENT, DOCUMENTED, SERVED, AigneHub, Settings, model
from bot.providers.base import Account
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, Call, FakeService, cut_off
from tests.providers.hands import Hands

FOX = base64.b64encode(PNG).decode()
JPEG = b"\xff\xd8\xff\xe0 a picture"
SITE = {"componentMountPoints": [{"did": COMPONENT, "mountPoint": "/hub/"}]}
MISSING = Answer(404, body=b"<html><title>Error</title><pre>Cannot POST</pre></html>")


class Gateway:
    """Answers by path: what is not told is not there."""

    def __init__(self) -> None:
        self.answers = {"/__blocklet__.js?type=json": Answer(json=SITE)}

    def __call__(self, call: Call) -> Answer:
        return self.answers.get(call.path, MISSING)


@pytest.fixture
def gateway(service: FakeService) -> Gateway:
    service.otherwise = Gateway()
    return service.otherwise


@pytest.fixture
def hub(network: Network, spool: Spool, service: FakeService) -> Any:
    def build(path: str = "", **wishes: str) -> AigneHub:
        settings = Settings.model_validate({"api_key": KEY, "base_url": service.url + path} | wishes)
        return AigneHub(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)

    return build


def request(name: str = "google/gemini-2.5-flash-image", **changes: Any) -> ImageRequest:
    wishes = {"prompt": "a red fox", "ratio": AspectRatio.SQUARE} | changes
    return ImageRequest(model=model(name), **wishes)


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


async def test_what_is_left_is_told_with_the_page_to_buy_more(hub: Any, service: FakeService, gateway: Gateway) -> None:
    link = "https://hub.aigne.io/payment/plink_1"
    gateway.answers["/hub/api/user/info"] = Answer(
        json={
            "user": {"did": "z1", "fullName": "Ann", "email": "ann@example.org"},
            "creditBalance": {"balance": "12.5", "total": "20", "grantCount": 1, "pendingCredit": "0"},
            "paymentLink": link,
            "enableCredit": True,
        }
    )
    assert await hub().account() == Account("12.50 credits", link)
    assert service.calls[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("link", [None, 7, "", "javascript:alert(1)", "http://hub.example.org/pay", "/pay"])
async def test_a_page_that_nobody_can_be_sent_to_is_left_out(hub: Any, gateway: Gateway, link: object) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json={"creditBalance": {"balance": 3}, "paymentLink": link})
    assert await hub("/here").account() == Account("3.00 credits")


async def test_a_hub_that_bills_nobody_has_no_balance(hub: Any, gateway: Gateway) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json={"creditBalance": None, "paymentLink": None})
    assert await hub("/here").account() is None


@pytest.mark.parametrize(
    "facts",
    [
        {"creditBalance": {"balance": "much"}},
        {"creditBalance": {"balance": "NaN"}},
        {"creditBalance": {"balance": "1e99999"}},
        {"creditBalance": "none"},
    ],
)
async def test_a_balance_that_makes_no_sense_is_an_error_of_ours(hub: Any, gateway: Gateway, facts: object) -> None:
    gateway.answers["/here/api/user/info"] = Answer(json=facts)
    with pytest.raises(NotNow):
        await hub("/here").account()


async def test_the_page_to_buy_more_comes_with_the_refusal(hub: Any, gateway: Gateway) -> None:
    link = "https://127.0.0.1/payment/plink_1"
    error = {"message": "Not enough credits", "timestamp": 1, "type": "NOT_ENOUGH", "link": link}
    gateway.answers[f"/here{SERVED}"] = Answer(402, json={"error": error})
    with pytest.raises(ProviderError) as caught:
        await hub("/here").generate(request(), Ticket())
    assert (caught.value.cause, caught.value.link) == (Cause.NO_FUNDS, link)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://hub.aigne.io/payment/plink_1", True),
        ("https://pay.hub.aigne.io/plink_1", True),
        ("https://s.aigne.io/aB3d", True),
        ("https://aigne.io.example.org/pay", False),
        ("https://evilaigne.io/pay", False),
        ("https://example.io/pay", False),
        ("https://evil.aigne.io/pay", False),
        ("http://hub.aigne.io/pay", False),
        ("https://[::1/pay", False),
    ],
)
def test_admins_are_sent_to_pages_of_the_hub_only(network: Network, spool: Spool, link: str, kept: bool) -> None:
    http = Http(network, spool, "https://hub.aigne.io", pages=AigneHub.pages)
    problem = http.problem(json.dumps({"error": {"message": "Not enough credits", "link": link}}))
    assert problem.link == (link if kept else None)


@pytest.mark.parametrize("path", ["no/slash", "/a?b=c", "/a b", "https://elsewhere"])
def test_a_path_of_pictures_is_a_path(path: str) -> None:
    with pytest.raises(ValueError, match="images_path"):
        Settings.model_validate({"images_path": path})
