"""/stats and /providers, for admins in their private chat.

Handlers only leave work: figures are read where nobody waits for the database, and drawn in a thread.
"""

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, Message

from bot.admin import store as audit
from bot.admin.store import Decision
from bot.offers import store as offers
from bot.offers import switching
from bot.providers import Providers
from bot.stats.keyboards import ENTRIES, BoardButton, StatsButton
from bot.stats.reporting import Order, put
from bot.stats.rules import Period
from bot.storage.database import Transaction
from bot.texts import Translator

__all__ = ["ENTRIES", "router"]


def router() -> Router:
    """Commands and buttons. Those of others get no answer from here, or that this is not for them."""
    router = Router(name="stats")
    router.message.register(on_stats, Command("stats", ignore_case=True), _asked_by_admin)
    router.message.register(on_providers, Command("providers", ignore_case=True), _asked_by_admin)
    for button, handler in ((StatsButton, on_stats_press), (BoardButton, on_board_press)):
        router.callback_query.register(handler, button.filter(), _pressed_by_admin)
        router.callback_query.register(on_foreign_press, button.filter())
    return router


async def on_stats(message: Message, tx: Transaction, now: int) -> list[object]:
    """Have the last 24 hours drawn."""
    await put(tx, Order("chart", message.chat.id, message.message_id, Period.DAY), now)
    return []


async def on_providers(message: Message, tx: Transaction, now: int) -> list[object]:
    """Have the board of services written."""
    await put(tx, Order("board", message.chat.id, message.message_id), now)
    return []


async def on_stats_press(
    query: CallbackQuery, callback_data: StatsButton, tx: Transaction, t: Translator, now: int
) -> AnswerCallbackQuery:
    """Another period in the same message, or the one that is shown as a file."""
    what = {"show": "turn", "csv": "csv", "json": "json"}.get(callback_data.what)
    if what is None or callback_data.period not in list(Period) or query.message is None:
        return query.answer(t("stats-not-here"))
    shown = query.message
    await put(tx, Order(what, shown.chat.id, shown.message_id, Period(callback_data.period)), now)
    return query.answer()


async def on_board_press(
    query: CallbackQuery, callback_data: BoardButton, tx: Transaction, t: Translator, providers: Providers, now: int
) -> AnswerCallbackQuery:
    """Switch a service, try it, or look again; the board is written anew."""
    if query.message is None or not await _switched(tx, callback_data, providers, query.from_user.id, now):
        last = callback_data.what == "off" and callback_data.service in providers.titles
        return query.answer(t("offers-last" if last else "stats-not-here"))
    shown = query.message
    await put(tx, Order("reboard", shown.chat.id, shown.message_id), now)
    waiting = await offers.waiting(tx, callback_data.service) if callback_data.what == "off" else 0
    if callback_data.what == "try":
        return query.answer(t("board-tried"))
    return query.answer(t("offers-go-elsewhere", count=waiting) if waiting else None)


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Not theirs."""
    return query.answer(t("stats-not-yours"))


async def _switched(tx: Transaction, button: BoardButton, providers: Providers, admin_id: int, now: int) -> bool:
    """Do what a button of the board says; False where there is no such thing, or it would leave no service on."""
    if button.what == "show":
        return True
    if button.service not in providers.titles:
        return False
    if button.what == "try":
        providers.breaker(button.service).try_again()
        await audit.write_down(tx, Decision(now, admin_id, "switch-try", button.service))
        return True
    return await switching.switch(tx, providers, button.service, button.what, admin_id, now)


async def _asked_by_admin(message: Message, is_admin: bool) -> bool:
    """A message that an admin wrote themselves in their private chat: not forwarded, not through another bot."""
    own = message.sender_chat is None and message.via_bot is None and message.forward_origin is None
    return is_admin and own and message.chat.type == ChatType.PRIVATE


async def _pressed_by_admin(query: CallbackQuery, is_admin: bool) -> bool:
    return is_admin and query.message is not None and query.message.chat.type == ChatType.PRIVATE
