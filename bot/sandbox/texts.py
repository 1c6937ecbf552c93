"""Texts as the server treats them: lengths in UTF-16 units, trimmed ends, entities found in plain words."""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.errors import wrong_call

Entity = dict[str, Any]

FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)])"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{2,31})\b"
    r"|(?<![\w#])(?P<hashtag>#(?=\w*[^\W\d])\w+)"
)
# Kinds that may lie around other entities.
AROUND = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"})
HINTS = ("/", "@", "#", "http")


def utf16_len(text: str) -> int:
    """How long Telegram thinks the text is: letters beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The part of the text that an entity covers; both numbers in UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """What is kept of a text that was sent: ends trimmed, given entities checked, further ones found.

    Raises ApiError for an entity that reaches beyond the text.
    """
    _check(text, entities)
    trimmed = text.rstrip()
    lead = len(trimmed) - len(trimmed.lstrip())
    trimmed = trimmed[lead:]
    size = utf16_len(trimmed)
    kept = [fitted for entity in entities if (fitted := _fit(entity, lead, size))]
    free = [found for found in find(trimmed) if not any(_overlap(found, entity) for entity in kept)]
    return trimmed, sorted([*kept, *free], key=lambda entity: (entity["offset"], -entity["length"]))


def find(text: str) -> Iterator[Entity]:
    """Commands, mentions, hashtags and addresses in plain words."""
    if not any(hint in text for hint in HINTS):
        return
    for match in FOUND.finditer(text):
        words = match[0]
        yield {"type": match.lastgroup, "offset": utf16_len(text[: match.start()]), "length": utf16_len(words)}


def commands(text: str, entities: list[Entity]) -> list[str]:
    """The commands in a text, with their slash and address: `/imagine@painter_bot`."""
    return [cut(text, one["offset"], one["length"]) for one in entities if one["type"] == "bot_command"]


def mentions(text: str, entities: list[Entity]) -> list[str]:
    """The user names in a text, with their @ sign."""
    return [cut(text, one["offset"], one["length"]) for one in entities if one["type"] == "mention"]


def _check(text: str, entities: list[Entity]) -> None:
    size = utf16_len(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > size:
            raise wrong_call(f"can't parse entities: entity {entity['type']} reaches beyond the text")


def _fit(entity: Entity, lead: int, size: int) -> Entity | None:
    start = max(0, entity["offset"] - lead)
    end = min(size, entity["offset"] + entity["length"] - lead)
    return {**entity, "offset": start, "length": end - start} if end > start else None


def _overlap(one: Entity, other: Entity) -> bool:
    if other["type"] in AROUND:
        return False
    before = one["offset"] + one["length"] <= other["offset"]
    after = other["offset"] + other["length"] <= one["offset"]
    return not before and not after
