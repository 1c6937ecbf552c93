"""What a crash costs: nothing that people see, and little time."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Mapping

from benchmarks.report import Figure
from benchmarks.stage import ROOT, Stage, open_stage
from tests.providers.fake import Answer, Call

AT_WORK = 32
LONG = 120  # seconds that a picture takes, so that all of them are under way when the bot dies


async def steps() -> list[Figure]:
    """Every place of every story is a place to die at."""
    seconds, code, lines = await _tests("tests/crash/test_steps.py", {"UPKEEP_SHARE": "1"})
    told = [line for line in lines if " deaths, " in line]
    deaths = sum(int(line.split(" deaths")[0].rpartition(" ")[2]) for line in told)
    measured = (
        f"{deaths} deaths in {len(told)} stories, {'nothing' if code == 0 else 'SOMETHING'} wrong, {seconds:.0f} s"
    )
    name = "SIGKILL before and after each commit, call and file of each story, once and lasting"
    goal = "0 lost, doubled, held or wrongly charged; ≤ 1 more paid call for each picture in work at a crash"
    return [Figure(name, measured, goal, code == 0, "make bench ARGS=steps")]


async def kills() -> list[Figure]:
    """Five hundred kills, a hundred requests to stop."""
    seconds, code, lines = await _tests("tests/crash/test_kills.py", {"KILLS": "500", "STOPS": "100"})
    measured = f"{'nothing wrong' if code == 0 else lines[-1]} in {seconds:.0f} s"
    name = "500 kills (SIGKILL) and 100 stops (SIGTERM) at random moments"
    goal = "0 lost, 0 doubled, charges = pictures, 0 holds"
    return [Figure(name, measured, goal, code == 0, "make bench ARGS=kills")]


async def _tests(path: str, variables: Mapping[str, str]) -> tuple[float, int, list[str]]:
    begun = time.perf_counter()
    command = (sys.executable, "-m", "pytest", "-q", "-s", path)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **variables}, stdout=PIPE)
    output, _ = await process.communicate()
    return time.perf_counter() - begun, process.returncode or 0, output.decode().strip().splitlines()


async def recovery() -> list[Figure]:
    """From the kill of a busy bot to its first answer, and to all that it had been drawing."""
    async with open_stage() as stage:
        stage.service.otherwise = _slow
        process = await stage.spawn(WORKERS=str(AT_WORK))
        for talk in stage.talks(AT_WORK):
            await talk.say("/imagine a slow fox")
        await _until_drawn(stage, AT_WORK)
        process.kill()
        await process.wait()
        answer, work = await _back(stage)
    measured = f"first answer after {answer:.1f} s, {AT_WORK} pictures in work again after {work:.1f} s"
    name = f"kill -9 with {AT_WORK} pictures in work, and a new start at once"
    goal = "answer ≤ 5 s, work ≤ 5 s later"
    return [Figure(name, measured, goal, answer <= 5 and work <= answer + 5, "make bench ARGS=recovery")]


async def _back(stage: Stage) -> tuple[float, float]:
    """Seconds until somebody new is answered, and until everything is being drawn again."""
    begun, before = time.perf_counter(), _drawn(stage)
    [probe] = stage.talks(1, "Probe")
    await probe.say("/me")
    process = await stage.spawn(WORKERS=str(AT_WORK))
    try:
        await stage.until(lambda: bool(probe.answers))
        answer = time.perf_counter() - begun
        await _until_drawn(stage, before + AT_WORK)
        return answer, time.perf_counter() - begun
    finally:
        process.kill()
        await process.wait()


async def _until_drawn(stage: Stage, times: int) -> None:
    async with asyncio.timeout(60):
        while _drawn(stage) < times:  # noqa: ASYNC110  the service rings for nobody
            await asyncio.sleep(0.01)


def _drawn(stage: Stage) -> int:
    return sum(call.method == "POST" for call in stage.service.calls)


def _slow(call: Call) -> Answer:
    return Answer(json={}, delay=LONG if call.method == "POST" else 0)
