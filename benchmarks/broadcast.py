"""Pictures while the operator writes to everybody: what a broadcast costs those who draw."""

import os
import sqlite3
import time

from benchmarks.fair import drawn_in, slow
from benchmarks.load.drive import quantile
from benchmarks.report import Figure
from benchmarks.stage import Stage, open_stage
from bot.sandbox.people import Talk
from bot.storage.replace import FILE

READERS = 3000
PROBES = 40  # pictures in each half of a round
ROUNDS = int(os.environ.get("BROADCAST_ROUNDS", "5"))
OPERATOR = 900_000_001
TOLD = "SELECT SUM(delivered) FROM broadcasts"


async def broadcast() -> list[Figure]:
    """Round by round without and with a broadcast, in turn: the median of the changes of each pair."""
    pairs = [await _pair(swapped=bool(number % 2)) for number in range(ROUNDS)]
    alone, meanwhile = (sorted(each)[len(pairs) // 2] * 1000 for each in zip(*pairs, strict=True))
    change = sorted((after / before - 1) * 100 for before, after in pairs)[len(pairs) // 2]
    measured = f"{alone:.0f} ms alone, {meanwhile:.0f} ms meanwhile ({change:+.1f} %, median of {ROUNDS} pairs)"
    name = "p95 of pictures while 10 letters a second go out to everybody"
    return [Figure(name, measured, "< 10 % more", change < 10, "make bench ARGS=broadcast")]


async def _pair(*, swapped: bool) -> tuple[float, float]:
    """The 95th percentiles without and with, in seconds, of the same bot; which comes first takes turns."""
    async with open_stage() as stage:
        stage.service.otherwise = slow
        _meet(stage, READERS)
        async with stage.running(ADMIN_IDS=str(OPERATOR)):
            people = stage.talks(PROBES)
            await _waits(people[:5])  # what is built on first use is not counted
            operator = stage.sandbox.person("Operator", user_id=OPERATOR).private(stage.bot)
            if swapped:
                meanwhile = await _during(stage, operator, people)
                return await _waits(people), meanwhile
            alone = await _waits(people)
            return alone, await _during(stage, operator, people)


async def _during(stage: Stage, operator: Talk, people: list[Talk]) -> float:
    await operator.say("/broadcast There are new models")
    for label in ("Send to", "Yes"):
        await stage.until(lambda label=label: _has(operator, label))  # type: ignore[misc]  # bound now
        await operator.press(label)
    await stage.until(lambda: _has(operator, "Stop"))
    sent = stage.count(TOLD)
    found = await _waits(people)
    assert stage.count(TOLD) > sent, "nothing was sent meanwhile"
    await operator.press("Stop")
    await stage.until(lambda: not stage.count("SELECT COUNT(*) FROM jobs WHERE kind = 'broadcast'"))
    return found


async def _waits(people: list[Talk]) -> float:
    """One picture after the other, each of somebody else."""
    return quantile([await drawn_in(talk) for talk in people], 0.95)


def _has(talk: Talk, label: str) -> bool:
    return any(message.button(label) for message in talk.answers)


def _meet(stage: Stage, count: int) -> None:
    """People who have all written to the bot before."""
    talks = stage.talks(count, prefix="Reader")
    for talk in talks:
        talk.chat.opened = True
    now = int(time.time())  # noqa: TID251  as the bot's own clock
    rows = [(talk.user.user_id, "en", now, now) for talk in talks]
    with sqlite3.connect(stage.data_dir / FILE) as connection:
        sql = "INSERT INTO users (user_id, client_language, created_at, talked_at) VALUES (?, ?, ?, ?)"
        connection.executemany(sql, rows)
    connection.close()
