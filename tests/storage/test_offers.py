"""What was switched, and prices and presets that were set in the chat, as rows; on both databases."""

import asyncio

import pytest

from bot.images import AspectRatio
from bot.offers import store
from bot.offers.rules import SetPrice
from bot.presets import store as presets
from bot.presets.rules import OwnPreset, Preset
from bot.providers import Switches
from bot.providers.prices import HIGHEST
from bot.storage.database import Database

ADMIN, OTHER = 900_000_001, 900_000_002
INK = Preset("ink", "{prompt}, in ink", "color", AspectRatio.TALL, "fake/plain")


async def test_a_price_is_set_changed_and_taken_back(database: Database) -> None:
    first, free, off = SetPrice(3, 1, ADMIN), SetPrice(0, 1, ADMIN), SetPrice(None, 2, OTHER)
    async with database.write() as tx:
        assert await store.set_price(tx, "fake/plain", first)
        assert await store.set_price(tx, "fake/other", free)
        assert await store.set_price(tx, "fake/plain", off, first)
    async with database.read() as tx:
        found = await store.prices(tx)
    assert found == {"fake/other": free, "fake/plain": off}
    async with database.write() as tx:
        assert not await store.unset_price(tx, "fake/plain", first)
        assert await store.unset_price(tx, "fake/plain", off)
        assert not await store.unset_price(tx, "fake/plain", off)
        assert list(await store.prices(tx)) == ["fake/other"]


async def test_a_preset_is_kept_replaced_and_deleted(database: Database) -> None:
    ink, rough = OwnPreset(INK, 1, ADMIN), OwnPreset(Preset("clay"), 1, ADMIN)
    plain = OwnPreset(Preset("clay", "{prompt}, of clay"), 2, OTHER)
    async with database.write() as tx:
        for preset, seen in ((ink, None), (rough, None), (plain, rough)):
            assert await presets.put(tx, preset, seen)
    async with database.read() as tx:
        assert await presets.presets(tx) == [plain, ink]
    async with database.write() as tx:
        assert not await presets.drop(tx, rough)
        assert await presets.drop(tx, ink)
        assert not await presets.drop(tx, ink)
        assert await presets.presets(tx) == [plain]


@pytest.mark.parametrize("seen", [None, 1])
async def test_of_two_admins_who_saw_the_same_one_changes_it(database: Database, seen: int | None) -> None:
    """PostgreSQL lets both of them look before either has written."""
    price = SetPrice(3, 1, ADMIN) if seen else None
    look = OwnPreset(INK, 1, ADMIN) if seen else None
    async with database.write() as tx:
        if price and look:
            await store.set_price(tx, "fake/plain", price)
            await presets.put(tx, look)

    async def change(admin_id: int) -> tuple[bool, bool]:
        async with database.write() as tx:
            set_ = await store.set_price(tx, "fake/plain", SetPrice(admin_id, 2, admin_id), price)
            return set_, await presets.put(tx, OwnPreset(INK, 2, admin_id), look)

    assert sorted(await asyncio.gather(change(ADMIN), change(OTHER))) == [(False, False), (True, True)]


async def test_services_are_switched_off_and_on(database: Database) -> None:
    async with database.write() as tx:
        assert await store.switch(tx, "a", "off", ("a", "b"), ADMIN, 1)
        assert await store.switch(tx, "b/slow", "off", ("a", "b"), ADMIN, 1)
        assert await store.switches(tx) == Switches(frozenset({"a", "b/slow"}))
        assert await store.switch(tx, "a", "on", ("a", "b"), ADMIN, 2)
        assert await store.switches(tx) == Switches(frozenset({"b/slow"}))


async def test_one_service_is_preferred_at_a_time(database: Database) -> None:
    async with database.write() as tx:
        for name in ("a", "b"):
            assert await store.switch(tx, name, "prefer", ("a", "b"), ADMIN, 1)
        assert await store.switches(tx) == Switches(preferred="b")
        assert await store.switch(tx, "b", "plain", ("a", "b"), ADMIN, 1)
        assert await store.switches(tx) == Switches()


async def test_one_service_stays_on(database: Database) -> None:
    async with database.write() as tx:
        assert await store.switch(tx, "a", "off", ("a", "b"), ADMIN, 1)
        assert not await store.switch(tx, "b", "off", ("a", "b"), ADMIN, 1)
        assert not await store.switch(tx, "b", "sideways", ("a", "b"), ADMIN, 1)
        assert await store.switches(tx) == Switches(frozenset({"a"}))


async def test_rows_that_no_admin_wrote_cost_nobody_anything_and_stop_nothing(database: Database) -> None:
    async with database.write() as tx:
        for model, price in (("fake/gift", -5), ("fake/ransom", 10**15), ("fake/plain", HIGHEST)):
            await store.set_price(tx, model, SetPrice(price, 1, ADMIN))
        await presets.put(tx, OwnPreset(INK, 1, ADMIN))
        await tx.execute("UPDATE own_presets SET ratio = '7:1'", {})
    async with database.read() as tx:
        found = await store.prices(tx)
        [odd] = await presets.presets(tx)
    assert {key: each.price for key, each in found.items()} == {
        "fake/gift": None,
        "fake/ransom": None,
        "fake/plain": HIGHEST,
    }
    assert odd.preset.ratio is None
