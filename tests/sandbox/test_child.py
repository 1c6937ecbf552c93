import asyncio
from pathlib import Path

from bot.sandbox.child import Child
from bot.sandbox.command import people, settings
from bot.sandbox.server import Sandbox
from bot.sandbox.signal import Signal

WAITS = ("-c", "import signal; signal.pause()")


async def test_a_killed_bot_is_started_again(tmp_path: Path) -> None:
    changed = Signal()
    child = Child(tmp_path, changed.ring, WAITS)
    life = asyncio.get_running_loop().create_task(child.run({}))
    async with asyncio.timeout(20):
        while child.pid is None:
            await changed.next()
        first = child.pid
        assert child.kill()
        while child.lives < 2 or child.pid is None:
            await changed.next()
    assert child.pid != first
    life.cancel()
    await asyncio.wait([life])
    assert child.pid is None


def test_the_bot_of_the_sandbox_asks_nobody_outside(tmp_path: Path) -> None:
    sandbox = Sandbox()
    sandbox.url = "http://127.0.0.1:1"
    told = settings(sandbox, people(sandbox), tmp_path)
    assert told["TELEGRAM_API_BASE"] == sandbox.url
    assert told["ONLYSQ_API_KEY"] == "off"
    assert told["OPENAI_STUDIO_BASE_URL"].startswith(sandbox.url)
    assert told["DEFAULT_MODEL"].startswith("studio/")
