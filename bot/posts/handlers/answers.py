"""Answers to what was asked about a draft: its caption, its time, its signature."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram.methods import DeleteMessage
from aiogram.types import Message

from bot.errors import UserError
from bot.imagine import store as generations
from bot.imagine.handlers import edits
from bot.imagine.handlers.desk import Answer, Desk
from bot.posts import store, views
from bot.posts.handlers.draft import Draft
from bot.posts.handlers.presses import planned
from bot.posts.rules import OPEN, Asked, Entity, a_signature, moment
from bot.posts.service import Posts


async def on_answer(message: Message, desk: Desk, posts: Posts, asked: tuple[Asked, str]) -> Answer:
    """Take what was asked for. Raises UserError where nobody waits for it any more."""
    wanted, post_id = asked
    post = await store.get_owned(desk.tx, post_id, desk.person.user_id)
    picture = await generations.get_owned(desk.tx, post_id, desk.person.user_id)
    if post is None or picture is None or post.asked is not wanted or post.state not in OPEN:
        raise UserError("post-question-over")
    return [*await ANSWERS[wanted](message, Draft(desk, posts, post, picture)), *_closed(message)]


def _closed(message: Message) -> Answer:
    """The question goes once it is answered: below a draft only what counts shall stand."""
    question = message.reply_to_message
    return [DeleteMessage(chat_id=message.chat.id, message_id=question.message_id)] if question else []


async def is_answer(message: Message) -> bool | dict[str, Any]:
    """Lets through an answer to a question of ours about a draft."""
    asked = edits.ours(message)
    found = next(filter(None, map(views.asked_behind, (asked.entities if asked else None) or ())), None)
    return {"asked": found} if found else False


async def _caption(message: Message, draft: Draft) -> Answer:
    post = await draft.posts.say(draft.desk.tx, draft.post, message.text or "", _entities(message))
    return [*draft.shown(post), *draft.said(draft.desk.t("post-caption-set"))]


async def _time(message: Message, draft: Draft) -> Answer:
    zone = await draft.posts.zone(draft.desk.tx, draft.post)
    return await planned(draft, moment(message.text or "", draft.desk.now, zone))


async def _signature(message: Message, draft: Draft) -> Answer:
    """Whoever may post decides what the channel signs with."""
    post = await draft.posts.sign_all(draft.desk.tx, draft.post, a_signature(message.text or ""))
    return [*draft.shown(post), *draft.said(draft.desk.t("post-signature-set", channel=post.title))]


def _entities(message: Message) -> list[Entity]:
    return [each.model_dump(mode="json", exclude_none=True) for each in message.entities or ()]


ANSWERS: Mapping[Asked, Callable[[Message, Draft], Awaitable[Answer]]] = {
    Asked.CAPTION: _caption,
    Asked.TIME: _time,
    Asked.SIGNATURE: _signature,
}
