"""What people do on the page: `/sandbox/do/NAME` with `{person, chat, topic?, …}`."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import rendering
from bot.sandbox.model import Role
from bot.sandbox.people import Talk

# Seconds that somebody who types waits for a bot that may know of no questions at all.
PATIENCE = 3.0

Action = Callable[[Talk, dict[str, Any]], Awaitable[Any]]


async def _say(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.say(values["text"], reply_to=values.get("reply"))


async def _press(talk: Talk, values: dict[str, Any]) -> Any:
    return talk.press_data(values["data"], int(values["message"])).query_id


async def _edit(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.edit(int(values["message"]), values["text"])


async def _delete(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.delete(int(values["message"]))


async def _react(talk: Talk, values: dict[str, Any]) -> Any:
    return await talk.react(int(values["message"]), *values["emoji"])


async def _block(talk: Talk, values: dict[str, Any]) -> Any:
    return talk.block() if values["blocked"] else talk.unblock()


async def _inline(talk: Talk, values: dict[str, Any]) -> Any:
    """`{query, bot?, offset?}` → `{id, results: [{id, type, title, description, picture}], button, next}`.

    `bot` is a number, `next` the offset with which to ask for what follows, or empty. `id` is empty when no answer
    came: a bot need not know of such questions.
    """
    offset = str(values.get("offset", ""))
    try:
        asked = await talk.ask(talk.bot(values.get("bot")), values["query"], offset=offset, timeout=PATIENCE)
    except TimeoutError:
        return {"id": "", "results": [], "button": None, "next": ""}
    answer = asked.answer or {}
    return {
        "id": asked.query_id,
        "results": [rendering.result(talk.world, one) for one in answer.get("results", [])],
        "button": answer.get("button"),
        "next": answer.get("next_offset", ""),
    }


async def _choose(talk: Talk, values: dict[str, Any]) -> Any:
    """`{query, result}`: the ids of both."""
    return await talk.choose(talk.world.asked[str(values["query"])], str(values["result"]))


async def _role(talk: Talk, values: dict[str, Any]) -> Any:
    """`{role, bot?, without?, unseen?}`: what the bot becomes here, `without` some rights, by somebody who leads it."""
    bot, role, unseen = talk.bot(values.get("bot")), Role(values["role"]), bool(values.get("unseen"))
    return talk.set_role(bot, role, *map(str, values.get("without", ())), unseen=unseen)


ACTIONS: dict[str, Action] = {
    "say": _say,
    "press": _press,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "block": _block,
    "inline": _inline,
    "choose": _choose,
    "role": _role,
}
