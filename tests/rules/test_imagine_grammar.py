import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import AspectRatio
from bot.imagine.grammar import FLAGS, NoPrompt, WishError, command, parse
from bot.imagine.rules import SEEDS, Wish


def mistake(text: str) -> WishError:
    with pytest.raises(WishError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "a red fox --ar 16:9 in the snow",
        "--ar 16:9 a red fox in the snow",
        "a red fox in the snow --ar 16:9",
        "a red fox in the snow --ar=16:9",
        "a red fox in the snow --AR 16x9",
        "a red fox in the snow —ar 16:9",
        "a red fox in the snow –ar 16×9",
        "a red fox in the snow --ar 1920x1080",
        "a red fox --ar 16:9, in the snow",
        "  a red fox\tin the snow \x00 --ar 16:9\x07 ",
    ],
)
def test_a_flag_may_stand_anywhere_and_be_typed_by_a_phone(text: str) -> None:
    assert parse(text) == Wish("a red fox in the snow", ratio=AspectRatio.WIDE)


def test_every_flag_is_read() -> None:
    wish = parse("an owl --ar 2:3 --model onlysq/flux --n 2 --seed 42 --no text")
    assert wish == Wish("an owl", "text", AspectRatio.CLASSIC_TALL, "onlysq/flux", 2, 42)


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ('a --no "big letters" b', "big letters"),
        ("a --no “big letters” b", "big letters"),
        ("a --no «big letters» b", "big letters"),
        ("a --no text, logos b", "text, logos"),
        ("a --no=text b", "text"),
        ("a --no text --no 'two words' b", "text, two words"),
        ('a --no "has --ar 1:1 in it" b', "has --ar 1:1 in it"),
    ],
)
def test_what_should_not_be_there_may_be_several_words(text: str, negative: str) -> None:
    assert parse(text) == Wish("a b", negative)


@pytest.mark.parametrize("text", ["a fox — red", "a fox —red one", "well--known", "a --- b", "a -- b", "5 – 3"])
def test_a_dash_in_a_sentence_is_no_flag(text: str) -> None:
    assert parse(text) == Wish(text)


def test_lines_stay_lines_and_control_characters_go() -> None:
    assert parse("one\r\ntwo\u2028three\x1b[31m \ud800four") == Wish("one\ntwo\nthree [31m four")


@pytest.mark.parametrize(
    "text", ["a \u202efox\u202c", "\u2066a\u2069 fox", "a f\u00adox", "\ufeffa\u200b fo\u2060x", "a fox\U000e0041"]
)
def test_what_nobody_sees_is_dropped(text: str) -> None:
    assert parse(text) == Wish("a fox")


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d🚀 on the moon",
        "a ❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
    ],
)
def test_emoji_and_words_stay_whole(text: str) -> None:
    assert parse(text) == Wish(text)


@pytest.mark.parametrize("flags", ["", " --ar 16:9"])
@pytest.mark.parametrize(
    "text",
    [*"\u200b\u2060\u3164\u115f\u1160\uffa0\ufffd\ufffc\ufeff\u00ad\u200d\ufe0f\u2800\U000e0041", "\u202e\u202d"],
)
def test_words_that_show_nothing_are_no_words(text: str, flags: str) -> None:
    with pytest.raises(NoPrompt):
        parse(text * 2 + flags)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\n\n", "--ar 16:9", "--no text --seed 1"])
def test_no_words_ask_for_words(text: str) -> None:
    with pytest.raises(NoPrompt):
        parse(text)


@pytest.mark.parametrize(
    ("text", "key", "fix", "wish"),
    [
        ("a --ar 16:10", "imagine-bad-ratio", "--ar 3:2", Wish("a", ratio=AspectRatio.CLASSIC)),
        ("a --ar 1:9 b", "imagine-bad-ratio", "--ar 9:21", Wish("a b", ratio=AspectRatio.ULTRATALL)),
        ("a --ar wide", "imagine-bad-ratio", "", Wish("a")),
        ("a --ar 0:1", "imagine-bad-ratio", "", Wish("a")),
        ("a --ar", "imagine-flag-without-value", "", Wish("a")),
        ("a --model --n 2", "imagine-flag-without-value", "", Wish("a", count=2)),
        ("a --no", "imagine-flag-without-value", "", Wish("a")),
        ("a --n 9", "imagine-bad-count", "--n 4", Wish("a", count=4)),
        ("a --n 0", "imagine-bad-count", "--n 1", Wish("a", count=1)),
        ("a --n many", "imagine-bad-count", "", Wish("a")),
        ("a --seed -5", "imagine-bad-seed", "", Wish("a")),
        (f"a --seed {SEEDS}", "imagine-bad-seed", "", Wish("a")),
        ("a --aspct 16:9", "imagine-unknown-flag", "--ar 16:9", Wish("a", ratio=AspectRatio.WIDE)),
        ("a --sed 7 b", "imagine-unknown-flag", "--seed 7", Wish("a b", seed=7)),
        ("a --ratio 5:4", "imagine-unknown-flag", "--ar 5:4", Wish("a", ratio=AspectRatio.LANDSCAPE)),
        ("a --xyzzy", "imagine-unknown-flag", "", Wish("a")),
        ("a --n 9 --seed x", "imagine-bad-count", "", None),
    ],
)
def test_a_mistake_is_answered_with_the_nearest_wish(text: str, key: str, fix: str, wish: Wish | None) -> None:
    error = mistake(text)
    assert (error.text, error.fix, error.wish) == (key, fix, wish)


def test_a_long_mistake_is_said_back_in_short() -> None:
    assert all(len(str(value)) < 100 for value in mistake(f"a --ar {'x' * 4000}").values.values())
    assert len(str(mistake(f"a --{'x' * 4000}").values["flag"])) == 40


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_typed_is_a_wish_or_a_mistake(text: str) -> None:
    try:
        wish = parse(text)
    except WishError:
        return
    assert wish.prompt == wish.prompt.strip() != ""
    assert not set(wish.prompt) & set(map(chr, range(9)))


@given(
    st.builds(
        Wish,
        prompt=st.text(string.ascii_letters + "äЖ🦊", min_size=1, max_size=30),
        negative=st.none() | st.from_regex(r"[a-z]{1,9}( [a-z]{1,9}){0,3}", fullmatch=True),
        ratio=st.none() | st.sampled_from(AspectRatio),
        model=st.none() | st.from_regex(r"[a-z]{1,9}/[a-z]{1,9}", fullmatch=True),
        seed=st.none() | st.integers(0, SEEDS - 1),
    )
)
def test_the_command_that_is_copied_draws_the_same(wish: Wish) -> None:
    assert parse(command(wish).removeprefix("/imagine ")) == wish


@pytest.mark.parametrize("text", ["a " + flag for flag in ("--x " * 1000, "--ar " * 800, "--sed 3 " * 500)])
def test_thousands_of_mistakes_are_one_mistake(text: str) -> None:
    with pytest.raises(WishError):
        parse(text)


def test_the_flags_are_the_ones_of_the_manual() -> None:
    assert FLAGS == ("ar", "model", "preset", "n", "seed", "no")
