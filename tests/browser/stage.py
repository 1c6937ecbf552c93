"""`imagine-bot sandbox` as a process of its own, as people start it."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A sandbox that runs. `url` is where its page is."""

    url: str
    log: Path


@asynccontextmanager
async def playing(folder: Path, **environment: str) -> AsyncIterator[Stage]:
    """A sandbox on a free port that keeps everything below `folder`. `environment` is added to what it gets to know."""
    log = folder / "sandbox.log"
    with log.open("wb") as file:
        process = await _started(folder, file, environment)
    try:
        yield Stage(
            await until(partial(asyncio.to_thread, _address, process, log), "an address of the page", PATIENCE), log
        )
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)


async def _started(folder: Path, log: BinaryIO, environment: dict[str, str]) -> Process:
    command = (sys.executable, "-m", "bot", "sandbox", "--port", "0", "--no-browser")
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    known |= {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=known, stdout=log, stderr=STDOUT)


def _address(process: Process, log: Path) -> str:
    said = log.read_text("utf-8")
    assert process.returncode is None, said
    found = re.search(r"http://\S+(?=\n)", said)
    return found[0] if found else ""
