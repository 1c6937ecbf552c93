"""/me: how many credits are left, when new ones come, what was spent."""

from datetime import UTC, datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.utils.formatting import Bold, DateTime, Text, as_list

from bot.outgoing import WHISPER
from bot.quota.rules import Balance
from bot.quota.service import HOUR, Ledger
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users.rules import Person


def router() -> Router:
    """The one command of this feature."""
    router = Router(name="quota")
    router.message.register(on_me, Command("me", ignore_case=True), flags=WHISPER)
    return router


async def on_me(
    message: Message, tx: Transaction, t: Translator, person: Person, now: int, ledger: Ledger
) -> SendMessage:
    """Answer with the state of the account."""
    balance = await ledger.balance(tx, person.user_id)
    text, entities = account(t, balance, await ledger.daily(tx, person.user_id), now, ledger.next_grant_at()).render()
    return message.answer(text, entities=entities)


def account(t: Translator, balance: Balance, daily_credits: int, now: int, next_at: int) -> Text:
    """The state of an account, a line for everything that is not nothing. Times in Unix seconds."""
    lines: list[Text] = [Bold(t("quota-left", left=balance.left))]
    if balance.kept:
        lines.append(Text(t("quota-kept", kept=balance.kept)))
    if balance.held:
        lines.append(Text(t("quota-held", held=balance.held)))
    lines.append(Text(t("quota-spent", spent=balance.spent_today)))
    if daily_credits:
        lines.append(_next(t, daily_credits, now, next_at))
    return as_list(*lines)


def _next(t: Translator, daily_credits: int, now: int, next_at: int) -> Text:
    """In how many hours, in our words, and at what time, which apps show in the zone of the reader."""
    hours = -(-(next_at - now) // HOUR)
    clock = DateTime(f"{datetime.fromtimestamp(next_at, UTC):%H:%M} UTC", unix_time=next_at, date_time_format="t")
    return Text(t("quota-next", daily=daily_credits), " ", t("quota-in-hours", hours=hours), " (", clock, ")")
