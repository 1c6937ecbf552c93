"""Waiting for something to become true, where nothing tells when it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

# Seconds. A machine that does much else needs ten to start a process.
PATIENCE = 30.0
STEP = 0.01


async def until(look: Callable[[], Awaitable[Found]], what: str, patience: float = PATIENCE) -> Found:
    """Look again and again until the answer is true, and return it. Raises TimeoutError that says `what`."""
    try:
        async with asyncio.timeout(patience):
            while not (found := await look()):  # noqa: ASYNC110  nothing would tell us
                await asyncio.sleep(STEP)
    except TimeoutError:
        raise TimeoutError(f"{what} within {patience} s") from None
    return found
