"""Rows of generations and of wishes that wait for a yes. Every function takes the open transaction first."""

import json
import secrets
import statistics
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypedDict, Unpack

from bot.errors import Cause
from bot.images import AspectRatio
from bot.imagine.rules import Generation, Place, Status, Wish, Wished
from bot.presets.rules import kept, of_kept
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import sealed, unsealed

SQL = load(Path(__file__).with_name("store.sql"))

COLUMNS = tuple(field.name for field in fields(Generation))
# Kept so that only the keys of its person read them.
SEALED = frozenset(
    ("prompt", "negative", "style", "wished", "sources", "file_id", "original_id", "public_link", "public_id")
)


class Changes(TypedDict, total=False):
    """What may change with a move. A `cause` lasts until the next move, `started_at` is set once.

    `interrupted` is a mark that stays: 1 once a process died while drawing it. `tries`: how often it was begun.
    """

    cause: Cause | None
    error_id: str
    started_at: int
    ended_at: int
    draw_ms: int
    shown_as: str
    file_id: str
    original_id: str | None
    note_id: int | None
    price: int
    width: int
    height: int
    interrupted: int
    tries: int


NOTHING: dict[str, None] = dict.fromkeys(Changes.__annotations__)


def new_id() -> str:
    """An id that nobody can guess, for a generation or a kept wish: 12 characters that fit into a button."""
    return secrets.token_urlsafe(9)


async def insert(tx: Transaction, generation: Generation, request_key: str) -> bool:
    """Add a queued generation; False when this request was taken before."""
    values = await sealed(tx, generation.user_id, _values(generation), SEALED)
    return bool(await SQL.insert(tx, request_key=request_key, **values))


async def get(tx: Transaction, generation_id: str) -> Generation | None:
    """Any generation, deleted or not."""
    row = await SQL.get(tx, generation_id=generation_id)
    return await _generation(tx, row) if row else None


async def get_owned(tx: Transaction, generation_id: str, user_id: int) -> Generation | None:
    """A generation of this person that they did not delete."""
    row = await SQL.get_owned(tx, generation_id=generation_id, user_id=user_id)
    return await _generation(tx, row) if row else None


async def move(tx: Transaction, generation_id: str, before: Status, after: Status, **changes: Unpack[Changes]) -> bool:
    """Move from the expected status; False, and nothing changed, where it was not there (any more)."""
    values = _plain({**NOTHING, **changes, "before": before, "after": after})
    return bool(await SQL.move(tx, generation_id=generation_id, **await _sealed(tx, generation_id, values)))


async def hand_to(
    tx: Transaction, generation_id: str, model: str, ratio: AspectRatio, seed: int | None, wished: Wished
) -> bool:
    """Let another model draw what is being drawn; False when it is not being drawn any more."""
    values = _plain({"model": model, "ratio": ratio, "seed": seed, "wished": _wished_text(wished)})
    return bool(await SQL.hand_to(tx, generation_id=generation_id, **await _sealed(tx, generation_id, values)))


async def set_note(tx: Transaction, generation_id: str, note_id: int) -> None:
    """Remember which message is the note."""
    await SQL.set_note(tx, generation_id=generation_id, note_id=note_id)


async def set_original(tx: Transaction, generation_id: str, original_id: str) -> None:
    """Remember the original file at Telegram, so that it is uploaded once."""
    values = await _sealed(tx, generation_id, {"original_id": original_id})
    await SQL.set_original(tx, generation_id=generation_id, **values)


async def set_file(tx: Transaction, generation_id: str, file_id: str, shown_as: str) -> bool:
    """Remember the file of a ready picture that Telegram has already. False when it is not ready (any more)."""
    values = await _sealed(tx, generation_id, {"file_id": file_id, "shown_as": shown_as})
    return bool(await SQL.set_file(tx, generation_id=generation_id, **values))


async def set_public(tx: Transaction, generation: Generation, link: str, remote_id: str | None) -> bool:
    """Remember where everybody can see a picture, and what takes it back. False: it has a link already."""
    values = await sealed(tx, generation.user_id, {"public_link": link, "public_id": remote_id}, SEALED)
    return bool(await SQL.set_public(tx, generation_id=generation.generation_id, **values))


async def unset_public(tx: Transaction, generation_id: str, remote_id: str) -> bool:
    """Forget the link that this takes back. False: it has none, or another one."""
    generation = await get(tx, generation_id)
    if generation is None or generation.public_id != remote_id:
        return False
    return bool(await SQL.unset_public(tx, generation_id=generation_id))


async def set_fenced(tx: Transaction, generation_id: str, fenced: bool) -> bool:
    """Mark a ready picture as begun to be sent anew, or free it again. False when it is not ready."""
    return bool(await SQL.set_fenced(tx, generation_id=generation_id, fenced=int(fenced)))


async def recent_child(tx: Transaction, parent_id: str, action: str, since: int, now: int) -> Generation | None:
    """What the same button under the same picture started between `since` and `now`, both included."""
    row = await SQL.recent_child(tx, parent_id=parent_id, action=action, since=since, now=now)
    return await _generation(tx, row) if row else None


async def last_variation(tx: Transaction, parent_id: str) -> int | None:
    """The highest variation among what Vary made from this picture."""
    found: int | None = await SQL.last_variation(tx, parent_id=parent_id)
    return found


async def typical_ms(tx: Transaction, model: str, limit: int = 20) -> int | None:
    """Median drawing time of the latest pictures of a model, in milliseconds; None while there are none."""
    rows = await SQL.typical(tx, model=model, limit=limit)
    return round(statistics.median(row["draw_ms"] for row in rows)) if rows else None


async def open_notes(tx: Transaction) -> list[Generation]:
    """Unfinished generations whose note is in the chat, oldest first."""
    return [await _generation(tx, row) for row in await SQL.open(tx)]


async def missed(tx: Transaction, user_id: int, now: int, limit: int = 5) -> list[Generation]:
    """What was drawn for somebody who had blocked the bot, and is still here; newest first."""
    rows = await SQL.missed(tx, user_id=user_id, now=now, limit=limit)
    return [await _generation(tx, row) for row in rows]


async def missed_in(tx: Transaction, chat_id: int, now: int, limit: int = 5) -> list[Generation]:
    """What was drawn for a group while the bot could not write in it, and is still here; newest first."""
    rows = await SQL.missed_in(tx, chat_id=chat_id, now=now, limit=limit)
    return [await _generation(tx, row) for row in rows]


async def mark_deleted(tx: Transaction, generation_id: str, user_id: int, now: int) -> bool:
    """Take a delivered picture out of history and from its buttons; False where it was not there."""
    return bool(await SQL.mark_deleted(tx, generation_id=generation_id, user_id=user_id, now=now))


async def set_favorite(tx: Transaction, generation_id: str, user_id: int, favorite_at: int | None) -> bool:
    """Make a picture of this person a favorite, or with None no longer; False where it is not theirs."""
    values = {"generation_id": generation_id, "user_id": user_id, "favorite_at": favorite_at}
    return bool(await SQL.set_favorite(tx, **values))


async def get_shown(tx: Transaction, chat_id: int, message_id: int) -> Generation | None:
    """The picture that a message holds, whoever owns it."""
    row = await SQL.get_shown(tx, chat_id=chat_id, message_id=message_id)
    return await _generation(tx, row) if row else None


async def get_noted(tx: Transaction, chat_id: int, message_id: int) -> Generation | None:
    """What a message is the note of, or the picture, whoever owns it."""
    row = await SQL.get_noted(tx, chat_id=chat_id, message_id=message_id)
    return await _generation(tx, row) if row else None


async def put_wish(tx: Transaction, wish_id: str, user_id: int, place: Place, wish: Wish, now: int) -> bool:
    """Keep a wish until its button is pressed, or its question answered; False where one has this id already."""
    where = {"chat_id": place.chat_id, "thread_id": place.thread_id, "message_id": place.message_id}
    text = await tx.vault.seal(user_id, json.dumps(asdict(replace(wish, style=None)), ensure_ascii=False))
    return bool(await SQL.put_wish(tx, wish_id=wish_id, user_id=user_id, wish=text, created_at=now, **where))


async def get_wish(tx: Transaction, wish_id: str, user_id: int) -> tuple[Wish, Place] | None:
    """A kept wish of this person and where it was spoken."""
    row = await SQL.get_wish(tx, wish_id=wish_id, user_id=user_id)
    text = await tx.vault.unseal(user_id, row["wish"]) if row else None
    if row is None or text is None:
        return None
    wish = Wish(**json.loads(text))
    ratio, shape = (AspectRatio(each) if each else None for each in (wish.ratio, wish.shape))
    wish = replace(wish, ratio=ratio, shape=shape, sources=tuple(wish.sources))
    return wish, Place(row["chat_id"], row["thread_id"], row["message_id"])


async def prune_wishes(tx: Transaction, before: int) -> None:
    """Forget wishes that nobody came back for."""
    await SQL.prune_wishes(tx, before=before)


async def _generation(tx: Transaction, row: Mapping[str, Any]) -> Generation:
    found = await unsealed(tx, row["user_id"], row, SEALED)
    values = {name: found[name] for name in COLUMNS}
    values["prompt"] = values["prompt"] or ""
    values["ratio"] = AspectRatio(values["ratio"])
    values["status"] = Status(values["status"])
    values["cause"] = Cause(values["cause"]) if values["cause"] else None
    for switch in ("fenced", "interrupted", "spoiler"):
        values[switch] = bool(values[switch])
    values["wished"] = _wished(json.loads(values["wished"] or "{}"))
    values["sources"] = tuple(json.loads(values["sources"] or "[]"))
    values["style"] = of_kept(values["style"])
    return Generation(**values)


async def _sealed(tx: Transaction, generation_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as they are kept. Whose they are is asked only where something is to be sealed."""
    if not any(values.get(name) for name in SEALED):
        return dict(values)
    return await sealed(tx, await SQL.owner(tx, generation_id=generation_id), values, SEALED)


def _wished(values: Mapping[str, Any]) -> Wished:
    ratio = values.get("ratio")
    return Wished(**{**values, "ratio": AspectRatio(ratio) if ratio else None})


def _values(generation: Generation) -> dict[str, Any]:
    values = _plain({name: getattr(generation, name) for name in COLUMNS})
    return values | {
        "wished": _wished_text(generation.wished),
        "sources": _sources_text(generation.sources),
        "style": kept(generation.style),
    }


def _wished_text(wished: Wished) -> str | None:
    values = {name: value for name, value in asdict(wished).items() if value is not None}
    return json.dumps(values) if values else None


def _sources_text(sources: tuple[str, ...]) -> str | None:
    return json.dumps(sources) if sources else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What every database driver takes: the value of an enumeration instead of its member."""
    return {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
