"""A warm process that bears bots: everything is imported once, each life is a fork.

Reads one command a line from standard input and answers with one line:
`start` → the process id of a new bot; `reap PID` → how that one ended (`signal 9`, `exit 0`).
Importing the bot takes seconds; a fork takes milliseconds, so hundreds of kills fit into a test run.
"""

import asyncio
import os
import sys
from typing import NoReturn

from bot.app import serve
from bot.config import Settings, load_settings
from bot.ops.logging import configure
from bot.telegram import lazy_types


def live(settings: Settings) -> NoReturn:
    """One life of the bot, from start to its own end or to a kill."""
    code = 1
    try:
        configure("warning", "json", settings.secrets())
        code = asyncio.run(serve(settings))
    finally:
        sys.stderr.flush()
        os._exit(code)


def start(settings: Settings) -> str:
    """Bear one bot."""
    pid = os.fork()
    if pid == 0:
        live(settings)
    return str(pid)


def reap(pid: int) -> str:
    """Wait for the end of one bot and tell how it ended."""
    _, status = os.waitpid(pid, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.waitstatus_to_exitcode(status)}"


def main() -> None:
    """Serve the test until it closes our standard input."""
    settings = load_settings()
    asyncio.run(lazy_types.warm())
    print("ready", flush=True)
    for line in sys.stdin:
        command, *rest = line.split()
        print(start(settings) if command == "start" else reap(int(rest[0])), flush=True)


if __name__ == "__main__":
    main()
