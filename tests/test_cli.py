"""The command: help at once, one sentence for each trouble, exit codes that a service manager can rely on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import EXITS, exit_code
from bot.errors import BotError, SettingsError, StorageBusy
from bot.telegram.poller import AnotherPoller, TokenRefused
from tests.test_architecture import ROOT


def command(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}
    line = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(line, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_help_names_every_command_and_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = (
        "import sys, bot.cli; print(sorted({'aiogram', 'aiohttp', 'pydantic', 'PIL', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    told = command("--help", cwd=tmp_path)
    assert told.returncode == 0
    assert all(name in told.stdout for name in ("run", "sandbox", "draw", "migrate", "env"))


def test_a_missing_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = command("run", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "imagine-bot: BOT_TOKEN: must be set\n"


def test_draw_makes_a_picture_without_a_bot(tmp_path: Path) -> None:
    output = tmp_path / "fox.jpg"
    told = command("draw", "a red fox", "--model", "sketch/default", "--output", str(output), cwd=tmp_path, SKETCH="1")
    assert told.returncode == 0, told.stderr
    assert told.stdout == f"{output}\n"
    assert output.read_bytes().startswith(b"\xff\xd8")
    assert list(tmp_path.iterdir()) == [output]


def test_draw_with_an_unknown_model_names_those_there_are(tmp_path: Path) -> None:
    told = command("draw", "a red fox", "--model", "nobody/knows", cwd=tmp_path, SKETCH="1")
    assert told.returncode == 2
    assert "sketch/default" in told.stderr


def test_draw_into_a_folder_that_is_not_there_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    output = tmp_path / "nope" / "fox.png"
    told = command("draw", "a red fox", "--model", "sketch/default", "--output", str(output), cwd=tmp_path, SKETCH="1")
    assert told.returncode == 1
    assert told.stderr == f"imagine-bot: {output.parent} cannot be written to: no such file or directory\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("x"), 2),
        (TokenRefused("x"), 3),
        (StorageBusy("x"), 4),
        (AnotherPoller("x"), 5),
        (BotError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(error: BotError, code: int) -> None:
    assert exit_code(error) == code
    assert code == 1 or code in EXITS.values()
