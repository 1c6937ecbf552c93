"""A Telegram bot that draws pictures and loses none. The map of this package is README.md beside this file."""

__version__ = "0.1.0"
