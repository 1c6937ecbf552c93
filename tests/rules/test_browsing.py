"""Finding a model among many."""

from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageModel
from bot.imagine.browsing import FEW, PER_PAGE, Shown, browse, leading_to
from bot.providers import Service


def service(key: str, count: int) -> Service:
    return Service(key, key.title(), [ImageModel(f"{key}/{number}", f"{key} {number}") for number in range(count)])


SMALL, LARGE = service("small", 3), service("large", 2 * PER_PAGE + 1)


def test_a_few_models_are_one_list() -> None:
    few = service("few", FEW - 3)
    assert browse([SMALL, few], "", None) == Shown(models=[*SMALL.models, *few.models])


def test_one_service_is_one_list_however_many_it_offers() -> None:
    shown = browse([LARGE], "1", None)
    assert shown == Shown(models=LARGE.models[PER_PAGE : 2 * PER_PAGE], before="0", after="2")


def test_many_models_are_first_told_apart_by_service() -> None:
    assert browse([SMALL, LARGE], "", None) == Shown(services=[SMALL, LARGE])
    to = leading_to(LARGE)
    shown = browse([SMALL, LARGE], f"{to}.1", None)
    assert shown == Shown((), LARGE.models[PER_PAGE : 2 * PER_PAGE], "", f"{to}.0", f"{to}.2")


def test_a_list_opens_where_the_chosen_model_stands() -> None:
    last = LARGE.models[-1]
    assert browse([LARGE], "", last.key).models == [last]
    assert browse([SMALL, LARGE], leading_to(LARGE), last.key).models == [last]


def test_a_button_of_long_ago_shows_the_beginning_where_there_is_more_by_now() -> None:
    assert browse([SMALL, LARGE], "2", None).services
    assert browse([SMALL, LARGE], leading_to(service("gone", 1)), None).services


def test_a_button_from_when_there_was_more_shows_what_there_is() -> None:
    assert browse([SMALL], leading_to(LARGE) + ".2", None) == Shown(models=list(SMALL.models))
    assert browse([], "3", None) == Shown(models=[])


@given(st.integers(0, 60), st.integers(0, 60), st.text(max_size=12))
def test_whatever_a_button_carries_something_is_shown_and_fits_a_message(one: int, two: int, arg: str) -> None:
    services = [each for each in (service("one", one), service("two", two)) if each.models]
    shown = browse(services, arg, "one/7")
    assert len(shown.models) <= PER_PAGE
    assert bool(shown.services or shown.models) == bool(services)


@given(st.integers(1, 99))
def test_turning_the_pages_shows_every_model_once(count: int) -> None:
    offered = service("one", count)
    shown = browse([offered], "0", None)
    seen = list(shown.models)
    while shown.after is not None:
        shown = browse([offered], shown.after, None)
        seen += shown.models
    assert seen == offered.models
