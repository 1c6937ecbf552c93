"""What a word pretends to be: letters of other scripts that look the same, and digits in the place of letters. Pure.

Only within a word that mixes scripts, or has digits between its letters: a word of one script is what it says, so no
Russian word is taken for an English one that looks like it. Each word has a few readings at most, so looking at all of
them takes as long as the text is long.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Final

LATIN, CYRILLIC, GREEK = "LATIN", "CYRILLIC", "GREEK"

# Letters without case that look alike in one of their two forms, as their names in Unicode end: Latin, Cyrillic, Greek.
_ALIKE: Final = """
A A ALPHA | B VE BETA | C ES - | E IE EPSILON | H EN ETA | I BYELORUSSIAN-UKRAINIAN_I IOTA | J JE - | K KA KAPPA
M EM MU | N PE - | O O OMICRON | P ER RHO | R GHE - | S DZE - | T TE TAU | V IZHITSA NU | W WE OMEGA | X HA CHI
Y U UPSILON | D KOMI_DE - | L PALOCHKA - | Q QA - | Z - ZETA | U I - | - SOFT_SIGN -
"""


def _letter(script: str, name: str) -> str:
    return "" if name == "-" else unicodedata.lookup(f"{script} SMALL LETTER {name.replace('_', ' ')}")


_ROWS = [
    tuple(map(_letter, (LATIN, CYRILLIC, GREEK), row.split())) for row in _ALIKE.strip().replace("\n", "|").split("|")
]


def _into(script: int, others: tuple[int, ...]) -> dict[int, str]:
    """Letters of the other scripts as this one has them."""
    return {ord(row[other]): row[script] for row in _ROWS for other in others if row[other] and row[script]}


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


def readings(word: str) -> tuple[str, ...]:
    """A folded word as it is written, and as it may be meant."""
    if word.isalpha() and word.isascii():
        return (word,)
    scripts = _scripts(word)
    if len(scripts) == 1 and not _has_digits_within(word):
        return (word,)
    # A word of one script stays in it, whatever its digits stand for.
    wanted = scripts if len(scripts) == 1 else _LETTERS
    found = (each for script in wanted for each in _read_as(word, script))
    return tuple(dict.fromkeys((word, *found)))


def unmixed(word: str) -> str:
    """A word of a rule in one script, where that is possible: typed with the wrong keyboard it would find little."""
    if len(_scripts(word)) < 2:
        return word
    return next((read for script in _LETTERS if _scripts(read := word.translate(_LETTERS[script])) == {script}), word)


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


def _scripts(word: str) -> set[str]:
    """The scripts of its letters, as far as they are of those that look alike."""
    return reduce(or_, map(_script, word), set())


def _script(letter: str) -> set[str]:
    if letter.isascii():
        return {LATIN} if letter.isalpha() else set()
    if "\u0370" <= letter <= "\u03ff":
        return {GREEK}
    if "\u0400" <= letter <= "\u052f":
        return {CYRILLIC}
    return {LATIN} if "\u00c0" <= letter <= "\u024f" else set()
