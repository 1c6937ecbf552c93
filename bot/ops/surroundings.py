"""Numbers about what is around the bot: disk, files, backups, services. A few calls to the file system each time."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import quantiles

from bot import __version__
from bot.clock import Clock
from bot.ops.backup import Backups, made_at
from bot.ops.chores import Chores
from bot.ops.family import Family
from bot.providers import Providers
from bot.providers.tally import Tally
from bot.storage.replace import FILE

Numbers = Mapping[tuple[str, ...], float]
QUANTILES = {"0.5": 49, "0.9": 89}  # where each stands among the hundredths


class Surroundings:
    """Looks when numbers are asked for."""

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        providers: Providers,
        chores: Chores,
        clock_there: Callable[[], tuple[str, float]],
    ) -> None:
        """`clock_there` is the time that Telegram told last, as HTTP writes it, and when that was: monotonic."""
        self._data_dir = data_dir
        self._clock = clock
        self._providers = providers
        self._chores = chores
        self._clock_there = clock_there
        self._backups = Backups(data_dir, clock)

    def __call__(self) -> Iterator[Family]:
        """All of them. What is not there has no number."""
        yield Family("imagine_info", "Which bot this is.", ("version",), {(__version__,): 1})
        yield Family("imagine_bytes", "Bytes by what they are for.", ("of",), self._bytes())
        yield Family("imagine_backup_age_seconds", "Age of the newest backup.", (), self._age())
        ages: Numbers = {(name,): age for name, age in self._chores.ages().items()}
        yield Family("imagine_chore_age_seconds", "Since a regular task was done last.", ("chore",), ages)
        yield Family("imagine_clock_ahead_seconds", "By how much our clock is ahead of Telegram's.", (), self._ahead())
        yield from self._services()

    def _services(self) -> Iterator[Family]:
        keys = [service.key for service in self._providers.services()]
        rests: Numbers = {(key,): self._providers.rests(key) for key in keys}
        yield Family("imagine_service_rests", "1 while a service is left alone.", ("service",), rests)
        caps: Numbers = {(key,): cap for key in keys if (cap := self._providers.cap(key)) is not None}
        yield Family("imagine_service_cap_credits", "The most that a service may draw in a day.", ("service",), caps)

        tallies = {key: self._providers.tally(key) for key in self._providers.titles}
        calls: Numbers = {(key, how): n for key, tally in tallies.items() for how, n in tally.outcomes.items()}
        about = "Calls to a service by what came of them: drawn, or why not."
        yield Family("imagine_service_calls", about, ("service", "outcome"), calls, grows=True)
        times: Numbers = {(key, which): s for key, tally in tallies.items() for which, s in _seconds(tally).items()}
        about = "What pictures took at a service within the last day."
        yield Family("imagine_service_seconds", about, ("service", "quantile"), times)

    def _ahead(self) -> Numbers:
        date, heard = self._clock_there()
        try:
            theirs = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return {}
        return {(): round(self._clock.now() - (self._clock.monotonic() - heard) - theirs)}

    def _age(self) -> Numbers:
        newest = next(iter(self._backups.all()), None)
        return {(): self._clock.now() - made_at(newest)} if newest else {}

    def _bytes(self) -> Numbers:
        database, log = self._data_dir / FILE, self._data_dir / f"{FILE}-wal"
        spooled = self._data_dir.glob("spool/*")
        found: dict[tuple[str, ...], float] = {
            ("backups",): sum(map(_size, self._backups.all())),
            ("spool",): sum(map(_size, spooled)),
            ("free",): shutil.disk_usage(self._data_dir).free,
        }
        if database.exists():
            found |= {("database",): _size(database), ("log",): _size(log)}
        return found


def _seconds(tally: Tally) -> Mapping[str, float]:
    """The usual time of a picture and a long one, in seconds; nothing of a service that drew none."""
    drawn = [call.ms / 1000 for call in tally.lately() if call.error is None]
    if not drawn:
        return {}
    hundredths = quantiles(drawn, n=100, method="inclusive") if len(drawn) > 1 else drawn * 99
    return {name: round(hundredths[place], 3) for name, place in QUANTILES.items()}


def _size(path: Path) -> int:
    """0 for what is gone meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
