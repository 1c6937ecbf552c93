"""Nobody pays more than the model cost that they meant: not for what stands in for it, nor for an old button."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.app import open_app
from bot.errors import StorageBusy
from bot.images import ImageModel
from bot.imagine import fit
from bot.imagine.making import Redraw
from bot.imagine.rules import Place, Wish
from bot.offers import store as prices
from bot.offers.rules import SetPrice
from bot.offers.service import Offers
from bot.providers import Switches
from bot.providers.onlysq import Settings
from bot.providers.prices import OFF
from bot.storage.database import Database
from bot.users import store as users
from tests.features.workshop import DEAR, FREE, PAID, Workshop
from tests.generations import ANNA
from tests.house import House

MINI = ImageModel("free/dear-mini", "Mini", price=3)


async def choose(shop: Workshop, model: str) -> None:
    """Anna wants this model for everything."""
    person = await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, person.user_id, model=model)


def withdraw(shop: Workshop, model: ImageModel, how: str) -> None:
    """Offer it no more, by one of two ways in the chat."""
    if how == "switch":
        shop.providers.switch(Switches(frozenset([model.key])))
    else:
        shop.providers.price({model.key: OFF})


@pytest.mark.parametrize("how", ["switch", "price"])
async def test_what_stands_in_costs_no_more_than_the_price_here_of_what_is_gone(shop: Workshop, how: str) -> None:
    shop.free.remember([FREE, DEAR, MINI])
    shop.providers.price({DEAR.key: 1})
    await choose(shop, DEAR.key)
    [first] = await shop.ask(key="a")
    assert (first.model, first.price) == (DEAR.key, 1)
    withdraw(shop, DEAR, how)
    [made] = await shop.ask(key="b")
    assert (made.model, made.price, made.wished.model) == (FREE.key, 1, DEAR.key)
    await shop.work_until_done()


async def test_a_model_that_is_off_is_remembered_at_its_price_here_after_a_start(shop: Workshop) -> None:
    shop.providers.price({DEAR.key: 1})
    shop.providers.switch(Switches(frozenset([DEAR.key])))
    known = shop.providers.known(DEAR.key)
    assert known
    assert known.price == 1


async def test_where_all_others_are_dearer_the_one_that_would_draw_is_asked_about(shop: Workshop) -> None:
    shop.providers.price({PAID.key: 5, DEAR.key: 8})
    await choose(shop, FREE.key)
    parent = await shop.get(await shop.ask_one())
    await shop.work_until_done()
    shop.providers.price({PAID.key: 5, DEAR.key: 8, FREE.key: OFF})
    with pytest.raises(fit.Dearer) as caught:
        await shop.ask(key="b")
    assert caught.value.wish == Wish("a fox", model=PAID.key)
    assert (caught.value.text, caught.value.values["price"]) == ("imagine-dearer", 5)
    person = await shop.person()
    async with shop.database.write() as tx:
        with pytest.raises(fit.Dearer):
            await shop.imagine.again(tx, Redraw(person, parent, Place(ANNA), "tap:1"))
    choice = shop.imagine.models.choice_of(person)
    assert choice
    assert (choice.model.key, choice.instead_of) == (PAID.key, FREE.key)
    assert shop.imagine.models.drawer_of(parent).key == PAID.key
    [made] = await shop.ask(caught.value.wish, key="c")
    assert made.price == 5
    await shop.work_until_done()


class Late:
    """A database whose reads go on when they may, after the first rows were found."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.found, self.may = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def read(self) -> AsyncIterator["Late"]:
        """A steady view, as of the first rows."""
        async with self._database.read() as self._tx:
            yield self

    async def fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Rows, later."""
        rows = await self._tx.fetch(sql, values)
        self.found.set()
        await self.may.wait()
        return rows


async def test_a_look_that_began_before_a_price_was_set_does_not_undo_it(shop: Workshop) -> None:
    late: Any = Late(shop.database)
    offers = Offers(late, shop.providers, shop.imagine.presets)
    async with asyncio.TaskGroup() as group:
        group.create_task(offers.load())
        await late.found.wait()
        async with shop.database.write() as tx:
            await prices.set_price(tx, FREE.key, SetPrice(7, 1, 900))
            await offers.let_count(tx)
        late.may.set()
    [made] = await shop.ask(Wish("a fox", model=FREE.key))
    assert made.price == 7
    await shop.work_until_done()


async def test_nobody_is_heard_before_it_is_known_what_was_set(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_app(house.settings()) as app:
        busy: Any = Busy()
        monkeypatch.setattr(app.work.operating.offers, "_database", busy)
        with pytest.raises(StorageBusy):
            await app.run()


class Busy:
    """A database that is in use by somebody else."""

    def read(self) -> Database:
        """Not now."""
        raise StorageBusy("Another program holds it.")


@pytest.mark.parametrize(("cap", "calls"), [(0, 0), (2, 2)])
async def test_the_cap_of_a_service_holds_for_what_is_free_here_as_well(shop: Workshop, cap: int, calls: int) -> None:
    shop.paid.settings = Settings(daily_cap=cap)
    shop.providers.price({PAID.key: 0})
    for number in range(3):
        await shop.ask(Wish("a fox", model=PAID.key), f"msg:1:{number}")
    await shop.work_until_done()
    assert len(shop.paid.requests) == calls
