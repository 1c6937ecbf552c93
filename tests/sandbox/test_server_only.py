"""`imagine-bot sandbox --server-only`: other people's bots talk to it as they would to the official server."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.test_architecture import ROOT
from tests.waiting import until

BOT = 4242
PATIENCE = 60.0


@asynccontextmanager
async def running(*line: str, folder: Path) -> AsyncIterator[Process]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(folder)}
    process = await asyncio.create_subprocess_exec(sys.executable, *line, cwd=folder, env=environment, stdout=PIPE)
    try:
        yield process
    finally:
        process.terminate()
        await process.communicate()


async def address(process: Process) -> str:
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.search(r"http://\S+", line)
    assert found, line
    return found[0]


class Person:
    """Somebody at the other end, by the addresses that docs/sandbox.md tells."""

    def __init__(self, session: aiohttp.ClientSession, number: int) -> None:
        self.session = session
        self.place: dict[str, str | int] = {"person": number, "chat": f"{BOT}:{number}"}

    async def do(self, action: str, **values: Any) -> Any:
        async with self.session.post(f"/sandbox/do/{action}", json={**self.place, **values}) as response:
            return await response.json()

    async def sees(self, wanted: Callable[[Any], bool]) -> Any:
        async def look() -> Any:
            async with self.session.get("/sandbox/messages", params=self.place) as response:
                messages = (await response.json()).get("messages", []) if response.ok else []
            return messages and wanted(messages[-1]) and messages[-1]

        return await until(look, "the message", PATIENCE)


async def get(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(path) as response:
        return await response.json()


async def test_a_bot_of_somebody_else_works_against_the_server(tmp_path: Path) -> None:
    line = ("-m", "bot", "sandbox", "--server-only", "--port", "0")
    async with running(*line, folder=tmp_path) as server:
        url = await address(server)
        script = str(Path(__file__).with_name("foreign_bot.py"))
        async with running(script, url, folder=tmp_path), aiohttp.ClientSession(url) as session:

            async def is_there() -> bool:
                return any(one["id"] == BOT for one in (await get(session, "/sandbox/state"))["bots"])

            await until(is_there, "the bot", PATIENCE)
            person = Person(session, (await get(session, "/sandbox/state"))["people"][0]["id"])
            await session.post("/sandbox/fault", json={"kind": "slow", "method": "sendMessage", "seconds": 0.01})
            await person.do("say", text="/start")
            greeting = await person.sees(lambda last: bool(last["from"]["bot"]))
            assert greeting["text"] == "Hello, you"
            assert greeting["entities"] == [{"type": "bold", "offset": 7, "length": 3}]
            await person.do("press", message=greeting["id"], data="more")
            await person.sees(lambda last: last["text"] == "That was all")
            calls = (await get(session, "/sandbox/calls"))["calls"]
            assert [call["fault"] for call in calls if call["method"] == "sendMessage"] == ["delay 0.01 s"]
            assert not any(call["violation"] for call in calls)
            async with session.get("/") as page:
                assert (page.status, page.content_type) == (200, "text/html")
            state = await get(session, "/sandbox/state")
            assert state["bot"] is None
            assert [one["inline"] for one in state["bots"]] == [False], "it does not ask for such updates"


async def test_only_what_looks_like_a_token_is_one(tmp_path: Path) -> None:
    from bot.sandbox.server import Sandbox

    async with Sandbox(any_bot=True) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        codes = []
        for token in ("12:abcdef", "12:ab", "abcdef:12"):
            async with session.get(f"/bot{token}/getMe") as response:
                codes.append(response.status)
        assert codes == [200, 401, 401]
        assert len(sandbox.world.bots) == 1
