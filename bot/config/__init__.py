"""Every setting, once. Read from the environment and from `.env` in the working directory; the environment wins."""

from bot.config.example import example
from bot.config.names import OTHERS
from bot.config.reading import ENV_FILE, load_providers, load_settings, readable_by_others
from bot.config.settings import Settings

__all__ = ["ENV_FILE", "OTHERS", "Settings", "example", "load_providers", "load_settings", "readable_by_others"]
