"""What people get who asked for all that is kept about them, and the last word to those who had it deleted."""

import math

from aiogram.methods import SendMessage

from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused
from bot.outgoing import Outgoing
from bot.privacy.export import Document
from bot.storage.database import Database, Transaction
from bot.telegram.api import Api, CallError, CallPaused, CallRefused
from bot.telegram.chats import Chats
from bot.telegram.outbox import Outbox
from bot.telegram.upload import Upload
from bot.texts import Texts
from bot.users import store as users

# Seconds until a file of which nobody knows whether it arrived is sent once more.
LATER = 10


class Parcels:
    """The `Courier` of exports. A file goes straight from memory to Telegram, in the order of the chat."""

    def __init__(self, database: Database, api: Api, outbox: Outbox, chats: Chats, texts: Texts, clock: Clock) -> None:
        self._database = database
        self._api = api
        self._chats = chats
        self._outbox = outbox
        self._texts = texts
        self._clock = clock

    async def send(self, user_id: int, name: str, document: Document) -> None:
        """One file with a sentence. Raises DeliveryNotNow, DeliveryRefused."""
        params = {
            "chat_id": str(user_id),
            "document": "attach://document",
            "caption": await self._caption(user_id, document),
        }
        files = {"document": Upload.held(document.content, name, "application/json")}
        async with self._chats.turn(user_id):
            if left := self._chats.pause_left(user_id):
                raise self._later(left)
            await self._chats.pace.turn(user_id, edit=False)
            try:
                await self._api.upload("sendDocument", params, files)
            except CallPaused as pause:
                await self._chats.pause(user_id, pause.seconds)
                raise self._later(pause.seconds) from None
            except CallRefused as error:
                raise DeliveryRefused(Cause.CHAT_CLOSED, str(error)) from None
            except CallError:
                raise self._later(LATER) from None

    async def language(self, user_id: int) -> str:
        """In which language somebody is spoken to, for whoever is about to forget it."""
        async with self._database.read() as tx:
            person = await users.get(tx, user_id)
        return self._texts.negotiate(*((person.language, person.client_language) if person else ())).language

    async def farewell(self, tx: Transaction, user_id: int, language: str) -> None:
        """Say that all is forgotten. It is about nobody: no key is made for the person to say so."""
        words = self._texts.translator(language)("forget-done")
        await self._outbox.add(tx, Outgoing(SendMessage(chat_id=user_id, text=words), about=0))

    async def _caption(self, user_id: int, document: Document) -> str:
        t = self._texts.translator(await self.language(user_id))
        if document.left_out:
            return t("forget-export-cut", left=document.left_out)
        return t("forget-export-here")

    def _later(self, seconds: float) -> DeliveryNotNow:
        return DeliveryNotNow(self._clock.now() + math.ceil(seconds) + 1)
