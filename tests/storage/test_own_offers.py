"""Prices and presets that were set in the chat, as rows; on both databases."""

from bot.images import AspectRatio
from bot.presets import store as presets
from bot.presets.rules import OwnPreset, Preset
from bot.providers.prices import HIGHEST
from bot.stats.offers import store as prices
from bot.stats.offers.rules import SetPrice
from bot.storage.database import Database

ADMIN, OTHER = 900_000_001, 900_000_002
INK = Preset("ink", "{prompt}, in ink", "color", AspectRatio.TALL, "fake/plain")


async def test_a_price_is_set_changed_and_taken_back(database: Database) -> None:
    async with database.write() as tx:
        await prices.set_price(tx, "fake/plain", 3, ADMIN, 1)
        await prices.set_price(tx, "fake/other", 0, ADMIN, 1)
        await prices.set_price(tx, "fake/plain", None, OTHER, 2)
    async with database.read() as tx:
        found = await prices.prices(tx)
    assert found == {"fake/other": SetPrice(0, 1, ADMIN), "fake/plain": SetPrice(None, 2, OTHER)}
    async with database.write() as tx:
        assert await prices.unset_price(tx, "fake/plain")
        assert not await prices.unset_price(tx, "fake/plain")
        assert list(await prices.prices(tx)) == ["fake/other"]


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


async def test_rows_that_no_admin_wrote_cost_nobody_anything_and_stop_nothing(database: Database) -> None:
    async with database.write() as tx:
        for model, price in (("fake/gift", -5), ("fake/ransom", 10**15), ("fake/plain", HIGHEST)):
            await prices.set_price(tx, model, price, ADMIN, 1)
        await presets.put(tx, INK, ADMIN, 1)
        await tx.execute("UPDATE own_presets SET ratio = '7:1'", {})
    async with database.read() as tx:
        found = await prices.prices(tx)
        [odd] = await presets.presets(tx)
    assert {key: each.price for key, each in found.items()} == {
        "fake/gift": None,
        "fake/ransom": None,
        "fake/plain": HIGHEST,
    }
    assert odd.preset.ratio is None
