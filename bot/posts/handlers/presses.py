"""The buttons of a draft. Each does one thing, however often it is pressed, and only for its owner."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from aiogram.enums import ChatType
from aiogram.methods import DeleteMessage, EditMessageReplyMarkup
from aiogram.types import CallbackQuery, MessageReactionUpdated

from bot.errors import UserError
from bot.imagine import store as generations
from bot.imagine.handlers import reactions
from bot.imagine.handlers.desk import Answer, Desk
from bot.imagine.handlers.pictures import BUTTONS
from bot.imagine.keyboards import Tap
from bot.imagine.rules import Generation, Status
from bot.outgoing import Outgoing
from bot.posts import keyboards, store, views
from bot.posts.handlers.draft import Draft
from bot.posts.rules import OPEN, SOON, Asked, Post, State, morning
from bot.posts.service import Posts
from bot.storage.database import Transaction
from bot.users.rules import Person

# Buttons of a picture that draw another one like it, or bring one that was missed.
DRAWS = frozenset({"again", "vary", "ratio", "model", "bring"})
# A name or signature in a button is cut, below a picture it is not longer than this.
NAME = 64


async def on_press(query: CallbackQuery, desk: Desk, posts: Posts, tap: Tap, post: Post) -> Answer:
    """A button of a draft."""
    picture = await generations.get_owned(desk.tx, post.post_id, desk.person.user_id)
    if picture is None or picture.status is not Status.DELIVERED:
        raise UserError("post-gone")
    if tap.arg == "again":
        return await _again(query, desk, posts, post, Tap("again", post.post_id), picture)
    draft = Draft(desk, posts, post, picture)
    if post.state not in OPEN or (tap.arg == "takeback" and post.state is not State.PLANNED):
        return [*draft.under(post), query.answer(desk.t(f"post-state-{post.state}"))]
    answer = await PRESSES.get(tap.arg, _home)(query, draft)
    return [*answer, *await _closed(draft)]


async def _closed(draft: Draft) -> Answer:
    """A question that nobody is to answer any more goes."""
    before, now = draft.post.question_id, await store.get(draft.desk.tx, draft.post.post_id)
    over = before is not None and (now is None or now.question_id != before)
    return [DeleteMessage(chat_id=draft.picture.chat_id, message_id=before)] if before and over else []


async def on_other_picture(
    query: CallbackQuery, desk: Desk, posts: Posts, tap: Tap, post: Post, generation: Generation
) -> Answer:
    """What is drawn instead of a draft, or of one that failed, is a draft for the same channel."""
    return await _again(query, desk, posts, post, tap, generation)


async def on_reaction(event: MessageReactionUpdated, desk: Desk) -> Answer:
    """As on any picture, but its buttons stay those of a draft."""
    answer = await reactions.on_reaction(event, desk)
    return [each for each in answer if not isinstance(each, EditMessageReplyMarkup)]


async def is_on_draft(event: MessageReactionUpdated, tx: Transaction, person: Person) -> bool:
    """Lets through what its owner puts on a draft."""
    picture = await generations.get_shown(tx, event.chat.id, event.message_id)
    return picture is not None and await store.get_owned(tx, picture.generation_id, person.user_id) is not None


async def is_press(query: CallbackQuery, tx: Transaction, person: Person) -> bool | dict[str, Any]:
    """Lets its owner press a button of a draft."""
    tap = Tap.read(query.data)
    if tap is None or tap.action != keyboards.POST or not _in_private(query):
        return False
    post = await store.get_owned(tx, tap.subject, person.user_id)
    return {"tap": tap, "post": post} if post else False


async def is_other_picture(query: CallbackQuery, tx: Transaction, person: Person) -> bool | dict[str, Any]:
    """Lets through what draws again, where it is pressed under a draft."""
    tap = Tap.read(query.data)
    if tap is None or tap.action not in DRAWS or not _in_private(query):
        return False
    post = await store.get_owned(tx, tap.subject, person.user_id)
    generation = post and await generations.get_owned(tx, tap.subject, person.user_id)
    return {"tap": tap, "post": post, "generation": generation} if generation else False


async def _again(
    query: CallbackQuery, desk: Desk, posts: Posts, post: Post, tap: Tap, generation: Generation
) -> Answer:
    """Draw as the button of any picture does, but under the rules of the channel."""
    await posts.require(desk.tx, post)
    given = {"tap": tap} if tap.action in ("ratio", "model") else {}
    answer = await BUTTONS[tap.action](
        query, replace(desk, imagine=await posts.under(desk.tx, post.chat_id)), generation, **given
    )
    for each in answer:
        if isinstance(each, Outgoing) and each.note_of:
            await posts.like(desk.tx, post, each.note_of)
    return answer


def _in_private(query: CallbackQuery) -> bool:
    """Drafts have no buttons anywhere else, whatever an app sends."""
    return query.message is not None and query.message.chat.type == ChatType.PRIVATE


async def _home(query: CallbackQuery, draft: Draft) -> Answer:
    return [*draft.under(draft.post), query.answer()]


async def _publish(query: CallbackQuery, draft: Draft) -> Answer:
    sent = await draft.posts.publish(draft.desk.tx, draft.post)
    return [*draft.under(sent), query.answer(draft.desk.t("post-state-sending"))]


async def _take_back(query: CallbackQuery, draft: Draft) -> Answer:
    post = await draft.posts.take_back(draft.desk.tx, draft.post)
    return [*draft.under(post), query.answer(draft.desk.t("post-taken-back"))]


async def _there(query: CallbackQuery, draft: Draft) -> Answer:
    post = await draft.posts.settle(draft.desk.tx, draft.post)
    return [*draft.under(post), query.answer()]


async def _discard(query: CallbackQuery, draft: Draft) -> Answer:
    await draft.posts.discard(draft.desk.tx, draft.post)
    return [*draft.over(draft.desk.t("post-discarded")), query.answer()]


async def _times(query: CallbackQuery, draft: Draft) -> Answer:
    return [*draft.under(draft.post, keyboards.times(draft.desk.t, draft.post)), query.answer()]


async def _morning(query: CallbackQuery, draft: Draft) -> Answer:
    zone = await draft.posts.zone(draft.desk.tx, draft.post)
    return await _plan(query, draft, morning(draft.desk.now, zone))


def _soon(seconds: int) -> "Press":
    async def press(query: CallbackQuery, draft: Draft) -> Answer:
        return await _plan(query, draft, draft.desk.now + seconds)

    return press


async def _plan(query: CallbackQuery, draft: Draft, at: int) -> Answer:
    return [*await planned(draft, at), query.answer()]


async def planned(draft: Draft, at: int) -> Answer:
    """Planned for this time, and said so. Raises Moved, NotATime."""
    post = await draft.posts.plan(draft.desk.tx, draft.post, at)
    zone = await draft.posts.zone(draft.desk.tx, post)
    return [*draft.under(post), *draft.said(*views.planned(draft.desk.t, post, zone))]


def _asks(wanted: Asked) -> "Press":
    async def press(query: CallbackQuery, draft: Draft) -> Answer:
        desk = draft.desk
        post = await draft.posts.ask(desk.tx, draft.post, wanted)
        zone = await draft.posts.zone(desk.tx, post)
        [question] = draft.said(*views.question(desk.t, post, wanted, desk.now, zone))
        asking = Outgoing(question, once=f"{store.QUESTION}:{post.post_id}:{query.id}")
        return [*draft.under(post), asking, query.answer()]

    return press


async def _cancel(query: CallbackQuery, draft: Draft) -> Answer:
    post = await draft.posts.ask(draft.desk.tx, draft.post, None)
    return [*draft.under(post), query.answer(draft.desk.t("post-as-it-was"))]


async def _bare(query: CallbackQuery, draft: Draft) -> Answer:
    post = await draft.posts.say(draft.desk.tx, draft.post, "", ())
    return [*draft.shown(post), query.answer()]


async def _sign(query: CallbackQuery, draft: Draft) -> Answer:
    own = await draft.posts.signature_of(draft.desk.tx, draft.post)
    markup = keyboards.signatures(draft.desk.t, draft.post, _name(query), own)
    return [*draft.under(draft.post, markup), query.answer()]


async def _signed_by_name(query: CallbackQuery, draft: Draft) -> Answer:
    return await _signed(query, draft, _name(query))


async def _signed_as_all(query: CallbackQuery, draft: Draft) -> Answer:
    return await _signed(query, draft, await draft.posts.signature_of(draft.desk.tx, draft.post))


async def _unsigned(query: CallbackQuery, draft: Draft) -> Answer:
    return await _signed(query, draft, None)


async def _signed(query: CallbackQuery, draft: Draft, signature: str | None) -> Answer:
    post = await draft.posts.sign(draft.desk.tx, draft.post, signature)
    return [*draft.shown(post), query.answer()]


def _name(query: CallbackQuery) -> str:
    """Of whoever presses, in one line."""
    return " ".join(query.from_user.full_name.split())[:NAME]


Press = Callable[[CallbackQuery, Draft], Awaitable[Answer]]

PRESSES: Mapping[str, Press] = {
    "home": _home,
    "publish": _publish,
    "takeback": _take_back,
    "there": _there,
    "discard": _discard,
    "times": _times,
    "morning": _morning,
    **{f"in{seconds}": _soon(seconds) for seconds in SOON},
    **{wanted.value: _asks(wanted) for wanted in Asked},
    "cancel": _cancel,
    "bare": _bare,
    "sign": _sign,
    "name": _signed_by_name,
    "shared": _signed_as_all,
    "unsigned": _unsigned,
}
