"""OpenAI's words in the mouths of other servers: what each kind is asked, and how its answers are read."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageRequest
from bot.providers import Providers, Ticket
from bot.providers.openai import OpenAI, Settings
from bot.providers.openai.known import draws, title
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, FakeService, png
from tests.providers.hands import Hands

FOX = "a red fox"
DRAWN = Answer(json={"created": 1, "data": [{"b64_json": base64.b64encode(png(16, 9)).decode()}]})
JPEG_BEGINNING = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x09\x00\x10\x03" + bytes(9) + b"\xff\xda\x00\x02\xff\xd9"

Build = Callable[..., OpenAI]


@pytest.fixture
def build(network: Network, spool: Spool, service: FakeService) -> Build:
    """A server called home of some kind, with the models that are given, and a key unless it is None."""

    def server(kind: str, *models: str, path: str = "", key: str = "home", **wishes: Any) -> OpenAI:
        given = {"api_key": KEY, "base_url": service.url + path, "kind": kind, "models": models} | wishes
        settings = Settings.model_validate(given)
        return OpenAI(Http(network, spool, settings.address, settings.headers(), 5.0), settings, key)

    return server


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A picture to change, without an ending to its name."""
    path = tmp_path / "source"
    path.write_bytes(png(8, 8))
    return path


async def draw(server: OpenAI, prompt: str = FOX, ratio: str = "16:9", **wishes: Any) -> list[GeneratedImage]:
    request = ImageRequest(server.models()[0], prompt, AspectRatio(ratio), **wishes)
    return await server.generate(request, Ticket())


async def draw_with(answer: Answer, service: FakeService, server: OpenAI, **words: Any) -> list[GeneratedImage]:
    service.will(answer)
    return await draw(server, **words)


@pytest.mark.parametrize(
    ("kind", "model", "asked"),
    [
        ("litellm", "flux-pro", {"size": "1536x1024"}),
        ("litellm", "gpt-image-2", {"size": "1536x1024", "output_format": "png"}),
        ("localai", "sdxl", {"prompt": "a red fox|rain", "size": "1024x704", "response_format": "b64_json", "seed": 7}),
        (
            "together",
            "black-forest-labs/FLUX.1-schnell",
            {"width": 1024, "height": 704, "response_format": "base64", "negative_prompt": "rain", "seed": 7},
        ),
        ("xai", "grok-imagine-image", {"aspect_ratio": "3:2", "response_format": "b64_json"}),
        ("plain", "some-model", {"size": "1024x704", "response_format": "b64_json"}),
    ],
)
async def test_each_kind_is_asked_in_its_own_words(
    build: Build, service: FakeService, kind: str, model: str, asked: dict[str, Any]
) -> None:
    service.will(DRAWN)
    (image,) = await draw(build(kind, model), ratio="3:2", negative="rain", seed=7)
    assert (image.width, image.height) == (16, 9)
    assert service.calls[0].path == "/v1/images/generations"
    assert service.calls[0].json == {"model": model, "prompt": FOX, "n": 1} | asked


async def test_a_server_without_fields_for_them_gets_seed_and_steps_inside_of_the_prompt(
    build: Build, service: FakeService
) -> None:
    server = build("sdcpp", "sd-cpp-local", steps=4, longest=512)
    await draw_with(DRAWN, service, server, ratio="3:2", negative="rain", seed=7)
    words, _, inside = service.calls[0].json["prompt"].partition(" <sd_cpp_extra_args>")
    assert words == FOX
    assert json.loads(inside.removesuffix("</sd_cpp_extra_args>")) == {
        "negative_prompt": "rain",
        "seed": 7,
        "sample_params": {"sample_steps": 4},
    }
    assert service.calls[0].json["size"] == "512x320"


@pytest.mark.parametrize(
    "smuggled",
    [
        'a fox<sd_cpp_extra_args>{"seed":1}</sd_cpp_extra_args>',
        "a fox<sd_cpp_extra_args>\n{}\n</sd_cpp_extra_args>",
        "a fox<sd_cpp_extra_args>",
        "a fox<sd_cpp_<sd_cpp_extra_args></sd_cpp_extra_args>extra_args>",
        "a fox<sd_cpp_exsd_cpp_extra_argstra_args>{}</sd_cpp_exsd_cpp_extra_argstra_args>",
    ],
)
@pytest.mark.parametrize("place", ["prompt", "negative"])
async def test_nobody_smuggles_arguments_into_a_prompt(
    build: Build, service: FakeService, smuggled: str, place: str
) -> None:
    words = {"prompt": FOX, "seed": 7} | {place: smuggled}
    await draw_with(DRAWN, service, build("sdcpp", "sd-cpp-local"), **words)
    prompt = service.calls[0].json["prompt"]
    assert prompt.count("<sd_cpp_extra_args>") == prompt.count("sd_cpp_extra_args") // 2 == 1
    assert json.loads(prompt.partition("<sd_cpp_extra_args>")[2].removesuffix("</sd_cpp_extra_args>"))["seed"] == 7


@pytest.mark.parametrize(
    "smuggled",
    ["<lora:../../x:1>", "<lora:x:1", "<LoRA:x:1>", "<lo<lora:x:1>ra:y:1>", "<losd_cpp_extra_argsra:y:1>"],
)
@pytest.mark.parametrize("place", ["prompt", "negative"])
async def test_nobody_names_a_file_in_a_prompt(build: Build, service: FakeService, smuggled: str, place: str) -> None:
    words = {"prompt": FOX, "seed": 7} | {place: f"a fox {smuggled} at night"}
    await draw_with(DRAWN, service, build("sdcpp", "sd-cpp-local"), **words)
    prompt = service.calls[0].json["prompt"]
    assert "<lora:" not in prompt.casefold()
    assert "at night" in prompt


async def test_a_bar_that_a_person_typed_begins_no_negative_prompt(build: Build, service: FakeService) -> None:
    await draw_with(DRAWN, service, build("localai", "sdxl"), prompt="a fox | a hare")
    assert "|" not in service.calls[0].json["prompt"]


async def test_quality_and_steps_are_sent_only_where_they_are_set(build: Build, service: FakeService) -> None:
    await draw_with(DRAWN, service, build("openai", "gpt-image-2", quality="low", steps=9))
    assert service.calls[0].json["quality"] == "low"
    assert "steps" not in service.calls[0].json
    await draw_with(DRAWN, service, build("together", "flux", steps=4))
    assert service.calls[1].json["steps"] == 4
    assert "quality" not in service.calls[1].json


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/v1/images/generations"),
        ("/", "/v1/images/generations"),
        ("/v1", "/v1/images/generations"),
        ("/v1/", "/v1/images/generations"),
        ("/proxy", "/proxy/v1/images/generations"),
        ("/v1/openai", "/v1/openai/images/generations"),
    ],
)
async def test_an_address_may_end_in_v1(build: Build, service: FakeService, path: str, asked: str) -> None:
    await draw_with(DRAWN, service, build("plain", "flux", path=path))
    assert service.calls[0].path == asked


async def test_a_server_without_a_key_is_shown_none(build: Build, service: FakeService) -> None:
    await draw_with(DRAWN, service, build("localai", "sdxl", api_key=None))
    assert "authorization" not in service.calls[0].headers


async def test_a_picture_on_the_server_itself_is_fetched(build: Build, service: FakeService) -> None:
    service.will(Answer(json={"data": [{"url": f"{service.url}/generated-images/b64.png"}]}), Answer(body=png(16, 9)))
    (image,) = await draw(build("localai", "sdxl"))
    assert image.width == 16
    assert service.calls[1].path == "/generated-images/b64.png"


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"b64_json": "", "respect_moderation": False}]},
        {"data": [{"url": "", "respect_moderation": False}, {"url": "", "respect_moderation": False}]},
        {"data": [{"b64_json": ""}], "respect_moderation": False},
    ],
)
async def test_an_empty_picture_that_was_moderated_is_a_refused_prompt(
    build: Build, service: FakeService, answer: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as caught:
        await draw_with(Answer(json=answer), service, build("xai", "grok-imagine-image"))
    assert caught.value.cause is Cause.PROMPT_REFUSED


async def test_one_moderated_picture_does_not_spoil_the_other(build: Build, service: FakeService) -> None:
    whole = {"b64_json": "data:image/png;base64," + base64.b64encode(png(16, 9)).decode(), "respect_moderation": True}
    both = Answer(json={"data": [{"b64_json": "", "respect_moderation": False}, whole]})
    assert len(await draw_with(both, service, build("xai", "grok-imagine-image"), count=2)) == 1


@pytest.mark.parametrize(
    ("status", "answer", "error", "cause"),
    [
        (400, {"error": "prompt required"}, Refused, Cause.BAD_REQUEST),
        (429, {"error": "queue is full"}, NotNow, Cause.RATE_LIMITED),
        (400, {"error": {"message": "content_policy_violation", "code": "400"}}, Refused, Cause.PROMPT_REFUSED),
    ],
)
async def test_refusals_of_others_are_understood(
    build: Build, service: FakeService, status: int, answer: Any, error: type[ProviderError], cause: Cause
) -> None:
    with pytest.raises(error) as caught:
        await draw_with(Answer(status, json=answer), service, build("sdcpp", "sd-cpp-local"))
    assert caught.value.cause is cause
    assert len(service.calls) == 1


@pytest.mark.parametrize(("kind", "model"), [("openai", "gpt-image-2"), ("litellm", "gpt-image-2"), ("sdcpp", "sd")])
async def test_pictures_to_change_go_as_files_of_a_form(
    build: Build, service: FakeService, source: Path, kind: str, model: str
) -> None:
    await draw_with(DRAWN, service, build(kind, model), prompt="make it night", sources=(source, source))
    call = service.calls[0]
    assert (call.method, call.path) == ("POST", "/v1/images/edits")
    assert call.headers["content-type"].startswith("multipart/form-data")
    assert call.body.count(b'name="image[]"') == 2
    assert call.body.count(b"Content-Type: image/png") == 2
    assert call.body.count(png(8, 8)) == 2
    for name, value in {"model": model, "prompt": "make it night", "n": "1"}.items():
        assert f'name="{name}"'.encode() in call.body
        assert f"\r\n\r\n{value}\r\n".encode() in call.body
    assert b"response_format" not in call.body


async def test_pictures_to_change_go_inside_of_json_where_forms_are_not_taken(
    build: Build, service: FakeService, source: Path, tmp_path: Path
) -> None:
    server = build("xai", "grok-imagine-image")
    photo = tmp_path / "photo"
    photo.write_bytes(JPEG_BEGINNING)
    first = {"type": "image_url", "url": "data:image/png;base64," + base64.b64encode(png(8, 8)).decode()}
    second = {"type": "image_url", "url": "data:image/jpeg;base64," + base64.b64encode(JPEG_BEGINNING).decode()}
    await draw_with(DRAWN, service, server, sources=(source,))
    await draw_with(DRAWN, service, server, sources=(source, photo))
    assert service.calls[0].path == "/v1/images/edits"
    assert service.calls[0].json["image"] == first
    assert service.calls[1].json["images"] == [first, second]


async def test_a_server_whose_models_are_named_by_hand_is_looked_at_all_the_same(
    build: Build, service: FakeService
) -> None:
    server = build("plain", "some-model")
    for fine in (Answer(404), Answer(json={"data": []}), Answer(200)):
        service.will(fine)
        assert await server.account() is None
    service.will(Answer(401))
    with pytest.raises(ProviderError) as refused:
        await server.account()
    assert refused.value.cause is Cause.KEY_REFUSED
    assert {call.method for call in service.calls} == {"GET"}


async def test_models_named_by_hand_are_not_asked_for_nor_forgotten(build: Build, service: FakeService) -> None:
    server = build("localai", "sdxl", "flux.1-dev")
    server.remember(build("plain", "other").models())
    await server.refresh()
    assert [model.key for model in server.models()] == ["home/sdxl", "home/flux.1-dev"]
    assert service.calls == []


@pytest.mark.parametrize(
    ("kind", "answer", "keys"),
    [
        ("sdcpp", {"data": [{"id": "sd-cpp-local"}]}, ["home/sd-cpp-local"]),
        ("localai", {"data": [{"id": "llama-3"}, {"id": "flux.1-dev"}, {"id": "../x"}]}, ["home/flux.1-dev"]),
        ("localai", {"data": [{"id": 7}, None, "x", {"id": "flux.1-dev", "type": None}]}, ["home/flux.1-dev"]),
        (
            "together",
            [{"id": "m/Llama", "type": "chat"}, {"id": "b/FLUX.2", "type": "image"}, {"id": "q/x", "type": "image"}],
            ["home/b/FLUX.2", "home/q/x"],
        ),
    ],
)
async def test_of_its_own_list_only_what_draws_is_offered(
    build: Build, service: FakeService, kind: str, answer: Any, keys: list[str]
) -> None:
    service.will(Answer(json=answer))
    server = build(kind)
    await server.refresh()
    assert [model.key for model in server.models()] == keys
    assert service.calls[0].path == "/v1/models"


def test_what_a_model_can_do_is_told_by_its_kind_and_name(build: Build) -> None:
    (old, new) = build("openai", "gpt-image-1.5", "gpt-image-2.5-flare").models()
    assert [ratio.value for ratio in old.ratios] == ["1:1", "3:2", "2:3"]
    assert set(new.ratios) == set(AspectRatio)
    assert (new.sources, new.most, new.seed, new.negative) == (16, 10, False, False)
    (local,) = build("localai", "sdxl").models()
    assert (local.sources, local.most, local.seed, local.negative, local.price) == (0, 1, True, True, 1)
    (grok,) = build("xai", "grok-imagine-image").models()
    assert AspectRatio.ULTRAWIDE not in grok.ratios


@pytest.mark.parametrize("ratio", AspectRatio)
async def test_every_size_of_the_newer_ones_is_one_they_draw(
    build: Build, service: FakeService, ratio: AspectRatio
) -> None:
    await draw_with(DRAWN, service, build("openai", "gpt-image-2"), ratio=ratio.value)
    width, height = map(int, service.calls[0].json["size"].split("x"))
    assert width % 16 == height % 16 == 0
    assert 655_360 <= width * height <= 8_294_400
    assert max(width, height) <= 3 * min(width, height)
    assert AspectRatio.nearest(width, height) is ratio


def test_a_free_server_may_be_asked_again(build: Build) -> None:
    assert build("localai", "sdxl", free=True).repeatable
    assert not build("localai", "sdxl").repeatable


def test_several_servers_are_providers_of_their_own(network: Network, spool: Spool) -> None:
    own = {"base_url": "http://127.0.0.1:8080", "kind": "localai"}
    settings = {
        "home": Settings.model_validate(own | {"models": "sdxl", "free": True}),
        "grok": Settings.model_validate({"kind": "xai", "api_key": KEY, "title": "Grok"}),
        "openai": Settings.model_validate({}),
    }
    providers = Providers.build(settings, network, spool)
    assert [model.key for model in providers.models()] == ["home/sdxl", "grok/grok-imagine-image"]
    assert providers.repeatable("home/sdxl")
    assert not providers.repeatable("grok/grok-imagine-image")


async def test_one_server_that_is_down_does_not_stop_another(build: Build, service: FakeService, clock: Hands) -> None:
    service.otherwise = lambda call: Answer(500, json={}) if call.path.startswith("/down") else DRAWN
    down, up = build("plain", "flux", path="/down", key="down"), build("plain", "flux", path="/up", key="up")
    providers = Providers([down, up], clock)
    for _ in range(9):
        with pytest.raises(ProviderError):
            await providers.generate(ImageRequest(down.models()[0], FOX, AspectRatio.SQUARE), Ticket())
    assert (providers.rests("down/flux"), providers.rests("up/flux")) == (True, False)
    assert await providers.generate(ImageRequest(up.models()[0], FOX, AspectRatio.SQUARE), Ticket())


async def test_an_older_model_draws_the_nearest_of_its_sizes(build: Build, service: FakeService) -> None:
    await draw_with(DRAWN, service, build("openai", "gpt-image-1.5"), ratio="21:9")
    assert service.calls[0].json["size"] == "1536x1024"


def test_a_server_is_called_by_its_title_or_its_name(build: Build) -> None:
    assert build("plain", "flux", key="my-gpu").title == "My Gpu"
    assert build("openai", key="openai").title == "OpenAI"
    assert build("plain", "flux", title="My GPU").title == "My GPU"


@pytest.mark.parametrize(
    ("name", "people_read"),
    [
        ("gpt-image-2.5-flare", "GPT Image 2.5 Flare"),
        ("black-forest-labs/FLUX.1-schnell", "FLUX.1 Schnell"),
        ("sd-cpp-local", "Stable Diffusion"),
        ("dreamshaper_8", "Dreamshaper 8"),
    ],
)
def test_a_name_is_written_for_people(name: str, people_read: str) -> None:
    assert title(name) == people_read


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("gpt-image-2", True),
        ("stabilityai/stable-diffusion-3.5", True),
        ("sd-turbo", True),
        ("qwen-image", True),
        ("gpt-6", False),
        ("imagebind-embed", False),
        ("gpt-image-2-2026-04-21", False),
        ("grok-imagine-video", False),
    ],
)
def test_a_model_that_draws_is_known_by_its_name(name: str, does: bool) -> None:
    assert draws(name) is does
