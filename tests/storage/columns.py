"""What every column of every table holds of people: whoever adds one says it here, and tests of forgetting use it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOW = 1_800_000_000
DAY = "2027-01-15"
GROUP = -1_002_003_004_005


@dataclass(frozen=True)
class Number:
    """The number of the person, as it is."""


@dataclass(frozen=True)
class Words:
    """What they wrote, or what leads to them or to a picture; `form` holds it, {} where it stands."""

    form: str = "{}"


@dataclass(frozen=True)
class Mention:
    """Text with the number in it, in the place of {}."""

    form: str


@dataclass(frozen=True)
class Own:
    """A name of a thing of theirs that names nobody: different for each person, and it may stay."""

    form: str


WHO, WORDS = Number(), Words()
PICTURE = Own("picture{}")

ROWS: Mapping[str, Mapping[str, Any]] = {
    "inbox": {
        "bot_id": 7,
        "update_id": WHO,  # only so that it differs: see DIFFER
        "lane": Mention("user:{}"),
        "received_at": NOW,
        "raw": WORDS,
        "state": "set_aside",
        "attempts": 1,
        "owner_id": WHO,
    },
    "outbox": {
        "outbox_id": None,
        "chat_id": WHO,
        "method": "sendMessage",
        "payload": WORDS,
        "note_of": None,
        "once": Mention("banned:{}:0"),
        "attempts": 0,
        "not_before": 0,
        "created_at": NOW,
        "owner_id": WHO,
        "target": Mention('{{"receiver_user_id": {}}}'),
    },
    "pauses": {"chat_id": WHO, "until_at": NOW},
    "users": {
        "user_id": WHO,
        "language": "ru",
        "client_language": "ru",
        "model": "fake/plain",
        "ratio": "1:1",
        "as_file": 0,
        "plain_text": 1,
        "member": 1,
        "banned": 1,
        "gone": 0,
        "created_at": NOW,
        "moderator": 1,
        "banned_until": NOW + 60,
        "daily": 5,
        "talked_at": NOW,
        "news": 1,
        "preset": WORDS,
    },
    "balances": {"user_id": WHO, "day": DAY, "daily": 2, "kept": 4, "held": 0},
    "entries": {
        "source": Mention(f"daily:{{}}:{DAY}"),
        "kind": "grant",
        "user_id": WHO,
        "day": DAY,
        "daily": 5,
        "kept": 0,
        "at": NOW,
    },
    "wishes": {
        "wish_id": PICTURE,
        "user_id": WHO,
        "chat_id": WHO,
        "thread_id": None,
        "message_id": 5,
        "wish": WORDS,
        "created_at": NOW,
    },
    "generations": {
        "generation_id": PICTURE,
        "request_key": Mention("msg:{}:5:0"),
        "user_id": WHO,
        "chat_id": WHO,
        "thread_id": 77_001,
        "message_id": 77_002,
        "note_id": 77_003,
        "parent_id": WORDS,
        "action": WORDS,
        "model": "fake/plain",
        "prompt": WORDS,
        "negative": WORDS,
        "ratio": "1:1",
        "seed": 77_004,
        "variation": 77_005,
        "price": 3,
        "status": "delivered",
        "cause": None,
        "error_id": WORDS,
        "fenced": 0,
        "created_at": NOW,
        "started_at": NOW,
        "ended_at": NOW,
        "draw_ms": 900,
        "shown_as": "photo",
        "file_id": WORDS,
        "original_id": WORDS,
        "width": 8,
        "height": 8,
        "deleted_at": None,
        "wished": WORDS,
        "sources": WORDS,
        "public_link": WORDS,
        "public_id": Own("remote{}"),  # taken back by a job that names it
        "interrupted": 0,
        "inline_id": WORDS,
        "payer_id": None,
        "spoiler": 0,
        "favorite_at": NOW,
        "tries": 1,
        "style": WORDS,
    },
    "shelf": {
        "generation_id": PICTURE,
        "file": Words("{}.png"),
        "format": "png",
        "width": 8,
        "height": 8,
        "size": 9,
        "transparent": 0,
        "shelved_at": NOW,
        "kept_until": None,
        "original": Words("{}-original.png"),
        "key": WORDS,
    },
    "jobs": {
        "job_id": None,
        "kind": "expire",
        "subject": PICTURE,
        "lane": Mention("user:{}"),
        "due_at": NOW,
        "attempts": 0,
        "leased_until": None,
        "remote_id": WORDS,
    },
    "lanes": {"lane": Mention("user:{}"), "served": 1},
    "audit": {
        "audit_id": None,
        "at": NOW,
        "admin_id": 1,
        "action": "ban",
        "subject": Mention("{}"),
        "detail": WORDS,
        "reason": WORDS,
    },
    "asks": {
        "ask_id": PICTURE,
        "admin_id": 1,
        "action": "ban",
        "subject": Mention("{}"),
        "detail": WORDS,
        "reason": WORDS,
        "asked_at": NOW,
    },
    "posts": {
        "post_id": PICTURE,
        "user_id": WHO,
        "chat_id": GROUP,
        "title": WORDS,
        "caption": WORDS,
        "entities": WORDS,
        "signature": WORDS,
        "state": "draft",
        "asked": None,
        "due_at": None,
        "message_id": 77_006,
        "link": WORDS,
        "created_at": NOW,
        "changed_at": NOW,
    },
    "channels": {"chat_id": Number(), "added_by": WHO, "noted_at": NOW},
    "broadcasts": {
        "broadcast_id": PICTURE,
        "admin_id": WHO,
        "panel_id": 77_007,
        "letter": WORDS,
        "days": 0,
        "language": "",
        "state": "draft",
        "created_at": NOW,
        "started_at": None,
        "ended_at": None,
        "told_at": 0,
        "total": 0,
        "passed_id": 0,
        "troubles": 0,
        "delivered": 0,
        "blocked": 0,
        "failed": 0,
        "unknown": 0,
    },
    "broadcast_people": {"broadcast_id": "other", "user_id": WHO, "outcome": "later", "tries": 0},
    "blocked": {"block_id": None, "rule": Own("rule {}"), "places": "private", "admin_id": WHO, "at": NOW},
    "strikes": {"strike_key": Mention("msg:{}:9"), "user_id": WHO, "at": NOW},
    "reviews": {
        "generation_id": Own("elsewhere{}"),
        "reporter_id": WHO,
        "reported_at": NOW,
        "verdict": "allow",
        "moderator_id": WHO,
        "decided_at": NOW,
    },
    "provider_switches": {"name": Own("service{}"), "state": "off", "changed_at": NOW, "changed_by": WHO},
    "own_prices": {"model": Own("service/{}"), "price": 3, "set_at": NOW, "set_by": WHO},
    "own_presets": {
        "name": Own("look{}"),
        "words": Own("in oils {}"),
        "negative": None,
        "ratio": "3:4",
        "model": "fake/plain",
        "set_at": NOW,
        "set_by": WHO,
    },
}

# Tables in which nothing is about people.
NOBODY = {
    "alembic_version": {"version_num"},
    "spending": {"provider", "day", "credits"},
    "incidents": {"provider", "cause", "opened_at", "works_since"},
    "modes": {"name", "since"},
    "chats": {
        *("chat_id", "allowed", "admins_only", "models", "ceiling", "spoiler", "thread_id", "tidy", "gap"),
        *("quiet_from", "quiet_to", "zone", "language", "pot_id", "share", "signature", "daily"),
    },
    # By marks.
    "forgotten": {"mark", "forgotten_at", "day", "daily", "banned", "banned_until", "own"},
}
