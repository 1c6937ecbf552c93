"""Looking how a call goes while it is under way, for services that answer only at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from bot.errors import ProviderError

Result = TypeVar("Result")


async def beside(order: Awaitable[Result], look: Callable[[], Awaitable[None]], seconds: float) -> Result:
    """The result of `order`, while every so many `seconds` there is a `look` at how it goes.

    Looking ends with the order and cannot harm it: a look that fails is one look less.
    """
    looking = asyncio.create_task(_keep_looking(look, seconds))  # noqa: TID251  owned here: ended and awaited below
    try:
        return await order
    finally:
        looking.cancel()
        await asyncio.wait((looking,))


async def _keep_looking(look: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        with suppress(ProviderError):
            await look()
