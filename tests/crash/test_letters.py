"""Bots die at any moment while the operator writes to everybody: nobody hears it twice, hardly anybody not at all."""

import os
import random
import signal
from pathlib import Path

from bot.sandbox.people import Talk
from tests.crash.lives import World, open_world

# `LETTERS=1000 LETTER_KILLS=100` takes a few minutes.
LETTERS = int(os.environ.get("LETTERS", "60"))
KILLS = int(os.environ.get("LETTER_KILLS", "6"))
OPERATOR = 900_000_001
NEWS = "There are new models"


def letters(talk: Talk) -> int:
    """How many of them somebody sees."""
    return sum(message.text == NEWS for message in talk.answers)


async def begun(world: World, readers: list[Talk]) -> None:
    """Everybody writes once, and the operator says yes twice."""
    for reader in readers:
        await reader.say("/me")
    operator = world.sandbox.person("Olga", user_id=OPERATOR).private(readers[0].chat.pair[0])  # type: ignore[index]  # it is private
    for reader in readers:
        await reader.until(lambda talk: talk.answers, timeout=60)
    await operator.say(f"/broadcast {NEWS}")
    for label in ("Send to", "Yes"):
        await operator.until(lambda talk, label=label: any(each.button(label) for each in talk.answers))  # type: ignore[misc]  # bound now
        await operator.press(label)


async def test_nobody_is_told_twice_however_often_the_bot_dies(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    async with open_world(tmp_path / "data", seed, people=LETTERS, settings={"ADMIN_IDS": str(OPERATOR)}) as world:
        first = await world.born()
        await begun(world, world.talks)
        assert await first.end(signal.SIGKILL) == "signal 9"
        for _ in range(KILLS):
            assert await world.short_life(1.5, signal.SIGKILL) == "signal 9"
        assert await world.quiet_life(patience=60 + LETTERS) == "exit 0"
        told = [letters(talk) for talk in world.talks]
        print(f"{sum(told)} of {LETTERS} letters after {KILLS + 1} kills")
        assert max(told) == 1
        assert told.count(0) <= world.count("SELECT unknown FROM broadcasts") <= KILLS + 1
        assert world.count("SELECT delivered + unknown FROM broadcasts WHERE state = 'done'") == LETTERS + 1
