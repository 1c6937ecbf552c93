"""How a process ends: what is asked to end, and which of many errors the operator hears of."""

import asyncio

from bot.errors import BotError


def cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Ask all of them to end."""
    for task in tasks:
        task.cancel()


def first_of(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What the operator hears of: our own sentence where there is one, else the first error."""
    ours = errors.subgroup(BotError)
    error: BaseException = ours or errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
