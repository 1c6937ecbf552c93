"""Oxen.ai beyond its cassette: orders in its queue, pictures to change, and addresses that need the key."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, Unknown
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, GeneratedImage, ImageModel, ImageRequest
from bot.providers import Ticket
from bot.providers.oxen import Oxen, Settings
from bot.providers.oxen.schema import Schema
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, FakeService, png

ID = "3f0c6a52-8f6e-4f0e-9a51-3d1f9e6f2b10"
ORDER = f"/api/ai/queue/{ID}"
ORDERED = Answer(json={"generations": [{"generation_id": ID, "status": "queued"}]})
DRAWN = Answer(json={"images": [{"b64_json": base64.b64encode(png(8, 8)).decode()}]})

Build = Callable[..., Oxen]


class Hasty(Http):
    """Looks again at once."""

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def build(network: Network, spool: Spool, service: FakeService) -> Build:
    def oxen(**wishes: Any) -> Oxen:
        settings = Settings.model_validate({"api_key": KEY, "base_url": service.url, **wishes})
        return Oxen(Hasty(network, spool, settings.address, settings.headers(), seconds=5.0), settings)

    return oxen


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "fox.png"
    path.write_bytes(png(8, 8))
    return path


def model(properties: dict[str, Any] | None = None, name: str = "flux") -> ImageModel:
    schema = Schema.read({"properties": {"prompt": {"type": "string"}, **(properties or {})}, "required": ["prompt"]})
    assert schema
    return ImageModel(f"oxen/{name}", "Flux", sources=schema.sources, memo=schema.memo())


def request(properties: dict[str, Any] | None = None, **wishes: Any) -> ImageRequest:
    return ImageRequest(model(properties), "a fox", AspectRatio.SQUARE, **wishes)


def order(status: str, **more: Any) -> Answer:
    told = {"generation_id": ID, "status": status, "result_url": None, "error_message": None}
    return Answer(json=told | more)


def made(service: FakeService) -> list[str]:
    return [f"{call.method} {call.path.removeprefix('/api/ai').replace(ID, '7')}" for call in service.calls]


async def refused(drawing: Awaitable[list[GeneratedImage]]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await drawing
    return caught.value


async def test_the_order_is_kept_before_it_is_looked_at(build: Build, service: FakeService) -> None:
    kept: list[tuple[str, list[str]]] = []

    async def keep(remote_id: str) -> None:
        kept.append((remote_id, made(service)))

    service.will(ORDERED, order("succeeded", result_url=f"{service.url}/files/fox.png"), Answer(body=png(8, 8)))
    [image] = await build(queue="always").generate(request(), Ticket(keep=keep))
    assert (image.width, kept) == (8, [(ID, ["POST /queue"])])
    assert made(service) == ["POST /queue", "GET /queue/7", "GET /files/fox.png"]


@pytest.mark.parametrize("queue", ["auto", "always", "never"])
async def test_after_a_restart_an_order_is_looked_at_and_not_placed_again(
    build: Build, service: FakeService, queue: str
) -> None:
    service.will(order("processing"), order("succeeded", result_url=f"{service.url}/fox.png"), Answer(body=png(8, 8)))
    [image] = await build(queue=queue).generate(request(), Ticket(ID))
    assert (image.width, made(service)) == (8, ["GET /queue/7", "GET /queue/7", "GET /fox.png"])


@pytest.mark.parametrize(
    ("answer", "kind", "cause"),
    [
        (order("succeeded"), Refused, Cause.NO_PICTURE),
        (order("failed", error_message="Insufficient credits"), Refused, Cause.NO_FUNDS),
        (order("failed", error_message="422: flagged by moderation"), Refused, Cause.PROMPT_REFUSED),
        (order("failed", error_message="401 unauthorized at our upstream"), Refused, Cause.SERVICE_ERROR),
        (order("failed", error_message=f"{KEY} \ud800"), Refused, Cause.SERVICE_ERROR),
        (order("failed", error_message={"detail": ["x"]}), Refused, Cause.SERVICE_ERROR),
        (order("failed"), Refused, Cause.SERVICE_ERROR),
        (order("cancelled"), Refused, Cause.PICTURE_GONE),
        (
            Answer(404, json={"error": {"title": "The requested resource could not be found"}}),
            Refused,
            Cause.PICTURE_GONE,
        ),
        (Answer(500, json={"error": {"title": "Oops"}}), NotNow, Cause.SERVICE_ERROR),
        (Answer(503), NotNow, Cause.UNAVAILABLE),
        (Answer(json={"status": None}), NotNow, Cause.BROKEN_ANSWER),
        (Answer(json={}), NotNow, Cause.BROKEN_ANSWER),
    ],
)
async def test_an_order_without_a_picture_is_told_as_what_it_is(
    build: Build, service: FakeService, answer: Answer, kind: type[ProviderError], cause: Cause
) -> None:
    service.will(answer)
    error = await refused(build().generate(request(), Ticket(ID)))
    assert (type(error), error.cause) == (kind, cause)
    assert KEY not in str(error)
    assert made(service) == ["GET /queue/7"]


@pytest.mark.parametrize("told", [7, None, "", "../../images/generate", "x" * 101, "a b", "7\n"])
async def test_an_order_with_an_impossible_id_is_not_looked_at(build: Build, service: FakeService, told: Any) -> None:
    service.will(Answer(json={"generations": [{"generation_id": told}]}))
    error = await refused(build(queue="always").generate(request(), Ticket()))
    assert (type(error), error.cause) == (Unknown, Cause.BROKEN_ANSWER)
    assert made(service) == ["POST /queue"]


async def test_an_order_that_nobody_wants_any_more_is_taken_out_of_the_queue(
    build: Build, service: FakeService
) -> None:
    service.will(Answer(json={"status": "success", "generation_id": ID}))
    await build().take_back(ID)
    assert made(service) == ["DELETE /queue/7"]


async def test_an_order_that_cannot_be_kept_is_taken_back(build: Build, service: FakeService) -> None:
    async def keep(remote_id: str) -> None:
        raise RuntimeError("no room")

    service.will(ORDERED, Answer(json={"status": "success", "generation_id": ID}))
    with pytest.raises(RuntimeError):
        await build(queue="always").generate(request(), Ticket(keep=keep))
    assert made(service) == ["POST /queue", "DELETE /queue/7"]


@pytest.mark.parametrize(
    ("queue", "name", "count", "path"),
    [
        ("auto", "z-image-turbo", 1, "/images/generate"),
        ("auto", "gpt-image-2", 1, "/queue"),
        ("auto", "gpt-image-2", 2, "/images/generate"),
        ("always", "z-image-turbo", 1, "/queue"),
        ("never", "gpt-image-2", 1, "/images/generate"),
    ],
)
async def test_the_operator_and_the_model_decide_about_the_queue(
    build: Build, service: FakeService, queue: str, name: str, count: int, path: str
) -> None:
    service.will(Answer(402, json={"error": {"message": "Insufficient credits"}}))
    wish = ImageRequest(model(name=name), "a fox", AspectRatio.SQUARE, count=count)
    assert (await refused(build(queue=queue).generate(wish, Ticket()))).cause is Cause.NO_FUNDS
    assert made(service) == [f"POST {path}"]


async def test_the_namespace_and_the_steps_of_the_operator_are_sent(build: Build, service: FakeService) -> None:
    service.will(DRAWN, DRAWN)
    oxen = build(namespace="zoo", steps=90)
    await oxen.generate(request({"num_inference_steps": {"type": "integer", "maximum": 50}}), Ticket())
    await oxen.generate(request(), Ticket())
    plain = {"model": "flux", "prompt": "a fox", "target_namespace": "zoo", "response_format": "b64_json"}
    assert [call.json for call in service.calls] == [plain | {"num_inference_steps": 50}, plain]


@pytest.mark.parametrize(
    ("properties", "count", "sent"),
    [
        ({"input_image": {"type": "string"}}, 1, {"input_image": "PNG"}),
        ({"input_image": {"type": "array"}}, 1, {"input_image": ["PNG"]}),
        ({"input_images": {"type": ["array", "null"], "maxItems": 2}}, 3, {"input_images": ["PNG", "PNG"]}),
    ],
)
async def test_pictures_to_change_are_sent_as_the_model_takes_them(
    build: Build, service: FakeService, picture: Path, properties: dict[str, Any], count: int, sent: dict[str, Any]
) -> None:
    service.will(DRAWN)
    await build().generate(request(properties, sources=(picture,) * count), Ticket())
    address = "data:image/png;base64," + base64.b64encode(png(8, 8)).decode()
    [call] = service.calls
    assert call.path == "/api/ai/images/edit"
    plain = {"model": "flux", "prompt": "a fox", "response_format": "b64_json"}
    assert json.loads(call.body.decode().replace(address, "PNG")) == plain | sent


@pytest.mark.parametrize(
    ("status", "text", "kind", "cause"),
    [
        (403, "403 Client Error: Forbidden for url: https://x.example/fox.png", Refused, Cause.SOURCE_GONE),
        (500, "404 Client Error: Not Found for url: https://x.example/fox.png", Refused, Cause.SOURCE_GONE),
        (400, "input_image must not be a data: URI", Refused, Cause.SOURCE_UNFIT),
        (400, "Data URIs are not supported", Refused, Cause.SOURCE_UNFIT),
        (422, "Unable to process input image", Refused, Cause.SOURCE_UNFIT),
        (413, "The image file is too large", Refused, Cause.SOURCE_UNFIT),
        (422, "The input image was flagged by moderation: invalid image", Refused, Cause.PROMPT_REFUSED),
        (500, "Something went wrong", Unknown, Cause.SERVICE_ERROR),
        (403, "Forbidden", Refused, Cause.KEY_REFUSED),
    ],
)
async def test_an_error_about_the_picture_to_change_blames_the_picture(
    build: Build, service: FakeService, picture: Path, status: int, text: str, kind: type[ProviderError], cause: Cause
) -> None:
    service.will(Answer(status, json={"error": {"message": text}}))
    wish = request({"input_image": {"type": "string"}}, sources=(picture,))
    error = await refused(build().generate(wish, Ticket()))
    assert (type(error), error.cause, error.status) == (kind, cause, status)


async def test_without_a_picture_to_change_the_same_words_mean_something_else(
    build: Build, service: FakeService
) -> None:
    service.will(Answer(403, json={"error": {"message": "403 Client Error: Forbidden for url: https://x.example"}}))
    assert (await refused(build().generate(request(), Ticket()))).cause is Cause.KEY_REFUSED


ADDRESS = "OWN/files/fox.png?token=1"


@pytest.mark.parametrize(
    "told",
    [
        {"images": [{"url": ADDRESS}]},
        {"images": [ADDRESS]},
        {"image_url": ADDRESS},
        {"image": {"url": ADDRESS}},
        {"url": ADDRESS},
        {"data": {"url": ADDRESS}},
        {"data": [{"url": ADDRESS}]},
        {"output": [ADDRESS]},
        {"images": [], "image_url": ADDRESS},
    ],
)
async def test_an_address_is_found_wherever_it_stands_and_gets_the_key_of_its_own_host(
    build: Build, service: FakeService, told: Any
) -> None:
    answer = json.dumps(told).replace("OWN", service.url)
    service.will(Answer(body=answer.encode()), Answer(body=png(8, 8)))
    [image] = await build().generate(request(), Ticket())
    assert (image.width, service.calls[1].headers["authorization"]) == (8, f"Bearer {KEY}")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_picture_that_its_own_host_does_not_give_is_gone(
    build: Build, service: FakeService, status: int
) -> None:
    service.will(Answer(json={"images": [{"url": f"{service.url}/fox.png"}]}), Answer(status))
    assert (await refused(build().generate(request(), Ticket()))).cause is Cause.PICTURE_GONE


async def test_a_redirect_of_the_picture_loses_the_key(build: Build, service: FakeService) -> None:
    moved = Answer(302, headers={"Location": f"{service.url}/storage/fox.png"})
    service.will(Answer(json={"images": [{"url": f"{service.url}/fox.png"}]}), moved, Answer(body=png(8, 8)))
    await build().generate(request(), Ticket())
    assert ["authorization" in call.headers for call in service.calls] == [True, True, False]


async def test_a_redirect_to_a_foreign_host_is_not_even_followed_inside(build: Build, service: FakeService) -> None:
    async with FakeService() as other:
        moved = Answer(302, headers={"Location": f"{other.url}/fox.png"})
        service.will(Answer(json={"images": [{"url": f"{service.url}/fox.png"}]}), moved)
        assert (await refused(build().generate(request(), Ticket()))).cause is Cause.ADDRESS_REFUSED
        assert other.calls == []
