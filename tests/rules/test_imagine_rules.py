from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.images import AspectRatio, ImageModel
from bot.imagine.fit import means, order, unknown_model
from bot.imagine.grammar import WishError
from bot.imagine.rules import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    PATIENCE,
    PHRASES,
    Status,
    Step,
    Wish,
    after_error,
    drawn_as,
    interrupted_for_good,
    model_ref,
    wait_seconds,
)
from tests.generations import NOW, generation

PLAIN = ImageModel("some/plain", "Plain", ratios=(AspectRatio.SQUARE, AspectRatio.TALL), prompt_limit=100)
ABLE = ImageModel("some/able", "Able", seed=True, negative=True)

BUSY = NotNow(Cause.RATE_LIMITED)
DOWN = NotSent(Cause.UNREACHABLE)
LOST = Unknown(Cause.CUT_OFF)


def step(error: ProviderError, attempts: int = 1, now: int = NOW, *, free: bool = False) -> Step:
    return after_error(error, generation(status=Status.DRAWING, started_at=NOW), attempts, now, free=free)


def test_a_refusal_is_final() -> None:
    assert step(Refused(Cause.PROMPT_REFUSED), free=True) is Step.FAIL


@pytest.mark.parametrize("error", [BUSY, DOWN])
def test_what_cost_nothing_is_tried_again_while_patience_lasts(error: ProviderError) -> None:
    assert step(error) is Step.LATER
    assert step(error, attempts=10, now=NOW + PATIENCE - LONGEST_WAIT) is Step.LATER
    assert step(error, now=NOW + PATIENCE) is Step.FAIL
    assert step(error, attempts=MOST_ATTEMPTS) is Step.FAIL


def test_an_unknown_outcome_is_asked_again_only_where_that_is_free_and_twice_at_most() -> None:
    assert step(LOST) is Step.FAIL
    assert [step(LOST, attempts, free=True) for attempts in (1, 2, 3)] == [Step.LATER, Step.LATER, Step.FAIL]


def test_who_waited_long_enough_does_not_wait_again() -> None:
    assert step(Unknown(Cause.TIMED_OUT), free=True) is Step.FAIL


def test_a_service_is_given_the_time_it_asks_for() -> None:
    assert wait_seconds(NotNow(Cause.RATE_LIMITED, retry_after=7.2), 1) == 8
    assert wait_seconds(NotNow(Cause.RATE_LIMITED, retry_after=0), 1) == 1
    assert wait_seconds(NotNow(Cause.RATE_LIMITED, retry_after=1e9), 1) == LONGEST_WAIT


def test_waits_grow_until_they_are_long_enough() -> None:
    waits = [wait_seconds(BUSY, attempts) for attempts in range(1, 30)]
    assert waits[:3] == [2, 4, 8]
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_WAIT


def test_one_death_is_forgiven_and_the_second_only_where_drawing_is_free() -> None:
    drawing = generation(status=Status.DRAWING)
    again = replace(drawing, interrupted=True, cause=Cause.RATE_LIMITED)
    assert not interrupted_for_good(generation(), 1, free=False)
    assert not interrupted_for_good(drawing, 2, free=False)
    assert interrupted_for_good(again, 3, free=False)
    assert not interrupted_for_good(again, 3, free=True)
    assert interrupted_for_good(again, MOST_ATTEMPTS + 1, free=True)


def test_a_plain_wish_is_asked_for_as_typed() -> None:
    assert drawn_as(generation(prompt="a fox", seed=5), ABLE) == ("a fox", 5)
    assert drawn_as(generation(prompt="a fox", seed=5), PLAIN) == ("a fox", None)


def test_what_should_not_be_there_is_said_in_words_where_there_is_no_field_for_it() -> None:
    assert drawn_as(generation(prompt="a fox", negative="text"), ABLE)[0] == "a fox"
    assert drawn_as(generation(prompt="a fox", negative="text"), PLAIN)[0] == "a fox, without text"


def test_each_variation_is_another_request() -> None:
    asked = {drawn_as(generation(seed=5, variation=number), ABLE) for number in range(3 * len(PHRASES))}
    assert len(asked) == 3 * len(PHRASES)


def test_variations_of_a_prompt_without_room_vary_by_seed() -> None:
    model = replace(ABLE, prompt_limit=10)
    asked = [drawn_as(generation(prompt="ten chars!", seed=5, variation=number), model) for number in range(3)]
    assert asked == [("ten chars!", 5), ("ten chars!", 6), ("ten chars!", 7)]


@given(st.integers(0, 1000), st.integers(0, 2**31 - 1), st.integers(1, 100))
def test_what_is_asked_for_always_fits_the_model(variation: int, seed: int, length: int) -> None:
    prompt, drawn = drawn_as(
        generation(prompt="x" * length, seed=seed, variation=variation), replace(ABLE, prompt_limit=100)
    )
    assert len(prompt) <= 100
    assert drawn is not None
    assert 0 <= drawn < 2**31


def test_who_typed_no_ratio_gets_the_preferred_one_or_the_nearest() -> None:
    assert order(Wish("a"), ABLE, AspectRatio.WIDE).ratio is AspectRatio.WIDE
    assert order(Wish("a"), PLAIN, AspectRatio.WIDE).ratio is AspectRatio.SQUARE


@pytest.mark.parametrize("wish", [Wish("a" * 101), Wish("a" * 60, negative="b" * 60)])
def test_words_that_are_too_many_are_left_to_their_author(wish: Wish) -> None:
    with pytest.raises(WishError) as caught:
        order(wish, PLAIN, AspectRatio.SQUARE)
    assert (caught.value.text, caught.value.wish) == ("imagine-too-long", None)


def test_the_longest_prompt_fits() -> None:
    assert order(Wish("a" * 100), PLAIN, AspectRatio.SQUARE).prompt == "a" * 100


def test_a_model_goes_by_key_name_or_title() -> None:
    assert all(means(words, PLAIN) for words in ("some/plain", "PLAIN", "plain"))
    assert not means("plane", PLAIN)


def test_an_unknown_model_offers_the_nearest() -> None:
    error = unknown_model(Wish("a", model="plane"), PLAIN, [PLAIN] * 9)
    assert error.values["allowed"] == ", ".join(["some/plain"] * 8) + " …"
    assert (error.fix, error.wish) == ("--model some/plain", Wish("a", model="some/plain"))
    assert unknown_model(Wish("a", model="x" * 999), None, []).wish is None


def test_a_model_in_a_button_is_short_and_stays() -> None:
    assert model_ref("onlysq/flux") == model_ref("onlysq/flux") != model_ref("onlysq/flux2")
    assert len(model_ref("x" * 500)) == 8
