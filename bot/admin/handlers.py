"""What admins do in a group about that group alone, and which messages of theirs count as commands at all.

From their private chat they command everything else: that is the panel. Everybody else's /allow is a word like any
other and gets no answer here.
"""

from typing import Any

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.methods import LeaveChat, SendMessage
from aiogram.types import Message

from bot.admin.panel import handlers as panel
from bot.admin.panel.handlers.deeds import farewell
from bot.admin.panel.handlers.desk import is_stale, own_words, source_of
from bot.admin.panel.keyboards import Entry
from bot.admin.panel.service import Closing, Office
from bot.admin.rules import COMMANDS, Roles, credits_in
from bot.errors import UserError
from bot.imagine.handlers.desk import place_in, say
from bot.imagine.service import Imagine
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users.faces import Faces
from bot.users.rules import Person

__all__ = ["Closing", "router", "staff"]

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


def router() -> Router:
    """The commands of admins, who are named by their numeric ids in the settings."""
    whole = Router(name="admin")
    whole.include_routers(panel.router(), _here())
    return whole


def staff(admin_ids: tuple[int, ...], *entries: Entry) -> dict[str, Any]:
    """What the handlers of admins ask for by name: who has which role, and what people call themselves.

    `entries` are pages that features add to the panel.
    """
    return {"roles": Roles(admin_ids), "faces": Faces(), "entries": entries}


def _here() -> Router:
    """Whether a group may draw, and its pot: there a command names nobody but that group."""
    router = Router(name="here")
    router.message.register(on_stale, Command(*COMMANDS), by_admin, stale)
    access = Command("allow", "disallow", magic=F.args.is_(None)), by_admin_here
    router.message.register(on_stale, *access, stale)
    router.message.register(on_access_here, *access)
    router.message.register(on_grant_here, Command("grant", magic=F.args.regexp(r"\s*\d+\s*$")), by_admin_here)
    return router


async def by_admin(message: Message, is_admin: bool) -> bool:
    """A message that an admin wrote themselves in their private chat: not forwarded, not through another bot."""
    return is_admin and message.chat.type == ChatType.PRIVATE and await own_words(message)


async def by_admin_here(
    message: Message, is_admin: bool, person: Person, now: int, imagine: Imagine, ledger: Ledger
) -> bool | dict[str, Any]:
    """The same in a group. Gives the handler the office that decides."""
    if not is_admin or message.chat.type not in GROUPS or not await own_words(message):
        return False
    return {"office": Office(person.user_id, now, imagine, ledger)}


async def stale(message: Message, now: int) -> bool:
    """A message that waited longer than a command of this weight may."""
    return is_stale(message, now)


async def on_stale(message: Message, t: Translator) -> SendMessage:
    """What waited too long is not carried out."""
    return message.answer(t("admin-stale"))


async def on_access_here(
    message: Message,
    command: CommandObject,
    tx: Transaction,
    t: Translator,
    office: Office,
    texts: Texts,
    leaves: bool,
) -> list[SendMessage | LeaveChat]:
    """Let this group draw, or draw no more: at once, as whoever says it sees where they are."""
    chat_id, allowed = message.chat.id, command.command == "allow"
    await office.let_in(tx, chat_id, allowed=allowed)
    said = say(place_in(message), t("admin-here-allowed" if allowed else "admin-here-disallowed"))
    return [said] if allowed else [said, *await farewell(tx, texts, chat_id, leaves=leaves, says=False)]


async def on_grant_here(
    message: Message, command: CommandObject, tx: Transaction, t: Translator, office: Office
) -> SendMessage:
    """Fill the pot of this group, once for each message. Raises UserError."""
    chat_id, given = message.chat.id, credits_in(command.args)
    if not await office.grant(tx, chat_id, given, source_of(message)):
        raise UserError("admin-granted-before")
    left = await office.left(tx, chat_id)
    return say(place_in(message), t("admin-pot-granted", credits=given, left=left))
