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
from functools import partial
from pathlib import Path

from bot.errors import SettingsError
from bot.sandbox.child import Child
from bot.sandbox.model import Bot, Chat, Role
from bot.sandbox.panel import Panel
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.services import Services, real_services
from bot.sandbox.studio import MODEL, PATH, Studio
from bot.sandbox.web import Page
from bot.storage.key_file import MasterKey
from bot.storage.vault import Vault

TOKEN = "7000000001:sandbox-token-that-opens-nothing"  # noqa: S105 - known to everybody, worth nothing
# How long a sketch takes on a good day; SKETCH_SECONDS says otherwise.
SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays along."""

    bot: Bot
    admin: Person
    storage: Chat


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox was asked for. `services`: real ones that have a key may draw, too."""

    port: int = 8080
    host: str = "127.0.0.1"
    browser: bool = True
    services: bool = True


async def main(options: Options) -> None:
    """Run our own bot in the sandbox until Ctrl+C. Raises SettingsError when the port is taken."""
    stopping = _stop_on_signals()
    services = real_services() if options.services else Services()
    sandbox = Sandbox()
    cast = people(sandbox)
    with tempfile.TemporaryDirectory(prefix="imagine-sandbox-") as folder:
        child = Child(Path(folder), partial(_begins_or_ends, sandbox, cast.bot))
        studio = Studio(sandbox.world.clock, sandbox.world.feed, _seconds())
        studio.add_routes(sandbox.app)
        vault = Vault(Path(folder) / "data", MasterKey(cast.bot.token))
        Page(sandbox, cast.bot, child, Panel(sandbox, child, studio, vault)).add_routes()
        async with _listening(sandbox, options), asyncio.TaskGroup() as group:
            life = group.create_task(child.run(settings(sandbox, cast, Path(folder), services)))
            _say(f"The sandbox is at {sandbox.url}", *_about(services), "Ctrl+C ends it.")
            await _show(sandbox.url, browser=options.browser)
            await stopping.wait()
            life.cancel()


def _begins_or_ends(sandbox: Sandbox, bot: Bot) -> None:
    """At either end of a life nobody listens: the bot has yet to ask for updates."""
    bot.listening = False
    sandbox.world.feed.tell({"kind": "bot"})


async def serve_alone(options: Options) -> None:
    """Be a Bot API server for other people's bots until Ctrl+C. Raises SettingsError when the port is taken."""
    stopping = _stop_on_signals()
    sandbox = Sandbox(any_bot=True)
    populate(sandbox)
    Page(sandbox, panel=Panel(sandbox)).add_routes()
    async with _listening(sandbox, options):
        _say(
            f"The Bot API server is at {sandbox.url}",
            "Any token will do, such as 42:any-words-here. Open the address in a browser to be the people.",
            "docs/sandbox.md tells the rest.",
            "Ctrl+C ends it.",
        )
        await stopping.wait()


def _seconds() -> float:
    try:
        return float(os.environ.get("SKETCH_SECONDS") or SECONDS)
    except ValueError:
        raise SettingsError("SKETCH_SECONDS: must be a number") from None


def people(sandbox: Sandbox) -> Cast:
    """Our bot among the others."""
    bot = sandbox.add_bot(TOKEN, "imagine_bot")
    admin = populate(sandbox, bot)
    return Cast(bot, admin, sandbox.channel("Storage", admin, bot))


def populate(sandbox: Sandbox, *bots: Bot) -> Person:
    """Four people, a group, a forum and a channel. Returns the admin."""
    anna, boris = sandbox.person("Anna"), sandbox.person("Борис", language="ru")
    admin, stranger = sandbox.person("Admin"), sandbox.person("Stranger")
    sandbox.group("Friends", anna, boris, *bots)
    sandbox.forum("Art club", anna, boris, admin, *bots, topics=("Animals", "Castles"))
    gallery = sandbox.channel("Gallery", admin, anna, boris, stranger, username="gallery")
    sandbox.set_role(gallery, anna, Role.ADMINISTRATOR)
    for bot in bots:
        sandbox.set_role(gallery, bot, Role.ADMINISTRATOR)
    for person in (anna, boris, admin, stranger):
        for bot in bots:
            person.private(bot)
    return admin


def settings(sandbox: Sandbox, cast: Cast, folder: Path, services: Services | None = None) -> dict[str, str]:
    """What the bot is told. Without `services` it asks nobody outside of this machine."""
    services = services or Services()
    return {
        **services.variables,
        "BOT_TOKEN": cast.bot.token,
        "TELEGRAM_API_BASE": sandbox.url,
        "DATA_DIR": str(folder / "data"),
        "ACCESS": "public",
        "ADMIN_IDS": str(cast.admin.user_id),
        "STORAGE_CHAT_ID": str(cast.storage.chat_id),
        "OPENAI_SERVERS": services.servers(),
        "OPENAI_STUDIO_KIND": "sdcpp",
        "OPENAI_STUDIO_BASE_URL": f"{sandbox.url}{PATH}",
        "OPENAI_STUDIO_MODELS": MODEL,
        "OPENAI_STUDIO_TITLE": "Sketch studio",
        # It costs nothing, so a picture that a kill took away is drawn once more.
        "OPENAI_STUDIO_FREE": "1",
        "DEFAULT_MODEL": f"studio/{MODEL}",
        "HTTP_PORT": "0",
        "LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def _listening(sandbox: Sandbox, options: Options) -> AsyncIterator[None]:
    try:
        await sandbox.start(options.host, options.port)
    except OSError as error:
        await sandbox.stop()
        reason = os.strerror(error.errno or 0).lower()
        raise SettingsError(f"port {options.port} cannot be used ({reason}); any free one: {_again()}") from None
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


def _about(services: Services) -> list[str]:
    """Nobody shall be surprised by what a picture costs."""
    if not services.titles:
        return []
    return [
        f"Sketches are drawn here for nothing. Whoever chooses a model of {', '.join(services.titles)} is drawn for by",
        "the real service, which may cost you money; --no-services keeps it off.",
    ]


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


async def _show(url: str, *, browser: bool) -> None:
    # Without a screen, a browser in the terminal would take the terminal over.
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if browser and screen:
        await asyncio.to_thread(webbrowser.open, url)
