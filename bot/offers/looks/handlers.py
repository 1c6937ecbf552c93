"""/preset, and the cards of presets in the panel: for admins in their private chat, each change asked about once."""

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
from bot.offers.keyboards.buttons import LookButton
from bot.offers.looks import keyboards, rules, views
from bot.offers.looks.rules import Look
from bot.offers.looks.service import Easel
from bot.offers.rules import PRESET
from bot.presets.rules import Preset
from bot.providers import Providers


def router() -> Router:
    """The command, and the presses. Those of others hear that this is not for them."""
    router = Router(name="looks")
    router.message.register(on_preset, Command("preset", ignore_case=True), own_words, at_desk)
    router.callback_query.register(on_press, LookButton.filter(), at_desk)
    router.callback_query.register(pages.on_foreign_press, LookButton.filter())
    return router


async def on_preset(
    message: Message, command: CommandObject, desk: Desk, providers: Providers, imagine: Imagine
) -> Any:
    """The page of presets, the card of one, or the question whether to write one. Raises UserError."""
    desk.require(Role.ADMIN)
    if not (words := (command.args or "").split(maxsplit=1)):
        return say(message, await pages.presets(pages.Counter(desk, providers, imagine.presets), "", 0))
    easel = easel_of(desk, providers, imagine)
    if len(words) == 1:
        look, sure = await easel.nearest(words[0])
        return say(message, await card(desk, easel, look, unsure="" if sure else words[0][:40]))
    if is_stale(message, desk.now):
        raise UserError("admin-stale")
    return say(message, await _asked(desk, easel, rules.named(words[0]), words[1]))


async def on_press(
    query: CallbackQuery, callback_data: LookButton, desk: Desk, providers: Providers, imagine: Imagine
) -> list[Any]:
    """Show a card, ask whether to delete it, or do what was asked about. Raises UserError."""
    desk.require(Role.ADMIN)
    easel, page, said = easel_of(desk, providers, imagine), callback_data.page, ""
    if callback_data.what in ("yes", "no"):
        look, wanted, is_so = await easel.answered(callback_data.subject)
        said = "panel-left-alone" if callback_data.what == "no" else "offers-done" if is_so else "offers-meanwhile"
        if said == "offers-done":
            look = await easel.set(look, wanted)
            await pages.let_count(desk, query)
        view = await card(desk, easel, look, page)
    else:
        view = await _shown(desk, easel, callback_data)
    return [*edit(query, view), query.answer(desk.t(said) if said else None, show_alert=said == "offers-meanwhile")]


async def card(desk: Desk, easel: Easel, look: Look, page: int = 0, *, unsure: str = "") -> View:
    """A preset, and what can be done about it."""
    if look.now is None:
        return views.card(desk.t, look, pages.who(desk), off=False, file=False), keyboards.gone(desk.t, page)
    off, file = await _is_off(desk, look.name), easel.presets.file.is_there
    text = views.card(desk.t, look, pages.who(desk), off=off, file=file)
    return views.nearest(desk.t, unsure, text), keyboards.card(desk.t, look.ref, page, own=look.own is not None)


def easel_of(desk: Desk, providers: Providers, imagine: Imagine) -> Easel:
    """Where this admin writes presets."""
    return Easel(desk.tx, imagine.presets, providers, desk.person.user_id, desk.now)


async def _asked(desk: Desk, easel: Easel, name: str, text: str) -> View:
    """Whether it is to be that, or the nearest to it. Raises UserError."""
    wish, mistake = rules.wished(text)
    key, sure = easel.model(wish)
    wanted = rules.preset(name, wish, key)
    unsure = []
    if mistake:
        unsure += [desk.t(mistake.text, **mistake.values), desk.t("look-mended")]
    if not sure:
        unsure.append(desk.t("look-nearest-model", model=(wish.model or "")[:60], nearest=key or ""))
    return await _question(desk, easel, await easel.named(name), wanted, "\n".join(unsure))


async def _question(desk: Desk, easel: Easel, look: Look, wanted: Preset, unsure: str) -> View:
    ask_id = await easel.ask(look, wanted)
    text = views.question(desk.t, look, wanted, off=await _is_off(desk, look.name), unsure=unsure)
    return text, keyboards.sure(desk.t, ask_id, 0, deletes=False)


async def _shown(desk: Desk, easel: Easel, press: LookButton) -> View:
    """Raises UserError for what no button of ours carries, and for a preset that is gone."""
    look = await easel.of_ref(press.subject)
    if press.what == "card":
        return await card(desk, easel, look, press.page)
    if press.what == "drop":
        ask_id = await easel.ask(look, None)
        return views.deletion(desk.t, look), keyboards.sure(desk.t, ask_id, press.page, deletes=True)
    raise UserError("imagine-old-button")


async def _is_off(desk: Desk, name: str) -> bool:
    return PRESET + name in (await store.switches(desk.tx)).off
