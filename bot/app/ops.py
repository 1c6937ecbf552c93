"""How the bot does, what it does for itself now and then, and the page for machines."""

from dataclasses import dataclass
from typing import Self

from bot.app.edge import Edge
from bot.app.ground import Ground
from bot.app.pictures import Pictures
from bot.app.voice import Voice
from bot.clock import Clock
from bot.config import Settings
from bot.ops.backup import Backups
from bot.ops.chores import Chores
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.pages import Pages
from bot.ops.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Ops:
    """For who runs the bot."""

    health: Health
    chores: Chores
    pages: Pages

    @classmethod
    def build(cls, ground: Ground, voice: Voice, pictures: Pictures, edge: Edge) -> Self:
        """The page is there after `pages.start`."""
        settings, database, clock = ground.settings, ground.database, ground.clock
        health = Health(clock, {"telegram": lambda: edge.reception.last_good_poll})
        chores = Chores(
            database,
            ground.ledger,
            pictures.shelf,
            pictures.budget,
            clock,
            alarm=voice.notices,
            backups=_backups(settings, clock),
            words_kept=settings.keep_prompts,
        )
        around = Surroundings(settings.data_dir, clock, pictures.providers, chores, lambda: ground.api.clock_there)
        metrics = Metrics(database, health, ground.counts, around)
        return cls(health, chores, Pages(health, metrics, edge.hooks))


def _backups(settings: Settings, clock: Clock) -> Backups | None:
    """Those of SQLite; PostgreSQL has tools of its own."""
    if not settings.backups or settings.database_url.get_secret_value() != "sqlite":
        return None
    return Backups(settings.data_dir, clock, settings.backups)
