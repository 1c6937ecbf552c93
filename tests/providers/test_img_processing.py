"""IMG Processing beyond its cassette: coming back after a restart, and showing a picture to everybody."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, Unknown
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, ImageRequest
from bot.jobs.runner import LeaseLost
from bot.providers import Ticket
from bot.providers.img_processing import ImgProcessing, Settings
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, Call, FakeService, png, reset

ID = "image_aB3dE5gH7jK9mN1pQ3sT5vW7"
LINK = f"https://storage.example.com/images/{ID}"
IMAGE = {"id": ID, "name": "picture", "width": 8, "height": 8, "format": "png", "size": 70, "url": None}


@pytest.fixture
def provider(network: Network, spool: Spool, service: FakeService) -> ImgProcessing:
    settings = Settings.model_validate({"api_key": KEY, "base_url": service.url})
    return ImgProcessing(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "fox.png"
    path.write_bytes(png(8, 8))
    return path


class Kept(Ticket):
    """Remembers what was kept, and what the service had been asked by then."""

    def __init__(self, service: FakeService, remote_id: str | None = None) -> None:
        self.kept: list[tuple[str, list[str]]] = []
        self._service = service
        super().__init__(remote_id, self._noted)

    async def _noted(self, remote_id: str) -> None:
        self.kept.append((remote_id, made(self._service)))


def made(service: FakeService) -> list[str]:
    return [f"{call.method} {call.path.removeprefix('/v1/images').replace(ID, '7')}" for call in service.calls]


def request(provider: ImgProcessing, prompt: str = "a fox", **wishes: Any) -> ImageRequest:
    return ImageRequest(provider.models()[0], prompt, AspectRatio.SQUARE, **wishes)


async def test_the_order_is_kept_before_it_is_fetched(provider: ImgProcessing, service: FakeService) -> None:
    service.will(Answer(201, json=IMAGE), Answer(body=png(8, 8)), Answer(204, body=b""))
    ticket = Kept(service)
    await provider.generate(request(provider), ticket)
    assert ticket.kept == [(ID, ["POST /imagine"])]


async def test_after_a_restart_the_picture_is_fetched_and_not_ordered_again(
    provider: ImgProcessing, service: FakeService
) -> None:
    service.will(Answer(body=png(8, 8)), Answer(204, body=b""))
    [image] = await provider.generate(request(provider), Kept(service, ID))
    assert (image.width, made(service)) == (8, ["GET /7/download", "DELETE /7"])


async def test_an_order_that_is_taken_back_leaves_no_copy(provider: ImgProcessing, service: FakeService) -> None:
    service.will(Answer(204, body=b""))
    await provider.take_back(ID)
    assert made(service) == ["DELETE /7"]


async def test_an_upload_that_cannot_be_kept_leaves_no_copy(
    provider: ImgProcessing, service: FakeService, picture: Path
) -> None:
    async def keep(remote_id: str) -> None:
        raise LeaseLost

    service.will(Answer(201, json=IMAGE), Answer(204, body=b""))
    with pytest.raises(LeaseLost):
        await provider.publish(picture, "image/png", Ticket(keep=keep))
    assert made(service) == ["POST /upload", "DELETE /7"]


async def test_after_a_restart_a_picture_that_is_gone_is_gone(provider: ImgProcessing, service: FakeService) -> None:
    service.will(Answer(404, json={"status": 404, "message": "Not Found"}))
    with pytest.raises(Refused) as caught:
        await provider.generate(request(provider), Kept(service, ID))
    assert caught.value.cause is Cause.PICTURE_GONE


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a fox", "a fox"),
        ("  a\n\tfox  ", "a fox"),
        ("x" * 31, "x" * 30),
        ("🦊" * 16, "🦊" * 15),
        ("x" * 29 + "🦊", "x" * 29),
        (" \u200b".strip(" ") + " " * 40, "\u200b"),
        ("\ud800", "picture"),
    ],
)
async def test_the_name_is_never_empty_and_never_too_long(
    provider: ImgProcessing, service: FakeService, prompt: str, name: str
) -> None:
    service.will(Answer(503, json={}))
    with pytest.raises(NotNow):
        await provider.generate(request(provider, prompt), Ticket())
    assert service.calls[0].json["name"] == name


async def test_an_empty_negative_prompt_is_left_out_and_a_long_one_is_cut(
    provider: ImgProcessing, service: FakeService
) -> None:
    service.otherwise = lambda call: Answer(503, json={})
    for negative in ("", None, "x" * 1001):
        with pytest.raises(NotNow):
            await provider.generate(request(provider, negative=negative), Ticket())
    assert [call.json.get("negative_prompt") for call in service.calls] == [None, None, "x" * 1000]


async def test_a_host_without_an_address_is_unreachable_and_not_gone(network: Network, spool: Spool) -> None:
    settings = Settings.model_validate({"api_key": KEY, "base_url": "http://img-processing.invalid"})
    provider = ImgProcessing(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)
    with pytest.raises(ProviderError) as caught:
        await provider.generate(request(provider), Ticket())
    assert caught.value.cause is Cause.UNREACHABLE


def test_it_is_off_until_a_key_is_set() -> None:
    assert not Settings().on


async def test_publishing_brings_the_picture_back_and_keeps_its_id_first(
    provider: ImgProcessing, service: FakeService, picture: Path
) -> None:
    service.will(Answer(201, json=IMAGE), Answer(201, json={**IMAGE, "url": LINK}))
    ticket = Kept(service)
    assert await provider.publish(picture, "image/png", ticket) == LINK
    assert ticket.kept == [(ID, ["POST /upload"])]
    upload, publish = service.calls
    assert png(8, 8) in upload.body
    assert b'name="name"' in upload.body
    assert b'name="image"' in upload.body
    assert b"Content-Type: image/png" in upload.body
    assert (publish.path, publish.headers["x-api-key"]) == (f"/v1/images/{ID}/publish", KEY)


@pytest.mark.parametrize(
    ("known", "asked"), [(LINK, ["GET /7"]), (None, ["GET /7", "POST /7/publish"])], ids=["published", "uploaded"]
)
async def test_publishing_goes_on_where_a_restart_cut_it_off(
    provider: ImgProcessing, service: FakeService, picture: Path, known: str | None, asked: list[str]
) -> None:
    service.will(Answer(json={**IMAGE, "url": known}), Answer(201, json={**IMAGE, "url": LINK}))
    assert await provider.publish(picture, "image/png", Kept(service, ID)) == LINK
    assert made(service) == asked


async def test_publishing_leaves_no_copy_where_it_was_refused(
    provider: ImgProcessing, service: FakeService, picture: Path
) -> None:
    service.will(Answer(201, json=IMAGE), Answer(403, json={"message": "no"}), Answer(204, body=b""))
    with pytest.raises(Refused):
        await provider.publish(picture, "image/png", Kept(service))
    assert made(service)[-1] == "DELETE /7"


async def test_an_upload_with_an_unknown_end_is_not_repeated(
    provider: ImgProcessing, service: FakeService, picture: Path
) -> None:
    service.otherwise = lambda call: Answer(fault=reset)
    with pytest.raises(Unknown):
        await provider.publish(picture, "image/png", Kept(service))
    assert made(service) == ["POST /upload"]


@pytest.mark.parametrize(
    "link",
    ["http://storage.example.com/x", "javascript:alert(1)", "https://a b.example/x", "https://", "", None, 7],
)
async def test_a_link_that_is_none_is_not_passed_on(
    provider: ImgProcessing, service: FakeService, picture: Path, link: Any
) -> None:
    service.will(Answer(201, json=IMAGE), Answer(201, json={**IMAGE, "url": link}))
    with pytest.raises(Unknown) as caught:
        await provider.publish(picture, "image/png", Kept(service))
    assert caught.value.cause is Cause.BROKEN_ANSWER


@pytest.mark.parametrize("status", [204, 404, 410])
async def test_what_was_published_is_deleted_or_gone_before(
    provider: ImgProcessing, service: FakeService, status: int
) -> None:
    service.will(Answer(status, body=b""))
    await provider.withdraw(ID)
    assert made(service) == ["DELETE /7"]


@pytest.mark.parametrize(("status", "kind"), [(401, Refused), (500, NotNow), (429, NotNow)])
async def test_what_could_not_be_taken_back_is_said(
    provider: ImgProcessing, service: FakeService, status: int, kind: type[ProviderError]
) -> None:
    service.will(Answer(status, json={}))
    with pytest.raises(kind):
        await provider.withdraw(ID)


async def test_a_copy_that_takes_long_to_delete_does_not_hold_the_picture(
    provider: ImgProcessing, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.providers.img_processing.TIDYING", 0.05)

    def slow(call: Call) -> Answer:
        return Answer(204, body=b"", delay=4.0)

    service.will(Answer(201, json=IMAGE), Answer(body=png(8, 8)))
    service.otherwise = slow
    [image] = await provider.generate(request(provider), Ticket())
    assert image.path.exists()
