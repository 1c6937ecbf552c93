"""Time, passed in wherever it is needed, so that tests can turn the hands."""

import time
from typing import Protocol


class Clock(Protocol):
    """Where the program reads the time."""

    def now(self) -> int:
        """Wall time in whole Unix seconds: for rows, due times and what people see."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back: for durations and deadlines within one process."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> int:
        """Wall time in whole Unix seconds."""
        return int(time.time())

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return time.monotonic()
