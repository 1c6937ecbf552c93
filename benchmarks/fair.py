"""One person with two hundred requests, and another who wants one picture after the other."""

import asyncio
import time
from functools import partial

from benchmarks.report import Figure
from benchmarks.stage import open_stage, pictures
from bot.sandbox.people import Talk
from tests.providers.fake import Answer, Call, picture_answer

SECONDS = 0.5  # that the service takes for a picture
PROBES = 30
MANY = 200


async def fair() -> list[Figure]:
    """How long the second person waits, alone and behind the first."""
    async with open_stage() as stage:
        stage.service.otherwise = slow
        async with stage.running(WORKERS="4", MOST_WAITING=str(MANY)):
            [anna, boris] = stage.talks(2)
            alone = await _waits(boris)
            for number in range(MANY):
                await anna.say(f"/imagine fox {number}")
            waiting = "SELECT COUNT(*) FROM jobs"
            await stage.until(lambda: stage.count(waiting) >= MANY // 2)
            behind = await _waits(boris)
            left = stage.count(waiting)
    change = (behind / alone - 1) * 100
    measured = f"{alone * 1000:.0f} ms alone, {behind * 1000:.0f} ms behind ({change:+.1f} %; {left} still waited)"
    name = f"p95 of one person's pictures behind {MANY} waiting requests of another"
    return [Figure(name, measured, "≤ 10 % more", change <= 10, "make bench ARGS=fair")]


async def _waits(talk: Talk) -> float:
    """The 95th percentile of the seconds from a wish to its picture."""
    times = []
    for _ in range(PROBES):
        times.append(await drawn_in(talk))
        await asyncio.sleep(1.0)  # Telegram takes one new message a second in a private chat
    return sorted(times)[int(len(times) * 0.95)]


async def drawn_in(talk: Talk) -> float:
    """Seconds from a wish to its picture."""
    before, begun = pictures([talk]), time.perf_counter()
    await talk.say("/imagine an owl")
    await talk.until(partial(_has_more, before), timeout=60)
    return time.perf_counter() - begun


def _has_more(before: int, talk: Talk) -> bool:
    return pictures([talk]) > before


def slow(call: Call) -> Answer:
    """A small picture after half a second."""
    return Answer(json=picture_answer(), delay=SECONDS) if call.method == "POST" else Answer(json={})
