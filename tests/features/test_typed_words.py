"""What is typed behind the name of the bot: forgotten soon, harmless whatever it is, and searched in pages."""

import json

import pytest

from bot.inline.rules import MOST_TYPED, PAGE, TYPED_KEPT
from bot.sandbox.model import Chat
from bot.sandbox.people import Person
from bot.storage.database import Transaction
from tests.features.inlines import DRAW, chosen, offered, results, seen_as_picture
from tests.features.test_imagine import drawn, settled
from tests.house import House


async def test_typed_words_are_forgotten_soon(drawing: House, anna: Person, boris: Person, club: Chat) -> None:
    async def kept() -> list[str]:
        rows = await drawing.rows("SELECT wish FROM wishes ORDER BY created_at, wish_id")
        return [json.loads(row["wish"])["prompt"] for row in rows]

    await boris.at(club).ask(drawing.bot, "an owl")
    for number in range(MOST_TYPED + 3):
        await anna.at(club).ask(drawing.bot, f"fox {number}")
    assert len(await kept()) == MOST_TYPED + 1
    async with drawing.database.write() as tx:
        await tx.execute("UPDATE wishes SET created_at = created_at - :hour", {"hour": TYPED_KEPT + 1})
    await anna.at(club).ask(drawing.bot, "a fox")
    assert await kept() == ["an owl", "a fox"]
    await drawing.app.ops.chores.sweep()
    assert await kept() == ["a fox"]


async def test_typed_again_words_last_an_hour_from_then(drawing: House, anna: Person, club: Chat) -> None:
    await anna.at(club).ask(drawing.bot, "a fox")
    async with drawing.database.write() as tx:
        await tx.execute("UPDATE wishes SET created_at = created_at - :some", {"some": TYPED_KEPT - 60})
    await anna.at(club).ask(drawing.bot, "a fox")
    [row] = await drawing.rows("SELECT created_at FROM wishes")
    assert row["created_at"] > drawing.app.ground.clock.now() - 60


async def test_a_button_whose_words_are_forgotten_says_so_and_draws_nothing(
    drawing: House, anna: Person, club: Chat
) -> None:
    drawing.bot.feedback = False
    talk = anna.at(club)
    number = await chosen(drawing, talk, "an owl")
    async with drawing.database.write() as tx:
        await tx.execute("DELETE FROM wishes", {})
    answer = await talk.press(DRAW, number)
    assert answer is not None
    assert answer.text.startswith("I keep typed words for an hour only")
    assert await drawing.rows("SELECT * FROM generations") == []


async def test_with_feedback_what_was_chosen_is_drawn_though_its_words_are_forgotten(
    drawing: House, anna: Person, club: Chat
) -> None:
    talk = anna.at(club)
    asked = await talk.ask(drawing.bot, "an owl --n 3")
    async with drawing.database.write() as tx:
        await tx.execute("DELETE FROM wishes", {})
    await seen_as_picture(talk, await talk.choose(asked, results(asked)[0]["id"]))
    await settled(drawing, 1)


HOSTILE = [
    "x " * 128,
    "🦊" * 128,
    "a\x00fox\x1b[31m",
    "evil \u202etxt.exe\u202c \u2066fox\u2069",
    "\ud800 fox",
    "fox" + "\u0301" * 200,
    "<b>fox</b> *fox* [fox](tg://user?id=1)",
    "fox '; DROP TABLE wishes; --",
    "{ $price } fox",
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_are_answered_and_drawn_like_any_others(
    drawing: House, anna: Person, club: Chat, words: str
) -> None:
    talk = anna.at(club)
    asked = await talk.ask(drawing.bot, words)
    result = results(asked)[0]
    assert not set(json.dumps(result, ensure_ascii=False)) & set("\x00\x1b\u202e\u2066\ud800")
    if result["id"].startswith("draw:"):
        await seen_as_picture(talk, await talk.choose(asked, result["id"]))
        await settled(drawing, 1)


async def test_many_own_pictures_come_in_pages_and_only_the_first_offers_to_draw(
    drawing: House, anna: Person, club: Chat
) -> None:
    await drawn(anna.private(drawing.bot), "/imagine a fox")
    await settled(drawing, 1)
    async with drawing.database.write() as tx:
        await _copies(tx, PAGE + 4)
    first = await anna.at(club).ask(drawing.bot, "fox")
    assert offered(first) == ["draw", *["own"] * PAGE]
    assert first.answer is not None
    second = await anna.at(club).ask(drawing.bot, "fox", offset=first.answer["next_offset"])
    assert offered(second) == ["own"] * 5
    assert not {one["id"] for one in results(first)} & {one["id"] for one in results(second)}
    assert second.answer is not None
    assert second.answer["next_offset"] == ""
    for hostile in ("-1", "9" * 64, "'; --"):
        assert offered(await anna.at(club).ask(drawing.bot, "fox", offset=hostile)) == []
    async with drawing.database.write() as tx:
        await tx.execute("DELETE FROM generations WHERE generation_id LIKE 'copy%'", {})


async def _copies(tx: Transaction, count: int) -> None:
    """More pictures of the same kind, as if they had been drawn before."""
    [row] = await tx.fetch("SELECT * FROM generations", {})
    for number in range(count):
        copy = {**row, "generation_id": f"copy{number}", "request_key": f"copy{number}", "price": 0}
        names = ", ".join(copy)
        await tx.execute(f"INSERT INTO generations ({names}) VALUES ({', '.join(f':{name}' for name in copy)})", copy)
