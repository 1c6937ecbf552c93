"""What people do on the page: `/sandbox/do/NAME` with `{person, chat, topic?, …}`."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.people import Talk

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


ACTIONS: dict[str, Action] = {
    "say": _say,
    "press": _press,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "block": _block,
}
