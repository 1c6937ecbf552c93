"""Numbers about what is around the bot: disk, files, backups, services. A few calls to the file system each time."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot import __version__
from bot.clock import Clock
from bot.ops.backup import Backups, made_at
from bot.ops.metrics import Family
from bot.providers import Providers
from bot.storage.replace import FILE

Numbers = Mapping[tuple[str, ...], float]


class Surroundings:
    """Looks when numbers are asked for."""

    def __init__(self, data_dir: Path, clock: Clock, providers: Providers) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._providers = providers
        self._backups = Backups(data_dir, clock)

    def __call__(self) -> Iterator[Family]:
        """All of them. What is not there has no number."""
        yield Family("imagine_info", "Which bot this is.", ("version",), {(__version__,): 1})
        yield Family("imagine_bytes", "Bytes in DATA_DIR, and those free on its disk.", ("of",), self._bytes())
        yield Family("imagine_backup_age_seconds", "Age of the newest backup.", (), self._age())
        keys = [service.key for service in self._providers.services()]
        rests: Numbers = {(key,): self._providers.rests(key) for key in keys}
        yield Family("imagine_service_rests", "1 while a service is left alone.", ("service",), rests)
        caps: Numbers = {(key,): cap for key in keys if (cap := self._providers.cap(key)) is not None}
        yield Family("imagine_service_cap_credits", "The most that a service may draw in a day.", ("service",), caps)

    def _age(self) -> Numbers:
        newest = next(iter(self._backups.all()), None)
        return {(): self._clock.now() - made_at(newest)} if newest else {}

    def _bytes(self) -> Numbers:
        database, log = self._data_dir / FILE, self._data_dir / f"{FILE}-wal"
        return {
            ("database",): _size(database),
            ("log",): _size(log),
            ("backups",): sum(map(_size, self._backups.all())),
            ("free",): shutil.disk_usage(self._data_dir).free,
        }


def _size(path: Path) -> int:
    """0 for what is gone meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
