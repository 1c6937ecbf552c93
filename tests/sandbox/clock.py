"""A clock whose hands a test turns."""


class HandClock:
    def __init__(self, now: int = 1_800_000_000) -> None:
        self.seconds = float(now)

    def now(self) -> int:
        return int(self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
