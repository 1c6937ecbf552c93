"""What every part of the bot stands on."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from bot.clock import Clock
from bot.config import Settings
from bot.http import Network
from bot.quota.service import Ledger
from bot.storage.database import Database
from bot.telegram.api import Api
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Ground:
    """How this bot is set up, and its ways to the world."""

    settings: Settings
    clock: Clock
    database: Database
    network: Network
    """The way to the services."""
    api: Api
    """The way to Telegram."""
    texts: Texts
    ledger: Ledger
    counts: Counter[str]

    @classmethod
    def build(cls, settings: Settings, clock: Clock, database: Database, network: Network, api: Api) -> Self:
        """Read the sentences and the rules for credits; nothing is asked of anybody."""
        texts = Texts.load(settings.default_language)
        ledger = Ledger(settings.daily_credits, settings.time_zone, clock)
        return cls(settings, clock, database, network, api, texts, ledger, Counter())

    @property
    def public(self) -> bool:
        """Whether everybody may use the bot."""
        return self.settings.access == "public"
