"""The measurements. Each is a coroutine that gives one figure or more; its name is the word for `make bench ARGS=…`."""

import asyncio
import base64
import json
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable, Coroutine
from typing import Any

import psutil

from benchmarks.broadcast import broadcast
from benchmarks.crashes import kills, recovery, steps
from benchmarks.fair import fair
from benchmarks.load.paint import jpeg
from benchmarks.page import page
from benchmarks.report import Figure
from benchmarks.soak import soak
from benchmarks.speed import speed
from benchmarks.stage import Stage, open_stage, pictures
from benchmarks.storage import million
from benchmarks.webhook import webhook
from benchmarks.writers import writers
from bot.sandbox.people import Talk
from bot.telegram.cut import cut
from tests.providers.fake import Answer, Call, picture_answer

MB = 1_000_000
Measurement = Callable[[], Coroutine[Any, Any, list[Figure]]]


def _figure(word: str, name: str, measured: str, goal: str, *, reached: bool) -> Figure:
    return Figure(name, measured, goal, reached, f"make bench ARGS={word}")


async def credits() -> list[Figure]:  # noqa: A001  the word of the product
    """A thousand wishes at once with ten credits."""
    async with open_stage() as stage, stage.running(DAILY_CREDITS="10"):
        [anna] = stage.talks(1)
        for number in range(1000):
            await anna.say(f"/imagine fox {number}")
        await stage.until(lambda: stage.count("SELECT COUNT(*) FROM inbox WHERE state = 'done'") >= 1000)
        await stage.until(lambda: pictures([anna]) >= 10 and not stage.count("SELECT COUNT(*) FROM jobs"))
        shown, drawn = pictures([anna]), sum(call.method == "POST" for call in stage.service.calls)
    measured = f"{shown} pictures, {drawn} calls of the service"
    goal = "exactly 10 and 10"
    name = "1,000 requests at once of one person with 10 credits"
    return [_figure("credits", name, measured, goal, reached=(shown, drawn) == (10, 10))]


async def poison() -> list[Figure]:
    """One update that is none among a hundred."""
    async with open_stage() as stage:
        people = stage.talks(99)
        for talk in people[:50]:
            await talk.say("/me")
        stage.sandbox.world.update(stage.bot, "message", {"message_id": 1, "date": "yesterday", "chat": 5})
        for talk in people[50:]:
            await talk.say("/me")
        async with stage.running():
            begun = time.perf_counter()
            await _poll(lambda: stage.count("SELECT COUNT(*) FROM inbox WHERE state = 'done'") >= 99)
            seconds = time.perf_counter() - begun
    name = "1 undecodable update among 100: the other 99 handled"
    return [_figure("poison", name, f"{seconds:.2f} s after the first poll", "≤ 1 s", reached=seconds <= 1)]


async def _poll(done: Callable[[], bool], patience: float = 60) -> None:
    async with asyncio.timeout(patience):
        while not done():  # noqa: ASYNC110  another process writes the database: nobody can ring here
            await asyncio.sleep(0.01)


def nested(depth: int) -> dict[str, Any]:
    """An update whose rich message is bold in bold in bold …"""
    text: Any = "x"
    for _ in range(depth):
        text = {"type": "bold", "text": text}
    chat = {"id": 1, "type": "private", "first_name": "A"}
    rich = {"blocks": [{"type": "paragraph", "text": text}]}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 1, "is_bot": False, "first_name": "A"}}
    return {"update_id": 1, "message": {**message, "text": "/me", "rich_message": rich}}


async def rich() -> list[Figure]:
    """Reading an update with a rich message nested ten deep."""
    from aiogram.types import Update

    raw = json.dumps(nested(10))
    Update.model_validate(cut(json.loads(raw)))
    times = []
    for _ in range(200):
        begun = time.perf_counter()
        Update.model_validate(cut(json.loads(raw)))
        times.append((time.perf_counter() - begun) * 1000)
    measured = statistics.median(times)
    return [_figure("rich", "reading a message nested 10 deep", f"{measured:.2f} ms", "< 5 ms", reached=measured < 5)]


async def start() -> list[Figure]:
    """Cold start, idle memory, idle processor; beside a plain import of aiogram."""
    async with open_stage() as stage:
        starts = [await _cold_start(stage) for _ in range(5)]
        async with stage.running() as bot:
            await asyncio.sleep(10)
            memory, before = bot.memory_info().rss / MB, bot.cpu_times()
            await asyncio.sleep(30)
            after = bot.cpu_times()
    idle = (after.user + after.system - before.user - before.system) / 30 * 100
    plain_seconds, plain_memory = await _plain_import()
    seconds = statistics.median(starts)
    span = f"{seconds:.2f} s (plain import of aiogram: {plain_seconds:.1f} s)"
    weight = f"{memory:.0f} MB (plain import of aiogram: {plain_memory:.0f} MB)"
    return [
        _figure("start", "cold start to the first getUpdates, median of 5", span, "≤ 2 s", reached=seconds <= 2),
        _figure("start", "idle memory", weight, "≤ 90 MB", reached=memory <= 90),
        _figure("start", "idle processor over 30 s", f"{idle:.2f} %", "< 1 %", reached=idle < 1),
    ]


async def _cold_start(stage: Stage) -> float:
    begun = time.perf_counter()
    async with stage.running():
        return time.perf_counter() - begun


async def _plain_import() -> tuple[float, float]:
    code = "import aiogram, psutil; print(psutil.Process().memory_info().rss)"
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    output, _ = await process.communicate()
    return time.perf_counter() - begun, int(output) / MB


def _slow(seconds: float) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        return Answer(json=picture_answer(), delay=seconds) if call.method == "POST" else Answer(json={})

    return answer


async def life() -> list[Figure]:
    """The first sign of life while 64 pictures are being drawn."""
    async with open_stage() as stage:
        stage.service.otherwise = _slow(120)
        async with stage.running(WORKERS="64"):
            for talk in stage.talks(64, "Busy"):
                await talk.say("/imagine a slow fox")
            await stage.until(lambda: stage.service.most_at_once >= 64)
            times = sorted([await _first_sign(talk) for talk in stage.talks(200, "Probe")])
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    measured = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"
    name = "first sign of life with 64 pictures in work, 200 people one after the other"
    return [_figure("life", name, measured, "p99 ≤ 100 ms", reached=p99 <= 100)]


async def _first_sign(talk: Talk) -> float:
    begun = time.perf_counter()
    await talk.say("/imagine a fox")
    await talk.until(lambda chat: chat.answers, timeout=30)
    seconds = time.perf_counter() - begun
    await asyncio.sleep(0.06)  # below the 25 a second that all chats share, or we would measure that
    return seconds


async def memory() -> list[Figure]:
    """Fifty large answers at once."""
    picture = base64.b64encode(jpeg(3984, 97, 14)).decode()
    answer = Answer(json=picture_answer() | {"files": [picture]})
    async with open_stage() as stage:
        stage.service.otherwise = lambda call: answer if call.method == "POST" else Answer(json={})
        async with stage.running(WORKERS="50") as bot:
            people = stage.talks(50)
            before = bot.memory_info().rss
            watch = asyncio.create_task(_peak(bot))  # noqa: TID251  ended two lines below
            for talk in people:
                await talk.say("/imagine a large fox")
            await stage.until(lambda: pictures(people) >= 50, patience=300)
            watch.cancel()
            growth = (await watch - before) / MB / 50
    name = f"growth of the process for each of 50 answers of {len(picture) / MB:.0f} MB at once"
    return [_figure("memory", name, f"{growth:.1f} MB", "< 8 MB", reached=growth < 8)]


async def _peak(process: psutil.Process) -> int:
    peak = 0
    try:
        while True:
            peak = max(peak, process.memory_info().rss)
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        return peak


ALL: dict[str, Measurement] = {
    measure.__name__: measure
    for measure in (
        credits,
        kills,
        steps,
        recovery,
        poison,
        rich,
        start,
        life,
        memory,
        fair,
        broadcast,
        million,
        writers,
        page,
        soak,
        webhook,
        speed,
    )
}
