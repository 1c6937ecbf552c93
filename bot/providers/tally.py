"""What became of the calls to one service lately: kept in memory, and forgotten with the process."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import Cause, ProviderError, Refused
from bot.http import SERVICE_TROUBLE

REMEMBERED = 1000
LATELY = 24 * 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `at` is monotonic, in seconds; without an error the service did its part."""

    at: float
    ms: int
    error: ProviderError | None


class Tally:
    """Counts. `failed_at` and `worked_at` are Unix seconds of the last call of each kind, None before the first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[Call] = deque(maxlen=REMEMBERED)
        self.outcomes: Counter[str] = Counter(drawn=0)
        """All calls since the start by what came of them: `drawn`, or the cause why not, refusals among them."""
        self.error: ProviderError | None = None
        self.failed_at: int | None = None
        self.worked_at: int | None = None

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the call inside. One that is given up from outside is told of by `note`, or is no news."""
        began = self._clock.monotonic()
        try:
            yield
        except ProviderError as error:
            self.note(error, self._clock.monotonic() - began)
            raise
        self.note(None, self._clock.monotonic() - began)

    def note(self, error: ProviderError | None, seconds: float) -> None:
        """Count one call. What a service refuses to draw says nothing about the service."""
        self.outcomes[error.cause.value if error else "drawn"] += 1
        if isinstance(error, Refused) and error.cause not in SERVICE_TROUBLE:
            return
        self._calls.append(Call(self._clock.monotonic(), round(seconds * 1000), error))
        if error is None:
            self.worked_at = self._clock.now()
        else:
            self.error, self.failed_at = error, self._clock.now()

    def lately(self) -> Sequence[Call]:
        """The calls of the last 24 hours, at most the last thousand."""
        since = self._clock.monotonic() - LATELY
        return [call for call in self._calls if call.at >= since]

    @property
    def cause(self) -> Cause | None:
        """Of the last failure."""
        return self.error.cause if self.error else None
