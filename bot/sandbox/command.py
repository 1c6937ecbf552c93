"""`imagine-bot sandbox`: the server, the page, some people, and the real bot beside them."""

import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError
from bot.sandbox.child import Child
from bot.sandbox.model import Bot
from bot.sandbox.panel import Panel
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.studio import MODEL, PATH, Studio
from bot.sandbox.web import Page

TOKEN = "7000000001:sandbox-token-that-opens-nothing"  # noqa: S105 - known to everybody, worth nothing
# How long a sketch takes on a good day; SKETCH_SECONDS says otherwise.
SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays along."""

    bot: Bot
    admin: Person


async def main(port: int = 8080, host: str = "127.0.0.1", browser: bool = True) -> None:
    """Run until Ctrl+C. Raises SettingsError when the port is taken."""
    stopping = _stop_on_signals()
    sandbox = Sandbox()
    cast = people(sandbox)
    with tempfile.TemporaryDirectory(prefix="imagine-sandbox-") as folder:
        child = Child(Path(folder), lambda: sandbox.world.feed.tell({"kind": "bot"}))
        studio = Studio(sandbox.world.clock, sandbox.world.feed, _seconds())
        studio.add_routes(sandbox.app)
        Page(sandbox, cast.bot, child, Panel(sandbox, child, studio, Path(folder) / "data")).add_routes()
        async with _listening(sandbox, host, port), asyncio.TaskGroup() as group:
            life = group.create_task(child.run(settings(sandbox, cast, Path(folder))))
            await _welcome(sandbox.url, browser=browser)
            await stopping.wait()
            life.cancel()


def _seconds() -> float:
    try:
        return float(os.environ.get("SKETCH_SECONDS") or SECONDS)
    except ValueError:
        raise SettingsError("SKETCH_SECONDS: must be a number") from None


def people(sandbox: Sandbox) -> Cast:
    """Four people, a group, a forum and a channel."""
    bot = sandbox.add_bot(TOKEN, "imagine_bot")
    anna, boris = sandbox.person("Anna"), sandbox.person("Борис", language="ru")
    admin, stranger = sandbox.person("Admin"), sandbox.person("Stranger")
    sandbox.group("Friends", anna, boris, bot)
    sandbox.forum("Art club", anna, boris, admin, bot, topics=("Animals", "Castles"))
    sandbox.channel("Gallery", admin, anna, boris, stranger, bot, username="gallery")
    for person in (anna, boris, admin, stranger):
        person.private(bot)
    return Cast(bot, admin)


def settings(sandbox: Sandbox, cast: Cast, folder: Path) -> dict[str, str]:
    """What the bot is told: nothing of it leaves this machine."""
    return {
        "BOT_TOKEN": cast.bot.token,
        "TELEGRAM_API_BASE": sandbox.url,
        "DATA_DIR": str(folder / "data"),
        "ACCESS": "public",
        "ADMIN_IDS": str(cast.admin.user_id),
        "OPENAI_SERVERS": "studio",
        "OPENAI_STUDIO_KIND": "sdcpp",
        "OPENAI_STUDIO_BASE_URL": f"{sandbox.url}{PATH}",
        "OPENAI_STUDIO_MODELS": MODEL,
        "OPENAI_STUDIO_TITLE": "Sketch studio",
        # It costs nothing, so a picture that a kill took away is drawn once more.
        "OPENAI_STUDIO_FREE": "1",
        "DEFAULT_MODEL": f"studio/{MODEL}",
        "ONLYSQ_API_KEY": "off",
        "HTTP_PORT": "0",
        "LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def _listening(sandbox: Sandbox, host: str, port: int) -> AsyncIterator[None]:
    try:
        await sandbox.start(host, port)
    except OSError as error:
        await sandbox.stop()
        reason = os.strerror(error.errno or 0).lower()
        raise SettingsError(f"port {port} cannot be used ({reason}); any free one: {_again()}") from None
    try:
        yield
    finally:
        await sandbox.stop()


def _again() -> str:
    """The command that takes any free port, as this one was started: from a checkout `imagine-bot` is not at hand."""
    started = Path(sys.argv[0])
    return 'make sandbox ARGS="--port 0"' if started.name == "__main__.py" else f"{started} sandbox --port 0"


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def _welcome(url: str, *, browser: bool) -> None:
    sys.stdout.write(f"The sandbox is at {url}\nCtrl+C ends it.\n")
    sys.stdout.flush()
    # Without a screen, a browser in the terminal would take the terminal over.
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if browser and screen:
        await asyncio.to_thread(webbrowser.open, url)
