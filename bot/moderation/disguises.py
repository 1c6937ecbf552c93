"""What a word pretends to be: letters of other scripts that look the same, digits in the place of letters. Pure.

A word that mixes scripts, or has digits between its letters, is read in each script it can be read in whole. A word of
one script is what it says where the text is written in that script, so no Russian word of a Russian text is taken for
an English one that looks like it; only among words of another script it may be one of them. Each word has a few
readings at most, so looking at all of them takes as long as the text is long.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from operator import or_
from typing import Final

from bot.moderation.shapes import upright

LATIN, CYRILLIC, GREEK = "LATIN", "CYRILLIC", "GREEK"
# Where their letters stand beyond ASCII: the first and the last of each block.
_BLOCKS: Final = (
    ("\u00c0", "\u024f", LATIN),
    ("\u0370", "\u03ff", GREEK),
    ("\u0400", "\u052f", CYRILLIC),
    ("\u1e00", "\u1eff", LATIN),
    ("\u1f00", "\u1fff", GREEK),
)

# Letters without case that look alike in one of their two forms, as their names in Unicode end: Latin, Cyrillic, Greek.
# Of two rows with the same letter the later one says how it is written.
_ALIKE: Final = """
O BARRED_O THETA | F GHE_WITH_STROKE - | G KOMI_SJE - |
A A ALPHA | B VE BETA | C ES - | E IE EPSILON | H EN ETA | I BYELORUSSIAN-UKRAINIAN_I IOTA | J JE - | K KA KAPPA
M EM MU | N PE - | O O OMICRON | P ER RHO | R GHE - | S DZE - | T TE TAU | V IZHITSA NU | W WE OMEGA | X HA CHI
Y U UPSILON | D KOMI_DE - | L PALOCHKA - | Q QA - | Z - ZETA | U I - | - SOFT_SIGN -
"""


def _letter(script: str, name: str) -> str:
    return "" if name == "-" else unicodedata.lookup(f"{script} SMALL LETTER {name.replace('_', ' ')}")


_ROWS = [
    tuple(map(_letter, (LATIN, CYRILLIC, GREEK), row.split()))
    for row in _ALIKE.replace("\n", "|").split("|")
    if row.strip()
]

# Letters that are others with marks, and which those are. In a word of its own script such a letter is what it is.
_MARKED: Final = [
    (code, ord(parts[0]))
    for code in (*range(0xC0, 0x530), *range(0x1E00, 0x2000))
    if len(parts := unicodedata.normalize("NFD", chr(code))) > 1
]


def _into(script: int, others: tuple[int, ...]) -> dict[int, str]:
    """Letters of the other scripts as this one has them."""
    plain = {ord(row[other]): row[script] for row in _ROWS for other in others if row[other] and row[script]}
    return {code: plain[base] for code, base in _MARKED if base in plain} | plain


_DIGITS: Final[Mapping[str, tuple[dict[int, str], ...]]] = {
    LATIN: tuple(dict(zip(map(ord, "034571"), f"oeast{one}", strict=True)) for one in "il"),
    CYRILLIC: (
        {ord(digit): _letter(CYRILLIC, name) for digit, name in zip("0346", ("O", "ZE", "CHE", "BE"), strict=True)},
    ),
    GREEK: ({ord("0"): _letter(GREEK, "OMICRON")},),
}
_LETTERS: Final = {LATIN: _into(0, (1, 2)), CYRILLIC: _into(1, (0, 2)), GREEK: _into(2, (0, 1))}
# A soft sign looks like a small b, but no b stands for one.
_LETTERS[LATIN][ord(_letter(CYRILLIC, "SOFT_SIGN"))] = "b"


def home_of(words: Iterable[str]) -> str:
    """The script that more than half of the words are in, or nothing. One letter is too few to tell."""
    written = (_scripts(word) for word in words if len(word) > 1)
    counts = Counter(script for scripts in written if len(scripts) == 1 for script in scripts)
    return next((script for script, count in counts.items() if 2 * count > counts.total()), "")


def readings(word: str, home: str = "") -> tuple[str, ...]:
    """A folded word as it is written, and as it may be meant in a text of this script."""
    if word.isascii() and word.isalpha() and home in ("", LATIN):
        return (word,)
    return tuple(dict.fromkeys((word, *_meant(word, home), *upright(word))))


def unmixed(word: str) -> str:
    """A word of a rule in one script, where that is possible: typed with the wrong keyboard it would find little."""
    if len(_scripts(word)) < 2:
        return word
    return next((read for script in _LETTERS if _scripts(read := word.translate(_LETTERS[script])) == {script}), word)


def _meant(word: str, home: str) -> Iterator[str]:
    """What it may be in scripts: in its own and that of the text, and in any of them if it mixes them."""
    scripts = _scripts(word)
    if scripts == {home} and not _has_digits_within(word):
        return
    # A word of one script stays in it, whatever its digits stand for, unless it is a stranger where it is.
    wanted = (scripts | {home}) & _LETTERS.keys() if len(scripts) == 1 else _LETTERS.keys()
    for script in _LETTERS:
        if script in wanted:
            yield from _read_as(word, script)


def _read_as(word: str, script: str) -> Iterator[str]:
    """The word in this script, as often as its digits can be read; nothing where letters of others are left."""
    letters = word.translate(_LETTERS[script])
    if _scripts(letters) != {script}:
        return
    yield letters
    if _has_digits_within(letters):
        yield from (letters[0] + letters[1:-1].translate(digits) + letters[-1] for digits in _DIGITS[script])


def _has_digits_within(word: str) -> bool:
    """Between letters, and not more of them: a number with a letter, or behind a name, is what it says."""
    digits = sum(letter.isdecimal() for letter in word)
    return 0 < digits <= len(word) - digits and word[0].isalpha() and word[-1].isalpha()


def _scripts(word: str) -> frozenset[str]:
    """The scripts of its letters, as far as they are of those that look alike."""
    return reduce(or_, map(_script, word), frozenset())


@lru_cache(4096)
def _script(letter: str) -> frozenset[str]:
    if letter.isascii():
        return frozenset({LATIN}) if letter.isalpha() else frozenset()
    return next((frozenset({script}) for first, last, script in _BLOCKS if first <= letter <= last), frozenset())
