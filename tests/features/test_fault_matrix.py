"""Every fault at every step of every service: one defined end, no charge without a picture, no second paid order.

A cell is a fault at one turn of a story from a cassette, lived through on the whole way from wish to picture.
Afterwards the service is well again: whoever asks once more gets what the story says.
"""

import base64
import io
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest

from bot.errors import Cause
from bot.http import Http, Limits, Network, Spool
from bot.images import AspectRatio
from bot.imagine.rules import Status, Wish
from bot.ops.logging import configure
from bot.providers import Provider
from bot.texts import Texts
from tests.features.workshop import Workshop
from tests.providers import fake
from tests.providers.conftest import KEY
from tests.providers.fake import PNG, Answer, FakeService
from tests.providers.player import REMOTE, Fault, Playing, Story, cassette
from tests.sandbox.clock import HandClock

ECHO = {"error": {"message": f"<b>no</b> {KEY} http://10.0.0.1/", "type": "odd"}}
STATUSES = (302, 400, 401, 402, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503, 504)
# An answer of these was surely not drawn, so asking again costs nothing.
NOT_DRAWN = {"404", "410", "425", "429", "503"}
SENTENCES = Texts.load("en").negotiate("en")
PICTURE = re.compile(rb"iVBORw0KGgo[A-Za-z0-9+/=]+")


def answered(status: int) -> Fault:
    """Something else than a success."""
    return lambda _: Answer(status, json=ECHO)


def spoiled(content: bytes) -> Fault:
    """The same answer with something else in the place of its pictures."""

    def spoil(answer: Answer) -> Answer:
        body = content if answer.payload.startswith(PNG[:8]) else PICTURE.sub(base64.b64encode(content), answer.payload)
        return replace(answer, body=body)

    return spoil


def bomb() -> bytes:
    """A picture that says it is enormous."""
    return fake.png()[:16] + (60_000).to_bytes(4, "big") * 2 + fake.png()[24:]


FAULTS: dict[str, Fault] = {
    **{str(status): answered(status) for status in STATUSES},
    "reset": lambda answer: replace(answer, fault=fake.reset),
    "reset in headers": lambda answer: replace(answer, fault=fake.reset_in_headers),
    "cut off": lambda answer: replace(answer, fault=fake.cut_off),
    "silence": lambda answer: replace(answer, fault=fake.silence),
    "silence in the middle": lambda answer: replace(answer, fault=fake.silence_in_the_middle),
    "trickle": lambda answer: replace(answer, body=answer.payload + b" " * 4096, fault=fake.trickle),
    "page": lambda _: Answer(body=b"<html><title>Sign in</title></html>", headers={"Content-Type": "text/html"}),
    "nothing": lambda _: Answer(body=b""),
    "null": lambda _: Answer(body=b"null"),
    "an empty object": lambda _: Answer(body=b"{}"),
    "a list": lambda _: Answer(body=b"[[]]"),
    "deep": lambda _: Answer(body=b"[" * 50_000),
    "an error in a success": lambda _: Answer(json=ECHO),
    "not a picture": spoiled(b"GIF89a" + b"\0" * 99),
    "half a picture": spoiled(PNG[:-20]),
    "a bomb": spoiled(bomb()),
    "gzip": lambda answer: replace(answer, headers={"Content-Encoding": "gzip"}),
}


@dataclass(frozen=True)
class Cell:
    """A fault comes at the turn of this number."""

    story: Story
    turn: int


def cells(adapter: type[Provider], most: int = 2) -> Iterator[Cell]:
    """Every kind of turn in stories that end well, at most so many of each kind."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for story in cassette(adapter):
        for number, turn in enumerate(story["turns"] if "pictures" in story else ()):
            kind = (turn["method"], re.sub(r"\?.*|[0-9a-f-]{8,}", "", turn["path"]), number)
            seen[kind] += 1
            if seen[kind] <= most:
                yield Cell(story, number)


class Hurried(Http):
    """Its pauses move the hands of the clock instead of waiting."""

    async def pause(self, seconds: float) -> None:
        clock = self._network.clock
        assert isinstance(clock, HandClock)
        clock.advance(seconds)


@pytest.fixture
async def network(shop: Workshop) -> AsyncIterator[Network]:
    """Impatient, with the clock of the workshop."""
    async with Network(shop.clock, Limits(connect=0.5, floor=1024, floor_seconds=0.15)) as network:
        yield network


async def _live(shop: Workshop, provider: Provider, cell: Cell, key: str) -> tuple[Status, Cause | None]:
    """Ask for what the story asks for, and go on until nothing is left to do; check what is true for every cell."""
    if cell.story.get("refresh"):
        await shop.providers.refresh()
    wished = dict(cell.story["request"])
    offered = [model.key for model in provider.models()]
    model = wished.pop("model", offered[0])
    model = model if model in offered else offered[0]  # the fault may have been in the list
    ratio = AspectRatio(wished.pop("ratio", "1:1"))
    sources = tuple(str(number) for number in range(wished.pop("sources", 0)))
    shop.sources.pictures |= dict.fromkeys(sources, PNG)
    wish = Wish(ratio=ratio, model=model, sources=sources, **{"prompt": "a red fox"} | wished | {"count": 1})
    left = await shop.left()
    [generation] = await shop.ask(wish, key=key)
    await shop.work_until_done(patience=3600)
    generation = await shop.get(generation.generation_id)
    paid = generation.price if generation.status is Status.DELIVERED else 0
    assert generation.status in (Status.DELIVERED, Status.FAILED)
    assert await shop.left() == left - paid
    return generation.status, generation.cause


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("adapter", REMOTE, ids=lambda adapter: adapter.key)
async def test_every_fault_at_every_turn_has_one_defined_end(
    shop: Workshop, network: Network, adapter: type[Provider], fault: str
) -> None:
    shop.ledger.daily_credits = 10_000
    log = io.StringIO()
    configure("debug", "json", [KEY], stream=log)
    for number, cell in enumerate(cells(adapter)):
        async with FakeService() as service:
            service.otherwise = played = Playing(cell.story, cell.turn, FAULTS[fault], unknown=ECHO)
            settings = adapter.Settings.model_validate({"api_key": KEY, "base_url": service.url})
            http = Hurried(network, Spool(shop.spool), settings.address, settings.headers(), seconds=0.4)
            provider = adapter(http, settings)
            shop.staff([provider])
            status, cause = await _live(shop, provider, cell, f"msg:{number}:1")
            where = f"{cell.story['title']}, turn {cell.turn}: {status} {cause}"
            if status is Status.FAILED:
                assert SENTENCES(f"failure-{cause}"), where
            expected = sum(turn["method"] == "POST" for turn in cell.story["turns"])
            if not provider.repeatable and fault not in NOT_DRAWN:
                assert played.orders <= expected, where
    assert await shop.mistakes() == []
    assert KEY not in log.getvalue()
    assert not [path for path in shop.spool.parent.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert list(shop.spool.iterdir()) == []


def test_the_matrix_has_its_cells() -> None:
    assert sum(len(list(cells(adapter))) for adapter in REMOTE) * len(FAULTS) >= 900
