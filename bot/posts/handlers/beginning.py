"""A draft is begun: for the one channel there is, for one that is named, or for one that is chosen."""

import re
from typing import Any

from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.errors import UserError
from bot.imagine import store as generations
from bot.imagine.grammar import NoPrompt, parse
from bot.imagine.handlers import edits
from bot.imagine.handlers.desk import Answer, Desk, buttons, notes, place_in, say
from bot.imagine.keyboards import Tap
from bot.imagine.rules import STALE, Place, Wish
from bot.imagine.service import AlreadyDrawing
from bot.posts import keyboards, store, views
from bot.posts.rules import Standing
from bot.posts.service import NotYourChannel, Posts
from bot.storage.database import Transaction
from bot.texts import Translator

# A channel that is named before the words, as @name or by its number.
NAMED = re.compile(r"(@[A-Za-z]\w{3,31}|-100\d{5,13})(?:\s+|$)", re.ASCII)
NUMBER = re.compile(r"-100\d{5,13}", re.ASCII)


async def on_post(message: Message, command: CommandObject, desk: Desk, posts: Posts) -> Answer:
    """Begin a draft. Raises what `Posts.begin` raises."""
    place, (name, words) = place_in(message), _named(command.args or "")
    try:
        wish = edits.with_pictures(parse(words), await edits.pictures(message, desk))
    except NoPrompt:
        return [say(place, *views.how(desk.t))]
    found = [await posts.named(desk.tx, desk.person, name)] if name else await posts.channels(desk.tx, desk.person)
    if not found:
        raise UserError("post-no-channel")
    if len(found) > 1 or desk.now - int(message.date.timestamp()) > STALE:
        return [await _which(desk, place, wish, found)]
    key = f"msg:{place.chat_id}:{place.message_id}"
    return [*await notes(desk, await posts.begin(desk.tx, desk.person, found[0][0], place, wish, key))]


async def on_elsewhere(message: Message, t: Translator) -> SendMessage:
    """In a group all would read along."""
    return message.answer(t("post-in-private"))


async def on_pick(query: CallbackQuery, desk: Desk, posts: Posts, tap: Tap) -> Answer:
    """Draw the kept words for the chosen channel. They are drawn once, however often it is pressed."""
    kept = await generations.get_wish(desk.tx, tap.subject, desk.person.user_id)
    if kept is None:
        raise UserError("imagine-wish-gone")
    wish, place = kept
    if NUMBER.fullmatch(tap.arg) is None or query.message is None or query.message.chat.id != place.chat_id:
        raise NotYourChannel
    made = await posts.begin(desk.tx, desk.person, int(tap.arg), place, wish, f"post:{tap.subject}")
    if not made:
        raise AlreadyDrawing
    return [*buttons(query, None), *await notes(desk, made), query.answer(desk.t("imagine-started"))]


async def on_channel(event: ChatMemberUpdated, tx: Transaction, now: int) -> None:
    """Remember where the bot may post. Others may hear of it, too."""
    if getattr(event.new_chat_member, "can_post_messages", None):
        await store.note_channel(tx, event.chat.id, event.from_user.id, now)
    else:
        await store.drop_channel(tx, event.chat.id)
    raise SkipHandler


async def is_pick(query: CallbackQuery) -> bool | dict[str, Any]:
    """Lets through the choice of a channel."""
    tap = Tap.read(query.data)
    return {"tap": tap} if tap and tap.action == keyboards.PICK else False


async def _which(desk: Desk, place: Place, wish: Wish, found: list[tuple[int, Standing]]) -> SendMessage:
    wish_id = generations.new_id()
    await generations.put_wish(desk.tx, wish_id, desk.person.user_id, place, wish, desk.now)
    return say(place, desk.t("post-which"), markup=keyboards.channels(wish_id, found))


def _named(typed: str) -> tuple[int | str | None, str]:
    """The channel that was named, and the words."""
    found = NAMED.match(typed)
    if found is None:
        return None, typed
    name = found[1]
    return (name if name.startswith("@") else int(name)), typed[found.end() :]
