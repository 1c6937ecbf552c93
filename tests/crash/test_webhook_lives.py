"""Bots die while Telegram brings them updates: what was acknowledged is never lost, what was not comes again."""

import os
import random
import signal
import socket
from pathlib import Path

from tests.crash.lives import World, open_world
from tests.crash.test_kills import check

RESTARTS = int(os.environ.get("RESTARTS", "10"))
# Telegram waits a second before it tries again, and twice as long each time, up to a minute. Here a shorter one, so
# that lives of less than a second see many tries; WEBHOOK_PAUSE=1 and WEBHOOK_LONGEST=60 are the real ones.
PAUSE = float(os.environ.get("WEBHOOK_PAUSE", "0.05"))
LONGEST = float(os.environ.get("WEBHOOK_LONGEST", "1"))
URL = "https://bot.example.org/telegram"


def free_port() -> int:
    """A port that nobody has: the next life listens where the last one did."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stand_behind(world: World, port: int) -> None:
    """Be the proxy in front of the bot, once it has told where it wants its updates."""
    hook = next(iter(world.sandbox.world.bots.values())).webhook
    if hook is not None and not hook.behind:
        hook.behind, hook.pause, hook.longest = f"http://127.0.0.1:{port}/telegram", PAUSE, LONGEST
        world.sandbox.world.webhooks.ring()


async def test_no_acknowledged_update_is_lost_whenever_the_bot_ends(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    port = free_port()
    settings = {"WEBHOOK_URL": URL, "WEBHOOK_SECRET": "s3cret_for-crash-tests", "HTTP_PORT": str(port)}
    async with open_world(tmp_path / "data", seed, settings=settings) as world:
        world.sandbox.world.feed.listen(lambda _: stand_behind(world, port))
        for number in range(RESTARTS):
            for wish in range(world.chances.randint(0, 2)):
                await world.ask(f"fox {number}.{wish}")
            assert await world.short_life(0.4, signal.SIGKILL) == "signal 9"
        assert await world.quiet_life(patience=180) == "exit 0"
        check(world)
        [bot] = world.sandbox.world.bots.values()
        assert bot.webhook is not None
        assert not bot.updates.waiting
        assert not world.sandbox.calls_of("getUpdates")
        assert world.count("SELECT COUNT(*) FROM inbox WHERE state = 'done'") >= len(world.asked)
