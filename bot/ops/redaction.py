"""Takes secrets out of a text, whoever wrote it. Linear in the length of the text."""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

HIDDEN = "[hidden]"

# Shorter values are words, such as a service's public key `openai`; hiding them would hide plain text.
SHORTEST = 8

# What a secret looks like when nobody told us of it: bot tokens, bearer and `sk-` keys, passwords in addresses.
SHAPES = re.compile(
    r"(?<!\d)\d{6,20}:[A-Za-z0-9_-]{30,128}"
    r"|(?<=[Bb]earer )[^\s\"',]{8,512}"
    r"|\bsk-[A-Za-z0-9_-]{16,256}"
    r"|(?<=://)[^\s/:@\"]{1,128}:[^\s/@\"]{1,256}(?=@)"
)


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that hides these values, in any spelling that an error text may give them, and secret shapes."""
    spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
    longest_first = sorted(spellings, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def redact(text: str) -> str:
        return SHAPES.sub(HIDDEN, known.sub(HIDDEN, text) if known else text)

    return redact


def _spellings(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
