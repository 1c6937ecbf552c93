"""Reading the environment and `.env`, and saying in one sentence each what is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from bot.config.names import Service, check_names, prefix_of, variable_of
from bot.config.settings import Settings
from bot.errors import SettingsError
from bot.providers import Provider, ProviderSettings, adapters

ENV_FILE = Path(".env")


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read and check everything. Raises SettingsError with all that is wrong, and no secret, in its message."""
    services = _services(env_file)
    check_names(env_file, services)
    providers, problems = _read_providers(env_file, services)
    try:
        settings = Settings(_env_file=env_file, providers=providers)
    except ValidationError as error:
        raise SettingsError("; ".join([*_sentences(error, Settings), *problems])) from None
    if problems:
        raise SettingsError("; ".join(problems))
    _require_apart(env_file, settings.data_dir)
    return settings


def _require_apart(env_file: Path, data_dir: Path) -> None:
    """What opens the words of people must not lie beside them. Raises SettingsError."""
    if env_file.exists() and env_file.resolve().is_relative_to(data_dir.resolve()):
        raise SettingsError(
            f"DATA_DIR: {env_file} lies in it: whoever copies {data_dir} would have the key with the words it locks; "
            "move one of them"
        )


def load_providers(env_file: Path = ENV_FILE) -> Mapping[str, ProviderSettings]:
    """Only the settings of the services, by their key: enough for drawing without a bot. Raises SettingsError."""
    providers, problems = _read_providers(env_file, _services(env_file))
    if problems:
        raise SettingsError("; ".join(problems))
    return providers


def _services(env_file: Path) -> list[Service]:
    """Every adapter, and after it the servers that the operator named for it. Raises SettingsError for a bad name."""
    services = []
    for adapter in adapters():
        service = Service(adapter.key, adapter.Settings, prefix_of(adapter.Settings))
        services += [service, *(_named(service, name) for name in _server_names(adapter, env_file))]
    return services


def _server_names(adapter: type[Provider], env_file: Path) -> tuple[str, ...]:
    if adapter.Servers is None:
        return ()
    try:
        return adapter.Servers(_env_file=env_file).servers
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error, adapter.Servers))) from None


def _named(service: Service, name: str) -> Service:
    """A server of its own that is spoken to as `service` is."""
    prefix = f"{service.prefix}{name.replace('-', '_')}_".upper()
    if name in {adapter.key for adapter in adapters()}:
        raise SettingsError(f"{service.prefix}SERVERS: {name} is the name of another service already")
    if meant := next((variable for variable in service.variables() if variable.startswith(prefix)), None):
        raise SettingsError(f"{service.prefix}SERVERS: {name} cannot be a name, because {meant} is something else")
    return Service(name, service.Settings, prefix, named=True)


def _read_providers(env_file: Path, services: list[Service]) -> tuple[dict[str, ProviderSettings], list[str]]:
    providers: dict[str, ProviderSettings] = {}
    problems: list[str] = []
    for service in services:
        try:
            providers[service.key] = service.Settings(_env_file=env_file, _env_prefix=service.prefix)
            if service.named and not providers[service.key].on:
                problems.append(f"{service.prefix}API_KEY: must be set, or {service.prefix}BASE_URL")
        except ValidationError as error:
            problems += _sentences(error, service.Settings, service.prefix)
    return providers, problems


def readable_by_others(env_file: Path = ENV_FILE) -> bool:
    """Whether somebody else on this machine can read the secrets in the file."""
    return env_file.exists() and bool(env_file.stat().st_mode & 0o077)


def _sentences(error: ValidationError, settings: type[BaseSettings], prefix: str | None = None) -> list[str]:
    """One plain sentence for each problem; pydantic's own texts may quote what was set, so inputs are left out."""
    return [
        f"{variable_of(settings, str(problem['loc'][0]), prefix)}: {_reason(problem)}"
        if problem["loc"]
        else _reason(problem)
        for problem in error.errors(include_url=False, include_input=False)
    ]


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "missing":
        return "must be set"
    text = str(problem["msg"]).removeprefix("Value error, ")
    return text[0].lower() + text[1:] if text.startswith(("Input", "Invalid")) else text
