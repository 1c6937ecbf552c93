"""Leaving a service alone that is down, and one whose key or money is at an end."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.http import SERVICE_TROUBLE

FAILURES = 5
WINDOW = 30.0  # seconds in which so many failures open the breaker
PAUSE = 30.0  # seconds until one request may try whether the service is back, and until the next one may
REST = 600.0  # seconds until a key or an account is tried again

OUR_OWN = frozenset({Cause.STORAGE_FULL, Cause.ADDRESS_REFUSED})


class Breaker:
    """Stands before one service. Five failures in thirty seconds open it; then now and then one request tries.

    A refused key or an empty account closes the door for ten minutes, with that cause for everybody. What a call that
    began before tells later is no news of a service that is being left alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._until: float | None = None
        self._cause: Cause | None = None

    @property
    def open(self) -> bool:
        """Whether the service is being left alone now."""
        return self._until is not None

    @property
    def cause(self) -> Cause | None:
        """Why it is left alone, where only the operator can mend that."""
        return self._cause

    @property
    def rests(self) -> bool:
        """Whether a call would be turned away now: it is open, and not yet time for the one that tries."""
        return self._until is not None and self._clock.monotonic() < self._until

    def try_again(self) -> None:
        """Let the next call try now whether the service is back."""
        if self._until is not None:
            self._until = self._clock.monotonic()

    @contextmanager
    def watched(self, *, ordered: bool = False) -> Iterator[None]:
        """Run one call to the service. Raises NotNow or Refused at once while it rests.

        What was `ordered` before may always be asked for: it is paid, and to come for it proves nothing.
        """
        probe = not ordered and self._admit()
        try:
            yield
        except ProviderError as error:
            self.judge(error, probe=probe)
            raise
        except BaseException:
            if probe and self._until is not None:
                self._until = self._clock.monotonic()
            raise
        else:
            self._works(probe=probe)

    def _admit(self) -> bool:
        """Let the call in; whether it is the one that tries. Raises NotNow, Refused."""
        if self._until is None:
            return False
        left = self._until - self._clock.monotonic()
        if left > 0 and self._cause:
            raise Refused(self._cause, "resting")
        if left > 0:
            raise NotNow(Cause.UNAVAILABLE, "resting", left)
        # A picture may take long: when this one has no end by then, another one tries beside it.
        self._rest(PAUSE, None)
        return True

    def judge(self, error: ProviderError, *, probe: bool = False) -> None:
        """Hear of a failure."""
        if error.cause in SERVICE_TROUBLE:
            self._rest(REST, error.cause)
        elif isinstance(error, NotNow | NotSent | Unknown) and error.cause not in OUR_OWN:
            self._fail(error, probe=probe)
        elif isinstance(error, Refused):
            self._works(probe=probe)

    def _fail(self, error: ProviderError, *, probe: bool) -> None:
        if self.open and not probe:
            return
        now = self._clock.monotonic()
        self._failures.append(now)
        often = len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW
        if probe or often:
            told = error.retry_after if isinstance(error, NotNow) else None
            self._rest(max(PAUSE, told or 0.0), None)

    def _rest(self, seconds: float, cause: Cause | None) -> None:
        self._until = self._clock.monotonic() + seconds
        self._cause = cause

    def _works(self, *, probe: bool) -> None:
        if self.open and not probe:
            return
        self._failures.clear()
        self._until = self._cause = None
