"""At the border of the stores: the values of a row that are words of people, or lead to their pictures, are sealed."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.storage.database import Transaction

# The owner of what nobody sent.
NOBODY = 0


def owner_of(lane: str) -> int:
    """Whom an update is about: whoever sent it, or else its chat."""
    number = lane.partition(":")[2]
    return int(number) if number.lstrip("-").isdecimal() else NOBODY


async def sealed(tx: Transaction, owner: int, values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The values as they are kept: those with these names sealed for whom they are about, unless there is nothing."""
    return {
        name: await tx.vault.seal(owner, value) if value and name in names else value for name, value in values.items()
    }


async def unsealed(tx: Transaction, owner: int, row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The values of a row as they were; None for what nobody can read any more."""
    return {
        name: await tx.vault.unseal(owner, value) if value and name in names else value for name, value in row.items()
    }
