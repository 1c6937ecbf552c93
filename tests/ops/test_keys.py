"""The keys of people beside backups: on another machine, with another master key, and where they are missing."""

from pathlib import Path

import pytest

from bot.errors import SettingsError, StorageError
from bot.ops.keys import lock_copy_anew, require_keys
from bot.storage import open_database
from bot.storage.key_file import FILE as KEYS
from bot.storage.key_file import MasterKey
from bot.storage.vault import Vault
from tests.ops.yard import Yard
from tests.vaults import TOKEN, vault_in

HOUR = 3600


def files_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_the_keys_lie_beside_the_copies_and_come_along_to_another_machine(yard: Yard, tmp_path: Path) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    sealed = await database.vault.seal(101, "a red fox")
    await yard.backups.make()
    yard.clock.advance(HOUR)
    made = await yard.backups.make()
    await database.close()
    assert sum(path.name.startswith("keys") for path in files_of(made.parent)) == 1
    other = tmp_path / "other"
    other.mkdir()
    await yard.restoring(other).restore(made)
    vault = vault_in(other)
    assert await vault.unseal(101, sealed) == "a red fox"
    await vault.close()


async def test_a_copy_that_came_before_a_new_master_key_opens_with_it_and_with_the_old_one_no_more(
    yard: Yard, tmp_path: Path
) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    sealed = await database.vault.seal(101, "a red fox")
    made = await yard.backups.make()
    await database.close()
    new = MasterKey("a master key that was made just now", before=TOKEN)
    database = await open_database("sqlite", yard.data_dir, Vault(yard.data_dir, new))
    await lock_copy_anew(database, new)
    await database.close()
    other = tmp_path / "other"
    other.mkdir()
    for _ in range(2):
        with pytest.raises(SettingsError):
            await yard.restoring(other).restore(made)
    assert not (other / KEYS).exists()
    vault = Vault(made.parent, MasterKey(new.now))
    assert await vault.unseal(101, sealed) == "a red fox"
    await vault.close()


async def test_the_keys_that_are_there_are_not_replaced_by_older_ones(yard: Yard) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    sealed = await database.vault.seal(101, "a red fox")
    made = await yard.backups.make()
    await database.vault.destroy(101, yard.clock.now())
    await database.close()
    await yard.restoring().restore(made)
    vault = vault_in(yard.data_dir)
    assert await vault.unseal(101, sealed) is None
    await vault.close()


async def test_without_its_keys_a_database_of_sealed_words_is_not_opened_unless_somebody_says_so(yard: Yard) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    sealed = await database.vault.seal(101, "a red fox")
    await yard.accept(database, "g1")
    await yard.deliver(database, "g1")
    async with database.write() as tx:
        await tx.execute("UPDATE generations SET prompt = :prompt, ended_at = 1", {"prompt": sealed})
    await require_keys(database)
    database.vault.path.unlink()
    with pytest.raises(StorageError, match=f"cp .*{KEYS}.*touch"):
        await require_keys(database)
    database.vault.path.touch()
    await require_keys(database)
    await database.close()
