"""What people do with the bot in the input lines of their chats."""

from typing import Any

from bot.sandbox.model import Asked
from bot.sandbox.people import Talk
from bot.sandbox.views import Seen
from tests.house import House

DRAW = "Draw it · 1 credit"


def results(asked: Asked) -> list[dict[str, Any]]:
    """What stands above the input line."""
    assert asked.answer is not None
    found: list[dict[str, Any]] = asked.answer["results"]
    return found


def offered(asked: Asked) -> list[str]:
    """The same in words: `draw` one that is drawn, `own` a picture that is there, `said` a sentence."""
    return [one["id"].partition(":")[0] for one in results(asked)]


async def chosen(house: House, talk: Talk, words: str) -> int:
    """The message that `@bot words` became."""
    asked = await talk.ask(house.bot, words)
    return await talk.choose(asked, results(asked)[0]["id"])


async def seen_as_picture(talk: Talk, number: int) -> Seen:
    """The message, as soon as it is a picture."""
    await talk.until(lambda talk: talk.message(number).picture)
    return talk.message(number)
