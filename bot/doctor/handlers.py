"""`/doctor` from an admin's private chat: the looks take seconds, so a job does them and sends what it found."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import Message

from bot.admin.handlers import by_admin
from bot.doctor.report import for_chat
from bot.doctor.service import Doctor
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.telegram.outbox import Outbox
from bot.texts import Texts, Translator
from bot.users import store as users

EXAMINE = "examine"


def router() -> Router:
    """The command. For everybody else it is a word like any other."""
    router = Router(name="doctor")
    router.message.register(on_doctor, Command("doctor"), by_admin)
    return router


async def on_doctor(message: Message, tx: Transaction, t: Translator, now: int) -> SendMessage:
    """Say that it is being looked; who asks again meanwhile waits for the same answer."""
    await jobs.add(tx, EXAMINE, str(message.chat.id), EXAMINE, now)
    return message.answer(t("doctor-looking"))


class Examining:
    """The handler of `examine` jobs; their subject is the private chat that asked."""

    def __init__(self, database: Database, doctor: Doctor, outbox: Outbox, texts: Texts) -> None:
        self._database = database
        self._doctor = doctor
        self._outbox = outbox
        self._texts = texts

    async def __call__(self, lease: Lease) -> None:
        """Look, and tell whoever asked."""
        chat_id = int(lease.job.subject)
        found = await self._doctor.look()
        async with self._database.write() as tx:
            if await lease.done(tx):
                person = await users.get(tx, chat_id)
                t = self._texts.negotiate(*((person.language, person.client_language) if person else ()))
                said = SendMessage(chat_id=chat_id, text=for_chat(found, t, self._doctor.redact))
                await self._outbox.add(tx, Outgoing(said))
