"""A service that is down is left alone, and found again."""

import pytest

from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.providers.breaker import FAILURES, PAUSE, REST, WINDOW, Breaker
from tests.providers.hands import Hands


@pytest.fixture
def breaker(clock: Hands) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, error: ProviderError) -> None:
    with pytest.raises(type(error)), breaker.watched():
        raise error


def work(breaker: Breaker) -> None:
    with breaker.watched():
        pass


def opened(breaker: Breaker) -> Breaker:
    for _ in range(FAILURES):
        fail(breaker, Unknown(Cause.SERVICE_ERROR))
    return breaker


def test_five_failures_in_a_row_open_it(breaker: Breaker) -> None:
    with pytest.raises(NotNow) as caught, opened(breaker).watched():
        pass
    assert caught.value.retry_after == PAUSE


@pytest.mark.parametrize("error", [NotSent(Cause.UNREACHABLE), NotNow(Cause.UNAVAILABLE), Unknown(Cause.TIMED_OUT)])
def test_every_kind_of_failure_counts(breaker: Breaker, error: ProviderError) -> None:
    for _ in range(FAILURES):
        fail(breaker, error)
    assert breaker.open


def test_failures_far_apart_do_not_open_it(breaker: Breaker, clock: Hands) -> None:
    for _ in range(20):
        fail(breaker, Unknown(Cause.SERVICE_ERROR))
        clock.move(WINDOW / (FAILURES - 1) + 0.1)
    work(breaker)


def test_a_success_between_forgets_the_failures(breaker: Breaker) -> None:
    for _ in range(3):
        for _ in range(FAILURES - 1):
            fail(breaker, Unknown(Cause.SERVICE_ERROR))
        work(breaker)


def test_a_refusal_is_no_failure_of_the_service(breaker: Breaker) -> None:
    for _ in range(20):
        fail(breaker, Refused(Cause.PROMPT_REFUSED))
    work(breaker)


def test_our_own_full_disk_is_no_failure_of_the_service(breaker: Breaker) -> None:
    for _ in range(20):
        fail(breaker, Unknown(Cause.STORAGE_FULL))
    work(breaker)


def test_after_the_pause_one_request_tries(breaker: Breaker, clock: Hands) -> None:
    opened(breaker)
    clock.move(PAUSE)
    with breaker.watched():
        fail(breaker, NotNow(Cause.UNAVAILABLE))
    work(breaker)
    assert not breaker.open


def test_a_failed_try_opens_it_again(breaker: Breaker, clock: Hands) -> None:
    opened(breaker)
    clock.move(PAUSE)
    fail(breaker, NotSent(Cause.UNREACHABLE))
    with pytest.raises(NotNow), breaker.watched():
        pass


def test_a_cancelled_try_lets_the_next_one_try(breaker: Breaker, clock: Hands) -> None:
    opened(breaker)
    clock.move(PAUSE)
    with pytest.raises(KeyboardInterrupt), breaker.watched():
        raise KeyboardInterrupt
    work(breaker)


def test_it_waits_as_long_as_the_service_said(breaker: Breaker, clock: Hands) -> None:
    for _ in range(FAILURES):
        fail(breaker, NotNow(Cause.RATE_LIMITED, retry_after=300.0))
    clock.move(299)
    with pytest.raises(NotNow), breaker.watched():
        pass


@pytest.mark.parametrize("cause", [Cause.KEY_REFUSED, Cause.NO_FUNDS])
def test_a_bad_key_closes_the_door_at_once_with_its_cause(breaker: Breaker, clock: Hands, cause: Cause) -> None:
    fail(breaker, Refused(cause))
    with pytest.raises(Refused) as caught, breaker.watched():
        pass
    assert caught.value.cause is cause
    clock.move(REST)
    work(breaker)
    assert not breaker.open


def test_a_try_that_takes_long_does_not_keep_the_others_waiting(breaker: Breaker, clock: Hands) -> None:
    opened(breaker)
    clock.move(PAUSE)
    with breaker.watched():
        clock.move(PAUSE)
        work(breaker)
    assert not breaker.open


@pytest.mark.parametrize("cause", [Cause.KEY_REFUSED, Cause.NO_FUNDS])
def test_what_began_before_is_no_news_of_a_closed_door(breaker: Breaker, cause: Cause) -> None:
    with breaker.watched():
        fail(breaker, Refused(cause))
    assert breaker.rests


def test_late_failures_do_not_shorten_the_rest_of_an_empty_account(breaker: Breaker, clock: Hands) -> None:
    fail(breaker, Refused(Cause.NO_FUNDS))
    for _ in range(FAILURES):
        breaker.judge(Unknown(Cause.SERVICE_ERROR))
    clock.move(REST - 1)
    assert breaker.rests


def test_what_was_ordered_is_let_through(breaker: Breaker) -> None:
    fail(breaker, Refused(Cause.NO_FUNDS))
    with breaker.watched(ordered=True):
        pass
    assert breaker.rests
