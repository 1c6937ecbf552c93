"""Carrying a commit to its end: a cancellation in the middle must not leave its outcome to chance."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def carry_through(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end even when this task is cancelled meanwhile; the cancellation is raised after it.

    Raises what `work` raises. After a cancellation that is the cancellation, with the failure as its cause.
    """
    task = asyncio.create_task(work)  # noqa: TID251  owned here and awaited below, whatever happens
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from (None if task.cancelled() else task.exception())
    return task.result()
