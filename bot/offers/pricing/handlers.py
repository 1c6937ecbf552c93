"""/price, and the cards of prices in the panel: for admins in their private chat, each change asked about once."""

from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.admin.panel.handlers.desk import Desk, View, at_desk, edit, is_stale, own_words, say
from bot.admin.rules import Role
from bot.errors import UserError
from bot.imagine.service import Imagine
from bot.offers import store
from bot.offers.handlers import pages
from bot.offers.keyboards.buttons import PriceButton
from bot.offers.pricing import keyboards, views
from bot.offers.pricing.rules import Tag, means_price, price_in
from bot.offers.pricing.service import Till
from bot.providers import Providers
from bot.providers.prices import HIGHEST

ECHO = 60


def router() -> Router:
    """The command, and the presses. Those of others hear that this is not for them."""
    router = Router(name="pricing")
    router.message.register(on_price, Command("price", ignore_case=True), own_words, at_desk)
    router.callback_query.register(on_press, PriceButton.filter(), at_desk)
    router.callback_query.register(pages.on_foreign_press, PriceButton.filter())
    return router


async def on_price(message: Message, command: CommandObject, desk: Desk, providers: Providers, imagine: Imagine) -> Any:
    """The page of prices, the card of one, or the question whether to change it. Raises UserError."""
    desk.require(Role.ADMIN)
    words = " ".join((command.args or "").split())
    if not words:
        return say(message, await pages.prices(pages.Counter(desk, providers, imagine.presets), "", 0))
    till = till_of(desk, providers)
    tag, value, unsure = await _meant(till, words)
    if not value:
        return say(message, await card(desk, tag, unsure=unsure))
    if is_stale(message, desk.now):
        raise UserError("admin-stale")
    return say(message, await question(desk, till, tag, value, unsure=unsure))


async def on_press(query: CallbackQuery, callback_data: PriceButton, desk: Desk, providers: Providers) -> list[Any]:
    """Show a card, propose a price on it, ask, or do what was asked about. Raises UserError."""
    desk.require(Role.ADMIN)
    till, page, said = till_of(desk, providers), callback_data.page, ""
    if callback_data.what in ("yes", "no"):
        tag, value, is_so = await till.answered(callback_data.subject)
        said = "panel-left-alone" if callback_data.what == "no" else "offers-done" if is_so else "offers-meanwhile"
        if said == "offers-done":
            tag = await till.set(tag, value)
            await pages.let_count(desk, query)
        view = await card(desk, tag, page)
    else:
        view = await _shown(desk, till, callback_data)
    return [*edit(query, view), query.answer(desk.t(said) if said else None, show_alert=said == "offers-meanwhile")]


async def card(desk: Desk, tag: Tag, page: int = 0, *, proposed: int | None = None, unsure: str = "") -> View:
    """A price, and what can be done about it."""
    off = tag.key in (await store.switches(desk.tx)).off
    text = views.card(desk.t, tag, pages.who(desk), proposed, off=off)
    return views.nearest(desk.t, unsure, text), keyboards.card(desk.t, tag, proposed, page)


async def question(desk: Desk, till: Till, tag: Tag, value: str, page: int = 0, *, unsure: str = "") -> View:
    """Whether it is to cost that. Raises UserError where there is nothing to ask."""
    ask_id = await till.ask(tag, value)
    waiting = await store.waiting(desk.tx, tag.key)
    text = views.question(desk.t, tag, value, pages.who(desk), waiting, unsure)
    return text, keyboards.sure(desk.t, ask_id, page)


def till_of(desk: Desk, providers: Providers) -> Till:
    """Where this admin sets prices."""
    return Till(desk.tx, providers, desk.person.user_id, desk.now)


async def _meant(till: Till, words: str) -> tuple[Tag, str, str]:
    """The model, the price that it is to have, if any, and what was typed where the model only comes near to it.

    Raises UserError.
    """
    name, _, last = words.rpartition(" ")
    value = price_in(last) if name else None
    if value and not await _is_title(till, words):
        tag, sure = await till.named(name)
        return tag, value, "" if sure else name[:ECHO]
    if name and means_price(last):
        raise UserError("price-how", most=HIGHEST)
    tag, sure = await till.named(words)
    return tag, "", "" if sure else words[:ECHO]


async def _is_title(till: Till, words: str) -> bool:
    """Titles end in numbers, too."""
    try:
        return (await till.named(words))[1]
    except UserError:
        return False


async def _shown(desk: Desk, till: Till, press: PriceButton) -> View:
    """Raises UserError for what no button of ours carries, and for a model that is gone."""
    tag, value = await till.of_ref(press.subject), price_in(press.value)
    if press.what == "card":
        return await card(desk, tag, press.page)
    if press.what == "at" and value and value.isdecimal():
        return await card(desk, tag, press.page, proposed=int(value))
    if press.what == "ask" and value:
        return await question(desk, till, tag, value, press.page)
    raise UserError("imagine-old-button")
