"""Real services in the sandbox: those that the operator has a key for, by the same settings that the bot has."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from bot.config import ENV_FILE, OTHERS, load_providers
from bot.errors import SettingsError
from bot.providers import adapters

OURS = "studio"
# What draws on this machine is here already, and a key that everybody has is no wish of the operator.
PUBLIC = "ONLYSQ_API_KEY"
OFF = {PUBLIC: "off"}


@dataclass(frozen=True, slots=True)
class Services:
    """Real services that are on: their names for people, and the variables that say so."""

    titles: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=lambda: OFF)

    def servers(self) -> str:
        """OPENAI_SERVERS with the service of the sandbox among them."""
        return ",".join(filter(None, (OURS, self.variables.get("OPENAI_SERVERS", ""))))


def real_services(env_file: Path = ENV_FILE) -> Services:
    """What is set in the environment and in `.env`. Raises SettingsError for what cannot be read."""
    given = _given(env_file)
    keys = [key for key, service in load_providers(env_file).items() if service.on and _is_meant(key, given)]
    if not keys:
        return Services()
    if OURS in keys:
        raise SettingsError(
            f"OPENAI_SERVERS: in the sandbox {OURS} is a server already; --no-services leaves yours out."
        )
    return Services(tuple(map(_title, keys)), OFF | given)


def _given(env_file: Path) -> dict[str, str]:
    """Every variable of a service that somebody has set; the environment wins over the file."""
    prefixes = tuple(str(one.Settings.model_config.get("env_prefix")) for one in adapters() if one.key != "sketch")
    both = {**dotenv_values(env_file), **os.environ}
    named = {name.upper(): value for name, value in both.items() if value}
    return {name: value for name, value in named.items() if name.startswith(prefixes) and name not in OTHERS}


def _is_meant(key: str, given: Mapping[str, str]) -> bool:
    return key != "sketch" and (key != "onlysq" or PUBLIC in given)


def _title(key: str) -> str:
    return next((adapter.title for adapter in adapters() if adapter.key == key), key)
