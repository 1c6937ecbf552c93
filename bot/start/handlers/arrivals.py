"""Coming into a group and leaving it: a hello that tells what we can do there and what we lack, and kept pictures."""

from collections.abc import Iterable

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import IS_MEMBER, IS_NOT_MEMBER, ChatMemberUpdatedFilter
from aiogram.methods import SendMessage
from aiogram.types import ChatMemberUpdated
from aiogram.utils.formatting import Bold, Code, Text, as_list

from bot.imagine import store as pictures
from bot.imagine import views
from bot.imagine.handlers.desk import NO_PREVIEW, place_of, say
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users import store as users
from bot.users.rules import Person

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
# What a bot may lack in a group, and the sentence about it.
LACKS = {
    "can_send_photos": "arrival-no-photos",
    "can_send_documents": "arrival-no-files",
    "can_delete_messages": "arrival-no-deleting",
}


def router() -> Router:
    """What Telegram tells the bot about itself. Being made an admin, or less than that, is answered by nothing."""
    router = Router(name="arrivals")
    group = F.chat.type.in_(GROUPS)
    router.my_chat_member.register(on_arrival, group, ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
    router.my_chat_member.register(on_voice, group, _may_speak_again)
    gone = ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER)
    router.my_chat_member.register(on_blocked, F.chat.type == ChatType.PRIVATE, gone)
    return router


async def on_arrival(event: ChatMemberUpdated, bot: Bot, tx: Transaction, t: Translator, now: int) -> list[Outgoing]:
    """Say hello once, and bring up what was drawn while we were away."""
    me = await bot.me()
    text, entities = hello(t, me.username or "", _lacks(event)).render()
    said = SendMessage(chat_id=event.chat.id, text=text, entities=entities, link_preview_options=NO_PREVIEW)
    if _is_mute(event):
        # Whoever let us in so can change it.
        words = t("arrival-mute", chat=event.chat.title or "–")
        return [Outgoing(SendMessage(chat_id=event.from_user.id, text=words), once=f"mute:{event.chat.id}")]
    return [Outgoing(said, once=f"hello:{event.chat.id}"), *await _offers(tx, t, event, now)]


async def on_voice(event: ChatMemberUpdated, tx: Transaction, t: Translator, now: int) -> list[Outgoing]:
    """We may write again: bring up what could not be shown."""
    return await _offers(tx, t, event, now)


async def on_blocked(_event: ChatMemberUpdated, tx: Transaction, person: Person) -> None:
    """Known at once, and not only when the next message does not arrive."""
    await users.set_gone(tx, person.user_id, True)


def hello(t: Translator, username: str, lacks: Iterable[str]) -> Text:
    """The first message in a group."""
    ways = as_list(Code(f"/imagine {t('start-example')}"), Code(f"@{username} {t('start-example')}"))
    return as_list(Bold(t("start-hello")), Text(t("arrival-how")), ways, t("arrival-more"), *map(t, lacks), sep="\n\n")


async def _offers(tx: Transaction, t: Translator, event: ChatMemberUpdated, now: int) -> list[Outgoing]:
    waiting = await pictures.missed_in(tx, event.chat.id, now)
    return [
        Outgoing(say(place_of(each), *views.missed(t, each)), once=f"missed:{each.generation_id}:{now}")
        for each in waiting
    ]


def _lacks(event: ChatMemberUpdated) -> list[str]:
    """Rights that are named and not given; what a plain member may do, the group has decided for all."""
    member = event.new_chat_member
    missing = [said for right, said in LACKS.items() if getattr(member, right, None) is False]
    return missing if member.status == "administrator" else [*missing, "arrival-no-admin"]


def _is_mute(event: ChatMemberUpdated) -> bool:
    return getattr(event.new_chat_member, "can_send_messages", None) is False


async def _may_speak_again(event: ChatMemberUpdated) -> bool:
    return getattr(event.old_chat_member, "can_send_messages", None) is False and not _is_mute(event)
