"""Leaving a service alone that is down, and one whose key or money is at an end."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.http import SERVICE_TROUBLE

FAILURES = 5
WINDOW = 30.0  # seconds in which so many failures open the breaker
PAUSE = 30.0  # seconds until one request may try whether the service is back
REST = 600.0  # seconds until a key or an account is tried again
PROBE_PAUSE = 5.0  # seconds for the others while one request is trying

OUR_OWN = frozenset({Cause.STORAGE_FULL, Cause.ADDRESS_REFUSED})


class Breaker:
    """Stands before one service. Five failures in thirty seconds open it; then one request at a time tries.

    A refused key or an empty account closes the door for ten minutes, with that cause for everybody.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._until: float | None = None
        self._cause: Cause | None = None
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether the service is being left alone now."""
        return self._until is not None

    @property
    def rests(self) -> bool:
        """Whether a call would be turned away now: it is open, and not yet time for the one that tries."""
        return self._until is not None and (self._probing or self._clock.monotonic() < self._until)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Run one call to the service. Raises NotNow or Refused at once while it rests."""
        probe = self._admit()
        try:
            yield
        except ProviderError as error:
            self._judge(error, probe=probe)
            raise
        else:
            self._close()
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        """Let the call in; whether it is the one that tries. Raises NotNow, Refused."""
        if self._until is None:
            return False
        left = self._until - self._clock.monotonic()
        if left > 0 and self._cause:
            raise Refused(self._cause, "resting")
        if left > 0 or self._probing:
            raise NotNow(Cause.UNAVAILABLE, "resting", max(left, PROBE_PAUSE))
        self._probing = True
        return True

    def _judge(self, error: ProviderError, *, probe: bool) -> None:
        if error.cause in SERVICE_TROUBLE:
            self._rest(REST, error.cause)
        elif isinstance(error, NotNow | NotSent | Unknown) and error.cause not in OUR_OWN:
            self._fail(error, probe=probe)
        elif isinstance(error, Refused):
            self._close()

    def _fail(self, error: ProviderError, *, probe: bool) -> None:
        now = self._clock.monotonic()
        self._failures.append(now)
        often = len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW
        if probe or often:
            told = error.retry_after if isinstance(error, NotNow) else None
            self._rest(max(PAUSE, told or 0.0), None)

    def _rest(self, seconds: float, cause: Cause | None) -> None:
        self._until = self._clock.monotonic() + seconds
        self._cause = cause

    def _close(self) -> None:
        self._failures.clear()
        self._until = self._cause = None
