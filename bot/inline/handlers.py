"""`@bot a red fox` in any chat, and guest messages. Handlers return what is to be sent and send nothing."""

from typing import Any

from aiogram import Router
from aiogram.methods import AnswerGuestQuery, AnswerInlineQuery
from aiogram.types import (
    CallbackQuery,
    ChosenInlineResult,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultUnion,
    Message,
)

from bot.errors import UserError
from bot.imagine.handlers.desk import Answer, Desk, at_desk, buttons, notes, place_in
from bot.imagine.keyboards import Tap
from bot.imagine.rules import Place
from bot.imagine.service import AlreadyDrawing
from bot.inline import keyboards, service, views
from bot.inline.rules import DRAW, without_name
from bot.inline.service import CostsMore, Kept
from bot.inline.storage_chat import StorageChat
from bot.quota.service import Ledger


def router() -> Router:
    """What is typed, what is chosen, what is pressed, and what is said to a guest."""
    router = Router(name="inline")
    router.inline_query.register(on_query, at_desk)
    router.chosen_inline_result.register(on_chosen, is_chosen_wish, at_desk)
    router.callback_query.register(on_press, is_press, at_desk)
    router.guest_message.register(on_guest, at_desk)
    return router


async def on_query(query: InlineQuery, desk: Desk, ledger: Ledger, storage_chat: StorageChat) -> AnswerInlineQuery:
    """Own pictures that match, and before the first of them one result that would be drawn.

    Nobody else may be shown what Telegram keeps of it.
    """
    drawn = None if query.offset else await _drawing(desk, ledger, query.query, storage_chat)
    found, following = await service.found(desk.tx, desk.person, query.query, query.offset)
    results: list[InlineQueryResultUnion] = [*([drawn] if drawn else []), *map(views.own, found)]
    return query.answer(results, cache_time=0, is_personal=True, next_offset=following)


async def on_chosen(chosen: ChosenInlineResult, desk: Desk, tap: Tap, storage_chat: StorageChat) -> Answer:
    """Draw what was chosen; its button comes to the same where Telegram does not tell us of choices."""
    if not storage_chat.takes:
        raise UserError("inline-not-set-up")
    made = await service.draw_typed(
        desk.tx, desk.imagine, desk.person, Kept(tap.subject, tap.price), chosen.query, _id(chosen)
    )
    return await notes(desk, made)


async def on_press(query: CallbackQuery, desk: Desk, tap: Tap, storage_chat: StorageChat) -> Answer:
    """Draw what waits for its button, for whoever asked for it."""
    if tap.arg.partition(".")[0] != str(desk.person.user_id):
        return [query.answer(desk.t("imagine-not-yours"), show_alert=True)]
    if not storage_chat.takes:
        raise UserError("inline-not-set-up")
    try:
        made = await service.draw_kept(desk.tx, desk.imagine, desk.person, Kept(tap.subject, tap.price), _id(query))
    except CostsMore as error:
        said = query.answer(desk.t(error.text, **error.values), show_alert=True)
        return [*buttons(query, keyboards.draw(desk.t, error.offer, desk.person)), said]
    if not made:
        raise AlreadyDrawing
    return [*await notes(desk, made), query.answer(desk.t("imagine-started"))]


async def on_guest(message: Message, desk: Desk, ledger: Ledger, storage_chat: StorageChat) -> Answer:
    """Answer with the message that becomes the picture once its button is pressed.

    The answer may be given once and might be lost on its way, so nothing is held before the press.
    """
    if message.guest_query_id is None or message.bot is None:
        return []
    typed = without_name(message.text or message.caption or "", (await message.bot.me()).username or "")
    drawn = await _drawing(desk, ledger, typed, storage_chat, place_in(message))
    result = drawn or views.sentence(desk.t("imagine-ask"))
    return [AnswerGuestQuery(guest_query_id=message.guest_query_id, result=result)]


async def is_chosen_wish(chosen: ChosenInlineResult) -> bool | dict[str, Any]:
    """Lets through a wish that became a message which can be edited."""
    tap = Tap.read(chosen.result_id)
    return {"tap": tap} if tap and tap.action == DRAW and chosen.inline_message_id else False


async def is_press(query: CallbackQuery) -> bool | dict[str, Any]:
    """Lets through a press on a message that waits to be drawn."""
    tap = Tap.read(query.data)
    return {"tap": tap} if tap and tap.action == DRAW and query.inline_message_id else False


async def _drawing(
    desk: Desk, ledger: Ledger, typed: str, storage_chat: StorageChat, said: Place | None = None
) -> InlineQueryResultArticle | None:
    """The result that would be drawn, or the sentence why there is none."""
    if typed and not storage_chat.takes:
        storage_chat.is_missed()
        return views.sentence(desk.t("inline-not-set-up"))
    try:
        offer = await service.offer(desk.tx, desk.imagine, desk.person, typed, desk.now, said)
    except UserError as error:
        return views.sentence(desk.t(error.text, **error.values))
    if offer is None:
        return None
    balance = await ledger.balance(desk.tx, desk.person.user_id)
    return views.drawing(desk.t, offer, desk.person, balance.left)


def _id(event: ChosenInlineResult | CallbackQuery) -> str:
    return event.inline_message_id or ""
