"""The command: help at once, one sentence for each trouble, exit codes that a service manager can rely on."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bar import Bar, line
from bot.cli import EXITS, exit_code
from bot.errors import BotError, SettingsError, StorageBusy
from bot.providers import Sign
from bot.telegram.poller import AnotherPoller, TokenRefused
from tests.providers.fake import PNG
from tests.test_architecture import ROOT
from tests.waiting import until


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
    assert all(
        name in told.stdout for name in ("run", "sandbox", "draw", "check", "migrate", "backup", "restore", "env")
    )


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


def test_draw_fits_what_a_model_cannot_do_and_numbers_several_files(tmp_path: Path) -> None:
    wishes = ["--ar", "16:9", "--seed", "7", "--no", "snow", "--n", "2", "-o", "fox.jpg", "--model", "sketch/default"]
    told = command("draw", "a red fox", *wishes, cwd=tmp_path, SKETCH="1")
    assert (told.returncode, told.stdout, told.stderr) == (0, "fox.jpg\nfox-2.jpg\n", "")
    assert (tmp_path / "fox.jpg").read_bytes() != (tmp_path / "fox-2.jpg").read_bytes()


def test_draw_changes_a_picture(tmp_path: Path) -> None:
    (tmp_path / "day.png").write_bytes(PNG)
    (tmp_path / "no.png").write_bytes(b"no picture")
    night = ["draw", "make it night", "--model", "sketch/default", "-o", "night.jpg"]
    told = command(*night, "--source", "day.png", cwd=tmp_path, SKETCH="1")
    assert told.returncode == 0, told.stderr
    told = command(*night, "--source", "no.png", cwd=tmp_path, SKETCH="1")
    assert told.returncode == 1
    assert told.stderr.startswith("imagine-bot: no.png cannot be read as a PNG, JPEG or WebP")
    told = command(*night, "--source", "nowhere.png", cwd=tmp_path, SKETCH="1")
    assert (told.returncode, told.stderr) == (
        1,
        "imagine-bot: nowhere.png cannot be read: no such file or directory\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.png", "night.jpg", "no.png"]


def test_draw_says_in_plain_words_what_went_wrong_and_what_stands_behind_it(tmp_path: Path) -> None:
    nobody = {"ONLYSQ_BASE_URL": "http://127.0.0.1:9"}
    told = command("draw", "a red fox", "--model", "onlysq/flux", cwd=tmp_path, **nobody)
    assert told.returncode == 1
    first, second = told.stderr.splitlines()
    assert first == "imagine-bot: OnlySq cannot be reached; look at the network and at ONLYSQ_BASE_URL"
    assert second.startswith("NotSent unreachable")
    assert list(tmp_path.iterdir()) == []


def test_check_says_line_by_line_what_it_found(tmp_path: Path) -> None:
    told = command("check", "sketch", cwd=tmp_path, SKETCH="1")
    assert told.returncode == 0, told.stderr
    assert [line.split()[0] for line in told.stdout.splitlines()] == ["address", "key", "models", "account", "picture"]
    told = command("check", "onlysq", "--no-draw", cwd=tmp_path, ONLYSQ_BASE_URL="http://127.0.0.1:9")
    assert told.returncode == 1
    assert "OnlySq cannot be reached" in told.stdout


def test_the_bar_tells_how_it_goes() -> None:
    assert line(Sign(), 7.2) == "7 s"
    assert (
        line(Sign(place=3, seconds=40), 0)
        == "[                        ]   0% · 0 s · place 3 in the queue · about 40 s left"
    )
    assert line(Sign(part=0.5), 12) == "[############            ]  50% · 12 s"


async def test_the_bar_is_gone_when_the_work_is_done() -> None:
    terminal = io.StringIO()
    with Bar(terminal) as bar:
        bar.begin(2, 3)
        bar.hear(Sign(part=1.0))
        await until(lambda: _true("2 of 3 · [####" in terminal.getvalue()), "the bar shows the sign")
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("words", ["", "  ", "\u200b\u2060", "\u3164"])
def test_draw_orders_no_picture_of_nothing(tmp_path: Path, words: str) -> None:
    told = command("draw", words, "--model", "sketch/default", cwd=tmp_path, SKETCH="1")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "imagine-bot: say in words what to draw\n"
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_an_ending_gets_that_of_the_picture(tmp_path: Path) -> None:
    told = command("draw", "a red fox", "--model", "sketch/default", "-o", "fox", cwd=tmp_path, SKETCH="1")
    assert told.stdout == "fox.jpg\n"
    told = command("draw", "a red fox", "--model", "sketch/default", "-o", "fox.png", cwd=tmp_path, SKETCH="1")
    assert (told.stdout, told.stderr) == ("fox.png\n", "fox.png holds a JPG, whatever its name says\n")


async def _true(found: bool) -> bool:
    return found


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


def test_a_backup_is_made_listed_and_restored(data_dir: Path, tmp_path: Path) -> None:
    settings = {"BOT_TOKEN": "7000000042:AAGmJxqP8u7Kd0r4", "ACCESS": "public", "DATA_DIR": str(data_dir)}
    made = command("backup", cwd=tmp_path, **settings)
    assert made.returncode == 0, made.stderr
    [copy] = (data_dir / "backups").glob("*.sqlite3")
    assert made.stdout == f"{copy}\n"
    listed = command("restore", "--list", cwd=tmp_path, **settings)
    assert listed.stdout.startswith(f"{copy}  ")
    assert listed.stdout.endswith("good\n")
    restored = command("restore", str(copy), cwd=tmp_path, **settings)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert f"What was there before lies in {data_dir / 'replaced-'}" in restored.stdout
    empty = command("restore", str(copy), cwd=tmp_path, **settings | {"DATA_DIR": str(tmp_path / "empty")})
    assert empty.stdout.startswith(f"{copy} is the database now.\n0 unfinished requests were ended")
    assert not [*(tmp_path / "empty").glob("replaced-*")]
    assert "0 unfinished requests were ended" in restored.stdout
    copy.write_bytes(copy.read_bytes()[:-1])
    refused = command("restore", str(copy), cwd=tmp_path, **settings)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (4, 1)
    elsewhere = command("backup", cwd=tmp_path, **settings | {"DATABASE_URL": "postgresql://there/bot"})
    assert (elsewhere.returncode, "pg_dump" in elsewhere.stderr) == (2, True)
