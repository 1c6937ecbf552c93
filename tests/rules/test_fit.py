"""What a model makes of a wish, and what is remembered as wished."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import AspectRatio, ImageModel
from bot.imagine.fit import able, order, refit
from bot.imagine.grammar import WishError
from bot.imagine.rules import AS_WISHED, Wish, Wished
from bot.presets.rules import Preset
from tests.generations import generation

SQUARE, WIDE, ULTRAWIDE = AspectRatio.SQUARE, AspectRatio.WIDE, AspectRatio.ULTRAWIDE

PLAIN = ImageModel("some/plain", "Plain", ratios=(SQUARE, WIDE), prompt_limit=100)
ABLE = ImageModel("some/able", "Able", seed=True, negative=True, prompt_limit=100)
EDITOR = ImageModel("some/editor", "Editor", sources=2, from_words=False)

ratios = st.sampled_from(AspectRatio)
seeds = st.none() | st.integers(0, 2**31 - 1)
models = st.builds(
    ImageModel,
    st.sampled_from(["some/one", "some/two", "other/one"]),
    st.just("One"),
    st.lists(ratios, min_size=1, unique=True).map(tuple),
    seed=st.booleans(),
)


def test_a_ratio_that_the_model_lacks_becomes_the_nearest_and_is_remembered() -> None:
    fitted = order(Wish("a", ratio=ULTRAWIDE), PLAIN, SQUARE)
    assert (fitted.ratio, fitted.wished) == (WIDE, Wished(ratio=ULTRAWIDE))


def test_a_ratio_that_nobody_typed_yields_without_a_word() -> None:
    fitted = order(Wish("a"), PLAIN, ULTRAWIDE)
    assert (fitted.ratio, fitted.wished) == (WIDE, AS_WISHED)


def test_a_seed_that_the_model_does_not_take_is_left_out_and_remembered() -> None:
    assert order(Wish("a", seed=7), ABLE, SQUARE).seed == 7
    fitted = order(Wish("a", seed=7), PLAIN, SQUARE)
    assert (fitted.seed, fitted.wished.seed) == (None, 7)


def test_what_stands_in_remembers_what_it_stands_in_for() -> None:
    assert order(Wish("a"), PLAIN, SQUARE, "some/gone").wished == Wished(model="some/gone")


@pytest.mark.parametrize(
    ("model", "wish", "can"),
    [
        (PLAIN, Wish("a"), True),
        (PLAIN, Wish("a" * 100), True),
        (PLAIN, Wish("a" * 101), False),
        (PLAIN, Wish("a" * 60, negative="b" * 60), False),
        (ABLE, Wish("a" * 60, negative="b" * 60), True),
        (PLAIN, Wish("a", sources=("file",)), False),
        (EDITOR, Wish("a", sources=("file", "file")), True),
        (EDITOR, Wish("a", sources=("file",) * 3), False),
        (EDITOR, Wish("a"), False),
    ],
)
def test_a_model_is_able_by_its_words_and_its_sources(model: ImageModel, wish: Wish, can: bool) -> None:
    assert able(model, wish) is can
    assert able(model, generation(prompt=wish.prompt, negative=wish.negative, sources=wish.sources)) is can


def test_another_model_is_fitted_to_what_was_asked_for_at_first() -> None:
    fitted = generation(model=PLAIN.key, ratio=WIDE, seed=None, wished=Wished("some/gone", ULTRAWIDE, 7))
    assert refit(fitted, ABLE) == (ULTRAWIDE, 7, Wished("some/gone", None, 7))


def test_the_model_that_was_wished_may_draw_in_the_end() -> None:
    assert refit(generation(model=PLAIN.key, wished=Wished(ABLE.key)), ABLE)[2] == AS_WISHED


def test_a_seed_that_nobody_typed_is_left_out_without_a_word() -> None:
    assert refit(generation(model=ABLE.key, seed=5), PLAIN) == (SQUARE, None, Wished(ABLE.key))


@given(models, models, ratios, seeds)
def test_going_on_to_another_model_is_as_if_that_one_had_stood_in_at_once(
    one: ImageModel, two: ImageModel, ratio: AspectRatio, seed: int | None
) -> None:
    first = order(Wish("a", ratio=ratio, seed=seed), one, SQUARE, "some/gone")
    begun = generation(model=one.key, ratio=first.ratio, seed=first.seed, wished=first.wished)
    then = order(Wish("a", ratio=ratio, seed=seed), two, SQUARE, "some/gone")
    assert refit(begun, two) == (then.ratio, then.seed, then.wished)


@given(models, ratios)
def test_the_ratio_drawn_is_always_one_of_the_model(model: ImageModel, ratio: AspectRatio) -> None:
    fitted = order(Wish("a", ratio=ratio), model, SQUARE)
    assert fitted.ratio in model.ratios
    assert fitted.wished.ratio == (None if ratio in model.ratios else ratio)


@pytest.mark.parametrize("model", [PLAIN, ABLE])
@pytest.mark.parametrize("words", ["{prompt}, oil", "{prompt}, a print of {prompt}", "{prompt} " * 9])
@pytest.mark.parametrize("negative", [None, "fog"])
def test_as_many_letters_as_a_preset_leaves_are_told_and_taken(
    model: ImageModel, words: str, negative: str | None
) -> None:
    wish = Wish("a" * 101, negative, style=Preset("odd", words, "rain"))
    with pytest.raises(WishError) as caught:
        order(wish, model, SQUARE)
    more = int(caught.value.values["length"]) - int(caught.value.values["limit"])
    order(replace(wish, prompt="a" * (101 - more)), model, SQUARE)
    with pytest.raises(WishError):
        order(replace(wish, prompt="a" * (102 - more)), model, SQUARE)
