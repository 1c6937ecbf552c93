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


async def put(tx: Transaction, own: OwnPreset, seen: OwnPreset | None = None) -> bool:
    """Keep it. False, and nothing changed, where there is not any more what was `seen` here by its name."""
    preset = own.preset
    at, by = (seen.at, seen.by) if seen else (None, None)
    kept = await SQL.put(
        tx,
        name=preset.name,
        words=preset.words,
        negative=preset.negative,
        ratio=preset.ratio,
        model=preset.model,
        admin_id=own.by,
        now=own.at,
        seen_at=at,
        seen_by=by,
    )
    return bool(kept)


async def drop(tx: Transaction, seen: OwnPreset) -> bool:
    """Delete it. False: there is not any more what was `seen` here by its name."""
    return bool(await SQL.drop(tx, name=seen.preset.name, seen_at=seen.at, seen_by=seen.by))


def _preset(row: Mapping[str, Any]) -> Preset:
    ratio = AspectRatio(row["ratio"]) if row["ratio"] in set(AspectRatio) else None
    return Preset(row["name"], row["words"], row["negative"], ratio, row["model"])
