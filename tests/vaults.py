"""The keys of people in tests."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.storage.vault import SEALED, MasterKey, Vault

TOKEN = "7000000042:canary-token-AAGmJxqP8u7Kd0r4"


def vault_in(data_dir: Path, token: str = TOKEN) -> Vault:
    """Those of a house: without a master key its token locks them."""
    return Vault(data_dir, MasterKey(token))


async def opened(vault: Vault, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they were before they were sealed, for whomever that was."""
    return [{name: await _opened(vault, value) for name, value in row.items()} for row in rows]


async def _opened(vault: Vault, value: Any) -> Any:
    if not (isinstance(value, str) and value.startswith(SEALED)):
        return value
    for owner in _owners(vault.path):
        if (text := await vault.unseal(owner, value)) is not None:
            return text
    raise AssertionError("sealed for nobody")


def _owners(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("SELECT owner FROM keys")]
