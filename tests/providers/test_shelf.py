"""Paid pictures are kept until they are not needed, over crashes, and not for ever."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StorageFull
from bot.http import Spool, finished
from bot.images import GeneratedImage
from bot.imagine.shelf import ORPHANED, Shelf
from bot.storage import open_database
from bot.storage.database import Database, Transaction
from tests.busy import BusyDatabase
from tests.providers.fake import PNG
from tests.vaults import vault_in

NOW = 1_700_000_000
OLD = NOW - ORPHANED - 10

Arrive = Callable[[], GeneratedImage]
Names = Callable[[], list[str]]


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    yield database
    await database.close()


@pytest.fixture
def shelf(tmp_path: Path, spool: Spool) -> Shelf:
    return Shelf(tmp_path / "shelf", spool)


@pytest.fixture
def arrive(spool: Spool) -> Arrive:
    """A picture that has just come from a provider."""

    def lay() -> GeneratedImage:
        path = spool.new()
        path.write_bytes(PNG)
        return finished(path)

    return lay


@pytest.fixture
def names(tmp_path: Path) -> Names:
    """The files on the shelf."""
    return lambda: sorted(path.name for path in (tmp_path / "shelf").iterdir())


async def keep(shelf: Shelf, database: Database, picture: GeneratedImage, generation_id: str) -> GeneratedImage:
    kept = await shelf.keep(picture, generation_id)
    async with database.write() as tx:
        await shelf.put(tx, generation_id, kept, NOW)
    return kept


def age(path: Path) -> None:
    os.utime(path, (OLD, OLD))


async def test_what_was_kept_is_found_again(shelf: Shelf, database: Database, arrive: Arrive) -> None:
    picture = arrive()
    kept = await keep(shelf, database, picture, "g1")
    async with database.read() as tx:
        assert await shelf.get(tx, "g1") == kept
        assert await shelf.get(tx, "g2") is None
    assert finished(kept.path) == kept


async def test_a_late_double_does_not_write_over_what_was_kept(shelf: Shelf, arrive: Arrive, names: Names) -> None:
    await shelf.keep(arrive(), "g1")
    await shelf.keep(arrive(), "g1")
    assert len(names()) == 2


async def test_what_is_not_needed_goes_in_its_time(
    shelf: Shelf, database: Database, arrive: Arrive, names: Names
) -> None:
    await keep(shelf, database, arrive(), "g1")
    await keep(shelf, database, arrive(), "g2")
    async with database.write() as tx:
        assert await shelf.until(tx, "g1", NOW + 60)
        assert not await shelf.until(tx, "g9", NOW + 60)
    assert await shelf.sweep(database, NOW + 59) == 0
    assert await shelf.sweep(database, NOW + 60) == 1
    assert [name[:2] for name in names()] == ["g2"]
    async with database.read() as tx:
        assert await shelf.get(tx, "g1") is None


class FullAtTheEnd(BusyDatabase):
    """Has no room left when a write is to be committed."""

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        async with super().write() as tx:
            yield tx
            raise StorageFull("No room is left.")


async def test_a_file_stays_until_it_is_committed_that_nobody_needs_it(
    shelf: Shelf, database: Database, arrive: Arrive, names: Names
) -> None:
    await keep(shelf, database, arrive(), "g1")
    async with database.write() as tx:
        await shelf.until(tx, "g1", NOW)
    with pytest.raises(StorageFull):
        await shelf.sweep(FullAtTheEnd(database), NOW)
    async with database.read() as tx:
        kept = await shelf.get(tx, "g1")
    assert kept is not None
    assert names() == [kept.path.name]


async def test_a_picture_without_an_end_stays_however_old(
    shelf: Shelf, database: Database, arrive: Arrive, names: Names
) -> None:
    kept = await keep(shelf, database, arrive(), "g1")
    age(kept.path)
    assert await shelf.sweep(database, NOW) == 0
    assert len(names()) == 1


async def test_what_a_crash_left_behind_is_cleared_away(
    shelf: Shelf, database: Database, arrive: Arrive, names: Names
) -> None:
    lost = await shelf.keep(arrive(), "g1")
    fresh = await shelf.keep(arrive(), "g2")
    half = arrive()
    age(lost.path)
    age(half.path)
    os.utime(fresh.path, (NOW, NOW))
    assert await shelf.sweep(database, NOW) == 2
    assert names() == [fresh.path.name]


async def test_many_go_at_once(shelf: Shelf, database: Database, arrive: Arrive, names: Names) -> None:
    for index in range(120):
        kept = await shelf.keep(arrive(), f"g{index}")
        async with database.write() as tx:
            await shelf.put(tx, f"g{index}", kept, NOW)
            await shelf.until(tx, f"g{index}", NOW)
    assert await shelf.sweep(database, NOW) == 120
    assert names() == []


async def test_an_original_comes_and_goes_with_its_picture(
    shelf: Shelf, database: Database, arrive: Arrive, names: Names, tmp_path: Path
) -> None:
    def with_original() -> GeneratedImage:
        original = tmp_path / "spool" / "see-through.webp"
        original.write_bytes(b"see-through")
        return replace(arrive(), original=original)

    kept = await keep(shelf, database, with_original(), "g1")
    lost = await shelf.keep(with_original(), "g2")
    assert kept.original is not None
    assert kept.original.suffix == ".webp"
    assert len(names()) == 4
    async with database.write() as tx:
        assert await shelf.get(tx, "g1") == kept
        assert await shelf.until(tx, "g1", NOW)
    await shelf.forget(database, kept)
    assert len(names()) == 4
    await shelf.forget(database, lost)
    assert names() == sorted([kept.path.name, kept.original.name])
    age(kept.original)
    assert await shelf.sweep(database, NOW - 1) == 0
    assert await shelf.sweep(database, NOW) == 2
    assert names() == []
