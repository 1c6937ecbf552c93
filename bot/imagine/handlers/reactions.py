"""What the owner of a picture puts on it: a heart makes it a favorite, a thumb down deletes it."""

from collections.abc import Iterable

from aiogram.methods import EditMessageReplyMarkup
from aiogram.types import MessageReactionUpdated, ReactionTypeUnion

from bot.imagine import keyboards, store
from bot.imagine.handlers.desk import Answer, Desk, gone
from bot.imagine.rules import HEART, THUMB_DOWN, Generation

# Some apps ask for the colored heart.
COLORED = "\N{VARIATION SELECTOR-16}"


async def on_reaction(event: MessageReactionUpdated, desk: Desk) -> Answer:
    """Those of others are theirs to give, and change nothing."""
    before, after = _emoji(event.old_reaction), _emoji(event.new_reaction)
    generation = await store.get_shown(desk.tx, event.chat.id, event.message_id)
    if generation is None or generation.user_id != desk.person.user_id:
        return []
    if THUMB_DOWN in after - before:
        await desk.imagine.delete(desk.tx, generation.generation_id, generation.user_id)
        return [gone(desk, generation, event.chat.id, event.message_id)]
    if HEART in after ^ before:
        return await _liked(desk, generation, desk.now if HEART in after else None)
    return []


async def _liked(desk: Desk, generation: Generation, at: int | None) -> Answer:
    await store.set_favorite(desk.tx, generation.generation_id, generation.user_id, at)
    fresh = await store.get(desk.tx, generation.generation_id) or generation
    markup = keyboards.home(desk.t, fresh, desk.imagine.extras(fresh))
    return [EditMessageReplyMarkup(chat_id=fresh.chat_id, message_id=fresh.note_id, reply_markup=markup)]


def _emoji(reactions: Iterable[ReactionTypeUnion]) -> set[str]:
    return {emoji.removesuffix(COLORED) for each in reactions if isinstance(emoji := getattr(each, "emoji", None), str)}
