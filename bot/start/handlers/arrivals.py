"""Coming into a group and leaving it: a hello that tells what we can do there and what we lack, and kept pictures.

The rule: coming is answered with a hello, getting back the right to show pictures with those that were kept. Being
made an admin, losing rights and being removed are answered by nothing: whoever did it knows. Work in hand then ends
by what Telegram says when it is to be shown, is not charged, and kept for a day.
"""

from collections.abc import Iterable

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import IS_MEMBER, IS_NOT_MEMBER, ChatMemberUpdatedFilter
from aiogram.methods import SendMessage
from aiogram.types import ChatMember, ChatMemberUpdated
from aiogram.utils.formatting import Bold, Code, Text, as_list

from bot.imagine.handlers.desk import NO_PREVIEW
from bot.outgoing import SEEN_AGAIN, Outgoing, hello_key
from bot.start.handlers import kept
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users import store as users
from bot.users.rules import Person

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
# Without any of these a picture cannot be shown.
SENDING = ("can_send_messages", "can_send_photos", "can_send_documents")
# What a bot may lack in a group, and the sentence about it.
LACKS = {
    "can_send_photos": "arrival-no-photos",
    "can_send_documents": "arrival-no-files",
    "can_delete_messages": "arrival-no-deleting",
}


def router() -> Router:
    """What Telegram tells the bot about itself."""
    router = Router(name="arrivals")
    group = F.chat.type.in_(GROUPS)
    router.my_chat_member.register(on_arrival, group, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    router.my_chat_member.register(on_voice, group, _may_show_again)
    private = F.chat.type == ChatType.PRIVATE
    router.my_chat_member.register(on_return, private, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    gone = ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER)
    router.my_chat_member.register(on_blocked, private, gone)
    return router


async def on_arrival(event: ChatMemberUpdated, bot: Bot, tx: Transaction, t: Translator, now: int) -> list[Outgoing]:
    """Say hello once, and bring up what was drawn while we were away.

    A supergroup may be the old group with a new number: that turns out in a moment, and it is not greeted again.
    """
    me = await bot.me()
    text, entities = hello(t, me.username or "", _lacks(event)).render()
    said = SendMessage(chat_id=event.chat.id, text=text, entities=entities, link_preview_options=NO_PREVIEW)
    if _is_mute(event):
        return await _plead(tx, t, event)
    hold = SEEN_AGAIN if event.chat.type == ChatType.SUPERGROUP else 0
    return [Outgoing(said, once=hello_key(event.chat.id), hold=hold), *await kept.for_group(tx, t, event.chat.id, now)]


async def on_voice(event: ChatMemberUpdated, tx: Transaction, t: Translator, now: int) -> list[Outgoing]:
    """We may show pictures again: bring up what was kept."""
    return await kept.for_group(tx, t, event.chat.id, now)


async def on_return(
    _event: ChatMemberUpdated, tx: Transaction, t: Translator, person: Person, now: int
) -> list[Outgoing]:
    """Somebody lets us in again: offer what was drawn while we were blocked."""
    return await kept.for_person(tx, t, person.user_id, now)


async def on_blocked(_event: ChatMemberUpdated, tx: Transaction, person: Person) -> None:
    """Known at once, and not only when the next message does not arrive."""
    await users.set_gone(tx, person.user_id, True)


def hello(t: Translator, username: str, lacks: Iterable[str]) -> Text:
    """The first message in a group."""
    ways = as_list(Code(f"/imagine {t('start-example')}"), Code(f"@{username} {t('start-example')}"))
    return as_list(Bold(t("start-hello")), Text(t("arrival-how")), ways, t("arrival-more"), *map(t, lacks), sep="\n\n")


async def _plead(tx: Transaction, t: Translator, event: ChatMemberUpdated) -> list[Outgoing]:
    """Whoever let us in without a voice can give us one. They hear it if they have ever written to us."""
    person = await users.get(tx, event.from_user.id)
    if person is None:
        return []
    words = t("arrival-mute", chat=event.chat.title or "–")
    return [Outgoing(SendMessage(chat_id=person.user_id, text=words), once=f"mute:{event.chat.id}")]


def _lacks(event: ChatMemberUpdated) -> list[str]:
    """Rights that are named and not given; what a plain member may do, the group has decided for all."""
    member = event.new_chat_member
    missing = [said for right, said in LACKS.items() if getattr(member, right, None) is False]
    return missing if member.status == "administrator" else [*missing, "arrival-no-admin"]


def _is_mute(event: ChatMemberUpdated) -> bool:
    return "can_send_messages" in _denied(event.new_chat_member)


async def _may_show_again(event: ChatMemberUpdated) -> bool:
    is_here = event.new_chat_member.status in ("member", "administrator", "restricted")
    return is_here and not _is_mute(event) and _denied(event.old_chat_member) > _denied(event.new_chat_member)


def _denied(member: ChatMember) -> set[str]:
    return {right for right in SENDING if getattr(member, right, None) is False}
