"""The keys of people in tests."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.storage.database import Transaction
from bot.storage.key_file import MasterKey
from bot.storage.vault import SEALED, Vault

TOKEN = "7000000042:canary-token-AAGmJxqP8u7Kd0r4"

# The keys do not tell whose they are: everybody who may have one is tried.
OWNERS = """
SELECT user_id AS owner FROM users UNION SELECT user_id FROM generations UNION SELECT user_id FROM wishes
UNION SELECT user_id FROM posts UNION SELECT owner_id FROM inbox UNION SELECT owner_id FROM outbox
UNION SELECT admin_id FROM audit UNION SELECT admin_id FROM asks UNION SELECT admin_id FROM broadcasts
UNION SELECT chat_id FROM chats UNION SELECT chat_id FROM outbox
"""


def vault_in(data_dir: Path, token: str = TOKEN) -> Vault:
    """Those of a house: without a master key its token locks them."""
    return Vault(data_dir, MasterKey(token))


async def opened(tx: Transaction, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they were before they were sealed, for whomever that was."""
    return [{name: await _opened(tx, value) for name, value in row.items()} for row in rows]


async def _opened(tx: Transaction, value: Any) -> Any:
    if not (isinstance(value, str) and value.startswith(SEALED)):
        return value
    for row in await tx.fetch(OWNERS, {}):
        if (text := await tx.vault.unseal(row["owner"], value)) is not None:
            return text
    raise AssertionError("sealed for nobody")
