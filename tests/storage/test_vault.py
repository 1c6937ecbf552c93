"""Words are sealed with keys of their own, which can be destroyed and locked anew."""

import asyncio
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import steps
from bot.errors import SettingsError, StorageBusy
from bot.storage import key_file
from bot.storage.key_file import FILE, MasterKey
from bot.storage.vault import SEALED, Vault

ANNA, BORIS = 101, 102
MASTER = MasterKey("a master key that nobody can guess")
NEW = MasterKey("another master key, made just now", before=MASTER.now)


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def test_what_was_sealed_comes_back_and_is_not_readable_meanwhile(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    for text in ("", "a red fox", "лиса 🦊", "lone \ud800 surrogate"):
        sealed = await vault.seal(ANNA, text)
        assert sealed.startswith(SEALED)
        assert sealed.isascii()
        assert await vault.unseal(ANNA, sealed) == text
    assert "fox" not in await vault.seal(ANNA, "a red fox")
    await vault.close()


async def test_the_same_words_look_different_each_time(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    assert await vault.seal(ANNA, "a red fox") != await vault.seal(ANNA, "a red fox")
    await vault.close()


async def test_in_the_row_of_somebody_else_a_sealed_text_is_worth_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    sealed = await vault.seal(ANNA, "a red fox")
    await vault.seal(BORIS, "anything")
    assert await vault.unseal(BORIS, sealed) is None
    await vault.close()


@pytest.mark.parametrize("spoiled", ["", "!", "AAAA", "w" * 60], ids=["nothing", "no base64", "short", "foreign"])
async def test_what_is_not_readable_is_nothing_and_no_error(tmp_path: Path, spoiled: str) -> None:
    vault = Vault(tmp_path, MASTER)
    await vault.seal(ANNA, "a red fox")
    assert await vault.unseal(ANNA, SEALED + spoiled) is None
    await vault.close()


async def test_one_changed_letter_makes_it_unreadable(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    sealed = await vault.seal(ANNA, "a red fox")
    spoiled = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    assert await vault.unseal(ANNA, spoiled) is None
    await vault.close()


async def test_what_an_earlier_version_kept_is_read_as_it_is(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    assert await vault.unseal(ANNA, "a red fox") == "a red fox"
    await vault.close()


async def test_the_keys_outlive_the_process_and_do_not_lie_there_readable(tmp_path: Path) -> None:
    first = Vault(tmp_path, MASTER)
    sealed = await first.seal(ANNA, "a red fox")
    key = first._keys[ANNA]
    await first.close()
    second = Vault(tmp_path, MASTER)
    assert await second.unseal(ANNA, sealed) == "a red fox"
    await second.close()
    assert key is not second._keys[ANNA]
    assert not any(MASTER.now.encode() in content for content in contents(tmp_path))


def test_nobody_else_on_the_machine_reads_the_keys(tmp_path: Path) -> None:
    asyncio.run(_sealed_once(tmp_path))
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


async def _sealed_once(folder: Path) -> None:
    vault = Vault(folder, MASTER)
    await vault.seal(ANNA, "a red fox")
    await vault.close()


async def test_a_destroyed_key_takes_its_words_along_and_those_of_nobody_else(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    hers, his = await vault.seal(ANNA, "a red fox"), await vault.seal(BORIS, "a blue whale")
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        [(wrapped,), (other,)] = file.execute("SELECT wrapped FROM keys").fetchall()
    await vault.destroy(ANNA, 1000)
    assert await vault.unseal(ANNA, hers) is None
    assert await vault.unseal(BORIS, his) == "a blue whale"
    assert await vault.destroyed_at(ANNA) == 1000
    assert await vault.destroyed_at(BORIS) is None
    await vault.close()
    left = [each for each in (wrapped, other) if any(each in content for content in contents(tmp_path))]
    assert len(left) == 1


async def test_whose_keys_were_destroyed_since_then_is_known(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    await vault.destroy(ANNA, 1000)
    assert await vault.destroyed_since([ANNA, BORIS], 1000) == [ANNA]
    assert await vault.destroyed_since([ANNA, BORIS], 1001) == []
    await vault.close()


async def test_whoever_comes_back_after_it_gets_a_new_key(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    before = await vault.seal(ANNA, "a red fox")
    await vault.destroy(ANNA, 1000)
    after = await vault.seal(ANNA, "a green fox")
    assert await vault.unseal(ANNA, before) is None
    assert await vault.unseal(ANNA, after) == "a green fox"
    await vault.close()


async def test_a_copy_holds_the_keys_there_are_and_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    vault, copies = Vault(tmp_path, MASTER), made(tmp_path / "copies")
    hers, his = await vault.seal(ANNA, "a red fox"), await vault.seal(BORIS, "a blue whale")
    await vault.copy(copies / FILE)
    await vault.destroy(ANNA, 1000)
    await vault.copy(copies / FILE)
    await vault.close()
    assert len(contents(copies)) == 1
    copied = Vault(copies, MASTER)
    assert await copied.unseal(ANNA, hers) is None
    assert await copied.unseal(BORIS, his) == "a blue whale"
    await copied.close()


async def test_what_could_not_be_destroyed_keeps_no_later_key_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "BUSY_SECONDS", 0.01)
    vault = Vault(tmp_path, MASTER)
    await vault.seal(ANNA, "a red fox")
    with closing(sqlite3.connect(tmp_path / FILE)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM keys").fetchall()
        with pytest.raises(StorageBusy):
            await vault.destroy(ANNA, 1000)
    his = await vault.seal(BORIS, "a blue whale")
    other = Vault(tmp_path, MASTER)
    assert await other.unseal(BORIS, his) == "a blue whale", "on the disk, not only in this process"
    await other.close()
    await vault.destroy(ANNA, 1000)
    await vault.close()


async def test_nothing_is_sealed_with_a_key_that_is_just_being_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, loop = Vault(tmp_path, MASTER), asyncio.get_running_loop()
    await vault.seal(ANNA, "a red fox")
    later: list[Future[str]] = []

    async def begun() -> None:
        """On the loop, where what was asked for before has begun by now."""

    def seal(step: str) -> None:
        if step == "after a key was destroyed":
            later.append(asyncio.run_coroutine_threadsafe(vault.seal(ANNA, "a green fox"), loop))
            asyncio.run_coroutine_threadsafe(begun(), loop).result()

    monkeypatch.setattr(steps, "LISTENERS", [seal])
    await vault.destroy(ANNA, 1000)
    assert await vault.unseal(ANNA, await asyncio.wrap_future(later[0])) == "a green fox"
    await vault.close()


async def test_no_key_is_destroyed_while_a_copy_of_it_is_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, copies, tried = Vault(tmp_path, MASTER), made(tmp_path / "copies"), list[str]()
    await vault.seal(ANNA, "a red fox")

    def destroy(step: str) -> None:
        with closing(sqlite3.connect(tmp_path / FILE, timeout=0)) as file, pytest.raises(sqlite3.OperationalError):
            file.execute("DELETE FROM keys")
        tried.append(step)

    monkeypatch.setattr(steps, "LISTENERS", [destroy])
    assert await key_file.copy_keys(tmp_path, copies / FILE)
    assert tried == ["before a copy of the keys takes its place"]
    monkeypatch.undo()
    await vault.destroy(ANNA, 1000)
    await vault.close()


async def test_another_master_key_opens_nothing_and_changes_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    sealed = await vault.seal(ANNA, "a red fox")
    await vault.close()
    before = contents(tmp_path)
    with pytest.raises(SettingsError, match="another MASTER_KEY"):
        await Vault(tmp_path, MasterKey("not the one it was locked with, not")).open()
    assert contents(tmp_path) == before
    vault = Vault(tmp_path, MASTER)
    assert await vault.unseal(ANNA, sealed) == "a red fox"
    await vault.close()


async def test_with_the_key_until_now_all_is_locked_anew_and_the_old_one_opens_nothing_more(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    sealed, mark = await vault.seal(ANNA, "a red fox"), await vault.mark(ANNA)
    await vault.close()
    vault = Vault(tmp_path, NEW)
    await vault.open()
    assert await vault.unseal(ANNA, sealed) == "a red fox"
    assert await vault.mark(ANNA) == mark
    await vault.close()
    with pytest.raises(SettingsError):
        await Vault(tmp_path, MASTER).open()
    vault = Vault(tmp_path, MasterKey(NEW.now))
    assert await vault.unseal(ANNA, sealed) == "a red fox"
    await vault.close()


def spoil(folder: Path) -> None:
    """The only key there is."""
    with closing(sqlite3.connect(folder / FILE)) as file, file:
        assert file.execute("UPDATE keys SET wrapped = ?", (b"0" * 60,)).rowcount == 1


async def test_a_spoiled_key_is_said_and_takes_the_words_of_one_person_only(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    hers = await vault.seal(ANNA, "a red fox")
    await vault.close()
    spoil(tmp_path)
    vault = Vault(tmp_path, MASTER)
    his = await vault.seal(BORIS, "a blue whale")
    await vault.close()
    vault = Vault(tmp_path, MASTER)
    with capture_logs() as said:
        assert await vault.unseal(ANNA, hers) is None
        assert await vault.unseal(ANNA, await vault.seal(ANNA, "a green fox")) == "a green fox"
    assert [line["event"] for line in said] == ["key_damaged", "key_damaged"]
    assert await vault.unseal(BORIS, his) == "a blue whale"
    await vault.close()


async def test_a_spoiled_key_does_not_stop_the_others_from_being_locked_anew(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    hers = await vault.seal(ANNA, "a red fox")
    await vault.close()
    spoil(tmp_path)
    vault = Vault(tmp_path, MASTER)
    his = await vault.seal(BORIS, "a blue whale")
    await vault.close()
    vault = Vault(tmp_path, NEW)
    await vault.open()
    assert (await vault.unseal(ANNA, hers), await vault.unseal(BORIS, his)) == (None, "a blue whale")
    await vault.close()


async def test_a_mark_is_always_the_same_and_does_not_tell_for_whom(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    vault, other = Vault(tmp_path, MASTER), Vault(tmp_path_factory.mktemp("other"), MASTER)
    assert await vault.mark(ANNA) == await vault.mark(ANNA)
    assert await vault.mark(ANNA) != await vault.mark(BORIS)
    assert await vault.mark(ANNA) != await other.mark(ANNA)
    assert str(ANNA) not in await vault.mark(ANNA)
    for each in (vault, other):
        await each.close()


async def test_the_file_of_keys_does_not_tell_who_wrote(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    await vault.seal(7000000123, "a red fox")
    await vault.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        rows = [*file.execute("SELECT * FROM keys"), *file.execute("SELECT * FROM own")]
    number = (7000000123).to_bytes(5, "big")
    assert len(rows) == 2
    assert not any(b"7000000123" in content or number in content for content in contents(tmp_path))


async def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MASTER)
    await vault.open()
    await vault.close()
    assert contents(tmp_path) == []
