"""Paid pictures are kept until they are not needed, over crashes, and not for ever."""

import errno
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import sealed
from bot.errors import StorageFull
from bot.http import Spool, finished
from bot.images import GeneratedImage
from bot.imagine.shelf import ORPHANED, Shelf
from bot.storage import open_database
from bot.storage.database import Database, Transaction
from tests.busy import BusyDatabase
from tests.generations import ANNA
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
        await shelf.put(tx, generation_id, ANNA, kept, NOW)
    return kept


def age(path: Path) -> None:
    os.utime(path, (OLD, OLD))


async def test_what_was_kept_is_found_again(shelf: Shelf, database: Database, arrive: Arrive) -> None:
    picture = arrive()
    kept = await keep(shelf, database, picture, "g1")
    async with database.read() as tx:
        assert await shelf.get(tx, "g1", ANNA) == kept
        assert await shelf.get(tx, "g2", ANNA) is None
    assert kept.key is not None
    assert b"".join(sealed.blocks(kept.path, kept.key)) == PNG
    assert kept.size == picture.size


async def test_nobody_reads_a_picture_from_the_disk(
    shelf: Shelf, database: Database, arrive: Arrive, data_dir: Path, tmp_path: Path
) -> None:
    kept = await keep(shelf, database, arrive(), "g1")
    files = [path for folder in (tmp_path, data_dir) for path in folder.rglob("*") if path.is_file()]
    assert kept.path in files
    assert kept.key is not None
    secrets = (PNG[20:52], kept.key, kept.key.hex().encode())
    assert not [path for path in files for secret in secrets if secret in path.read_bytes()]
    assert kept.key.hex() not in repr(kept)
    assert repr(kept.key) not in repr(kept)


async def test_a_picture_is_shown_as_a_plain_file_for_a_moment(shelf: Shelf, arrive: Arrive, tmp_path: Path) -> None:
    kept = await shelf.keep(arrive(), "g1")
    async with shelf.opened(kept) as plain:
        assert plain == finished(plain.path)
        assert plain.path.suffix == ".png"
    assert list((tmp_path / "spool").iterdir()) == []


async def test_what_an_earlier_version_left_plain_is_read_all_the_same(
    shelf: Shelf, database: Database, arrive: Arrive, tmp_path: Path
) -> None:
    picture = arrive()
    old = replace(picture, path=picture.path.rename(tmp_path / "shelf" / "g1-old.png"))
    async with database.write() as tx:
        await shelf.put(tx, "g1", ANNA, old, NOW)
        assert await shelf.get(tx, "g1", ANNA) == old
    async with shelf.opened(old) as plain:
        assert plain == old
    assert old.path.read_bytes() == PNG


async def test_a_picture_goes_with_the_key_of_its_person(shelf: Shelf, database: Database, arrive: Arrive) -> None:
    await keep(shelf, database, arrive(), "g1")
    async with database.read() as tx:
        assert await shelf.get(tx, "g1", ANNA + 1) is None
    await database.vault.destroy(ANNA, NOW)
    async with database.read() as tx:
        assert await shelf.get(tx, "g1", ANNA) is None


async def test_a_damaged_picture_is_not_shown_and_leaves_nothing(shelf: Shelf, arrive: Arrive, tmp_path: Path) -> None:
    kept = await shelf.keep(arrive(), "g1")
    damaged = bytearray(kept.path.read_bytes())
    damaged[-1] ^= 1
    kept.path.write_bytes(damaged)
    with pytest.raises(FileNotFoundError, match="changed"):
        async with shelf.opened(kept):
            pass
    assert list((tmp_path / "spool").iterdir()) == []


async def test_a_picture_that_cannot_be_put_away_leaves_nothing(
    shelf: Shelf, arrive: Arrive, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    picture = arrive()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        await shelf.keep(picture, "g1")
    assert names() == []
    assert list((tmp_path / "spool").iterdir()) == []


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
        assert await shelf.get(tx, "g1", ANNA) is None


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
        kept = await shelf.get(tx, "g1", ANNA)
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
            await shelf.put(tx, f"g{index}", ANNA, kept, NOW)
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
        assert await shelf.get(tx, "g1", ANNA) == kept
        assert await shelf.until(tx, "g1", NOW)
    await shelf.forget(database, kept)
    assert len(names()) == 4
    await shelf.forget(database, lost)
    assert names() == sorted([kept.path.name, kept.original.name])
    age(kept.original)
    assert await shelf.sweep(database, NOW - 1) == 0
    assert await shelf.sweep(database, NOW) == 2
    assert names() == []
