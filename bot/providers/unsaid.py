"""Takes what somebody wished out of what a service says about it: its words go to the log, those of people do not."""

import re
from itertools import chain

from bot.images import ImageRequest

WORD = re.compile(r"\w+")
SHORTEST = 3  # letters; shorter words say nothing about anybody
HIDDEN = "…"
ESCAPED = re.compile(r"\\u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)


def unsaid(said: str, request: ImageRequest) -> str:
    """`said` without any word of the wish. Words that both happen to use are lost with them."""
    said = ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)  # JSON within JSON
    wished = [text for text in (request.prompt, request.negative) if text]
    for text in wished:
        said = said.replace(text, HIDDEN)
    told = set(chain.from_iterable(_words(text) for text in wished))
    return WORD.sub(lambda found: HIDDEN if found[0].casefold() in told else found[0], said)


def _words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.casefold()) if len(word) >= SHORTEST and not word.isdigit()]
