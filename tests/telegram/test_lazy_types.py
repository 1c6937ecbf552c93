"""Models that are built on first use are the models that aiogram builds at import."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# Runs in a process of its own: what is built in this one depends on what ran before.
DESCRIBE = """
import inspect, json, re, sys
if sys.argv[1] == "lazily":
    from bot.telegram import lazy_types
    assert lazy_types.install() is True
from aiogram import methods, types
from pydantic import BaseModel, TypeAdapter

def classes():
    for module in (types, methods):
        for name in sorted(module.__all__):
            found = getattr(module, name)
            if isinstance(found, type) and issubclass(found, BaseModel):
                yield name, found

def shown(value):
    return re.sub(r"0x[0-9a-f]+", "", repr(value))

def describe(model):
    model.model_rebuild()
    fields = {name: shown(field) for name, field in model.model_fields.items()}
    return [shown(inspect.signature(model)), fields, model.__pydantic_complete__]

found = {name: describe(model) for name, model in classes()}

CHAT = {"id": 7, "type": "private", "first_name": "A"}
USER = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "en"}
MESSAGE = {"message_id": 5, "date": 1700000000, "chat": CHAT, "from": USER, "text": "hi",
           "entities": [{"type": "bold", "offset": 0, "length": 2}],
           "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
           "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}
SAMPLES = {
    "Update": [{"update_id": 1, kind: MESSAGE} for kind in ("message", "edited_message", "channel_post")]
    + [{"update_id": 1, "callback_query": {"id": "1", "from": USER, "chat_instance": "x", "data": "d",
        "message": message}} for message in (MESSAGE, {"chat": CHAT, "message_id": 4, "date": 0})]
    + [{"update_id": "x"}, {"update_id": 1, "message": {"message_id": 1}}],
    "SendMessage": [{"chat_id": 1, "text": "a", "reply_parameters": {"message_id": 1}}, {"chat_id": 1}],
    "EditMessageMedia": [{"chat_id": 1, "message_id": 2, "media": {"type": "photo", "media": "x"}}],
    "SetMyCommands": [{"commands": [{"command": "a", "description": "b"}], "scope": {"type": "chat", "chat_id": 1}}],
}
for name, samples in SAMPLES.items():
    model = getattr(types, name, None) or getattr(methods, name)
    for number, sample in enumerate(samples):
        try:
            built = model.model_validate(sample)
            result = [shown(built), shown(built.model_dump())]
        except Exception as error:
            result = [type(error).__name__, shown(str(error))]
        found[f"{name} {number}"] = result
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def described() -> dict[str, dict[str, Any]]:
    """Every model, built plainly and lazily."""
    runs = {
        way: subprocess.Popen(
            [sys.executable, "-c", DESCRIBE, way], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for way in ("plainly", "lazily")
    }
    found = {}
    for way, run in runs.items():
        out, errors = run.communicate(timeout=180)
        assert run.returncode == 0, errors.decode()
        found[way] = json.loads(out)
    return found


def test_every_type_and_method_is_the_same(described: dict[str, dict[str, Any]]) -> None:
    plain, lazy = described["plainly"], described["lazily"]
    assert len(plain) > 580
    assert plain.keys() == lazy.keys()
    assert [name for name in plain if plain[name] != lazy[name]] == []
    assert all(description[-1] is True for name, description in lazy.items() if " " not in name)


def test_an_unknown_aiogram_is_imported_plainly() -> None:
    code = (
        "import importlib.metadata as metadata\n"
        "metadata.version = lambda name: '3.99.0'\n"
        "from bot.telegram import lazy_types\n"
        "print(lazy_types.install())\n"
        "from aiogram.types import Message\n"
        "print(Message.__pydantic_complete__)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == ["False", "True"], run.stderr


def test_the_start_is_quick_and_small() -> None:
    code = (
        "import psutil, time\n"
        "start = time.process_time()\n"
        "from bot.telegram import lazy_types\n"
        "lazy_types.install()\n"
        "print(time.process_time() - start, psutil.Process().memory_info().rss // 2**20)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    seconds, megabytes = run.stdout.split()
    assert float(seconds) < 3, run.stderr
    assert int(megabytes) < 100


def test_the_version_that_was_compared_is_the_one_that_is_pinned() -> None:
    from bot.telegram.lazy_types import COMPARED

    pinned = re.search(r"^aiogram==([\d.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert pinned is not None
    assert pinned[1] == COMPARED
