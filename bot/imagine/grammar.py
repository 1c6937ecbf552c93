"""What people type: `a red fox in the snow --ar 16:9`. Flags stand anywhere. Pure: no I/O, no clock."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.errors import UserError
from bot.images import AspectRatio
from bot.imagine.rules import SEEDS, Wish

MOST = 4  # pictures of one wish

# How many characters of a mistake are said back.
ECHO = 40

FLAGS = ("ar", "model", "preset", "n", "seed", "no")

# What people try because another program calls it so; only used to guess what was meant.
MEANT = {
    "aspect": "ar",
    "ratio": "ar",
    "size": "ar",
    "m": "model",
    "count": "n",
    "negative": "no",
    "s": "seed",
    "style": "preset",
    "look": "preset",
    "p": "preset",
}

# Phones make one long dash of two hyphens, and turn quotes.
_FLAG = re.compile(r"(?<!\S)(?P<dash>--+|[–—])(?P<name>[^\W\d_]+)(?:=|(?!\S))")
_QUOTED = re.compile(r"\s*(?:\"([^\"]*)\"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|'([^']*)'(?!\S))")
_WORD = re.compile(r"\s*(\S+)")
_LIST = re.compile(r"\s*((?:[^\s,]+,\s*)*[^\s,]+),*")
_SIDES = re.compile(r"(\d{1,5})[:x×/](\d{1,5})", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,12}")

# A flag of a region, such as Scotland's: a black flag and invisible letters, of which the last ends it.
_REGION = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)")
# Joiners, which emoji and some scripts are written with, and signs that Unicode calls invisible but that are seen.
_FORMAT_KEPT = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
# What shows nothing on its own: space, joiners, fillers that count as letters, signs for what was lost, and selectors.
_NOTHING = re.compile(
    "[\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffd"
    "\U000e0000-\U000e0fff]*"
)


class WishError(UserError):
    """A wish that cannot be drawn as typed. `wish` is the nearest one that can, where there is one.

    `fix` says in the words of the grammar what the nearest one does otherwise.
    """

    def __init__(self, text: str, /, wish: Wish | None = None, fix: str = "", **values: str | int) -> None:
        super().__init__(text, **values)
        self.wish = wish
        self.fix = fix


class NoPrompt(WishError):
    """There are no words to draw. `flags` are those that were typed all the same."""

    def __init__(self, flags: str) -> None:
        super().__init__("imagine-ask")
        self.flags = flags


@dataclass(frozen=True, slots=True)
class _Flag:
    """A flag in the text: `start` and `end` enclose it with its value, `value` is None where it is missing."""

    name: str
    typed: str
    start: int
    name_end: int
    end: int
    value: str | None


class _Mistake(Exception):
    """Something in `text` is wrong; `mended` is the text without it, where there is a good guess."""

    def __init__(self, key: str, mended: str | None, fix: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.mended = mended
        self.fix = fix
        self.values = values


def parse(text: str) -> Wish:
    """Read a wish. Raises WishError, NoPrompt among them; nothing is spent by it."""
    text = cleaned(text)
    try:
        return _read(text)
    except _Mistake as mistake:
        wish = _guessed(mistake.mended)
        raise WishError(mistake.key, wish, mistake.fix if wish else "", **mistake.values) from None


def cleaned(text: str) -> str:
    """Without control characters, half characters, invisible ones and space at the ends; lines stay lines.

    What is left cannot turn the order of words around. Emoji stay whole.
    """
    text = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    parts = _REGION.split(text)  # every second one is a flag
    return "".join(part if odd % 2 else "".join(map(_cleaned, part)) for odd, part in enumerate(parts)).strip()


def says_nothing(text: str) -> bool:
    """Whether there is nothing to see in these words."""
    return bool(_NOTHING.fullmatch(cleaned(text)))


def command(wish: Wish) -> str:
    """The command that draws exactly this, for copying."""
    flags = {"ar": wish.ratio, "model": wish.model, "preset": wish.preset, "seed": wish.seed}
    typed = [f"--{name} {value}" for name, value in flags.items() if value is not None]
    if wish.negative:
        typed.append('--no "{}"'.format(wish.negative.replace('"', "'")))
    return " ".join(("/imagine", wish.prompt, *typed))


def _read(text: str) -> Wish:
    flags = _flags(text)
    wish = Wish(prompt=_without(text, flags))
    for flag in flags:
        wish = _READERS.get(flag.name, _unknown)(wish, flag, text)
    if _NOTHING.fullmatch(wish.prompt):
        raise NoPrompt(" ".join(text[flag.start : flag.end] for flag in flags))
    return wish


def _guessed(mended: str | None) -> Wish | None:
    try:
        return _read(mended) if mended else None
    except (WishError, _Mistake):
        return None  # a second thing is wrong: the person hears of it after mending the first


def _cleaned(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return "\n" if character == "\n" else " "
    return "" if category == "Cs" or (category == "Cf" and character not in _FORMAT_KEPT) else character


def _flags(text: str) -> list[_Flag]:
    found: list[_Flag] = []
    for match in _FLAG.finditer(text):
        name = match["name"].lower()
        # One long dash before a word may be mere punctuation, so it makes only known flags.
        if (found and match.start() < found[-1].end) or (match["dash"] in "–—" and name not in FLAGS):
            continue
        value, end = _value(text, match.end(), name)
        found.append(_Flag(name, match["name"], match.start(), match.end("name"), end, value))
    return found


def _value(text: str, start: int, name: str) -> tuple[str | None, int]:
    if name not in FLAGS:
        return None, start
    following = _FLAG.search(text, start)
    stop = following.start() if following else len(text)
    pattern = _LIST if name == "no" else _WORD
    match = _QUOTED.match(text, start) or pattern.match(text, start, stop)
    if match is None:
        return None, start
    value = next(group for group in match.groups() if group is not None).strip()
    return value if name == "no" else value.rstrip(",;."), match.end()


def _without(text: str, flags: list[_Flag]) -> str:
    """The prompt: what is left when the flags are cut out, with single spaces where they stood."""
    kept, at = "", 0
    for flag in flags:
        kept, at = _joined(kept, text[at : flag.start]), flag.end
    return _joined(kept, text[at:]).strip()


def _joined(left: str, right: str) -> str:
    if not left.strip() or not right.strip():
        return left or right
    return f"{left.rstrip(' ')} {right.lstrip(' ')}"


def _ratio(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value:
        raise _wrong("imagine-flag-without-value", flag, text, None)
    sides = _SIDES.fullmatch(flag.value)
    width, height = (int(side) for side in sides.groups()) if sides else (0, 0)
    allowed = " ".join(AspectRatio)
    if not width or not height:
        raise _wrong("imagine-bad-ratio", flag, text, None, allowed=allowed)
    nearest = AspectRatio.nearest(width, height)
    if Fraction(*nearest.sides) != Fraction(width, height):
        raise _wrong("imagine-bad-ratio", flag, text, nearest, allowed=allowed)
    return replace(wish, ratio=nearest)


def _model(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value:
        raise _wrong("imagine-flag-without-value", flag, text, None)
    return replace(wish, model=flag.value)


def _preset(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value:
        raise _wrong("imagine-flag-without-value", flag, text, None)
    return replace(wish, preset=flag.value)


def _count(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value or not _WHOLE.fullmatch(flag.value):
        raise _wrong("imagine-bad-count", flag, text, None, most=MOST)
    count = int(flag.value)
    if not 1 <= count <= MOST:
        raise _wrong("imagine-bad-count", flag, text, max(1, min(count, MOST)), most=MOST)
    return replace(wish, count=count)


def _seed(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value or not _WHOLE.fullmatch(flag.value) or int(flag.value) >= SEEDS:
        raise _wrong("imagine-bad-seed", flag, text, None, most=str(SEEDS - 1))
    return replace(wish, seed=int(flag.value))


def _negative(wish: Wish, flag: _Flag, text: str) -> Wish:
    if not flag.value:
        raise _wrong("imagine-flag-without-value", flag, text, None)
    return replace(wish, negative=", ".join(filter(None, (wish.negative, flag.value))))


_READERS: dict[str, Callable[[Wish, _Flag, str], Wish]] = {
    "ar": _ratio,
    "model": _model,
    "preset": _preset,
    "n": _count,
    "seed": _seed,
    "no": _negative,
}


def _wrong(key: str, flag: _Flag, text: str, value: object, **values: str | int) -> _Mistake:
    """The mistake of a bad value; `value` is the nearest good one, None to leave the flag out."""
    fix = "" if value is None else f"--{flag.name} {value}"
    mended = f"{text[: flag.start]} {fix} {text[flag.end :]}"
    return _Mistake(key, mended, fix, flag=flag.typed[:ECHO], value=(flag.value or "")[:ECHO], **values)


def _unknown(_wish: Wish, flag: _Flag, text: str) -> Wish:
    meant = _meant(flag.name)
    allowed = " ".join(f"--{name}" for name in FLAGS)
    mended = f"{text[: flag.start]}--{meant}{text[flag.name_end :]}" if meant else _cut_out(text, flag)
    fix = _as_typed(mended, flag.start) if meant else ""
    raise _Mistake("imagine-unknown-flag", mended, fix, flag=flag.typed[:ECHO], allowed=allowed)


def _cut_out(text: str, flag: _Flag) -> str:
    return f"{text[: flag.start]} {text[flag.end :]}"


def _meant(name: str) -> str | None:
    known = dict.fromkeys(FLAGS) | MEANT
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return known[close[0]] or close[0] if close else None


def _as_typed(text: str, start: int) -> str:
    """The flag at `start` with its value, as it stands in the text."""
    flag = next(each for each in _flags(text) if each.start == start)
    return text[flag.start : flag.end]
