"""How prices and presets are written in the chat, as far as words go."""

import pytest

from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.offers.looks import rules as looks
from bot.offers.pricing.rules import Cost, means_price, price_in, steps, tag, tag_of_unlisted, told, with_change
from bot.offers.rules import SetPrice
from bot.presets.rules import LONGEST, MOST, SHIPPED, OwnPreset, Preset
from bot.providers import Prices

FLUX = ImageModel("onlysq/flux", "Flux", price=3)
FILE = Prices({"onlysq/*": 5, "oxen/*": "off"})
SET = SetPrice(8, 1, 7)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(("0", "0"), ("007", "7"), ("1000000", "1000000"), ("OFF", "off"), ("file", "file"), ("Default", "file")),
        *((word, None) for word in ("1000001", "-1", "+5", "2.5", "1,000", "٣", "five", "", "9" * 40)),
    ],
)
def test_a_price_is_a_whole_number_or_one_of_three_words(word: str, value: str | None) -> None:
    assert price_in(word) == value


def test_numbers_that_are_no_price_are_no_names_of_models_either() -> None:
    assert [word for word in ("-1", "2.5", "1000001", "1,000", "5", "flux", "off", "v2") if means_price(word)] == [
        "-1",
        "2.5",
        "1000001",
        "1,000",
    ]


def test_steps_end_where_prices_end() -> None:
    assert steps(5) == [(-10, 0), (-1, 4), (1, 6), (10, 15)]
    assert steps(0) == [(1, 1), (10, 10)]
    assert steps(999_995) == [(-10, 999_985), (-1, 999_994), (1, 999_996), (10, 1_000_000)]


def test_what_was_set_here_counts_over_the_file_and_that_over_the_model() -> None:
    both = tag(FLUX, FILE, {FLUX.key: SET})
    assert (both.now, both.without) == (Cost(8, own=SET), Cost(5, "onlysq/*"))
    assert tag(FLUX, Prices(), {}).now == Cost(3)
    kept = tag(ImageModel("oxen/a", "A"), FILE, {})
    assert (kept.now, told(kept.now), kept.around) == (Cost(None, "oxen/*"), "off", 0)


def test_what_nobody_lists_costs_what_the_file_or_its_service_says() -> None:
    assert tag_of_unlisted("onlysq/gone", "Gone", FILE, SET).without == Cost(5, "onlysq/*")
    strange = tag_of_unlisted("a/gone", "Gone", FILE, SET)
    assert (strange.without, told(strange.without), strange.listed) == (Cost(None, known=False), "?", False)


def test_a_change_stands_beside_the_others() -> None:
    own = {"a/b": SET, "a/c": SetPrice(None, 1, 7)}
    assert with_change(own, "a/b", None) == {"a/c": "off"}
    assert with_change(own, "a/d", SET) == {"a/b": 8, "a/c": "off", "a/d": 8}


def test_a_preset_is_written_in_the_grammar_of_a_wish() -> None:
    wish, wrong = looks.wished('soft oils –ar 3:4 --no "text, frame" --model flux')
    made = looks.preset("oils", wish, "onlysq/flux")
    assert wrong is None
    assert made == Preset("oils", "{prompt}, soft oils", "text, frame", AspectRatio("3:4"), "onlysq/flux")
    assert looks.typed(made) == '{prompt}, soft oils --ar 3:4 --model onlysq/flux --no "text, frame"'
    assert (
        looks.preset("a", looks.wished("an oil of {prompt} at night")[0], None).words == "an oil of {prompt} at night"
    )
    assert looks.preset("a", looks.wished("--ar 1:1")[0], None) == Preset("a", ratio=AspectRatio.SQUARE)


def test_the_nearest_to_a_mistake_is_kept_with_what_was_wrong() -> None:
    wish, wrong = looks.wished("in oils --aspect 3:4")
    assert (wish.prompt, wish.ratio) == ("in oils", AspectRatio("3:4"))
    assert wrong
    assert wrong.text == "imagine-unknown-flag"


@pytest.mark.parametrize("text", ["oils --n 2", "oils --seed 1", "oils --preset ink", "o" * (LONGEST + 1)])
def test_what_a_preset_does_not_take_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="look-"):
        looks.preset("oils", looks.wished(text)[0], None)


@pytest.mark.parametrize("name", ["none", "NONE", "a b", "o.ils", "x" * 33, "", "ß" * 17, "İx"])
def test_names_are_those_of_the_file(name: str) -> None:
    with pytest.raises(UserError, match="look-"):
        looks.named(name)
    assert looks.named("Öl_1-a") == "öl_1-a"


def test_there_are_no_more_than_the_file_may_hold() -> None:
    many = [Preset(f"p{number}") for number in range(MOST)]
    looks.require_room(many, "p7")
    looks.require_room(many[1:], "new")
    with pytest.raises(UserError, match="look-too-many"):
        looks.require_room(many, "new")


def test_a_look_knows_what_comes_back() -> None:
    mine = OwnPreset(Preset("ink", "{prompt}, blotted"), 1, 7)
    found = looks.look("ink", SHIPPED, [mine])
    assert (found.now, found.own, found.without) == (mine.preset, mine, SHIPPED[2])
    assert looks.look("oils", SHIPPED, [mine]).now is None


@pytest.mark.parametrize("wanted", [None, Preset("a"), Preset("a", "{prompt}!", "text", AspectRatio.TALL, "b/c")])
def test_a_question_is_read_back_as_it_was(wanted: Preset | None) -> None:
    assert looks.unpacked(looks.packed(SHIPPED[0], wanted)) == (looks.typed(SHIPPED[0]), wanted)
