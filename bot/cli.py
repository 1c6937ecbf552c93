"""The command `imagine-bot`. Each command imports what it needs when it is called, so that help comes at once."""

import asyncio
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import __version__
from bot.clock import SystemClock
from bot.errors import BotError, SettingsError, UserError
from bot.images import AspectRatio

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.ops.backup import Backups
    from bot.quota.service import Ledger

# What the process ends with, by the name of the error or of its nearest base; any other error ends with 1.
# A service manager may restart all but 2, 3 and 5, which only the operator can mend.
EXITS = {"SettingsError": 2, "TokenRefused": 3, "StorageError": 4, "AnotherPoller": 5}


FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class Commands(click.Group):
    """A group that says our own errors as one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a BotError becomes a line on standard error and an exit code."""
        try:
            return super().invoke(ctx)
        except BotError as error:
            click.echo(f"imagine-bot: {sentence(error)}", err=True)
            sys.exit(exit_code(error))


def sentence(error: BotError) -> str:
    """What to say of it. Only what is wrong with the words themselves is said in the words of the chats."""
    return _said(error.text, **error.values) if isinstance(error, UserError) else str(error)


def _said(key: str, **values: str | int) -> str:
    from bot.texts import Texts

    return Texts.load().negotiate()(key, **values)


def exit_code(error: BotError) -> int:
    """Which exit code tells of this error."""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((EXITS[name] for name in names if name in EXITS), 1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="imagine-bot")
def main() -> None:
    """A self-hosted Telegram bot that draws pictures, and loses none.

    Try it without a token: imagine-bot sandbox
    """


@main.command()
def run() -> None:
    """Run the bot. Settings come from the environment and from .env (see `imagine-bot env`)."""
    settings = _settings()
    from bot.app import serve

    sys.exit(asyncio.run(serve(settings)))


@main.command()
@click.option("--port", default=8080, show_default=True, help="Where the page is; 0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Who may see the page.")
@click.option("--browser/--no-browser", default=True, help="Open the page.")
@click.option("--services/--no-services", default=True, help="Let real services draw, too, where a key for one is set.")
@click.option("--server-only", is_flag=True, help="Only the Bot API server, for bots of your own: docs/sandbox.md.")
def sandbox(port: int, host: str, browser: bool, services: bool, server_only: bool) -> None:
    """Try the bot in a browser: no token, no key, and without a key of yours nothing leaves this machine."""
    from bot.sandbox.command import Options, serve_alone
    from bot.sandbox.command import main as play

    options = Options(port, host, browser, services)
    asyncio.run(serve_alone(options) if server_only else play(options))


@main.command()
@click.argument("prompt")
@click.option("--model", default="onlysq/flux", show_default=True, help="Who draws: service/model.")
@click.option(
    "--ar", "ratio", type=click.Choice([each.value for each in AspectRatio]), help="The shape. [default: 1:1]"
)
@click.option("--seed", type=click.IntRange(min=0), help="The same seed draws alike again, where the model takes one.")
@click.option("--no", "negative", help="What should not be there.")
@click.option("--n", "count", default=1, type=click.IntRange(1, 10), help="How many; the files are numbered.")
@click.option("--source", "sources", multiple=True, type=FILE, help="A picture to change; may be given several times.")
@click.option("-o", "--output", type=FILE, help="Where the picture goes.")
def draw(
    prompt: str,
    model: str,
    ratio: str | None,
    seed: int | None,
    negative: str | None,
    count: int,
    sources: tuple[Path, ...],
    output: Path | None,
) -> None:
    """Draw without a chat, into a file, by any service that is on."""
    from bot.bar import Bar
    from bot.draw import Drawn, draw_to_files
    from bot.imagine.grammar import cleaned, says_nothing
    from bot.imagine.rules import Wish

    if says_nothing(prompt):
        raise SettingsError("say in words what to draw")
    wish = Wish(cleaned(prompt), negative, AspectRatio(ratio) if ratio else None, model, count, seed)
    drawn = Drawn()
    try:
        asyncio.run(draw_to_files(wish, sources, output, Bar(), drawn))
    finally:
        for path in drawn.paths:
            click.echo(path)
        for note in drawn.notes:
            click.echo(note, err=True)


@main.command()
@click.argument("service")
@click.option("--no-draw", is_flag=True, help="Ask only what costs nothing.")
@click.option("--model", help="Who draws: service/model. Without it the cheapest.")
@click.option("--cassette", type=FILE, help="Write what was said, without keys, for the tests of the service.")
def check(service: str, no_draw: bool, model: str | None, cassette: Path | None) -> None:
    """Ask a service for real, once: its models, what is left of the account, one small picture."""
    from bot.check import Wanted, check_service

    if no_draw and cassette:
        raise click.UsageError("a cassette is about a drawing: leave --no-draw out")
    wanted = Wanted(not no_draw, model, cassette)
    well = asyncio.run(check_service(service, wanted, lambda what, found: click.echo(f"{what:<10}{found}")))
    sys.exit(0 if well else 1)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: everything that was found, as JSON.")
def doctor(as_json: bool) -> None:
    """Look at everything the bot needs, also while it runs, and say what to do.

    Ends with 0 when nothing is wrong, 1 when something is, 2 when the settings cannot be read. Nothing is changed,
    nothing is posted, and no service is asked for what costs.
    """
    settings = _settings()
    from bot.doctor.command import examine

    told, code = asyncio.run(examine(settings, as_json=as_json))
    click.echo(told)
    sys.exit(code)


@main.command()
def migrate() -> None:
    """Bring the database up to date now instead of at the next start."""
    asyncio.run(_migrate(_settings()))
    click.echo("The database is up to date.")


@main.command()
@click.option("--output", type=FOLDER, help="Where the copy goes. [default: backups in DATA_DIR]")
def backup(output: Path | None) -> None:
    """Copy the database, also while the bot runs, and check the copy."""
    click.echo(asyncio.run(_backups(_settings()).make(output)))


@main.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "listed", is_flag=True, help="Check the backups there are, and restore none.")
def restore(file: Path | None, listed: bool) -> None:
    """Put a backup in the place of the database of a stopped bot. docs/operating.md tells what that means."""
    from bot.ops.restore import Restoring
    from bot.storage.vault import Vault

    settings = _settings()
    if listed:
        asyncio.run(_list(_backups(settings)))
        return
    if file is None:
        raise click.UsageError("name a backup, or use --list")
    _backups(settings)
    vault = Vault(settings.data_dir, settings.master)
    restoring = Restoring(settings.data_dir, vault, _ledger(settings), SystemClock())
    done = asyncio.run(restoring.restore(file))
    click.echo(f"{file} is the database now." + (f" What was there before lies in {done.aside}." if done.aside else ""))
    click.echo(f"{done.ended} unfinished requests were ended, and nothing was charged for them.")
    if not done.carried:
        click.echo("The one before could not be read, so what people deleted since is there again.")


@main.command()
def key() -> None:
    """Print a new MASTER_KEY: `echo "MASTER_KEY=$(imagine-bot key)" >> .env`."""
    click.echo(secrets.token_urlsafe(32))


@main.command()
def env() -> None:
    """Print every setting with its default, as a template for .env."""
    from bot.config import example

    click.echo(example(), nl=False)


def _settings() -> "Settings":
    import structlog

    from bot.config import load_settings, readable_by_others
    from bot.ops.logging import configure
    from bot.ops.metrics import count_event

    settings = load_settings()
    configure(settings.log_level, settings.log_format, settings.secrets(), on_event=count_event)
    if readable_by_others():
        structlog.get_logger().warning("env_file_is_readable_by_others", mend="chmod 600 .env")
    return settings


async def _migrate(settings: "Settings") -> None:
    from bot.storage import open_database
    from bot.storage.vault import Vault

    url, vault = settings.database_url.get_secret_value(), Vault(settings.data_dir, settings.master)
    database = await open_database(url, settings.data_dir, vault)
    await database.close()


def _backups(settings: "Settings") -> "Backups":
    from bot.ops.backup import Backups

    if settings.database_url.get_secret_value() != "sqlite":
        raise SettingsError("DATABASE_URL names PostgreSQL: back it up with pg_dump, restore it with pg_restore.")
    return Backups(settings.data_dir, SystemClock())


def _ledger(settings: "Settings") -> "Ledger":
    from bot.quota.service import Ledger

    return Ledger(settings.daily_credits, settings.time_zone, SystemClock())


async def _list(backups: "Backups") -> None:
    from bot.errors import StorageError
    from bot.ops.backup import check

    for path in backups.all():
        try:
            await check(path)
            state = "good"
        except StorageError as error:
            state = str(error).removeprefix(f"{path} is ").removesuffix(".")
        click.echo(f"{path}  {path.stat().st_size / 1e6:.1f} MB  {state}")
