"""Bots die at any moment. People see each picture once, and pay once."""

import os
import random
import signal
from pathlib import Path

import pytest

from tests.crash.lives import World, open_world

# `make bench` and `make test-long` ask for more; here it is what fits into a test run.
KILLS = int(os.environ.get("KILLS", "60"))
STOPS = int(os.environ.get("STOPS", "10"))


def check(world: World) -> None:
    """What must be true when all is quiet again."""
    assert world.faults() == []
    delivered = world.count("SELECT COUNT(*) FROM generations WHERE status = 'delivered'")
    assert delivered == len(world.asked)
    assert world.count("SELECT COUNT(*) FROM entries WHERE kind = 'settle'") == delivered
    assert world.count("SELECT COUNT(*) FROM entries WHERE kind = 'hold'") == delivered
    assert world.count("SELECT SUM(held) FROM balances") == 0
    assert world.count("SELECT COUNT(*) FROM jobs") == 0
    assert world.count("SELECT COUNT(*) FROM outbox") == 0
    assert world.sandbox.violations == []


@pytest.mark.parametrize(("how", "lives"), [(signal.SIGKILL, KILLS), (signal.SIGTERM, STOPS)])
async def test_nothing_is_lost_doubled_or_wrongly_charged_whenever_the_bot_ends(
    tmp_path: Path, how: signal.Signals, lives: int
) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    async with open_world(tmp_path / "data", seed) as world:
        wanted = "signal 9" if how is signal.SIGKILL else "exit 0"
        for number in range(lives):
            for wish in range(world.chances.randint(0, 3)):
                await world.ask(f"fox {number}.{wish}")
            assert await world.short_life(0.4, how) == wanted
        assert await world.quiet_life(patience=180) == "exit 0"
        check(world)
