"""A warm process that bears bots: everything is imported once, each life is a fork.

Reads one command a line from standard input: `start {…}` with variables of the environment for one life. Answers
`born PID`, and once that life is over `ended PID HOW`, where HOW is such as `signal 9` or `exit 0`.
Importing the bot takes seconds; a fork takes milliseconds, so hundreds of kills fit into a test run.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bot import steps
from bot.app import serve
from bot.config import load_settings
from bot.ops.logging import configure
from bot.telegram import lazy_types
from bot.texts import Texts

# Variables of one life, beside the bot's own settings.
DIE_AT = "CRASH_DIE_AT"  # the step that it does not survive: see `passing`
TRAIL = "CRASH_TRAIL"  # the file that gets the name of each step
LOG = "CRASH_LOG"  # the file that gets what it logs

BOT = str(Path(steps.__file__).parent)
STORAGE = str(Path(BOT, "storage"))


def passing(die_at: str, trail: Path) -> Callable[[str], None]:
    """A listener that writes each step down and ends the process at one: the n-th, or the k-th `at a place*k`."""
    passed: Counter[str] = Counter()
    file = trail.open("a", buffering=1)

    def listen(name: str) -> None:
        place = f"{name} in {_whose()}" if name.endswith("commit") else name
        passed[place] += 1
        file.write(f"{place}\n")
        if die_at in (str(passed.total()), f"{place}*{passed[place]}"):
            os.kill(os.getpid(), signal.SIGKILL)

    return listen


def _whose() -> str:
    """Whose transaction it is that ends: the two functions around it."""
    found: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    while frame and len(found) < 2:
        path = frame.f_code.co_filename
        if path.startswith(BOT) and not path.startswith((STORAGE, steps.__file__)):
            found.append(frame.f_code.co_qualname)
        frame = frame.f_back
    return " < ".join(name.replace(".<locals>", "") for name in found)


def live(variables: dict[str, str]) -> NoReturn:
    """One life of the bot, from start to its own end or to a kill."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(variables)
        if log := variables.get(LOG):
            os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), sys.stderr.fileno())
        if die_at := variables.get(DIE_AT):
            steps.LISTENERS.append(passing(die_at, Path(variables[TRAIL])))
        settings = load_settings()
        configure("warning", "json", settings.secrets())
        code = asyncio.run(serve(settings))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def say(line: str) -> None:
    """Answer. Not with print, which a signal must not interrupt."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def start(variables: dict[str, str]) -> None:
    """Bear one bot."""
    pid = os.fork()
    if pid == 0:
        live(variables)
    say(f"born {pid}")


def bury(*_: object) -> None:
    """Tell of every life that is over."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        signaled = os.WIFSIGNALED(status)
        say(f"ended {pid} " + (f"signal {os.WTERMSIG(status)}" if signaled else f"exit {os.WEXITSTATUS(status)}"))


def main() -> None:
    """Serve the test until it closes our standard input."""
    load_settings()
    asyncio.run(lazy_types.warm())
    assert Texts.load().languages  # they are read from disk once
    signal.signal(signal.SIGCHLD, bury)
    say("ready")
    for line in sys.stdin:
        start(json.loads(line))


if __name__ == "__main__":
    main()
