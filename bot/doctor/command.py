"""`imagine-bot doctor`: the same looks from a shell, beside a running bot or without one."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Settings
from bot.doctor.report import for_scripts, for_shell
from bot.doctor.rules import Finding, exit_code, note, well, wrong
from bot.doctor.service import Doctor
from bot.http import Network, Spool
from bot.ops.pages import ask_health
from bot.ops.redaction import redactor
from bot.providers import PriceFile, Providers
from bot.telegram.api import Api
from bot.texts import Texts


async def examine(settings: Settings, *, as_json: bool = False) -> tuple[str, int]:
    """What to print, and the exit code: 0 while nothing is wrong, else 1. Raises SettingsError."""
    found = [*[finding async for finding in _running(settings)], *await _look(settings)]
    t, redact = Texts.load(settings.default_language).negotiate(), redactor(settings.secrets())
    return (for_scripts if as_json else for_shell)(found, t, redact), exit_code(found)


async def _look(settings: Settings) -> Sequence[Finding]:
    clock = SystemClock()
    api = Api(settings.telegram_api_base, settings.bot_token)
    try:
        with tempfile.TemporaryDirectory(prefix="imagine-bot-") as directory:
            async with Network(clock) as network:
                prices = PriceFile(settings.prices_file, required="prices_file" in settings.model_fields_set)
                providers = Providers.build(settings.providers, network, Spool(Path(directory)), prices=prices)
                return await Doctor(settings, api, providers, clock).look()
    finally:
        await api.close()


async def _running(settings: Settings) -> AsyncIterator[Finding]:
    """Whether a bot answers at the address of its pages. Where any free port is taken, nobody knows which."""
    if not settings.http_port:
        return
    amiss = await ask_health(settings.http_host, settings.http_port)
    if amiss is None:
        yield note("bot", "doctor-bot-silent", host=settings.http_host, port=str(settings.http_port))
    elif amiss:
        yield wrong("bot", "doctor-bot-unwell", signs=", ".join(amiss))
    else:
        yield well("bot", "doctor-bot")
