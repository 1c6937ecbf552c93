"""The chat by way of which pictures get into inline messages, and whether it takes any: without it nothing is drawn."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import StorageError

# Seconds between two looks at whether the bot may post there.
LOOK = 600.0

MayPost = Callable[[int], Awaitable[bool | None]]

log = structlog.get_logger()


class StorageChat:
    """The operator's chat. `chat_id` is None where it is not set, `takes` says whether pictures can go there."""

    def __init__(self, chat_id: int | None, may_post: MayPost, tell: Callable[[str], Awaitable[bool]]) -> None:
        """`may_post` asks Telegram; None is no answer. `tell` lets admins know a sentence, False where it cannot."""
        self.chat_id = chat_id
        self.takes = chat_id is not None
        self._may_post = may_post
        self._tell = tell
        self._bell = asyncio.Event()
        self._told = False

    def is_missed(self) -> None:
        """Somebody wanted to draw, and could not."""
        self._bell.set()

    def refused(self) -> None:
        """A picture was not taken: nothing is offered until a look shows that the bot may post there again."""
        self.takes = False
        self._bell.set()

    async def watch(self) -> None:
        """Look at the start and now and then, until cancelled.

        Admins hear once what is wrong, and again only after it was right: of a chat that is not set once somebody
        misses it, of one that takes nothing at once.
        """
        await self._look()
        while True:
            try:
                async with asyncio.timeout(LOOK):
                    await self._bell.wait()
            except TimeoutError:
                await self._look()
            else:
                self._bell.clear()
                await self._say()

    async def _look(self) -> None:
        if self.chat_id is None:
            return
        answer = await self._may_post(self.chat_id)
        if answer is not None:
            self.takes = answer
            self._told = self._told and not answer
            await self._say()

    async def _say(self) -> None:
        if self.takes or self._told:
            return
        try:
            self._told = await self._tell("inline-admin-unset" if self.chat_id is None else "inline-admin-closed")
        except StorageError as error:
            log.warning("admins_not_told", reason=str(error))
