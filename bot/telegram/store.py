"""Rows of the inbox (updates as they came) and of the outbox (calls as they will go)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.chats import store as places
from bot.outgoing import Outgoing, hello_key
from bot.storage.database import Database, Transaction
from bot.storage.queries import load
from bot.storage.words import NOBODY, owner_of
from bot.telegram.verdicts import WHISPER
from bot.telegram.wire import to_wire

SQL = load(Path(__file__).with_name("store.sql"))

# Telegram keeps updates for a day and may start their ids anew after a quiet week.
INBOX_KEPT = 8 * 24 * 3600
# How long a key of `once` keeps its word after the message was sent.
ONCE_KEPT = 24 * 3600

PRUNED_AT_ONCE = 1000

# Edits that say all there is to say.
RENEWS = frozenset({"editMessageText", "editMessageCaption", "editMessageReplyMarkup", "editEphemeralMessageText"})
# What names the message of an edit.
EDITED = ("inline_message_id", "message_id", "receiver_user_id", "ephemeral_message_id")
# So many whispers to one person wait in a group.
FEW_WHISPERS = 3
# Beside the params of a call, and none of them: no method of Telegram has one like it.
INSTEAD = "@instead"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update in the inbox: `raw` as cut, in JSON; `attempts` includes the one that is about to be made.

    `raw` is empty where its person was forgotten meanwhile, or the keys are not those with which it was kept.
    `received_at` in Unix seconds where it waited in the inbox, None where it has just come.
    """

    update_id: int
    lane: str
    raw: str
    attempts: int
    received_at: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One call in the outbox. `attempts` counts its sendings that may have arrived; edits are not counted.

    `lost`: nobody can read any more what was to be said, because its person was forgotten meanwhile.
    `instead`: what is said where the file that it sends cannot be read any more.
    """

    outbox_id: int
    chat_id: int
    method: str
    params: dict[str, Any]
    note_of: str | None
    once: str | None
    attempts: int
    lost: bool = False
    instead: str | None = None


async def have_key(database: Database, incoming: Incoming) -> None:
    """Have what seals an update: a new key waits for the disk, so it is made before others wait for a transaction."""
    await database.vault.seal(owner_of(incoming.lane), "")


async def put_update(tx: Transaction, bot_id: int, incoming: Incoming, now: int) -> bool:
    """Keep a fresh update; False when it is known already."""
    owner, attempts = owner_of(incoming.lane), incoming.attempts
    raw = await tx.vault.seal(owner, incoming.raw)
    values = {"lane": incoming.lane, "owner_id": owner, "raw": raw, "attempts": attempts, "state": "new"}
    return bool(await SQL.put_update(tx, bot_id=bot_id, update_id=incoming.update_id, received_at=now, **values))


async def put_unreadable(tx: Transaction, bot_id: int, update_id: int, raw: str, now: int) -> bool:
    """Keep what cannot even be read as JSON, set aside from the start; False when it is known already."""
    sealed = await tx.vault.seal(NOBODY, raw)
    values = {"lane": "nobody", "owner_id": NOBODY, "raw": sealed, "attempts": 0, "state": "set_aside"}
    return bool(await SQL.put_update(tx, bot_id=bot_id, update_id=update_id, received_at=now, **values))


async def open_updates(tx: Transaction, bot_id: int) -> list[Incoming]:
    """What was taken in and not handled, in the order it came. `attempts` is the number of those made."""
    rows = await SQL.open_updates(tx, bot_id=bot_id)
    return [await _incoming(tx, row) for row in rows]


async def open_in_lane(tx: Transaction, bot_id: int, lane: str, limit: int) -> list[Incoming]:
    """The first of those that were taken in for one lane and not handled, in the order they came."""
    rows = await SQL.open_in_lane(tx, bot_id=bot_id, lane=lane, limit=limit)
    return [await _incoming(tx, row) for row in rows]


async def count_attempt(tx: Transaction, bot_id: int, update_id: int) -> None:
    """Count a try before it is made."""
    await SQL.count_attempt(tx, bot_id=bot_id, update_id=update_id)


async def end_update(tx: Transaction, bot_id: int, update_id: int) -> bool:
    """Handled, in the transaction of its effects; False when somebody else ended it."""
    return bool(await SQL.end_update(tx, bot_id=bot_id, update_id=update_id))


async def set_aside(tx: Transaction, bot_id: int, update_id: int) -> None:
    """Keep an update that cannot be handled for whoever looks into it."""
    await SQL.set_aside(tx, bot_id=bot_id, update_id=update_id)


async def add(tx: Transaction, outgoing: Outgoing, now: int) -> None:
    """Put one call into the outbox; nothing where its `once` is there already.

    An edit takes the place of those of the same message that still wait, and of the whispers to one person only the
    newest few wait: however fast somebody presses buttons and asks, nobody else in the chat waits for all of that.
    """
    method, params = to_wire(outgoing.method)
    chat_id = params.pop("chat_id", outgoing.chat_id)  # kept in its own column only, because a group may move
    target = _target(params)
    if outgoing.instead:
        params[INSTEAD] = outgoing.instead
    if target and method in RENEWS and not outgoing.note_of:
        await SQL.supersede(tx, chat_id=chat_id, method=method, target=target)
    if WHISPER in params:
        await SQL.hush(tx, chat_id=chat_id, target=target, newest=FEW_WHISPERS - 1)
    owner = chat_id if outgoing.about is None else outgoing.about
    await SQL.add_row(
        tx,
        chat_id=chat_id,
        method=method,
        owner_id=owner,
        payload=await tx.vault.seal(owner, json.dumps(params, ensure_ascii=False)),
        target=target,
        note_of=outgoing.note_of,
        once=outgoing.once,
        created_at=now,
        not_before=now + outgoing.hold if outgoing.hold else 0,
    )


async def chats(tx: Transaction, after: int, now: int) -> tuple[list[int], int]:
    """Chats that something waits for which was added after this row, the longest waiting first; and the newest row."""
    rows = await SQL.chats(tx, after=after, now=now)
    return [row["chat_id"] for row in rows], max((row["newest"] for row in rows), default=after)


async def next_row(tx: Transaction, chat_id: int, now: int) -> Row | None:
    """The next call of one chat."""
    row = await SQL.next_row(tx, chat_id=chat_id, now=now)
    return await _row(tx, row) if row else None


async def mark_attempt(tx: Transaction, row: Row) -> None:
    """Count a sending: before it is made where it must not be made twice, else once its fate is unknown."""
    await SQL.mark_attempt(tx, outbox_id=row.outbox_id)


async def unmark_attempt(tx: Transaction, row: Row) -> None:
    """The try surely did nothing: it may be made again."""
    await SQL.unmark_attempt(tx, outbox_id=row.outbox_id)


async def remove(tx: Transaction, row: Row, now: int) -> None:
    """Sent or given up. A row with `once` leaves its key for a day."""
    if row.once:
        await SQL.bury_row(tx, outbox_id=row.outbox_id, forget_at=now + ONCE_KEPT)
    else:
        await SQL.remove_row(tx, outbox_id=row.outbox_id)


async def waits_for_note(tx: Transaction, generation_id: str) -> bool:
    """Whether something about the note of this generation is still to be sent."""
    return bool(await SQL.waits_for_note(tx, note_of=generation_id))


async def ahead(tx: Transaction, chat_id: int, generation_id: str) -> int:
    """How many calls wait for this chat up to the last one about the note of this generation."""
    waiting: int = await SQL.ahead(tx, chat_id=chat_id, note_of=generation_id)
    return waiting


async def drop_chat(tx: Transaction, chat_id: int) -> int:
    """Give up all calls to a chat that is closed to us; how many they were."""
    dropped: int = await SQL.drop_chat(tx, chat_id=chat_id)
    return dropped


async def pause(tx: Transaction, chat_id: int, until: int) -> None:
    """No call to this chat before `until`, in Unix seconds, even over a restart."""
    await SQL.pause(tx, chat_id=chat_id, until_at=until)


async def pauses(tx: Transaction) -> dict[int, int]:
    """Until when which chat is paused, in Unix seconds."""
    return {row["chat_id"]: row["until_at"] for row in await SQL.pauses(tx)}


async def move_chat(tx: Transaction, before: int, after: int, now: int) -> None:
    """A group became a supergroup: everything that waits for it moves along.

    That the bot has come into the new one may be told before or after that it is the old one.
    """
    await SQL.drop_held(tx, after=after, now=now)
    await SQL.keep_word(tx, after=after, once=hello_key(after), now=now, forget_at=now + ONCE_KEPT)
    await SQL.drop_changes(tx, before=before)
    await SQL.move_pauses(tx, before=before, after=after)
    for statement in (SQL.move_outbox, SQL.move_generations, SQL.move_wishes):
        await statement(tx, before=before, after=after)
    await places.move(tx, before, after)


async def prune(tx: Transaction, now: int) -> bool:
    """Forget what is over: handled updates after eight days, kept keys, ended pauses. Whether there is more of it."""
    pruned: int = await SQL.prune_updates(tx, before=now - INBOX_KEPT, most=PRUNED_AT_ONCE)
    await SQL.forget_buried(tx, now=now)
    await SQL.prune_pauses(tx, now=now)
    return pruned == PRUNED_AT_ONCE


def _target(params: Mapping[str, Any]) -> str | None:
    """What an edit is of, or whom a whisper is for: the rest of what is sealed cannot be searched."""
    if WHISPER in params:
        return json.dumps({WHISPER: params[WHISPER]})
    named = {name: params[name] for name in EDITED if name in params}
    return json.dumps(named) if named else None


async def _incoming(tx: Transaction, row: Mapping[str, Any]) -> Incoming:
    values = dict(row)
    owner = values.pop("owner_id")
    return Incoming(**{**values, "raw": await tx.vault.unseal(owner, values["raw"]) or ""})


async def _row(tx: Transaction, row: Mapping[str, Any]) -> Row:
    payload = await tx.vault.unseal(row["owner_id"], row["payload"])
    params = json.loads(payload) if payload else {}
    instead = params.pop(INSTEAD, None)
    where = {} if "inline_message_id" in params else {"chat_id": row["chat_id"]}
    return Row(
        outbox_id=row["outbox_id"],
        chat_id=row["chat_id"],
        method=row["method"],
        params={**where, **params},
        note_of=row["note_of"],
        once=row["once"],
        attempts=row["attempts"],
        lost=payload is None,
        instead=instead,
    )
