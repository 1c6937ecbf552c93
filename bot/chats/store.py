"""Rows of groups and channels. Every function takes the open transaction first."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.chats.rules import Chat
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import sealed, unsealed

SQL = load(Path(__file__).with_name("store.sql"))

# Kept so that only the keys of the chat read it.
SEALED = frozenset(("signature",))


async def get(tx: Transaction, chat_id: int) -> Chat:
    """What was chosen for a chat; one that nobody has written about yet is as they all begin."""
    row = await SQL.get(tx, chat_id=chat_id)
    return await _chat(tx, row) if row else Chat(chat_id)


async def change(tx: Transaction, chat_id: int, **fields: Any) -> Chat:
    """Keep what was chosen, and return all of it."""
    await SQL.add(tx, chat_id=chat_id)
    chat = replace(await _chat(tx, await SQL.lock(tx, chat_id=chat_id)), **fields)
    await _put(tx, chat)
    return chat


async def lock(tx: Transaction, chat_id: int) -> None:
    """Let nobody else count what is left here until this transaction ends."""
    await SQL.lock(tx, chat_id=chat_id)


async def move(tx: Transaction, before: int, after: int) -> None:
    """A group became a supergroup: what was chosen for it, and its pot, go along."""
    row = await SQL.get(tx, chat_id=before)
    if row is None:
        return
    await SQL.drop(tx, chat_id=before)
    await SQL.add(tx, chat_id=after)
    # A topic of the old group would be another one, or none, in the new.
    await _put(tx, replace(await _chat(tx, row), chat_id=after, thread_id=None))


async def last_wish(tx: Transaction, chat_id: int, user_id: int, now: int) -> int | None:
    """When a person last wished for a picture in a chat, in Unix seconds."""
    found: int | None = await SQL.last_wish(tx, chat_id=chat_id, user_id=user_id, now=now)
    return found


async def taken(tx: Transaction, pot_id: int, user_id: int, day: str) -> int:
    """How many credits of a pot a member has had on a day of its account."""
    return int(await SQL.taken(tx, pot_id=pot_id, user_id=user_id, day=day))


async def was_forgotten(tx: Transaction, user_id: int, day: str) -> bool:
    """Whether somebody was forgotten on a day, and what they had of a pot on it with them."""
    if not await SQL.count_forgotten(tx, day=day):
        return False
    return bool(await SQL.was_forgotten(tx, mark=await tx.vault.mark(user_id), day=day))


async def spent_since(tx: Transaction, chat_id: int, since: int) -> int:
    """What the pictures cost, in credits, that were asked for in a chat and did not fail. `since` in Unix seconds."""
    return int(await SQL.spent_since(tx, chat_id=chat_id, since=since))


async def _put(tx: Transaction, chat: Chat) -> None:
    values = asdict(chat)
    values["models"] = json.dumps(chat.models) if chat.models else None
    await SQL.put(tx, **await sealed(tx, chat.chat_id, values, SEALED))


async def _chat(tx: Transaction, row: Mapping[str, Any]) -> Chat:
    values = await unsealed(tx, row["chat_id"], row, SEALED)
    for switch in ("admins_only", "spoiler", "tidy"):
        values[switch] = bool(values[switch])
    values["allowed"] = None if values["allowed"] is None else bool(values["allowed"])
    values["models"] = tuple(json.loads(values["models"])) if values["models"] else None
    return Chat(**values)
