"""Words that may not be asked for: how they are written, and how they are found. Pure: no I/O, no clock.

A rule is a word or a few words in a row; in each of them `*` stands for any letters of that word. Nothing goes back in
the text: an automaton (Aho and Corasick's) walks along it once, and looks closer only where a rule may begin.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from bot.errors import UserError
from bot.moderation.disguises import home_of, readings, unmixed
from bot.moderation.shapes import spelled_out, without_small_capitals

# Letters and words of one rule, and rules altogether.
LONGEST = 80
MOST_WORDS = 8
MOST_RULES = 2000
# Letters in a row that a rule needs, or it would be looked at everywhere. From here on one letter is a word.
SHORTEST = 2
# So many letters one by one, or parted by marks, may be a word that is spelled: fewer are initials, or short for words.
SPELLED = 3
IDEOGRAPHS = "\u2e80"

# So many refusals within a day (seconds), and nothing is drawn for an hour from the last one on.
MOST_STRIKES = 5
STRIKES_COUNT = 24 * 3600
PAUSE = 3600

# The jobs that bring pictures to those who decide about them; their subject is the id of a generation.
LOOK = "review"
# Their lanes: one question at a time, because those who are asked can be written to once a second.
REPORTED, HELD = f"{LOOK}:reported", f"{LOOK}:held"
# Who reports a picture of which the service that judges words is not sure: nobody has this number.
JUDGE = 0

# What shows nothing and may stand between letters: fillers that count as letters, and selectors. The rest are formats.
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
ANY = "*"
# Above these letters (Latin, Greek, Cyrillic) a mark that makes no letter of its own with them is an ornament.
MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
ORNATE = re.compile(f"([0-9a-z\u00df-\u02af\u0370-\u052f\u1e00-\u1fff])[{MARKS}]+")
# Each of these signs is a whole sentence: a message full of them would be eighteen times as long to look through.
SENTENCES = str.maketrans("\ufdfa\ufdfb", "  ")
# Behind these a new word begins even without a space: he'll is no hell.
APART = re.compile("[\\s'`\u00b4\u02bc\u2018\u2019]+")
# What is left of a word behind an apostrophe is no letter by itself: "she'd, i.e. Ann" spells nothing.
CLIPPED = re.compile("(?<=[^\\W_]{2})['`\u00b4\u02bc\u2018\u2019][^\\W_](?![^\\W_])")
YO = str.maketrans("\N{CYRILLIC SMALL LETTER IO}", "\N{CYRILLIC SMALL LETTER IE}")


class Kind(StrEnum):
    """The kinds of chats that lists are kept for. A draft for a channel belongs to its channel."""

    PRIVATE = "private"
    GROUPS = "groups"
    CHANNELS = "channels"
    INLINE = "inline"


EVERYWHERE = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Judging:
    """How to ask a service about words: `url` ends before `/moderations`. `waits`: without it nothing is drawn.

    A score from `look_from` on is drawn and looked at before it is shown, one from `refuse_from` on is refused.
    """

    url: str
    key: str = field(repr=False)
    model: str
    waits: bool
    look_from: float = 1.0
    refuse_from: float = 1.0


class BadRule(UserError):
    """These words are no rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words in a row as they are looked for: folded, each with `*` for any letters."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)

    @property
    def key(self) -> tuple[int, str]:
        """The longest letters in a row, and in which of the words they stand."""
        pieces = [(at, piece) for at, word in enumerate(self.words) for piece in word.split(ANY)]
        return max(pieces, key=lambda piece: len(piece[1]))

    @property
    def glued(self) -> str:
        """Its words without anything between them."""
        return "".join(self.words)

    def fits(self, words: Sequence[Sequence[str]], at: int) -> bool:
        """Whether it stands in a text from this word on; each word in all of its readings."""
        here = words[at : at + len(self.words)] if at >= 0 else ()
        return len(here) == len(self.words) and all(map(_alike_in_one, self.words, here))


def rule_of(typed: str) -> Rule:
    """What somebody typed as a rule. Raises BadRule."""
    rule = Rule(tuple(unmixed(_tidied(word)) for word in _words(folded(spelled_out(typed)), ANY)))
    if not rule.words:
        raise BadRule("moderation-no-words")
    if len(str(rule)) > LONGEST or len(rule.words) > MOST_WORDS:
        raise BadRule("moderation-too-long", letters=LONGEST, words=MOST_WORDS)
    _, letters = rule.key
    is_wide = any(ANY in word for word in rule.words) and len(letters) < SHORTEST and letters < IDEOGRAPHS
    if is_wide or ANY in rule.words:
        raise BadRule("moderation-too-wide")
    return rule


def folded(text: str) -> str:
    """The text as it is compared: compatible forms as one, no case, nothing invisible (Unicode 3.13, D146).

    Nothing struck through either, and no stress. The Russian letter yo counts as ye, as most people write it.
    """
    text = _visible(unicodedata.normalize("NFD", _visible(text.translate(SENTENCES))).casefold())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = without_small_capitals(unicodedata.normalize("NFKC", text))
    return ORNATE.sub(r"\1", _visible(text)).translate(YO)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return list(_words(folded(text)))


def alike(pattern: str, word: str) -> bool:
    """Whether a word is what a pattern of letters and `*` says. Each piece is taken at its first place: that is enough.

    Both ends of the pattern are bound, and what stands between them has to follow in its order.
    """
    first, *middle = pattern.split(ANY)
    if not middle:
        return pattern == word
    last = middle.pop()
    if len(word) < len(first) + len(last) or not (word.startswith(first) and word.endswith(last)):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in middle:
        found = word.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


class BlockList:
    """Rules that are looked for together."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fail = [0]
        self._found: list[tuple[Rule, ...]] = [()]
        for rule in rules:
            self._add(rule)
        self._link()

    def find(self, text: str) -> Rule | None:
        """The first rule that stands in a text."""
        if not self._next[0]:
            return None
        # An emblem is a letter of its word or stands beside it: both are looked at.
        views = dict.fromkeys((text, spelled_out(text)))
        return next((rule for view in views for rule in self._standing(folded(view))), None)

    def _standing(self, text: str) -> Iterator[Rule]:
        """Rules that stand in a folded text: in its words, in words parted by marks, in letters one by one."""
        plain = list(_words(text))
        home = home_of(plain)
        words = [readings(word, home) for word in plain]
        begun = ((at, rule) for at, word in enumerate(words) for each in word for rule in self._begun(each))
        yield from (rule for at, rule in begun if rule.fits(words, at - rule.key[0]))
        for word in _parted(text):
            yield from (rule for each in readings(word, home) for rule in self._begun(each) if rule.glued == each)
        for word in _spelled(_words(CLIPPED.sub("", text))):
            yield from (rule for each in readings(word, home) for rule in self._begun(each) if _is_spelled(rule, each))

    def _begun(self, word: str) -> Iterable[Rule]:
        """Rules whose letters are in a reading of a word, each once."""
        found: dict[Rule, None] = {}
        state, seen = 0, {0}
        for letter in word:
            while state and letter not in self._next[state]:
                state = self._fail[state]
            state = self._next[state].get(letter, 0)
            if state not in seen:
                seen.add(state)
                found.update(dict.fromkeys(self._found[state]))
        return found

    def _add(self, rule: Rule) -> None:
        state = 0
        for letter in rule.key[1]:
            if letter not in self._next[state]:
                self._next[state][letter] = len(self._next)
                self._next.append({})
                self._fail.append(0)
                self._found.append(())
            state = self._next[state][letter]
        self._found[state] += (rule,)

    def _link(self) -> None:
        """Where to go on when a letter does not: the longest end of what was read that begins a rule, too."""
        waiting = deque(self._next[0].values())
        while waiting:
            state = waiting.popleft()
            for letter, child in self._next[state].items():
                back = self._fail[state]
                while back and letter not in self._next[back]:
                    back = self._fail[back]
                self._fail[child] = self._next[back].get(letter, 0)
                self._found[child] += self._found[self._fail[child]]
                waiting.append(child)


def _alike_in_one(pattern: str, word: Sequence[str]) -> bool:
    return any(alike(pattern, reading) for reading in word)


def _is_spelled(rule: Rule, letters: str) -> bool:
    """Whether a rule stands anywhere in letters written one by one: where its word begins there cannot be seen."""
    return len(rule.glued.replace(ANY, "")) >= SPELLED and alike(_tidied(ANY + rule.glued + ANY), letters)


def _parted(text: str) -> Iterator[str]:
    """Words with marks within, as one word. Rules with `*` are not for them: "banana,lemon" is two words."""
    for chunk in APART.split(text):
        if not chunk.isalnum() and len(pieces := list(_words(chunk))) > 1 and len(word := "".join(pieces)) >= SPELLED:
            yield word


def _spelled(words: Iterable[str]) -> Iterator[str]:
    """Letters that stand one by one, as one word."""
    for is_letter, row in groupby(words, lambda word: len(word) == 1):
        letters = "".join(row) if is_letter else ""
        if len(letters) >= SPELLED:
            yield letters


def _words(text: str, also: str = "") -> Iterator[str]:
    for inside, letters in groupby(text, lambda letter: letter in also if letter in ANY else _is_letter(letter)):
        if inside:
            yield "".join(letters)


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


def _tidied(word: str) -> str:
    """One `*` in a row says it all."""
    while ANY * 2 in word:
        word = word.replace(ANY * 2, ANY)
    return word


def _visible(text: str) -> str:
    return "".join(letter for letter in text if not _is_invisible(letter))


def _is_invisible(letter: str) -> bool:
    if letter.isascii():
        return False
    return letter in INVISIBLE or unicodedata.category(letter) == "Cf" or _is_selector(letter)


def _is_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef" or "\u180b" <= letter <= "\u180f"
