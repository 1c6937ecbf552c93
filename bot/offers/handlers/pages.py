"""Models, prices and presets in the panel: looked at, and switched one by one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery

from bot.admin.panel.handlers.desk import Desk, View, at_desk, edit
from bot.admin.rules import Role
from bot.errors import UserError
from bot.imagine.rules import model_ref
from bot.imagine.service import Imagine
from bot.offers import service, store, switching, views
from bot.offers.keyboards import pages as keyboards
from bot.offers.keyboards.buttons import OfferButton
from bot.offers.rules import PRICES_PER_PAGE, Group, groups, page_of, preset_key, presets_off, unlisted
from bot.presets import store as own_presets
from bot.presets.rules import Preset, merged
from bot.presets.service import Presets
from bot.providers import Providers
from bot.texts import Translator


@dataclass(frozen=True, slots=True)
class Counter:
    """Where an admin looks at what is on offer."""

    desk: Desk
    providers: Providers
    presets: Presets

    async def groups(self) -> list[Group]:
        """Everything, as it stands in the open transaction."""
        switches, own = await store.switches(self.desk.tx), await store.prices(self.desk.tx)
        return groups(self.providers.everything(), self.providers.price_file.prices, switches, own)

    async def looks(self) -> Sequence[Preset]:
        """All presets, as they stand in the open transaction."""
        return merged(self.presets.file.content, await self.own_looks())

    async def own_looks(self) -> Sequence[Preset]:
        """Those that were set in the chat."""
        return [each.preset for each in await own_presets.presets(self.desk.tx)]

    async def off(self) -> frozenset[str]:
        """The names of the presets that are off."""
        return frozenset(presets_off((await store.switches(self.desk.tx)).off))

    async def switch(self, query: CallbackQuery, name: str, what: str) -> str:
        """Switch it, and let it count at once; what is said of it. Raises UserError where nothing would be left."""
        desk = self.desk
        if not await switching.switch(desk.tx, self.providers, name, what, desk.person.user_id, desk.now):
            raise UserError("offers-last")
        await let_count(desk, query)
        waiting = await store.waiting(desk.tx, name) if what == "off" else 0
        return desk.t("offers-go-elsewhere", count=waiting) if waiting else ""


def router() -> Router:
    """The presses. Those of others hear that this is not for them."""
    router = Router(name="offers")
    router.callback_query.register(on_press, OfferButton.filter(), at_desk)
    router.callback_query.register(on_foreign_press, OfferButton.filter())
    return router


async def on_press(
    query: CallbackQuery, callback_data: OfferButton, desk: Desk, providers: Providers, imagine: Imagine
) -> list[Any]:
    """Open a page, or switch something and show what is so then. Raises UserError."""
    desk.require(Role.ADMIN)
    counter, said = Counter(desk, providers, imagine.presets), ""
    what, subject = callback_data.what, callback_data.subject
    if page := PAGES.get(what):
        view = await page(counter, subject, callback_data.page)
    elif what in ("off", "on", "prefer", "plain"):
        group, key = _found(await counter.groups(), subject)
        said = await counter.switch(query, key, what)
        view = await models(counter, group.ref, callback_data.page)
    elif what in ("hide", "show"):
        said = await counter.switch(query, _preset(await counter.looks(), subject), "off" if what == "hide" else "on")
        view = await presets(counter, "", callback_data.page)
    else:
        raise UserError("imagine-old-button")
    return [*edit(query, view), query.answer(said or None)]


async def let_count(desk: Desk, query: CallbackQuery) -> None:
    """Have it count at once, once it is committed, what was switched or set by a press."""
    if query.message:
        await service.put(desk.tx, f"{query.message.chat.id}:{query.message.message_id}", desk.now)


def who(desk: Desk) -> Callable[[int], str]:
    """What admins are called, by number."""
    return lambda number: desk.faces.name(number) or str(number)


async def on_foreign_press(query: CallbackQuery, t: Translator) -> AnswerCallbackQuery:
    """Not theirs."""
    return query.answer(t("stats-not-yours"))


async def models(counter: Counter, subject: str, number: int) -> View:
    """The services, or the models of the one that is named."""
    t, found = counter.desk.t, await counter.groups()
    group = next((each for each in found if each.ref == subject), None)
    if group is None:
        return views.services(t), keyboards.services(t, found)
    page = page_of(group.offers, number)
    return views.models(t, group, page), keyboards.models(t, group, page)


async def prices(counter: Counter, _subject: str, number: int) -> View:
    """What everything costs."""
    t, found, own = counter.desk.t, await counter.groups(), await store.prices(counter.desk.tx)
    offers = [*(offer for group in found for offer in group.offers), *unlisted(found, own)]
    page = page_of(offers, number, PRICES_PER_PAGE)
    return views.prices(t, page, counter.providers.price_file, who(counter.desk)), keyboards.prices(t, page)


async def presets(counter: Counter, _subject: str, number: int) -> View:
    """The looks with a name."""
    t, off, file = counter.desk.t, await counter.off(), counter.presets.file
    page = page_of(await counter.looks(), number)
    own = {each.name for each in await counter.own_looks()}
    return views.presets(t, page, off, own, file), keyboards.presets(t, page, off)


PAGES: Mapping[str, Callable[[Counter, str, int], Awaitable[View]]] = {
    "models": models,
    "prices": prices,
    "presets": presets,
}


def _found(found: Sequence[Group], ref: str) -> tuple[Group, str]:
    """The model that a button names, with its service. Raises UserError where it is not listed any more."""
    for group in found:
        for offer in group.offers:
            if offer.ref == ref:
                return group, offer.key
    raise UserError("imagine-old-button")


def _preset(presets: Sequence[Preset], ref: str) -> str:
    """By what the preset is switched that a button names. Raises UserError where it is not there any more."""
    for preset in presets:
        if model_ref(preset.name) == ref:
            return preset_key(preset)
    raise UserError("imagine-old-button")
