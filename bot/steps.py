"""Places where a crash hurts most: before and after everything that outlives this process.

Commits, calls to services and to Telegram, files that come and go: each says so here. Nobody listens, unless a test
does, which ends the process at one of them and looks what the next process makes of it.
"""

from collections.abc import Callable

LISTENERS: list[Callable[[str], None]] = []
"""Empty in a bot that runs for people; a test that adds one does so in a process of its own."""


def step(name: str, detail: str = "") -> None:
    """Pass a place, such as `before commit`. May be called from any thread."""
    for listener in LISTENERS:
        listener(f"{name} {detail}" if detail else name)
