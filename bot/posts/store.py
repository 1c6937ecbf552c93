"""Rows of drafts and of the channels that the bot was brought into. Every function takes the open transaction first."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bot.posts.rules import Asked, Post, State
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import sealed, unsealed

SQL = load(Path(__file__).with_name("store.sql"))

# The `once` of a question about a draft begins so; the id of the draft stands behind it.
QUESTION = "question"
# Numbers of channels and supergroups lie below this one.
FAR = -1_000_000_000_000
# Kept so that only the keys of its person read them.
SEALED = frozenset(("title", "caption", "entities", "signature"))


async def insert(tx: Transaction, post: Post) -> bool:
    """Add a draft; False where its picture has one already."""
    return bool(await SQL.insert(tx, **await sealed(tx, post.user_id, _values(post), SEALED)))


async def get(tx: Transaction, post_id: str) -> Post | None:
    """Any draft."""
    row = await SQL.get(tx, post_id=post_id)
    return await _post(tx, row) if row else None


async def get_owned(tx: Transaction, post_id: str, user_id: int) -> Post | None:
    """A draft of this person."""
    row = await SQL.get_owned(tx, post_id=post_id, user_id=user_id)
    return await _post(tx, row) if row else None


async def change(tx: Transaction, post: Post, now: int, **changes: Any) -> Post | None:
    """The draft with these changes; None, and nothing changed, where it is not in the state of `post` any more."""
    if "asked" in changes:  # the question that was asked is over
        changes["question_id"] = None
    changed = replace(post, changed_at=now, **changes)
    values = _values(changed)
    for fixed in ("user_id", "chat_id", "title", "created_at"):
        del values[fixed]
    values = await sealed(tx, post.user_id, values, SEALED)
    return changed if await SQL.change(tx, before=post.state.value, **values) else None


async def set_question(tx: Transaction, post_id: str, message_id: int) -> bool:
    """Remember the message that asks. False: no answer is waited for any more."""
    post = await get(tx, post_id)
    if post is None or post.asked is None:
        return False
    asked = replace(post, question_id=message_id)
    return bool(await SQL.set_question(tx, post_id=post_id, before=post.asked.value, asked=_asked(asked)))


async def last_draft(tx: Transaction, chat_id: int, user_id: int, now: int) -> int | None:
    """When a person last began a draft for a channel, in Unix seconds."""
    found: int | None = await SQL.last_draft(tx, chat_id=chat_id, user_id=user_id, now=now)
    return found


async def prune(tx: Transaction, before: int) -> None:
    """Forget drafts to which nothing happened since."""
    await SQL.prune(tx, before=before)


async def note_channel(tx: Transaction, chat_id: int, added_by: int, now: int) -> None:
    """Remember a channel in which the bot may post, and who made it so."""
    await SQL.note_channel(tx, chat_id=chat_id, added_by=added_by, noted_at=now)


async def added_by(tx: Transaction, chat_id: int) -> int | None:
    """Who made the bot an admin of a channel; None where that is not known."""
    found: int | None = await SQL.added_by(tx, chat_id=chat_id)
    return found


async def drop_channel(tx: Transaction, chat_id: int) -> None:
    """The bot may not post there any more."""
    await SQL.drop_channel(tx, chat_id=chat_id)


async def candidates(tx: Transaction, user_id: int, most: int) -> list[int]:
    """Channels that may be of this person, the likeliest first: Telegram must be asked about each."""
    return [row["chat_id"] for row in await SQL.candidates(tx, user_id=user_id, below=FAR, most=most)]


def _values(post: Post) -> dict[str, Any]:
    values = {field.name: getattr(post, field.name) for field in fields(post)}
    entities = json.dumps(post.entities, ensure_ascii=False) if post.entities else None
    del values["question_id"]
    return values | {"entities": entities, "state": post.state.value, "asked": _asked(post)}


def _asked(post: Post) -> str | None:
    """What is asked for, and the number of the message that asks, in one column: `caption:123`."""
    return f"{post.asked}:{post.question_id}" if post.asked and post.question_id else post.asked and post.asked.value


async def _post(tx: Transaction, row: Mapping[str, Any]) -> Post:
    values = await unsealed(tx, row["user_id"], row, SEALED)
    values |= {"title": values["title"] or "", "caption": values["caption"] or ""}
    values["entities"] = tuple(json.loads(values["entities"] or "[]"))
    values["state"] = State(values["state"])
    asked, _, question = (values["asked"] or "").partition(":")
    values |= {"asked": Asked(asked) if asked else None, "question_id": int(question) if question else None}
    return Post(**values)
