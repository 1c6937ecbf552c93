"""Letters drawn in another shape: small capitals, emblems of letters, letters upside down. Pure.

Most shapes (wide, bold, circled, raised) are compatible forms, which Unicode undoes. For the rest it gives no
decomposition, only a name that tells the letter: tables are made of these names, so there are no lists of letters here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_SMALL: Final = re.compile("(LATIN|GREEK|CYRILLIC) LETTER SMALL CAPITAL (.+)")
_EMBLEM: Final = re.compile(
    "(?:(?:PARENTHESIZED|(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED)) (LATIN) (?:CAPITAL|SMALL)"
    "|(REGIONAL) INDICATOR SYMBOL) LETTER ([A-Z])"
)
_TURNED: Final = re.compile("LATIN SMALL LETTER TURNED ([A-Z])")
# Where such letters stand: phonetic and later Latin ones; parenthesized, circled, squared, regional ones.
_PHONETIC: Final = (range(0x0180, 0x02B0), range(0x1D00, 0x1DC0), range(0xA720, 0xA800))
_ENCLOSED: Final = (range(0x249C, 0x24EA), range(0x1F110, 0x1F200))


def _named(form: re.Pattern[str], blocks: Iterable[range]) -> Iterator[tuple[int, re.Match[str]]]:
    """Letters whose whole name has this form."""
    for code in (code for block in blocks for code in block):
        if match := form.fullmatch(unicodedata.name(chr(code), "")):
            yield code, match


def _plain(script: str, name: str) -> str:
    """The letter of this name, or nothing: some small capitals have no plain form."""
    try:
        return unicodedata.lookup(f"{script} SMALL LETTER {name}")
    except KeyError:
        return ""


_SMALL_CAPITALS: Final = {
    code: letter for code, match in _named(_SMALL, _PHONETIC) if (letter := _plain(match[1], match[2]))
}
_EMBLEMS: Final = {code: match[3].lower() for code, match in _named(_EMBLEM, _ENCLOSED)}
# Some letters upside down are known by another name.
_STAND_INS: Final = {
    "LATIN SMALL LETTER OPEN O": "c",
    "LATIN SMALL LETTER DOTLESS J WITH STROKE": "f",
    "LATIN SMALL LETTER B WITH TOPBAR": "g",
    "LATIN SMALL LETTER R WITH FISHHOOK": "j",
}
_UPSIDE_DOWN: Final = {code: match[1].lower() for code, match in _named(_TURNED, _PHONETIC)} | {
    ord(unicodedata.lookup(name)): letter for name, letter in _STAND_INS.items()
}
# Others are letters of their own, and tell nothing: a Turkish word with a dotless i stands upright.
_TURNED_AROUND: Final = _UPSIDE_DOWN | str.maketrans("bqdpnu\N{LATIN SMALL LETTER DOTLESS I}", "qbpduni")


def without_small_capitals(text: str) -> str:
    """With each small capital as the letter that it is."""
    return text if text.isascii() else text.translate(_SMALL_CAPITALS)


def spelled_out(text: str) -> str:
    """With each emblem of a letter, as flags are made of, as that letter."""
    return text if text.isascii() else text.translate(_EMBLEMS)


def upright(word: str) -> tuple[str, ...]:
    """A word that has letters upside down, put right where they stand, and turned around as a whole; or nothing."""
    turned = word.translate(_UPSIDE_DOWN)
    return () if turned == word else (turned, word.translate(_TURNED_AROUND)[::-1])
