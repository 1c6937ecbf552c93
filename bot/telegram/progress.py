"""Keeps notes truthful while people wait: how long it takes, which place in the queue. May be lost without harm."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.imagine import store as generations
from bot.imagine.rules import Generation, Status
from bot.storage.database import Database
from bot.telegram.api import Api, CallError, CallPaused
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.inline import has_note, note_of
from bot.telegram.limits import PROGRESS
from bot.telegram.wire import plain

log = structlog.get_logger(__name__)

# An edit that takes longer would keep the picture waiting.
TIMEOUT = 5.0
MOVING = (Status.QUEUED, Status.DRAWING)


class Progress:
    """Edits the notes of unfinished generations: in private chats every few seconds, in groups once, when news come."""

    def __init__(self, database: Database, api: Api, chats: Chats, cards: Cards, clock: Clock) -> None:
        self._database = database
        self._api = api
        self._chats = chats
        self._cards = cards
        self._clock = clock
        self._shown: dict[str, Any] = {}
        self._begun_at = clock.now()

    async def run(self) -> None:
        """Look every three seconds, until cancelled. With nothing to do a look is one small query."""
        while True:
            await asyncio.sleep(PROGRESS)
            try:
                await self.look()
            except* StorageError as error:
                log.warning("progress_waits_for_storage", reason=str(error.exceptions[0]))

    async def look(self) -> None:
        """Bring every note up to date that may be edited now."""
        async with self._database.read() as tx:
            moving = [each for each in await generations.open_notes(tx) if each.status in MOVING]
            places = await self._cards.places(tx, moving)
        self._forget(moving)
        async with asyncio.TaskGroup() as group:
            for generation in moving:
                if self._may_edit(generation):
                    group.create_task(self._renew(generation, places))

    def _forget(self, moving: Sequence[Generation]) -> None:
        left = {generation.generation_id for generation in moving}
        self._shown = {key: shown for key, shown in self._shown.items() if key in left}

    def _may_edit(self, generation: Generation) -> bool:
        if not generation.private and (self._was_edited(generation) or not _is_news(generation)):
            return False
        return not self._chats.is_busy(generation.chat_id) and self._chats.pace.chance(generation.chat_id, edit=True)

    def _was_edited(self, generation: Generation) -> bool:
        """Whether it had its edit on the way; what an earlier process edited is not known, so that counts as one."""
        return generation.generation_id in self._shown or generation.created_at < self._begun_at

    async def _renew(self, generation: Generation, places: dict[str, int]) -> None:
        async with self._chats.turn(generation.chat_id):
            params = await self._params(generation, places)
            if params is not None:
                await self._edit(generation.chat_id, params)

    async def _params(self, generation: Generation, places: dict[str, int]) -> dict[str, Any] | None:
        """What the note should look like now; None when it looks so, or is not ours to edit any more."""
        async with self._database.read() as tx:
            fresh = await generations.get(tx, generation.generation_id)
            if fresh is None or fresh.status is not generation.status or not has_note(fresh):
                return None
            text, entities, markup = await self._cards.note_view(tx, fresh, places)
        new = text if fresh.private else fresh.status
        if self._shown.get(fresh.generation_id) == new:
            return None
        self._shown[fresh.generation_id] = new
        return {
            **note_of(fresh),
            "text": text,
            "entities": [plain(entity) for entity in entities],
            "reply_markup": plain(markup),
        }

    async def _edit(self, chat_id: int, params: dict[str, Any]) -> None:
        try:
            await self._api.call("editMessageText", timeout=TIMEOUT, **params)
        except CallPaused as pause:
            await self._chats.pause(chat_id, pause.seconds)
        except CallError as error:
            log.debug("progress_not_shown", chat_id=chat_id, reason=str(error)[:200])


def _is_news(generation: Generation) -> bool:
    """Whether it is no longer as its note said first: it is being drawn, or waits for a busy service."""
    return generation.status is Status.DRAWING or generation.cause is not None
