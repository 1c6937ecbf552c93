"""What was switched, and prices and presets that were set in the chat, as rows; on both databases."""

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
    async with database.write() as tx:
        await store.set_price(tx, "fake/plain", 3, ADMIN, 1)
        await store.set_price(tx, "fake/other", 0, ADMIN, 1)
        await store.set_price(tx, "fake/plain", None, OTHER, 2)
    async with database.read() as tx:
        found = await store.prices(tx)
    assert found == {"fake/other": SetPrice(0, 1, ADMIN), "fake/plain": SetPrice(None, 2, OTHER)}
    async with database.write() as tx:
        assert await store.unset_price(tx, "fake/plain")
        assert not await store.unset_price(tx, "fake/plain")
        assert list(await store.prices(tx)) == ["fake/other"]


async def test_a_preset_is_kept_replaced_and_deleted(database: Database) -> None:
    plain = Preset("clay", "{prompt}, of clay")
    async with database.write() as tx:
        for preset, admin_id, now in ((INK, ADMIN, 1), (Preset("clay"), ADMIN, 1), (plain, OTHER, 2)):
            await presets.put(tx, preset, admin_id, now)
    async with database.read() as tx:
        assert await presets.presets(tx) == [OwnPreset(plain, 2, OTHER), OwnPreset(INK, 1, ADMIN)]
    async with database.write() as tx:
        assert await presets.drop(tx, "ink")
        assert not await presets.drop(tx, "ink")
        assert await presets.presets(tx) == [OwnPreset(plain, 2, OTHER)]


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
            await store.set_price(tx, model, price, ADMIN, 1)
        await presets.put(tx, INK, ADMIN, 1)
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
