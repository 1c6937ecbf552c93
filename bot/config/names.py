"""The names of settings, and finding slips of the pen in them."""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import BaseSettings

from bot.config.settings import Settings
from bot.errors import SettingsError
from bot.providers import ProviderSettings, adapters

# Names that begin like this are ours, so an unknown one is a slip of the pen.
PREFIXES = ("BOT_", "TELEGRAM_", "ADMIN_", "DAILY_", "WEBHOOK_", "MODERATION_", "MASTER_", "KEEP_")
# Others are taken for a slip only when they are this close to a name of ours: HTTP_PROXY is nobody's mistake.
CLOSE = 0.85

# Other programs read these; who has set them for those need not unset them for us.
OTHERS = frozenset({"OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_LOG", "OPENAI_WEBHOOK_SECRET"})


@dataclass(frozen=True, slots=True)
class Service:
    """One that has settings, on or off: its key, and the prefix of the variables that `Settings` is read from.

    `named`: it is there because the operator gave it a name.
    """

    key: str
    Settings: type[ProviderSettings]
    prefix: str
    named: bool = False

    def variables(self) -> list[str]:
        """All that can be set for it."""
        return [variable_of(self.Settings, field, self.prefix) for field in self.Settings.model_fields]


def variables() -> Iterator[tuple[str, type[BaseSettings], str]]:
    """Every variable of a fixed name: its name, the settings it belongs to, the field there."""
    everyone: list[type[BaseSettings]] = [Settings]
    for adapter in adapters():
        everyone += [adapter.Settings, *([adapter.Servers] if adapter.Servers else [])]
    for settings in everyone:
        for field in settings.model_fields:
            if field != "providers":
                yield variable_of(settings, field), settings, field


def check_names(env_file: Path, services: list[Service]) -> None:
    """Raises SettingsError for a name that nothing reads, so that no setting is lost to a slip of the pen."""
    known = {name for name, _, _ in variables()} | {name for service in services for name in service.variables()}
    prefixes = (*PREFIXES, *(service.prefix for service in services))
    in_file = {name.upper() for name in dotenv_values(env_file)}
    around = {name.upper() for name in os.environ}
    ours = {name for name in in_file | around if name.startswith(tuple(prefixes))}
    # A file for us may hold names for others, such as TZ, but hardly one that is so close to one of ours.
    slips = ours | {name for name in in_file if _nearest(name, known, CLOSE)}
    for name in sorted(slips - known - OTHERS):
        nearest = _nearest(name, known, 0.0)
        raise SettingsError(f"{name} is not a setting; did you mean {nearest}?")


def _nearest(name: str, known: set[str], cutoff: float) -> str | None:
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff)), None)


def prefix_of(settings: type[BaseSettings]) -> str:
    """What all variables of these settings begin with."""
    return str(settings.model_config.get("env_prefix", ""))


def variable_of(settings: type[BaseSettings], field: str, prefix: str | None = None) -> str:
    """The variable of a field, which may be told by its alias, too. `prefix` is another than the settings' own."""
    aliases = {name: info.validation_alias for name, info in settings.model_fields.items()}
    if alias := aliases.get(field, field if field in aliases.values() else None):
        return str(alias)
    return f"{prefix_of(settings) if prefix is None else prefix}{field}".upper()
