"""A service that judges words, on the wire: asked before anything is held, remembered for a while, away or slow."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.house import House
from tests.providers.fake import Answer, FakeService
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

KEY = "canary-judge-key"
REFUSED, AWAY = "I do not draw that here", "I cannot look at these words now"
NO_NUMBER = b'{"results": [{"flagged": false, "category_scores": {"violence": %s}}]}'


def said(flagged: bool) -> Answer:
    """What such a service answers."""
    return Answer(json={"id": "m1", "results": [{"flagged": flagged, "categories": {"violence": flagged}}]})


@pytest.fixture
async def judge() -> AsyncIterator[FakeService]:
    """It refuses foxes."""
    async with FakeService() as service:
        service.otherwise = lambda call: said("fox" in str(call.json["input"]))
        yield service


async def begin(house: House, judge: FakeService, **changes: Any) -> None:
    """Start the bot with it."""
    given = {"moderation_url": f"{judge.url}/v1", "moderation_api_key": KEY, "moderation_model": "omni"}
    await house.start(**given, **changes)


async def hears(talk: Talk, words: str) -> None:
    """Wait for a sentence."""
    await talk.until(lambda talk: any(words in one.text for one in talk.answers))


async def draws(talk: Talk) -> None:
    """Wait for a picture."""
    await talk.until(lambda talk: any(one.photo for one in talk.answers))


async def counted(house: House, table: str) -> int:
    """How many rows there are."""
    return int((await house.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_what_it_refuses_is_not_drawn_held_or_charged_and_counts_once(
    house: House, judge: FakeService, anna: Person
) -> None:
    await begin(house, judge)
    chat = anna.private(house.bot)
    await chat.say("/imagine a red fox --no rain")
    await hears(chat, REFUSED)
    assert [await counted(house, table) for table in ("generations", "entries", "strikes")] == [0, 0, 1]
    [call] = judge.calls
    assert (call.method, call.path, call.headers["authorization"]) == ("POST", "/v1/moderations", f"Bearer {KEY}")
    assert call.json == {"model": "omni", "input": ["a red fox", "rain"]}


async def test_what_it_lets_pass_is_drawn_and_buttons_do_not_ask_again(
    house: House, judge: FakeService, anna: Person
) -> None:
    await begin(house, judge)
    chat = anna.private(house.bot)
    await chat.say("/imagine a white hen --n 2")
    await draws(chat)
    await chat.press("Again")
    await house.quiet()
    assert len(judge.calls) == 1
    assert await counted(house, "generations") == 3


async def test_the_lists_are_looked_at_before_it_hears_of_anything(
    house: House, judge: FakeService, anna: Person
) -> None:
    await begin(house, judge)
    async with house.database.write() as tx:
        await tx.execute("INSERT INTO blocked (rule, places, admin_id, at) VALUES ('hen', 'private', 1, 0)", {})
    chat = anna.private(house.bot)
    await chat.say("/imagine a white hen")
    await hears(chat, REFUSED)
    assert judge.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503),
        Answer(401),
        Answer(json={"results": []}),
        Answer(body=b"<html>"),
        *(Answer(body=NO_NUMBER % score) for score in (b"NaN", b'"NaN"', b"1e999", b"[0.9]")),
    ],
)
async def test_while_it_is_away_nothing_is_drawn_and_nobody_is_counted(
    house: House, judge: FakeService, anna: Person, answer: Answer
) -> None:
    judge.otherwise = lambda call: answer
    await begin(house, judge)
    chat = anna.private(house.bot)
    await chat.say("/imagine a white hen")
    await hears(chat, AWAY)
    assert [await counted(house, table) for table in ("generations", "entries", "strikes")] == [0, 0, 0]


async def test_where_the_operator_wants_it_so_all_is_drawn_while_it_is_away(
    house: House, judge: FakeService, anna: Person
) -> None:
    judge.otherwise = lambda call: Answer(503)
    await begin(house, judge, moderation_away="draw")
    chat = anna.private(house.bot)
    await chat.say("/imagine a red fox")
    await draws(chat)


async def test_one_that_is_down_is_left_alone_and_the_lists_go_on(
    house: House, judge: FakeService, anna: Person
) -> None:
    judge.otherwise = lambda call: Answer(503)
    await begin(house, judge, moderation_away="draw")
    chat = anna.private(house.bot)
    for number in range(8):
        await chat.say(f"/imagine hen number {number}")

    async def all_are_taken() -> bool:
        return await counted(house, "generations") == 8

    await until(all_are_taken, "all are taken")
    assert len(judge.calls) == 5


async def test_a_bot_that_ends_while_it_thinks_asks_again_and_draws_once(
    house: House, sandbox: Sandbox, judge: FakeService, anna: Person
) -> None:
    slow = Answer(json=said(flagged=False).json, delay=60)
    judge.will(slow)
    await begin(house, judge)
    chat = anna.private(house.bot)
    await chat.say("/imagine a white hen")

    async def is_asked() -> bool:
        return bool(judge.calls)

    await until(is_asked, "it is asked")
    assert await counted(house, "entries") == 0
    await house.restart(moderation_url=f"{judge.url}/v1")
    await draws(chat)
    await house.quiet()
    assert await counted(house, "generations") == 1
    assert len(judge.calls) == 2
