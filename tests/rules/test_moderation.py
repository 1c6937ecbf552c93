"""What a rule is, and that it is found where it stands: as a slow search would, in linear time."""

import sys
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from itertools import product
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.moderation.disguises import readings
from bot.moderation.rules import BadRule, BlockList, Kind, Rule, alike, folded, rule_of, words_of
from bot.review.rules import block_of

LETTERS = st.text("ab", min_size=1, max_size=6)
# Letters one by one are read as a word, too: see test_disguises.
SPOKEN = st.text("ab", min_size=2, max_size=6)
PATTERNS = st.text("ab*", min_size=1, max_size=6)


def other_script(word: str) -> str:
    """Written in Cyrillic: letters in braces are named by their Latin look-alikes, so that tests can be read."""
    names = {"a": "A", "c": "ES", "e": "IE", "o": "O", "p": "ER", "x": "HA", "y": "U", "k": "KA", "t": "TE", "n": "PE"}
    return "".join(unicodedata.lookup(f"CYRILLIC SMALL LETTER {names[letter]}") for letter in word)


OH, E, P = map(other_script, "oep")
GREEK_O, GREEK_A = "\N{GREEK SMALL LETTER OMICRON}", "\N{GREEK SMALL LETTER ALPHA}"
NAKED = "".join(map(unicodedata.lookup, (f"CYRILLIC SMALL LETTER {name}" for name in ("GHE", "O", "EL", "YERU", "I"))))


def found(rule: str, text: str) -> bool:
    return BlockList([rule_of(rule)]).find(text) is not None


@cache
def slowly(pattern: str, word: str) -> bool:
    """The same by trying everything."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(slowly(pattern[1:], word[at:]) for at in range(len(word) + 1))
    return bool(word) and pattern[0] == word[0] and slowly(pattern[1:], word[1:])


@pytest.mark.parametrize(
    "text",
    ["a Nude man", "NUDE", "nude.", "(nude)", "nu\u200bde", "nu\u00adde", "ｎｕｄｅ", "𝓷𝓾𝓭𝓮", "nud\ufe0fe", "x-nude_y"],
)
def test_a_word_is_found_however_it_is_dressed(text: str) -> None:
    assert found("nude", text)


@pytest.mark.parametrize("mark", ["\u0336", "\u0332", "\u0321", "\u20e3", "\u20dd", "\u0336\u0489\u0315", "\u1dc4"])
def test_ornaments_hide_no_letter(mark: str) -> None:
    assert found("nude", "".join(letter + mark for letter in "nude"))
    assert found("елка", "е" + mark + "лка")
    assert found("nu" + mark + "de", "nude")


def test_marks_that_make_a_letter_are_no_ornaments() -> None:
    assert not found("schon", "scho\u0308n")
    assert not found("май", "маи")
    assert not found("שלום", "שָׁלוֹם")


def test_a_russian_yo_is_found_as_people_write_it() -> None:
    assert found("ёлка", "ЕЛКА")
    assert found("елка", "е\u0308лка")
    assert not found("май", "маи")


@pytest.mark.parametrize("text", ["denude", "nudes", "a nu de man", ""])
def test_a_word_inside_of_another_is_another_word(text: str) -> None:
    assert not found("nude", text)


def test_a_phrase_is_its_words_in_a_row_whatever_stands_between_them() -> None:
    for text in ("a big cat", "BIG,  Cat", "big\ncat", "the big-cat"):
        assert found("big cat", text)
    for text in ("cat big", "big fat cat", "bigcat", "a big"):
        assert not found("big cat", text)


def test_a_star_stands_for_any_letters_of_one_word() -> None:
    assert found("cat*", "many cats")
    assert found("*cat*", "concatenate")
    assert found("co*t", "a court, a coat")
    assert not found("co*t", "coats, co t")
    assert found("big c*", "big Ｃats")
    assert found("*猫*", "黒猫が")


@pytest.mark.parametrize(
    "typed", ["", " ", "?!", "*", "a*", "*a*b*", "big *", "* cat", "x" * 81, " ".join("abcdefghi")]
)
def test_what_says_nothing_or_nearly_everything_is_no_rule(typed: str) -> None:
    with pytest.raises(BadRule):
        rule_of(typed)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words_of(folded(text)) == words_of(text)


@given(st.text(min_size=1, max_size=40))
def test_a_rule_is_kept_as_it_is_read_and_finds_itself(typed: str) -> None:
    try:
        rule = rule_of(typed)
    except BadRule:
        return
    assert rule_of(str(rule)) == rule
    assert found(str(rule), str(rule).replace("*", ""))


@given(PATTERNS, LETTERS)
def test_a_pattern_fits_where_a_slow_search_says_so(pattern: str, word: str) -> None:
    assert alike(pattern, word) == slowly(pattern, word)


@given(st.lists(st.lists(PATTERNS, min_size=1, max_size=3), max_size=6), st.lists(SPOKEN, max_size=8))
def test_a_list_finds_what_a_slow_search_finds(patterns: list[list[str]], words: list[str]) -> None:
    rules = [Rule(tuple(each)) for each in patterns if max(len(p) for w in each for p in w.split("*"))]
    expected = any(
        all(slowly(pattern, word) for pattern, word in zip(rule.words, words[at:], strict=False))
        for rule in rules
        for at in range(len(words) - len(rule.words) + 1)
    )
    assert (BlockList(rules).find(" ".join(words)) is not None) == expected


def steps(work: Callable[[], Any]) -> int:
    """How many lines of Python it takes: the same on every machine."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


UNITS = [
    "a",
    "ab ",
    "aab",
    "a b c d ",
    "a0a",
    f"a{E}0b ",
    f"a{E}0b",
    "a.b-",
    "🅰b",
    "ɐ",
    "ɐb ",
    "🇦.",
    "\u200ba ",
    f"{E} a ",
]


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_twice_the_steps_and_no_more(unit: str) -> None:
    rules = BlockList(map(rule_of, ("*aa*aa*ab", "*aaaa*b", "ab ab ab ac", "a b c e", "aa*b*aa*c")))
    once, twice = (steps(partial(rules.find, unit * size)) for size in (500, 1000))
    assert twice <= 2.1 * once


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_text_takes_so_many_steps_a_letter_with_500_rules_as_well(unit: str) -> None:
    spelled = ["".join(letters) for letters in product("abcde", repeat=4)][:450]
    rules = BlockList(map(rule_of, [*spelled, *(f"*{word}b*a" for word in spelled[:50])]))
    assert steps(partial(rules.find, (unit * 4000)[:4000])) < 100 * 4000


def test_block_names_kinds_of_chats_behind_the_words() -> None:
    assert block_of("big cat") == (Rule(("big", "cat")), tuple(Kind))
    assert block_of("cat --in inline, Groups") == (Rule(("cat",)), (Kind.GROUPS, Kind.INLINE))
    assert block_of("cat —in channels") == (Rule(("cat",)), (Kind.CHANNELS,))
    for typed in ("cat --in", "cat --in moon", "--in groups", None):
        with pytest.raises(UserError):
            block_of(typed)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("nude", f"nud{E}"),
        ("nude", f"NUD{E.upper()}"),
        ("porn", f"{P}{OH}rn"),
        ("porn", f"p{GREEK_O}rn"),
        ("porn", "p0rn"),
        ("porn", f"{P}0rn"),
        ("porn*", f"p\u200b{OH}rnography"),
        ("*porn*", "ｘp0rnｘ"),
        ("kill", "k1ll"),
        ("slut", "s1ut"),
        ("sex", "s3x"),
        ("boob", "b00b"),
        ("a cat", f"a c{GREEK_A}t"),
        (NAKED, NAKED.replace(OH, "o")),
        (NAKED, NAKED.replace(OH, "0")),
        (NAKED, NAKED.replace(OH, GREEK_O)),
        (f"nud{E}", "nude"),
        (f"nud{E}", f"n\u2060ud{E}"),
        (NAKED.replace(OH, "o"), NAKED),
    ],
)
def test_a_word_is_found_in_letters_of_other_scripts_and_with_digits_within(rule: str, text: str) -> None:
    assert found(rule, f"one {text} two")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        # Words of the script that the text is in: they are read as what they are.
        (other_script("cop"), "cop"),
        (other_script("yxo"), "yxo"),
        # Names, numbers and measures.
        ("ass", "a55"),
        ("cats", "cat5"),
        ("stars", "5tars"),
        ("tea", "734"),
        ("cat", f"cat{other_script('ka')}"),
        ("nude", f"{other_script('ka')}nude"),
        ("hit", "h1tchcock"),
    ],
)
def test_no_word_is_taken_for_one_of_another_script_that_looks_like_it(rule: str, text: str) -> None:
    assert not found(rule, f"one {text} two")


@given(st.text(alphabet="abcoepxy" + other_script("acoepxyk") + GREEK_O + "013457ɐɟ", min_size=1, max_size=40))
def test_a_word_has_a_few_readings_and_is_its_own_first(word: str) -> None:
    for home in ("", "LATIN", "CYRILLIC", "GREEK"):
        assert readings(word, home)[0] == word
        assert len(readings(word, home)) <= 10
        assert all(len(each) == len(word) for each in readings(word, home))
