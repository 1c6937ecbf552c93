"""Whatever strangers post to the webhook: nothing is handled, nothing breaks, nothing grows."""

import asyncio
import gc
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.ops.health import Health
from bot.ops.logging import configure
from bot.ops.metrics import Metrics
from bot.ops.pages import Pages
from bot.telegram import webhook
from bot.telegram.webhook import Webhook
from tests.telegram.conftest import Edge, EdgeMaker
from tests.telegram.forged import PATH, SECRET, forged, request

FORGED = int(os.environ.get("FORGED", "3000"))
AT_ONCE = 32
PATIENCE = 0.3
MB = 1024 * 1024


class Door:
    """The real pages with the webhook on them."""

    def __init__(self, life: Edge, port: int) -> None:
        self.life = life
        self.port = port

    async def knock(self, sent: bytes) -> bytes:
        """Send these bytes and no more, and read the head of the answer. Who gets none hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            async with asyncio.timeout(PATIENCE):
                return await reader.readuntil(b"\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            return b""
        finally:
            writer.transport.abort()


def status(answer: bytes) -> int:
    """The status of an answer; 0 where the line was closed without one."""
    head = answer.partition(b"\r\n")[0].split(b" ")
    return int(head[1]) if len(head) > 1 else 0


@pytest.fixture
async def door(edge: EdgeMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    monkeypatch.setattr(webhook, "BODY_TIMEOUT", 0.1)
    with (tmp_path / "log").open("w") as log:
        configure("info", "json", [], stream=log)
        life = edge()
        hook = Webhook(life.inbox, life.spine, SecretStr(SECRET), life.clock)
        health = Health(life.clock)
        pages = Pages(health, Metrics(life.database, health, life.counts), {PATH.decode(): hook.handle})
        address = await pages.start("127.0.0.1", 0)
        yield Door(life, int(address.rpartition(":")[2]))
        await pages.stop()


async def storm(door: Door, seed: int, numbers: range) -> Counter[int]:
    """These requests, some at once; how often which status came back."""
    found: Counter[int] = Counter()
    coming = iter(numbers)

    async def work() -> None:
        for number in coming:
            found[status(await door.knock(forged(seed, number)))] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return found


async def test_no_forged_or_broken_request_is_handled_breaks_anything_or_leaves_a_trace(door: Door) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    tenth = FORGED // 10
    found = await storm(door, seed, range(tenth))
    gc.collect()
    before = psutil.Process().memory_info().rss
    found += await storm(door, seed, range(tenth, FORGED))
    gc.collect()
    grown = psutil.Process().memory_info().rss - before
    assert {code for code in found if code >= 500} == set()
    assert found.keys() >= {0, 200, 400, 401, 404, 405, 413}
    rows = await door.life.rows("SELECT state, count(*) AS n FROM inbox GROUP BY state")
    assert {row["state"] for row in rows} <= {"set_aside"}
    assert door.life.counts["updates"] == 0
    assert grown < 16 * MB


async def test_answers_are_empty_and_call_no_method(door: Door) -> None:
    answer = await door.knock(request(b'{"update_id": 7, "message": {"message_id": 1, "date": 1}}'))
    assert status(answer) == 200
    assert b"\r\nContent-Length: 0\r\n" in answer


@pytest.mark.parametrize("secret", [SECRET.encode(), b"wrong"], ids=["Telegram", "a stranger"])
async def test_a_body_that_does_not_come_is_not_waited_for(door: Door, secret: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(request(b'{"update_id": 7', secret=secret, length=b"500"))
    async with asyncio.timeout(5):
        assert status(await reader.readuntil(b"\r\n")) == (400 if secret == SECRET.encode() else 401)
    writer.transport.abort()
