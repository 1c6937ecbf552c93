"""The text of `.env.example`."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.config.names import variables

EXAMPLE_HEAD = """\
# Copy this file to .env and set what you need. What is commented out shows its default.
# `imagine-bot env` prints it.
"""


def example() -> str:
    """The text of `.env.example`. Comments stand on lines of their own: Docker takes all after `=` as the value."""
    lines = [EXAMPLE_HEAD]
    for name, settings, field in variables():
        lines += [*_explained(settings, field), _example_line(name, settings, field), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _explained(settings: type[BaseSettings], field: str) -> list[str]:
    description = settings.model_fields[field].description
    return [f"# {line}" for line in (description or "").splitlines()]


def _example_line(name: str, settings: type[BaseSettings], field: str) -> str:
    info = settings.model_fields[field]
    if info.is_required():
        return f"{name}="
    value = info.default.get_secret_value() if isinstance(info.default, SecretStr) else info.default
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    elif isinstance(value, bool):
        value = int(value)
    return f"# {name}={'' if value is None else value}".rstrip()
