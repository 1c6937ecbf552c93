"""The way out: every fault of a service becomes one of four errors, and leaves nothing behind."""

import asyncio
import base64
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.http import Http, Limits, Network, Picture, Spool
from bot.images import ImageFormat
from tests.providers import fake
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, FakeService
from tests.providers.hands import Hands

LeftOver = Callable[[], list[Path]]


class Drawn(BaseModel):
    """The shape of the answers here."""

    files: list[Picture] = []


async def draw(http: Http) -> list[Path]:
    drawn = await http.post("/ai/imagen", {"prompt": "a fox"}, Drawn)
    return [image.path for image in await http.images(drawn.files, 4)]


async def error_of(http: Http) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await draw(http)
    return caught.value


async def test_a_picture_arrives_as_it_was_sent(http: Http) -> None:
    drawn = await http.post("/ai/imagen", {}, Drawn)
    (image,) = await http.images(drawn.files, 1)
    assert image.path.read_bytes() == PNG
    assert (image.format, image.width, image.height, image.size) == (ImageFormat.PNG, 16, 9, len(PNG))


async def test_the_key_goes_in_a_header_and_nowhere_else(http: Http, service: FakeService) -> None:
    await draw(http)
    (call,) = service.calls
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in call.path
    assert KEY.encode() not in call.body


@pytest.mark.parametrize(
    ("status", "kind", "cause"),
    [
        (301, Refused, Cause.REDIRECTED),
        (308, Refused, Cause.REDIRECTED),
        (400, Refused, Cause.BAD_REQUEST),
        (401, Refused, Cause.KEY_REFUSED),
        (402, Refused, Cause.NO_FUNDS),
        (403, Refused, Cause.KEY_REFUSED),
        (404, Refused, Cause.MODEL_GONE),
        (408, Unknown, Cause.TIMED_OUT),
        (410, Refused, Cause.MODEL_GONE),
        (422, Refused, Cause.BAD_REQUEST),
        (425, NotNow, Cause.RATE_LIMITED),
        (429, NotNow, Cause.RATE_LIMITED),
        (500, Unknown, Cause.SERVICE_ERROR),
        (502, Unknown, Cause.SERVICE_ERROR),
        (503, NotNow, Cause.UNAVAILABLE),
        (504, Unknown, Cause.SERVICE_ERROR),
        (520, Unknown, Cause.SERVICE_ERROR),
    ],
)
async def test_each_status_says_what_may_be_done_next(
    http: Http, service: FakeService, status: int, kind: type[ProviderError], cause: Cause
) -> None:
    service.will(Answer(status, json={"error": "no"}, headers={"Location": "/elsewhere"}))
    error = await error_of(http)
    assert (type(error), error.cause) == (kind, cause)
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (fake.silence, Cause.TIMED_OUT),
        (fake.silence_after_headers, Cause.TIMED_OUT),
        (fake.silence_in_the_middle, Cause.TOO_SLOW),
        (fake.trickle, Cause.TOO_SLOW),
        (fake.reset, Cause.CUT_OFF),
        (fake.reset_in_headers, Cause.CUT_OFF),
        (fake.cut_off, Cause.CUT_OFF),
    ],
)
async def test_what_may_have_been_billed_is_never_asked_again_by_itself(
    network: Network, spool: Spool, service: FakeService, left_over: LeftOver, fault: fake.Fault, cause: Cause
) -> None:
    service.will(Answer(json=fake.picture_answer(20), fault=fault))
    error = await error_of(Http(network, spool, service.url, seconds=1.0))
    assert (type(error), error.cause) == (Unknown, cause)
    assert len(service.calls) == 1
    assert left_over() == []


async def test_a_closed_port_was_never_reached(network: Network, spool: Spool, service: FakeService) -> None:
    await service.__aexit__()
    error = await error_of(Http(network, spool, service.url))
    assert (type(error), error.cause) == (NotSent, Cause.UNREACHABLE)


async def test_a_name_that_nobody_has_was_never_reached(network: Network, spool: Spool) -> None:
    error = await error_of(Http(network, spool, "http://nobody.invalid"))
    assert (type(error), error.cause) == (NotSent, Cause.UNREACHABLE)


async def test_a_handshake_that_hangs_ends_soon(network: Network, spool: Spool) -> None:
    async with fake.deaf_port() as port:
        async with asyncio.timeout(3):
            error = await error_of(Http(network, spool, f"https://127.0.0.1:{port}"))
    assert (type(error), error.cause) == (NotSent, Cause.UNREACHABLE)


async def test_an_endless_answer_is_cut(clock: Hands, spool: Spool, service: FakeService, left_over: LeftOver) -> None:
    service.will(Answer(fault=fake.endless))
    async with Network(clock, Limits(body=1 << 20)) as network:
        error = await error_of(Http(network, spool, service.url))
    assert (type(error), error.cause) == (Refused, Cause.PICTURE_TOO_LARGE)
    assert left_over() == []


async def test_a_packed_bomb_is_cut(clock: Hands, spool: Spool, service: FakeService, left_over: LeftOver) -> None:
    service.will(fake.gzip_bomb(64 << 20))
    async with Network(clock, Limits(body=1 << 20)) as network:
        error = await error_of(Http(network, spool, service.url))
    assert error.cause is Cause.PICTURE_TOO_LARGE
    assert left_over() == []


async def test_endless_words_are_cut(http: Http, service: FakeService) -> None:
    service.will(Answer(json={"files": [], "text": "so it goes. " * 200_000}))
    assert (await error_of(http)).cause is Cause.PICTURE_TOO_LARGE


async def test_a_packed_answer_is_read(http: Http, service: FakeService) -> None:
    whole = Answer(json=fake.picture_answer()).payload
    service.will(Answer(body=gzip.compress(whole), headers={"Content-Encoding": "gzip"}))
    (path,) = await draw(http)
    assert path.read_bytes() == PNG


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"not packed", headers={"Content-Encoding": "gzip"}),
        Answer(body=gzip.compress(b'{"files":[]}')[:-9], headers={"Content-Encoding": "gzip"}),
        Answer(body=b"\x0b\x02\x80", headers={"Content-Encoding": "br"}),
    ],
    ids=["not packed", "cut", "unknown packing"],
)
async def test_bad_packing_is_a_broken_answer(http: Http, service: FakeService, answer: Answer) -> None:
    service.will(answer)
    error = await error_of(http)
    assert (type(error), error.cause) == (Unknown, Cause.BROKEN_ANSWER)


@pytest.mark.parametrize(
    ("body", "kind", "cause"),
    [
        (b"", Unknown, Cause.BROKEN_ANSWER),
        (b"<html><title>Just a moment</title>", Unknown, Cause.BROKEN_ANSWER),
        (b'{"files": ["aGk', Unknown, Cause.BROKEN_ANSWER),
        (b'{"files": "many"}', Unknown, Cause.BROKEN_ANSWER),
        (b"[1, 2]", Unknown, Cause.BROKEN_ANSWER),
        (b"null", Unknown, Cause.BROKEN_ANSWER),
        (b"\xff\xfe\x00{}", Unknown, Cause.BROKEN_ANSWER),
        (b"[" * 100_000, Unknown, Cause.BROKEN_ANSWER),
        (b'{"n":' + b"9" * 10_000 + b"}", Unknown, Cause.BROKEN_ANSWER),
        (b'{"files": ["' + b"A" * 6000 + b"!" * 10 + b'"]}', Unknown, Cause.BROKEN_ANSWER),
        (b"{}", Refused, Cause.NO_PICTURE),
        (b'{"files": []}', Refused, Cause.NO_PICTURE),
        (b'{"files": [""]}', Refused, Cause.NO_PICTURE),
        (b'{"files": [null, 7, {}, {"url": null}]}', Refused, Cause.NO_PICTURE),
        (b'{"files": ["?!"]}', Refused, Cause.NO_PICTURE),
        (b'{"files": ["' + base64.b64encode(b"<html>no</html>") + b'"]}', Refused, Cause.NOT_A_PICTURE),
        (b'{"files": ["' + base64.b64encode(b"GIF89a" + b"\0" * 9000) + b'"]}', Refused, Cause.NOT_A_PICTURE),
    ],
)
async def test_nonsense_is_told_apart(
    http: Http, service: FakeService, left_over: LeftOver, body: bytes, kind: type[ProviderError], cause: Cause
) -> None:
    service.will(Answer(body=body))
    error = await error_of(http)
    assert (type(error), error.cause) == (kind, cause)
    assert left_over() == []


async def test_too_many_pictures_are_dropped(http: Http, service: FakeService, left_over: LeftOver) -> None:
    service.will(Answer(json=fake.picture_answer(6)))
    assert len(await draw(http)) == 4
    assert len(left_over()) == 4


async def test_one_bad_picture_does_not_spoil_the_others(http: Http, service: FakeService, left_over: LeftOver) -> None:
    files = [base64.b64encode(b"nothing").decode(), base64.b64encode(PNG).decode()]
    service.will(Answer(json={"files": files}))
    assert len(await draw(http)) == 1
    assert len(left_over()) == 1


@pytest.mark.parametrize("name", ["b64_json", "b64Json", "base64", "data", "image"])
@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
@pytest.mark.parametrize("size", [16, 4000])
async def test_every_spelling_of_a_picture_is_read(
    http: Http, service: FakeService, name: str, prefix: str, size: int
) -> None:
    picture = fake.png(size, size)
    service.will(Answer(json={"files": [{"url": None, name: prefix + base64.b64encode(picture).decode()}]}))
    (path,) = await draw(http)
    assert path.read_bytes() == picture


async def test_an_answer_cannot_name_a_file_of_ours(http: Http, service: FakeService, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    service.will(Answer(json={"files": [str(secret), {"file": str(secret)}, {"url": f"file://{secret}"}]}))
    assert (await error_of(http)).cause is Cause.NO_PICTURE
    assert secret.exists()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("999999999", 3600.0),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        ("Tue, 14 Nov 2023 22:00:00 GMT", 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
    ],
)
async def test_the_wait_is_taken_as_told(http: Http, service: FakeService, header: str, seconds: float | None) -> None:
    service.will(Answer(429, json={}, headers={"Retry-After": header}))
    error = await error_of(http)
    assert isinstance(error, NotNow)
    assert error.retry_after == seconds


async def test_a_key_repeated_by_the_service_is_not_kept(http: Http, service: FakeService) -> None:
    service.will(Answer(401, json={"error": {"message": f"Incorrect key {KEY} given"}}))
    assert KEY not in str(await error_of(http))


async def test_a_full_disk_is_told(network: Network, service: FakeService, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.symlink_to("/dev/full")

    class FullSpool(Spool):
        def new(self) -> Path:
            return full

    error = await error_of(Http(network, FullSpool(tmp_path / "spool"), service.url))
    assert (type(error), error.cause) == (Unknown, Cause.STORAGE_FULL)


async def test_a_question_that_costs_nothing_may_be_repeated(http: Http, service: FakeService) -> None:
    service.will(Answer(500, json={}))
    with pytest.raises(NotNow):
        await http.get("/ai/models", Drawn)
    service.otherwise = lambda call: Answer(fault=fake.reset)
    with pytest.raises(NotNow):
        await http.get("/ai/models", Drawn)


async def test_cancelling_leaves_nothing(http: Http, service: FakeService, left_over: LeftOver) -> None:
    service.will(Answer(json=fake.picture_answer(20), fault=fake.silence_in_the_middle))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.15):
            await draw(http)
    assert left_over() == []


async def test_no_half_of_a_key_is_told(network: Network, spool: Spool, service: FakeService) -> None:
    key = "canary-" + "k" * 160
    service.will(Answer(status=401, json={"error": "x" * 200 + key}))
    with pytest.raises(Refused) as caught:
        await Http(network, spool, service.url, {"Authorization": f"Bearer {key}"}).post("/a", {}, Drawn)
    assert caught.value.detail == "401 " + "x" * 200 + "***"


async def test_thousands_of_little_pictures_are_not_read(http: Http, service: FakeService, left_over: LeftOver) -> None:
    service.will(Answer(json={"files": [base64.b64encode(b"little").decode()] * 50_000}))
    began = time.process_time()
    error = await error_of(http)
    assert (error.cause, left_over()) == (Cause.PICTURE_TOO_LARGE, [])
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [("model unavailable, another one drew", Unknown), ("out of credits", Unknown), ("blocked by moderation", Refused)],
)
async def test_an_error_beside_a_picture_does_not_make_it_undrawn(
    http: Http, service: FakeService, left_over: LeftOver, words: str, kind: type[ProviderError]
) -> None:
    picture = base64.b64encode(PNG + bytes(5000)).decode()
    service.will(Answer(json={"files": [picture], "error": words}))
    assert type(await error_of(http)) is kind
    assert left_over() == []


@pytest.mark.parametrize(
    ("own", "link"),
    [
        ("https://hub.co.uk", "https://evil.co.uk/pay"),
        ("https://me.github.io", "https://evil.github.io/pay"),
        ("http://10.0.0.5:8080", "https://8.0.0.5/pay"),
        ("https://api.example.org", "http://api.example.org/pay"),
        ("", "https:///pay"),
    ],
)
def test_admins_are_not_sent_to_a_neighbor_of_the_service(network: Network, spool: Spool, own: str, link: str) -> None:
    answer = json.dumps({"error": {"message": "Not enough credits", "link": link}})
    assert Http(network, spool, own).problem(answer).link is None
