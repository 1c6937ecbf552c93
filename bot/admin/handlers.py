"""What admins do from their private chat, and in a group about that group alone.

Everybody else's /allow is a word like any other and gets no answer here.
"""

from typing import Any

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.methods import LeaveChat, SendMessage
from aiogram.types import Message

from bot.admin import store as audit
from bot.admin.panel import handlers as panel
from bot.admin.panel.handlers.deeds import turned_out
from bot.admin.panel.keyboards import Entry
from bot.admin.panel.rules import change
from bot.admin.panel.service import Closing
from bot.admin.rules import COMMANDS, FRESH_SECONDS, Roles, credits_in, named
from bot.admin.store import Decision
from bot.chats import service as pots
from bot.chats import store as chats
from bot.chats.kinds import Kinds
from bot.errors import UserError
from bot.imagine.handlers.desk import place_in, say
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.faces import Faces
from bot.users.rules import Person

__all__ = ["Closing", "router", "staff"]

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


def router() -> Router:
    """The commands of admins, who are named by their numeric ids in the settings."""
    whole = Router(name="admin")
    whole.include_routers(panel.router(), _access())
    return whole


def staff(admin_ids: tuple[int, ...], *entries: Entry) -> dict[str, Any]:
    """What the handlers of admins ask for by name: who has which role, and what people call themselves.

    `entries` are pages that features add to the panel.
    """
    return {"roles": Roles(admin_ids), "faces": Faces(), "entries": entries}


def _access() -> Router:
    """Who may draw, and credits."""
    router = Router(name="access")
    router.message.register(on_stale, Command(*COMMANDS), by_admin, stale)
    router.message.register(on_allow, Command("allow"), by_admin)
    router.message.register(on_disallow, Command("disallow"), by_admin)
    router.message.register(on_grant, Command("grant"), by_admin)
    # In a group a command names nobody but that group.
    here = Command("allow", "disallow", magic=F.args.is_(None)), by_admin_here
    router.message.register(on_stale, *here, stale)
    router.message.register(on_let_in_here, *here)
    router.message.register(on_grant_here, Command("grant", magic=F.args.regexp(r"\s*\d+\s*$")), by_admin_here)
    return router


async def by_admin(message: Message, is_admin: bool) -> bool:
    """A message that an admin wrote themselves in their private chat: not forwarded, not through another bot."""
    own = message.sender_chat is None and message.via_bot is None and message.forward_origin is None
    return is_admin and own and message.chat.type == ChatType.PRIVATE


async def by_admin_here(message: Message, is_admin: bool) -> bool:
    """The same in a group."""
    own = message.sender_chat is None and message.via_bot is None and message.forward_origin is None
    return is_admin and own and message.chat.type in GROUPS


async def stale(message: Message, now: int) -> bool:
    """A message that waited longer than a command of this weight may."""
    return now - int(message.date.timestamp()) > FRESH_SECONDS


async def on_stale(message: Message, t: Translator) -> SendMessage:
    """What waited too long is not carried out."""
    return message.answer(t("admin-stale"))


async def on_allow(
    message: Message, command: CommandObject, tx: Transaction, t: Translator, texts: Texts, now: int
) -> list[SendMessage]:
    """Let a person draw, met or not, and tell them once they can be told; or a group. Raises WrongCommand."""
    chosen = named(command.args)
    await audit.write_down(tx, Decision(now, message.chat.id, "allow", str(chosen)))
    if chosen < 0:
        await chats.change(tx, chosen, allowed=True)
        return [message.answer(t("admin-chat-allowed", chat=str(chosen)))]
    known = await users.get(tx, chosen)
    person = known or await users.meet(tx, chosen, None, now)
    await users.set_member(tx, chosen, True)
    done = message.answer(t("admin-allowed", person=str(chosen)))
    return [done] if known is None or person.member else [done, _tell(person, _words(texts, person)("admin-welcome"))]


async def on_disallow(
    message: Message,
    command: CommandObject,
    tx: Transaction,
    t: Translator,
    now: int,
    texts: Texts,
    kinds: Kinds,
    leaves: bool,
) -> list[SendMessage | LeaveChat]:
    """Let a person, or a group, draw no more; what they asked for already still comes. Raises WrongCommand, Errand."""
    chosen = named(command.args)
    await audit.write_down(tx, Decision(now, message.chat.id, "disallow", str(chosen)))
    if chosen < 0:
        done = message.answer(t("admin-chat-disallowed", chat=str(chosen)))
        return [done, *await turned_out(tx, texts, chosen, leaves=leaves, says=kinds.is_group(chosen))]
    person = await _known(tx, chosen)
    await users.set_member(tx, person.user_id, False)
    return [message.answer(t("admin-disallowed", person=str(person.user_id)))]


async def on_let_in_here(
    message: Message,
    command: CommandObject,
    tx: Transaction,
    t: Translator,
    person: Person,
    now: int,
    texts: Texts,
    leaves: bool,
) -> list[SendMessage | LeaveChat]:
    """Let this group draw, or draw no more."""
    await audit.write_down(tx, Decision(now, person.user_id, command.command, str(message.chat.id)))
    if command.command != "allow":
        done = say(place_in(message), t("admin-here-disallowed"))
        return [done, *await turned_out(tx, texts, message.chat.id, leaves=leaves, says=False)]
    await chats.change(tx, message.chat.id, allowed=True)
    return [say(place_in(message), t("admin-here-allowed"))]


async def on_grant_here(
    message: Message, command: CommandObject, tx: Transaction, t: Translator, person: Person, now: int, ledger: Ledger
) -> SendMessage:
    """Fill the pot of this group, once for each message. Raises WrongCommand."""
    place, given = place_in(message), credits_in(command.args)
    decision = Decision(now, person.user_id, "grant", str(place.chat_id), str(given))
    return say(place, await _fill(message, tx, t, ledger, decision))


async def on_grant(
    message: Message, command: CommandObject, tx: Transaction, t: Translator, texts: Texts, now: int, ledger: Ledger
) -> list[SendMessage]:
    """Give credits that stay until they are used, once for each message. Raises WrongCommand."""
    chosen, given, why = change(command.args)
    decision = Decision(now, message.chat.id, "grant", str(chosen), str(given), why)
    if chosen < 0:
        return [message.answer(await _fill(message, tx, t, ledger, decision))]
    person = await _known(tx, chosen)
    if not await ledger.grant(tx, chosen, given, f"grant:{message.chat.id}:{message.message_id}"):
        return [message.answer(t("admin-granted-before"))]
    await audit.write_down(tx, decision)
    balance = await ledger.balance(tx, chosen)
    left = balance.daily + balance.kept
    return [
        message.answer(t("admin-granted", person=str(chosen), credits=given, left=left)),
        _tell(person, _words(texts, person)("admin-gift", credits=given)),
    ]


async def _fill(message: Message, tx: Transaction, t: Translator, ledger: Ledger, decision: Decision) -> str:
    """Put credits into a pot, once, and say what it holds then."""
    chat_id, given = int(decision.subject), int(decision.detail)
    if not await pots.fill(tx, ledger, chat_id, given, f"grant:{message.chat.id}:{message.message_id}"):
        return t("admin-granted-before")
    await audit.write_down(tx, decision)
    pot_id = (await chats.get(tx, chat_id)).pot_id or chat_id
    return t("admin-pot-granted", credits=given, left=(await ledger.balance(tx, pot_id)).left)


async def _known(tx: Transaction, user_id: int) -> Person:
    person = await users.get(tx, user_id)
    if person is None:
        raise UserError("admin-unknown-person", person=str(user_id))
    return person


def _words(texts: Texts, person: Person) -> Translator:
    return texts.negotiate(person.language, person.client_language)


def _tell(person: Person, text: str) -> SendMessage:
    return SendMessage(chat_id=person.user_id, text=text)
