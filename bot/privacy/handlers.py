"""/privacy, /terms, /paysupport and /forget: answered to everybody, also where nothing else is.

The router is asked twice: with all others for those who are let in, and alone, by the gate, for all who are not. So
nothing here may need a row of the person, or write one.
"""

from typing import Any

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandStart
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message
from aiogram.utils.formatting import Text

from bot.jobs import store as jobs
from bot.outgoing import Outgoing
from bot.privacy import keyboards, store, views
from bot.privacy.keyboards import DEEP_LINK, ForgetButton
from bot.privacy.rules import EXPORT, FLOOD, FORGET, FRESH, Policy, lane
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.texts import Translator
from bot.users.rules import Person

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def router() -> Router:
    """The commands and the buttons of /forget."""
    router = Router(name="privacy")
    router.message.register(on_privacy, Command("privacy", ignore_case=True))
    router.message.register(on_terms, Command("terms", ignore_case=True))
    router.message.register(on_paysupport, Command("paysupport", ignore_case=True))
    private, group = F.chat.type == ChatType.PRIVATE, F.chat.type != ChatType.PRIVATE
    router.message.register(on_forget_here, Command("forget", ignore_case=True), group)
    router.message.register(on_forget, Command("forget", ignore_case=True), private)
    router.message.register(on_forget, CommandStart(deep_link=True, magic=F.args == DEEP_LINK), private)
    router.callback_query.register(on_foreign_press, ForgetButton.filter(), foreign)
    router.callback_query.register(on_press, ForgetButton.filter())
    return router


async def on_privacy(message: Message, t: Translator, person: Person, policy: Policy, now: int) -> Outgoing:
    """Say what is kept, for how long, what is passed on and how to remove it."""
    return _said("privacy", message, t, person, now, views.privacy(t, policy))


async def on_terms(message: Message, t: Translator, person: Person, policy: Policy, now: int) -> Outgoing:
    """Say what may be asked for, and what is promised."""
    return _said("terms", message, t, person, now, views.terms(t, policy))


async def on_paysupport(message: Message, t: Translator, person: Person, policy: Policy, now: int) -> Outgoing:
    """Say how credits come back, and whom to write to."""
    return _said("paysupport", message, t, person, now, views.paysupport(t, policy))


async def on_forget_here(message: Message, t: Translator, person: Person, now: int, bot: Bot) -> Outgoing:
    """In a group: this is between the two of us."""
    me = await bot.me()
    markup = keyboards.lead(t, me.username) if me.username else None
    return _said("forget", message, t, person, now, Text(t("forget-in-private")), markup)


async def on_forget(
    message: Message,
    tx: Transaction,
    t: Translator,
    person: Person,
    ledger: Ledger,
    policy: Policy,
    is_admin: bool,
    now: int,
) -> Outgoing:
    """Show what would go and what would stay, and ask."""
    content, markup = await _page(tx, t, person, ledger, policy, now, is_admin=is_admin)
    return _said("forget", message, t, person, now, content, markup)


async def foreign(query: CallbackQuery, callback_data: ForgetButton) -> bool:
    """A press that is not the person's own, in their private chat."""
    here = query.message.chat.id if query.message else None
    return not (query.from_user.id == callback_data.user_id == here)


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Not theirs."""
    return query.answer(t("forget-not-yours"), show_alert=True)


async def on_press(
    query: CallbackQuery,
    callback_data: ForgetButton,
    tx: Transaction,
    t: Translator,
    person: Person,
    ledger: Ledger,
    policy: Policy,
    is_admin: bool,
    now: int,
) -> list[Any]:
    """Do what was chosen, once; a page of long ago, or of a life that is forgotten already, is shown anew."""
    if not await _is_fresh(tx, callback_data, now):
        content, markup = await _page(tx, t, person, ledger, policy, now, is_admin=is_admin)
        return [_edited(query, content, markup), query.answer(t("forget-anew"))]
    if callback_data.what == "export":
        await _leave(tx, EXPORT, person, now)
        return [query.answer(t("forget-export-coming"))]
    if callback_data.what != "all":
        return [_edited(query, Text(t("forget-kept"))), query.answer()]
    # A moment later, so that the page loses its buttons before nobody knows any more that it was sent.
    await _leave(tx, FORGET, person, now + 1)
    return [_edited(query, Text(t("forget-begun"))), query.answer()]


async def _is_fresh(tx: Transaction, button: ForgetButton, now: int) -> bool:
    if not 0 <= now - button.at <= FRESH:
        return False
    forgotten_at = await tx.vault.destroyed_at(button.user_id)
    # What a clock that ran ahead has written down must keep nobody from leaving.
    return forgotten_at is None or not button.at <= forgotten_at <= now


async def _leave(tx: Transaction, kind: str, person: Person, due_at: int) -> None:
    """More presses meanwhile are the same one. Failures are logged by their subject, so it is one that tells nobody."""
    await jobs.add(tx, kind, await tx.vault.mark(person.user_id), lane(kind, person.user_id), due_at)


async def _page(
    tx: Transaction, t: Translator, person: Person, ledger: Ledger, policy: Policy, now: int, *, is_admin: bool
) -> tuple[Text, InlineKeyboardMarkup | None]:
    has = await store.holdings(tx, ledger, person.user_id)
    if not has.known:
        return Text(t("forget-nothing")), None
    return views.forget(t, has, policy, is_admin=is_admin), keyboards.page(t, person.user_id, now)


def _said(
    what: str,
    message: Message,
    t: Translator,
    person: Person,
    now: int,
    content: Text,
    markup: InlineKeyboardMarkup | None = None,
) -> Outgoing:
    """One answer to a flood; in a group for their eyes only."""
    text, entities = content.render()
    said: SendMessage = message.answer(text, entities=entities, reply_markup=markup, link_preview_options=NO_PREVIEW)
    key = f"{what}:{message.chat.id}:{person.user_id}:{t.language}:{now // FLOOD}"
    return Outgoing(said, once=key, whisper_to=person.user_id, about=person.user_id)


def _edited(query: CallbackQuery, content: Text, markup: InlineKeyboardMarkup | None = None) -> EditMessageText:
    text, entities = content.render()
    number = query.message.message_id if query.message else None
    return EditMessageText(
        chat_id=query.from_user.id,
        message_id=number,
        text=text,
        entities=entities,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
