"""Alive means useful: Telegram was heard, the database took a commit and the loop turned, each within a minute."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.storage.database import Database

FRESH = 60.0  # seconds after which a sign of life has grown stale
BEAT = 15.0  # seconds between two looks at the database

log = structlog.get_logger()


@dataclass
class Health:
    """Signs of life, each with the monotonic time when it was last seen; `signs` are read from their owners."""

    clock: Clock
    signs: Mapping[str, Callable[[], float | None]] = field(default_factory=dict)
    lag: float = 0.0
    """Seconds by which the last beat came late: something kept the loop from turning."""
    _seen: dict[str, float] = field(default_factory=dict)
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        """From now on the first signs are waited for."""
        self._began = self.clock.monotonic()

    def saw(self, sign: str) -> None:
        """Note that this was seen just now."""
        self._seen[sign] = self.clock.monotonic()

    def ages(self) -> dict[str, float | None]:
        """Seconds since each sign; None for what was never seen."""
        seen = {
            **dict.fromkeys(("loop", "database")),
            **{name: read() for name, read in self.signs.items()},
            **self._seen,
        }
        now = self.clock.monotonic()
        return {name: None if at is None else max(0.0, now - at) for name, at in seen.items()}

    def stale(self) -> list[str]:
        """What is too old, or was waited for too long. Empty: the process is of use."""
        waited = self.clock.monotonic() - self._began
        return [name for name, age in self.ages().items() if (waited if age is None else age) > FRESH]

    def missing(self) -> list[str]:
        """What is too old or was not seen yet. Empty: everything is up."""
        return [name for name, age in self.ages().items() if age is None or age > FRESH]

    async def beat(self, database: Database) -> None:
        """Prove again and again, until cancelled, that the loop turns and the database takes a commit."""
        while True:
            self.saw("loop")
            await self._commit(database)
            due = self.clock.monotonic() + BEAT
            await asyncio.sleep(BEAT)
            self.lag = max(0.0, self.clock.monotonic() - due)

    async def _commit(self, database: Database) -> None:
        try:
            async with database.write():
                pass
        except StorageError as error:
            log.warning("no_commit", reason=str(error))
        else:
            self.saw("database")
