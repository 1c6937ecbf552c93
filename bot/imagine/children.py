"""Processes that look into pictures, so that what a crafted file does happens to them alone."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ValidationError

from bot.errors import Cause

PROGRAM = Path(__file__).with_name("reencode.py")
AT_ONCE = 2
SECONDS = 20.0  # for one picture; its processor time is limited more closely by the child itself
IDLE = 60.0  # seconds after which a child without work is ended
FAREWELL = 2.0  # seconds in which a killed child is gone
MOST_PICTURES = 200  # that one child looks into

Beside = Literal["clean", "flat"] | None


class Answer(BaseModel):
    """What a child found: the files that lie beside the one it was asked about, or what is wrong with that."""

    shown: Beside = None
    original: Beside = None
    fault: Literal[Cause.NOT_A_PICTURE, Cause.PICTURE_TOO_LARGE, Cause.STORAGE_FULL] | None = None
    detail: str = ""


class ChildFailed(Exception):
    """It died, talked nonsense, or took too long. The message says which, for the log."""


class Children:
    """At most two, started when there is work for them. An async context manager: at its end they are ended."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: list[_Child] = []
        self._ended: list[_Child] = []
        self._rest: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end_idle()
        for child in self._ended:
            await child.end()

    async def ask(self, question: str) -> Answer:
        """Put one line to a child, waiting for a free one. Raises ChildFailed."""
        async with self._turns:
            if self._idle:
                try:
                    return await self._asked(self._idle.pop(), question)
                except _Died:
                    pass  # of a picture before this one, or ended by somebody: a fresh child tells
            return await self._asked(await _Child.start(), question)

    async def _asked(self, child: "_Child", question: str) -> Answer:
        """A child that failed, or found something wrong, gets no other picture: who knows what it did inside."""
        try:
            answer = await child.ask(question)
        except BaseException:
            await child.end()
            raise
        if answer.fault or child.pictures >= MOST_PICTURES:
            await child.end()
        else:
            self._idle.append(child)
            self._rest_later()
        return answer

    def _rest_later(self) -> None:
        if self._rest:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(IDLE, self._end_idle)

    def _end_idle(self) -> None:
        if self._rest:
            self._rest.cancel()
        for child in self._idle:
            child.kill()
        self._ended = [child for child in self._ended if child.alive] + self._idle
        self._idle = []


class _Died(ChildFailed):
    """Ended in the middle of the question."""


class _Child:
    def __init__(self, process: Process) -> None:
        self._process = process
        self.pictures = 0

    @classmethod
    async def start(cls) -> Self:
        """It inherits no secret, only where its libraries are; when its parent is gone its questions end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            PROGRAM,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,  # Ctrl-C is meant for the bot
        )
        return cls(process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, question: str) -> Answer:
        """Raises ChildFailed."""
        self.pictures += 1
        try:
            async with asyncio.timeout(SECONDS):
                return Answer.model_validate_json(await self._line(question))
        except TimeoutError:
            raise ChildFailed("takes too long") from None
        except ValidationError:
            raise ChildFailed("talks nonsense") from None

    async def _line(self, question: str) -> bytes:
        pipes: Any = self._process
        try:
            pipes.stdin.write(question.encode() + b"\n")
            await pipes.stdin.drain()
            line: bytes = await pipes.stdout.readuntil(b"\n")
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise _Died(f"ended with {type(error).__name__}") from None
        return line

    def kill(self) -> None:
        """With whatever it has started: it leads a session of its own."""
        if self.alive:
            self._kill_session()

    async def end(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        try:
            async with asyncio.timeout(FAREWELL):
                # It is gone for asyncio only when all that it said is read.
                await self._process.communicate()
        except TimeoutError:
            # It died, and something that it started goes on holding its end of the pipe.
            self._kill_session()
            pipes: Any = self._process
            pipes._transport.close()  # noqa: SLF001  asyncio has no other way to let go of it

    def _kill_session(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
