"""Looks at everything at once; what breaks while looking is a finding, too."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.base import look_at_database
from bot.doctor.ground import look_at_ground
from bot.doctor.judge import look_at_judge
from bot.doctor.rules import Finding, State, wrong
from bot.doctor.services import look_at_services
from bot.doctor.telegram import AtTelegram
from bot.errors import BotError
from bot.ops.redaction import redactor
from bot.providers import Providers
from bot.telegram.api import Api

PATIENCE = 60.0  # seconds for all of it

log = structlog.get_logger(__name__)


class Doctor:
    """Changes nothing, takes no lock, costs nothing: it may look while the bot runs."""

    def __init__(self, settings: Settings, api: Api, providers: Providers, clock: Clock) -> None:
        self._settings = settings
        self._telegram = AtTelegram(api, settings, clock)
        self._providers = providers
        self._clock = clock
        self.redact = redactor(settings.secrets())
        """Hides every secret, wherever one might turn up in what is said."""

    async def look(self) -> Sequence[Finding]:
        """What was found, in the order in which it is told."""
        settings = self._settings
        looks = {
            "token": self._telegram.look(),
            "services": look_at_services(settings, self._providers),
            "judge": look_at_judge(settings, self._clock),
            "database": look_at_database(settings.database_url.get_secret_value(), settings.data_dir),
            "disk": self._ground(),
        }
        parts = await asyncio.gather(*(_carefully(about, look) for about, look in looks.items()))
        return [finding for part in parts for finding in part]

    async def _ground(self) -> AsyncIterator[Finding]:
        for finding in await asyncio.to_thread(lambda: list(look_at_ground(self._settings, self._clock))):
            yield finding


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """What has to be mended first."""
    return sorted(findings, key=lambda finding: list(State).index(finding.state))


async def _carefully(about: str, look: AsyncIterator[Finding]) -> list[Finding]:
    found: list[Finding] = []
    try:
        async with asyncio.timeout(PATIENCE):
            async for finding in look:
                found.append(finding)  # noqa: PERF401  what was found before it broke is told
    except TimeoutError:
        found.append(wrong(about, "doctor-look-slow", what=about))
    except (BotError, OSError) as error:
        found.append(wrong(about, "doctor-look-failed", what=about, reason=str(error)))
    except Exception:  # one look that broke must not hide what the others found
        log.exception("doctor_broke", about=about)
        found.append(wrong(about, "doctor-look-broke", what=about))
    return found
