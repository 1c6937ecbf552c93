"""The process itself: how it starts, how it stops, and what it says when it cannot go on."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.test_architecture import ROOT
from tests.waiting import until

TOKEN = "7000000042:canary-token-AAGmJxqP8u7Kd0r4"
LONGEST_STOP = 30.0

Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def start(sandbox: Sandbox, data_dir: Path, tmp_path: Path) -> AsyncIterator[Start]:
    """Start `imagine-bot run` beside the sandbox. What still runs at the end is killed."""
    born: list[Process] = []

    async def start(**variables: str) -> Process:
        environment = {
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": sandbox.url,
            "DATA_DIR": str(data_dir),
            "ACCESS": "public",
            "ONLYSQ_API_KEY": "",
            "SKETCH": "1",
            "DEFAULT_MODEL": "sketch/default",
            "HTTP_PORT": "0",
            **variables,
        }
        line = (sys.executable, "-m", "bot", "run")
        process = await asyncio.create_subprocess_exec(*line, env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE)
        born.append(process)
        return process

    yield start
    for process in born:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A private chat with a bot that has not started yet."""
    return sandbox.person("Anna").private(sandbox.add_bot(TOKEN, "imagine_test_bot"))


async def polls(sandbox: Sandbox) -> None:
    async def polled() -> bool:
        return bool(sandbox.calls_of("getUpdates"))

    await until(polled, "the bot asks for updates")


async def end_of(process: Process) -> tuple[int, str]:
    """Exit code and what was said on standard error."""
    async with asyncio.timeout(LONGEST_STOP):
        _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_stop_it_ends_well_and_soon(start: Start, sandbox: Sandbox, talk: Talk, how: int) -> None:
    process = await start()
    await polls(sandbox)
    process.send_signal(how)
    code, said = await end_of(process)
    assert code == 0
    assert "stopped" in said
    assert "Traceback" not in said


async def test_stopped_in_the_middle_of_a_picture_it_ends_well_and_goes_on_later(start: Start, talk: Talk) -> None:
    process = await start(SKETCH_SECONDS="60")
    await talk.say("/imagine a heron")
    await talk.until(lambda talk: talk.answers)
    process.send_signal(signal.SIGTERM)
    code, said = await end_of(process)
    assert (code, "Traceback" in said) == (0, False)
    await start()
    await talk.until(lambda talk: talk.answers[0].photo)
    assert len(talk.answers) == 1


async def test_killed_in_the_middle_of_a_picture_it_goes_on_later(start: Start, talk: Talk) -> None:
    process = await start(SKETCH_SECONDS="60")
    await talk.say("/imagine a heron")
    await talk.until(lambda talk: talk.answers)
    process.kill()
    await process.wait()
    await start()
    await talk.until(lambda talk: talk.answers[-1].photo)
    # The kill may come between Telegram's answer and our commit of it: then the note, never the picture, is said twice.
    assert len([answer for answer in talk.answers if answer.photo]) == 1


async def test_what_was_written_before_the_start_is_answered(start: Start, talk: Talk) -> None:
    await talk.say("/imagine a heron")
    await start()
    await talk.until(lambda talk: talk.answers and talk.answers[0].photo)


async def test_a_refused_token_is_one_line_and_exit_code_3(start: Start, sandbox: Sandbox) -> None:
    code, said = await end_of(await start())
    assert code == 3
    assert said.splitlines()[-1].startswith("imagine-bot: Telegram refused BOT_TOKEN")
    assert "Traceback" not in said
    assert "canary" not in said


async def test_an_unknown_default_model_is_told_at_the_start_in_one_line(start: Start, talk: Talk) -> None:
    process = await start(DEFAULT_MODEL="sketch/defualt", LOG_LEVEL="warning", ONLYSQ_API_KEY="off")
    assert process.stderr is not None
    line = (await process.stderr.readline()).decode()
    assert "default_model_unknown" in line
    assert "DEFAULT_MODEL=sketch/defualt" in line
    assert "nearest=sketch/default" in line


async def test_fallbacks_that_nobody_offers_are_told_at_the_start(start: Start, talk: Talk) -> None:
    process = await start(FALLBACKS="sketch,oxn/flux,sketch/other", LOG_LEVEL="warning", ONLYSQ_API_KEY="off")
    assert process.stderr is not None
    line = (await process.stderr.readline()).decode()
    assert "fallbacks_unknown" in line
    assert "FALLBACKS=oxn/flux,sketch/other" in line


async def test_the_folders_and_the_list_of_models_are_for_its_own_user_only(
    start: Start, sandbox: Sandbox, talk: Talk, data_dir: Path
) -> None:
    await start()
    await polls(sandbox)

    async def written() -> bool:
        return (data_dir / "models.json").exists()

    await until(written, "the list of models is written")
    modes = {name: (data_dir / name).stat().st_mode & 0o777 for name in ("shelf", "spool", "models.json")}
    assert modes == {"shelf": 0o700, "spool": 0o700, "models.json": 0o600}


async def test_a_second_copy_names_the_first_and_exits_with_4(start: Start, sandbox: Sandbox, talk: Talk) -> None:
    first = await start()
    await polls(sandbox)
    code, said = await end_of(await start())
    assert code == 4
    assert f"pid {first.pid}" in said
    assert len(said.splitlines()) == 1


async def test_health_is_green_once_telegram_was_heard(start: Start, sandbox: Sandbox, talk: Talk) -> None:
    process = await start(LOG_FORMAT="json")
    assert process.stderr is not None
    await polls(sandbox)
    line = (await process.stderr.readline()).decode()
    address = line.split('"health": "')[1].split('"')[0].replace("healthz", "readyz")

    async def ready() -> bool:
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status == 200

    await until(ready, "it is ready")
