"""Report below a picture of somebody else in a group, and what moderators decide about it in private."""

from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    SendMessage,
)
from aiogram.types import CallbackQuery, InputMediaPhoto

from bot.admin.rules import Role, Roles
from bot.chats import store as chats
from bot.errors import UserError
from bot.imagine import keyboards as under
from bot.imagine import store as generations
from bot.imagine import views as words
from bot.imagine.keyboards import REPORT, Tap
from bot.imagine.rules import Generation, Status
from bot.imagine.service import Imagine
from bot.quota.service import Ledger
from bot.review import store, views
from bot.review.keyboards import ReviewButton
from bot.review.rules import Verdict, choices, is_deletable
from bot.review.service import Reviews
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.rules import Person

Answer = list[Any]  # of Telegram methods


def router() -> Router:
    """Report, and the decisions."""
    router = Router(name="reports")
    router.callback_query.register(on_report, is_report, with_reviews)
    router.callback_query.register(on_verdict, ReviewButton.filter(), with_reviews)
    return router


async def is_report(query: CallbackQuery) -> bool | dict[str, Any]:
    """Lets through a press of Report."""
    tap = Tap.read(query.data)
    return {"tap": tap} if tap and tap.action == REPORT else False


async def with_reviews(
    _query: CallbackQuery, imagine: Imagine, ledger: Ledger, roles: Roles, now: int
) -> bool | dict[str, Any]:
    """Gives the handler what it decides with."""
    if imagine.moderation is None:
        return False
    return {"reviews": Reviews(imagine, imagine.moderation, ledger, roles, now)}


async def on_report(
    query: CallbackQuery, tap: Tap, tx: Transaction, t: Translator, person: Person, reviews: Reviews
) -> Answer:
    """Ask those who decide, once for each picture. Whoever reports hears thanks, and nothing of the others."""
    shown = query.message and await generations.get_shown(tx, query.message.chat.id, query.message.message_id)
    if not shown or shown.generation_id != tap.subject or shown.private:
        raise UserError("imagine-not-yours")
    if shown.user_id == person.user_id:
        raise UserError("review-own")
    await reviews.report(tx, shown, person.user_id)
    return [query.answer(t("review-thanks"), show_alert=True)]


async def on_verdict(
    query: CallbackQuery,
    callback_data: ReviewButton,
    tx: Transaction,
    t: Translator,
    texts: Texts,
    person: Person,
    reviews: Reviews,
) -> Answer:
    """Decide, unless somebody did; either way the message then says what is so. Raises UserError."""
    is_private = query.message is not None and query.message.chat.type == ChatType.PRIVATE
    if not is_private or reviews.roles.of(person) < Role.MODERATOR:
        raise UserError("panel-not-yours")
    generation, verdict = await _open(tx, callback_data.generation_id), callback_data.verdict
    if generation is None:
        return _over(query, t)
    if not reviews.may_decide(person, generation):
        raise UserError("panel-not-yours")
    if verdict not in choices(generation):
        raise UserError("imagine-old-button")
    is_first = await reviews.decide(tx, generation, verdict, person.user_id)
    done = await _done(tx, texts, reviews, generation, verdict) if is_first and not generation.held else []
    said = query.answer(t("review-decided" if is_first else "review-decided-before"))
    return [*done, *await _closed(query, tx, t, generation), said]


async def _open(tx: Transaction, generation_id: str) -> Generation | None:
    """A picture that can be decided about, or was; None for one that is gone, or that never came."""
    generation, review = await generations.get(tx, generation_id), await store.get(tx, generation_id)
    if generation is None or review is None:
        return None  # of somebody who was forgotten, or long ago
    if review.verdict is None and not (generation.held or generation.status is Status.DELIVERED):
        return None
    return generation


def _over(query: CallbackQuery, t: Translator) -> Answer:
    """Nothing can be decided any more, so no button stays, nor for whom it was drawn."""
    said = t("review-too-late")
    message = query.message
    edit = [EditMessageCaption(chat_id=message.chat.id, message_id=message.message_id, caption=said)] if message else []
    return [*edit, query.answer(said, show_alert=True)]


async def _closed(query: CallbackQuery, tx: Transaction, t: Translator, generation: Generation) -> Answer:
    """What was decided stands below the picture, and no button."""
    review = await store.get(tx, generation.generation_id)
    if review is None or query.message is None:
        return []
    caption, entities = views.decided(t, generation, review).render()
    chat_id, message_id = query.message.chat.id, query.message.message_id
    return [EditMessageCaption(chat_id=chat_id, message_id=message_id, caption=caption, caption_entities=entities)]


async def _done(tx: Transaction, texts: Texts, reviews: Reviews, generation: Generation, verdict: Verdict) -> Answer:
    """What comes of it in the group, and what the owner hears."""
    if verdict is Verdict.ALLOW:
        return []
    person = await users.get(tx, generation.user_id) or Person(generation.user_id)
    place = (await chats.get(tx, generation.chat_id)).language
    t = texts.negotiate(place, person.language, person.client_language)
    if verdict is Verdict.VEIL:
        return [_veiled(t, reviews, generation)]
    own = texts.negotiate(person.language, person.client_language)
    told = own(f"review-owner-{verdict}", credits=generation.price)
    news = [SendMessage(chat_id=person.user_id, text=told)] if person.user_id > 0 else []
    return [*_gone(t, reviews, generation), *news]


def _veiled(t: Translator, reviews: Reviews, generation: Generation) -> EditMessageMedia:
    """The same picture with the same words, to be tapped before it is seen."""
    imagine = reviews.imagine
    model, wished = imagine.models.of(generation), imagine.models.wished_of(generation)
    caption, entities = words.caption(t, generation, model, None, wished)
    buttons = None if generation.posted else under.picture(t, generation, imagine.extras(generation))
    return _covered(generation, caption, entities, buttons)


def _gone(t: Translator, reviews: Reviews, generation: Generation) -> Answer:
    """The message is taken back. Where only an admin of the group may still do that, it is covered before."""
    chat_id, message_id = generation.chat_id, generation.note_id
    if message_id is None:
        return []
    away = DeleteMessage(chat_id=chat_id, message_id=message_id)
    if is_deletable(generation, reviews.now):
        return [away]
    said = t("review-gone")
    if generation.shown_as == "photo":
        return [_covered(generation, said, [], None), away]
    return [EditMessageCaption(chat_id=chat_id, message_id=message_id, caption=said), away]


def _covered(generation: Generation, caption: str, entities: list[Any], buttons: Any) -> EditMessageMedia:
    media = InputMediaPhoto(
        media=generation.file_id or "", caption=caption, caption_entities=entities, has_spoiler=True
    )
    return EditMessageMedia(
        chat_id=generation.chat_id, message_id=generation.note_id, media=media, reply_markup=buttons
    )
