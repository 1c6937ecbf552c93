"""/block and /unblock, for admins in their private chat: one rule at a time, or all of them as pages."""

from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message

from bot.admin import store as audit
from bot.admin.handlers import by_admin, on_stale, stale
from bot.admin.panel.handlers.desk import View, edit, say
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
        return say(message, await _page(tx, t, 0))
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
    """Another page, for an admin in their private chat. Raises UserError."""
    if not is_admin or query.message is None or query.message.chat.type != ChatType.PRIVATE:
        raise UserError("panel-not-yours")
    return [*edit(query, await _page(tx, t, callback_data.after)), query.answer()]


async def _page(tx: Transaction, t: Translator, after: int) -> View:
    found = await store.blocked(tx, after, ON_A_PAGE + 1)
    shown, (_, count) = found[:ON_A_PAGE], await store.version(tx)
    following = shown[-1][0] if len(found) > ON_A_PAGE else None
    return views.blocked(t, shown, count), keyboards.page(t, following, is_first=after == 0)
