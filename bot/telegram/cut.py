"""Makes a raw update small and harmless before anything else looks at it.

Only the fields that the bot reads are kept. aiogram needs 0.6 s for a `rich_message` nested four deep and minutes for
six levels, so such fields must never reach it. Numbers that fit no column and characters that fit no text are
replaced on the way.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

# A table says which fields of an object are kept; `...` keeps a value as it is, for a few levels.
Table = Mapping[str, Any]

DEPTH = 6
MOST_ITEMS = 200
INT64 = 2**63

USER: Table = dict.fromkeys(("id", "is_bot", "first_name", "last_name", "username", "language_code"), ...)
CHAT: Table = dict.fromkeys(("id", "type", "title", "username", "first_name", "last_name", "is_forum"), ...)
FILE: Table = dict.fromkeys(
    ("file_id", "file_unique_id", "file_size", "width", "height", "file_name", "mime_type"), ...
)
ENTITY: Table = {
    **dict.fromkeys(("type", "offset", "length", "url", "language"), ...),
    **dict.fromkeys(("custom_emoji_id", "unix_time", "date_time_format"), ...),
    "user": USER,
}

QUOTED: Table = {
    **dict.fromkeys(("message_id", "message_thread_id", "is_topic_message", "date", "text", "caption"), ...),
    **dict.fromkeys(("media_group_id", "edit_date", "ephemeral_message_id"), ...),
    **dict.fromkeys(("has_media_spoiler", "show_caption_above_media", "link_preview_options"), ...),
    **dict.fromkeys(("from", "via_bot", "receiver_user"), USER),
    **dict.fromkeys(("chat", "sender_chat"), CHAT),
    **dict.fromkeys(("entities", "caption_entities"), ENTITY),
    **dict.fromkeys(("photo", "document"), FILE),
}
MESSAGE: Table = {
    **QUOTED,
    "reply_to_message": QUOTED,
    "forward_origin": {
        **dict.fromkeys(("type", "date", "sender_user_name", "message_id", "author_signature"), ...),
        "sender_user": USER,
        **dict.fromkeys(("chat", "sender_chat"), CHAT),
    },
    **dict.fromkeys(("migrate_to_chat_id", "migrate_from_chat_id"), ...),
}
PRESS: Table = {
    **dict.fromkeys(("id", "chat_instance", "data", "inline_message_id"), ...),
    "from": USER,
    # What a button says is of no interest, but no button is without words.
    "message": {**QUOTED, "reply_markup": {"inline_keyboard": dict.fromkeys(("text", "callback_data"), ...)}},
}
REACTION: Table = {
    **dict.fromkeys(("message_id", "date", "old_reaction", "new_reaction"), ...),
    "user": USER,
    **dict.fromkeys(("chat", "actor_chat"), CHAT),
}
MEMBERSHIP: Table = {
    "date": ...,
    "from": USER,
    "chat": CHAT,
    # Whole: which rights must be told differs from one status to the other, and all of them are flat.
    **dict.fromkeys(("old_chat_member", "new_chat_member"), ...),
}
TYPED: Table = {**dict.fromkeys(("id", "query", "offset", "chat_type"), ...), "from": USER}
CHOSEN: Table = {**dict.fromkeys(("result_id", "inline_message_id", "query"), ...), "from": USER}
UPDATE: Table = {
    "update_id": ...,
    **dict.fromkeys(("message", "edited_message", "channel_post", "edited_channel_post"), MESSAGE),
    "guest_message": {**MESSAGE, "guest_query_id": ...},
    "callback_query": PRESS,
    "message_reaction": REACTION,
    "inline_query": TYPED,
    "chosen_inline_result": CHOSEN,
    "my_chat_member": MEMBERSHIP,
}

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def parse(body: bytes) -> Any:
    """Read JSON from outside. Whole numbers beyond 64 bits, NaN and infinity become None.

    Raises ValueError, also for what is nested too deep.
    """
    try:
        return json.loads(body, parse_int=_whole, parse_float=_fraction, parse_constant=_nothing)
    except RecursionError:
        raise ValueError("nested too deep") from None


def cut(update: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an update that the bot reads, free of what no database or model takes."""
    return _object(update, UPDATE)


def lane(update: Mapping[str, Any]) -> str:
    """Whose turn an update is: those of one person, or of one chat where nobody speaks, are handled in order."""
    for event in update.values():
        if isinstance(event, Mapping):
            for kind, key in (("user", "from"), ("user", "user"), ("chat", "chat")):
                who = event.get(key)
                if isinstance(who, Mapping) and isinstance(who.get("id"), int):
                    return f"{kind}:{who['id']}"
    return "nobody"


def _object(value: Mapping[str, Any], table: Table) -> dict[str, Any]:
    return {key: _value(value[key], spec) for key, spec in table.items() if key in value}


def _value(value: Any, spec: Any) -> Any:
    if spec is ...:
        return _plain(value, DEPTH)
    if isinstance(value, list):
        return [_value(item, spec) for item in value[:MOST_ITEMS]]
    return _object(value, spec) if isinstance(value, dict) else None


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (dict, list)):
        return _nested(value, depth - 1) if depth else None
    return value


def _nested(value: Any, depth: int) -> Any:
    if isinstance(value, list):
        return [_plain(item, depth) for item in value[:MOST_ITEMS]]
    return {_text(key): _plain(item, depth) for key, item in value.items()}


def _text(value: str) -> str:
    # One replacement for one unit: the offsets of entities stay right.
    return _UNFIT.sub("\ufffd", value) if not value.isascii() or "\x00" in value else value


def _whole(digits: str) -> int | None:
    if len(digits) > 20:
        return None
    number = int(digits)
    return number if -INT64 <= number < INT64 else None


def _fraction(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) < INT64 else None


def _nothing(_: str) -> None:
    return None
