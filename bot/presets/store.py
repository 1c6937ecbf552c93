"""Rows of presets that were written in the chat. Every function takes the open transaction first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.images import AspectRatio
from bot.presets.rules import OwnPreset, Preset
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def presets(tx: Transaction) -> list[OwnPreset]:
    """All of them, by name."""
    return [OwnPreset(_preset(row), row["set_at"], row["set_by"]) for row in await SQL.presets(tx)]


async def put(tx: Transaction, preset: Preset, admin_id: int, now: int) -> None:
    """Keep it, in the place of another one of this name that was written here."""
    await SQL.put(
        tx,
        name=preset.name,
        words=preset.words,
        negative=preset.negative,
        ratio=preset.ratio,
        model=preset.model,
        admin_id=admin_id,
        now=now,
    )


async def drop(tx: Transaction, name: str) -> bool:
    """Delete it. False: there was none of this name here."""
    return bool(await SQL.drop(tx, name=name))


def _preset(row: Mapping[str, Any]) -> Preset:
    ratio = AspectRatio(row["ratio"]) if row["ratio"] in set(AspectRatio) else None
    return Preset(row["name"], row["words"], row["negative"], ratio, row["model"])
