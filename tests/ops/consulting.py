"""What tests of the doctor start from: settings of a bot, and all that a look finds."""

from collections.abc import AsyncIterator
from typing import Any

from bot.config import Settings
from bot.doctor.rules import Finding
from tests.house import ADMIN
from tests.vaults import TOKEN


def settings(**changes: Any) -> Settings:
    """Those of a bot that sketches."""
    usual: dict[str, Any] = {"bot_token": TOKEN, "admin_ids": (ADMIN,), "default_model": "sketch/default"}
    return Settings(**{**usual, **changes})


async def all_of(look: AsyncIterator[Finding]) -> list[Finding]:
    """What it finds, in its order."""
    return [finding async for finding in look]
