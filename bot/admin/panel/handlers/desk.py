"""What all handlers of the panel share: who may, and how a message is put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.enums import ChatType
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, TelegramObject
from aiogram.utils.formatting import Text

from bot.admin.panel.keyboards import Entry
from bot.admin.panel.service import Office
from bot.admin.rules import FRESH_SECONDS, Role, Roles
from bot.chats.kinds import Kinds
from bot.errors import UserError
from bot.imagine.service import Imagine
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.faces import Faces
from bot.users.rules import Person

Answer = list[Any]  # of Telegram methods and Outgoing
View = tuple[Text, InlineKeyboardMarkup | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """One of those who run the bot, at work; `entries` are pages of features, `leaves`: groups turned out are left."""

    tx: Transaction
    t: Translator
    texts: Texts
    person: Person
    roles: Roles
    faces: Faces
    office: Office
    entries: Sequence[Entry]
    kinds: Kinds
    leaves: bool

    @property
    def role(self) -> Role:
        """What they may do."""
        return self.roles.of(self.person)

    @property
    def now(self) -> int:
        """The time."""
        return self.office.now

    def require(self, role: Role) -> None:
        """Raises UserError for somebody who stands lower."""
        if self.role < role:
            raise UserError("panel-not-yours")

    def require_command(self, message: Message, role: Role) -> None:
        """As `require`; raises UserError as well for what was typed too long ago."""
        self.require(role)
        if is_stale(message, self.now):
            raise UserError("admin-stale")

    async def known(self, user_id: int) -> Person:
        """Somebody who wrote before, or about whom an admin decided. Raises UserError."""
        person = await users.get(self.tx, user_id)
        if person is None:
            is_forgotten = await self.tx.vault.destroyed_at(user_id) is not None
            raise UserError("panel-forgotten" if is_forgotten else "admin-unknown-person", person=str(user_id))
        return person

    async def remembered(self, user_id: int) -> Person:
        """As `known`; of whoever was forgotten what outlasts that: a ban, a limit. Raises UserError."""
        before = await users.get(self.tx, user_id) or await users.forgotten(self.tx, user_id)
        return before or await self.known(user_id)

    def words_of(self, person: Person) -> Translator:
        """How that person is spoken to."""
        return self.texts.negotiate(person.language, person.client_language)


async def at_desk(
    event: TelegramObject,
    tx: Transaction,
    t: Translator,
    texts: Texts,
    person: Person,
    now: int,
    roles: Roles,
    faces: Faces,
    imagine: Imagine,
    ledger: Ledger,
    entries: Sequence[Entry],
    kinds: Kinds,
    leaves: bool,
) -> bool | dict[str, Any]:
    """A filter for those who run the bot, in their private chat, in words of their own. Gives the handler its desk."""
    if roles.of(person) is Role.NOBODY or not _is_private(event):
        return False
    office = Office(person.user_id, now, imagine, ledger)
    return {"desk": Desk(tx, t, texts, person, roles, faces, office, entries, kinds, leaves)}


async def own_words(message: Message) -> bool:
    """A filter: not forwarded, not through another bot, not in the name of a chat."""
    return message.sender_chat is None and message.via_bot is None and message.forward_origin is None


def is_stale(message: Message, now: int) -> bool:
    """Whether it waited longer than a command of this weight may."""
    return now - int(message.date.timestamp()) > FRESH_SECONDS


def source_of(message: Message) -> str:
    """What credits are named after that a typed command gives, so that the same message gives them once."""
    return f"grant:{message.chat.id}:{message.message_id}"


def say(message: Message, view: View) -> SendMessage:
    """A new page."""
    text, entities = view[0].render()
    return message.answer(text, entities=entities, reply_markup=view[1])


def edit(query: CallbackQuery, view: View) -> list[EditMessageText]:
    """Another page in the place of the one whose button was pressed."""
    if (message := query.message) is None:
        return []
    text, entities = view[0].render()
    chat_id, message_id = message.chat.id, message.message_id
    return [EditMessageText(chat_id=chat_id, message_id=message_id, text=text, entities=entities, reply_markup=view[1])]


def _is_private(event: TelegramObject) -> bool:
    message = event.message if isinstance(event, CallbackQuery) else event
    chat = getattr(message, "chat", None)
    return chat is not None and chat.type == ChatType.PRIVATE
