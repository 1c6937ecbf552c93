"""Builds and wires everything, starts it, and stops it: the only place that knows every part.

One module for each part, and each rests on those before it:

    ground      settings, clock, database, ways to Telegram and the services, texts, ledger
    voice       how people and admins hear of us
    pictures    what draws, where pictures lie, what may be asked for
    features    commands and buttons of all features, the gate in front, what handlers get by name
    work        the handlers of all jobs, and who runs them
    edge        updates come in, and go through the features one transaction each
    ops         health, chores, the page for machines
    life        all of it, from the start to the end

A new feature is a name in `features`, a new kind of job is a line in `work`.
"""

from bot.telegram import lazy_types

lazy_types.install()

# isort: split
# ruff: noqa: E402  whatever imports aiogram must come after it was told to build its models late

from bot.app.ground import Ground
from bot.app.life import App, open_app, serve

__all__ = ["App", "Ground", "open_app", "serve"]
