"""The warm process as tests see it: bots are born, end, and tell how."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TOKEN = "4242:crash-test-token"
KEY = "crash-test-key"
ROOT = Path(__file__).resolve().parents[2]

# A bot that is served by nobody: what a life needs beyond it comes with its birth.
SETTINGS = {
    "BOT_TOKEN": TOKEN,
    "ACCESS": "public",
    "DAILY_CREDITS": "1000000",
    "ONLYSQ_API_KEY": KEY,
    "HTTP_PORT": "0",
}


@dataclass(frozen=True)
class Life:
    """One bot. `ended` tells how it ended, once it has: `signal 9`, `exit 0`."""

    pid: int
    ended: asyncio.Future[str]

    async def end(self, how: signal.Signals) -> str:
        """Send it a signal, unless it is gone already, and wait for its end."""
        with suppress(ProcessLookupError):  # gone, but not announced yet
            if not self.ended.done():
                os.kill(self.pid, how)
        return await self.ended


class Mother:
    """The warm process, and the bots that it bears."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self._born: deque[asyncio.Future[int]] = deque()
        self._ended: defaultdict[int, asyncio.Future[str]] = defaultdict(asyncio.get_running_loop().create_future)

    async def start(self, variables: Mapping[str, str]) -> Life:
        """Bear a bot with these settings."""
        born: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._born.append(born)
        self._in.write(json.dumps(dict(variables)).encode() + b"\n")
        await self._in.drain()
        pid = await born
        life = Life(pid, self._ended[pid])
        life.ended.add_done_callback(lambda _: self._ended.pop(pid))
        return life

    async def listen(self) -> None:
        """Hear of births and ends until the process is gone."""
        async for line in self._out:
            word, pid, *how = line.decode().split()
            if word == "born":
                self._born.popleft().set_result(int(pid))
            else:
                self._ended[int(pid)].set_result(" ".join(how))


@asynccontextmanager
async def warm_mother() -> AsyncIterator[Mother]:
    """A mother that is ready."""
    command = (sys.executable, "-m", "tests.crash.mother")
    environment = {"PATH": os.environ["PATH"], **SETTINGS}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    mother = Mother(process)
    listening = asyncio.create_task(mother.listen())  # noqa: TID251  awaited below
    try:
        yield mother
    finally:
        process.stdin.close()
        await listening
        await process.wait()
