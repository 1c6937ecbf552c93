"""The real bot as a child process: started, watched, killed on request, started again."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# What a program needs of its surroundings; settings of a real bot stay outside.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "VIRTUAL_ENV", "LOG_LEVEL", "SKETCH_SECONDS")
RUN = ("-m", "bot", "run")
PATIENCE = 10.0
SHORTEST_PAUSE = 0.3
LONGEST_PAUSE = 5.0
# A life this short was no life: the next try waits longer.
LIVED = 5.0


class Child:
    """Keeps one bot alive. `on_change` is called at each start and end; `program` is what Python runs."""

    def __init__(self, folder: Path, on_change: Callable[[], None], program: Sequence[str] = RUN) -> None:
        self.lives = 0
        self._program = program
        self._folder = folder
        self._on_change = on_change
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process that is the bot now; None between two lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def kill(self) -> bool:
        """End the bot as a power cut would. False when there is none right now."""
        if self._process is None or self._process.returncode is not None:
            return False
        self._process.kill()
        return True

    async def run(self, settings: Mapping[str, str]) -> None:
        """Start the bot with these settings, and again whenever it ends, until cancelled."""
        pause = SHORTEST_PAUSE
        while True:
            lived = await self._live(settings)
            pause = SHORTEST_PAUSE if lived > LIVED else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _live(self, settings: Mapping[str, str]) -> float:
        """One life of the bot; returns its length in seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._program, env=_environment(settings), cwd=self._folder
        )
        self.lives += 1
        self._on_change()
        try:
            await self._process.wait()
        finally:
            await self._end(self._process)
            self._on_change()
        return loop.time() - began

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            process.kill()
            await process.wait()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The bot runs in its own folder, where no .env of a real bot can be found."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**settings, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **kept}
