"""/block and /unblock, for admins in their private chat: one rule at a time, or all of them as pages."""

from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.admin import store as audit
from bot.admin.handlers import by_admin, on_stale, stale
from bot.admin.store import Decision
from bot.errors import UserError
from bot.moderation import store
from bot.moderation.rules import MOST_RULES, rule_of
from bot.review import keyboards, views
from bot.review.keyboards import ListButton
from bot.review.rules import ON_A_PAGE, block_of
from bot.storage.database import Transaction
from bot.texts import Translator


def router() -> Router:
    """Nobody else gets an answer to the commands."""
    router = Router(name="lists")
    both = Command("block", "unblock", ignore_case=True)
    router.message.register(on_stale, both, by_admin, stale)
    router.message.register(on_block, Command("block", ignore_case=True), by_admin)
    router.message.register(on_unblock, Command("unblock", ignore_case=True), by_admin)
    router.callback_query.register(on_page, ListButton.filter())
    return router


async def on_block(message: Message, command: CommandObject, tx: Transaction, t: Translator, now: int) -> SendMessage:
    """Put a rule on the lists; without one, show them. Raises UserError."""
    if not (command.args or "").strip():
        text, entities, markup = await _page(tx, t, 0)
        return message.answer(text, entities=entities, reply_markup=markup)
    rule, kinds = block_of(command.args)
    if (await store.version(tx))[1] >= MOST_RULES:
        raise UserError("moderation-full", most=MOST_RULES)
    await store.block(tx, rule, kinds, message.chat.id, now)
    await audit.write_down(tx, Decision(now, message.chat.id, "block", str(rule), ", ".join(kinds)))
    where = ", ".join(t(f"moderation-in-{kind}") for kind in kinds)
    return message.answer(t("moderation-blocked", rule=str(rule), where=where))


async def on_unblock(message: Message, command: CommandObject, tx: Transaction, t: Translator, now: int) -> SendMessage:
    """Take a rule off. Raises UserError."""
    rule = rule_of(command.args or "")
    if not await store.unblock(tx, rule):
        raise UserError("moderation-not-blocked", rule=str(rule))
    await audit.write_down(tx, Decision(now, message.chat.id, "unblock", str(rule)))
    return message.answer(t("moderation-unblocked", rule=str(rule)))


async def on_page(
    query: CallbackQuery, callback_data: ListButton, tx: Transaction, t: Translator, is_admin: bool
) -> list[Any]:
    """Another page, for an admin in their private chat."""
    if not is_admin or query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return [query.answer(t("panel-not-yours"), show_alert=True)]
    text, entities, markup = await _page(tx, t, callback_data.after)
    chat_id, message_id = query.message.chat.id, query.message.message_id
    edited = EditMessageText(chat_id=chat_id, message_id=message_id, text=text, entities=entities, reply_markup=markup)
    return [edited, query.answer()]


async def _page(tx: Transaction, t: Translator, after: int) -> tuple[str, list[Any], InlineKeyboardMarkup | None]:
    found = await store.blocked(tx, after, ON_A_PAGE + 1)
    shown, (_, count) = found[:ON_A_PAGE], await store.version(tx)
    text, entities = views.blocked(t, shown, count).render()
    return text, entities, keyboards.page(t, shown[-1][0] if len(found) > ON_A_PAGE else None, is_first=after == 0)
