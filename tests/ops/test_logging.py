"""Logs: one line for each event, and nothing in it that must not be there."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.ops.logging import configure
from bot.ops.redaction import HIDDEN, redactor

SECRET = 'canary "quoted" secret/with&signs'
TOKEN = "123456789:AAE-canary-token-that-nobody-told-us-of"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log so far, each line read back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("debug", "json", [SECRET], stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"GET https://api.telegram.org/bot{TOKEN}/getFile failed",
        "Authorization: Bearer canary-key-abcdefgh",
        "the key sk-canary0123456789abcdef is wrong",
        "postgresql://anna:canary@db.example.org/bot",
        "?key=canary%20%22quoted%22%20secret%2Fwith%26signs",
        json.dumps({"said": SECRET}),
        repr([SECRET]),
    ],
)
def test_a_secret_is_hidden_in_any_spelling(text: str) -> None:
    assert "canary" not in redactor([SECRET])(text)
    assert HIDDEN in redactor([SECRET])(text)


@pytest.mark.parametrize("text", ["a red fox at 16:9", "12:30", "https://example.org:8080/a@b", "openai flux"])
def test_plain_text_stays(text: str) -> None:
    assert redactor([SECRET, "openai"])(text) == text


def test_hiding_takes_linear_time() -> None:
    text = "sk-" * 200_000 + "://a:" * 50_000 + "1" * 500_000
    assert redactor([SECRET])(text)


def test_secrets_are_hidden_in_values_and_tracebacks(lines: Lines) -> None:
    log = structlog.get_logger()
    try:
        raise ValueError(f"no answer from /bot{TOKEN}/sendMessage with {SECRET}")
    except ValueError:
        log.exception("call_failed", address=f"https://x/bot{TOKEN}", key=SECRET)
    logging.getLogger("somebody.else").error("%s", SECRET)
    assert "canary" not in json.dumps(lines())
    assert [line["event"] for line in lines()] == ["call_failed", HIDDEN]


def test_nobody_can_forge_a_line(lines: Lines) -> None:
    structlog.get_logger().warning("said", words='x"}\n{"event": "forged"}\x1b[31m\u202e')
    [line] = lines()
    assert line["event"] == "said"
    assert "\x1b" not in line["words"]
    assert "\u202e" not in line["words"]


def test_libraries_do_not_tell_every_call(lines: Lines) -> None:
    logging.getLogger("aiohttp.client").info("POST /bot%s/getUpdates", TOKEN)
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("aiosqlite").debug("executing INSERT ... %s", {"prompt": "a private wish"})
    assert lines() == []


def test_every_event_is_counted() -> None:
    heard: list[tuple[str, str]] = []
    configure("info", "json", [], on_event=lambda *what: heard.append(what), stream=io.StringIO())
    structlog.get_logger().info("started")
    structlog.get_logger().debug("unheard")
    structlog.reset_defaults()
    assert heard == [("info", "started")]


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_repeats_no_value_and_keeps_the_lines_of_code(form: str) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure("debug", form, [], stream=stream)
    try:
        int("a private wish")
    except ValueError:
        structlog.get_logger().exception("broke")
    with pytest.raises(ExceptionGroup) as group:
        raise ExceptionGroup("two", [KeyError("it's a private wish"), ValueError('with "a private wish"')])
    structlog.get_logger().error("broke", exc_info=group.value)
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    lines = stream.getvalue().splitlines()
    said = "\n".join(json.loads(line)["exception"] for line in lines) if form == "json" else stream.getvalue()
    messages = [line for line in said.splitlines() if re.match(r"[ |]*(ValueError|KeyError)", line)]
    assert messages == [
        "ValueError: invalid literal for int() with base 10: '…'",
        "    | KeyError: '…'",
        "    | ValueError: with '…'",
    ]
    assert 'int("a private wish")' in said
