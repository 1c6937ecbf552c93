"""One line for each event, on standard error, with no secret in it: structlog and the standard library alike."""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import ExcInfo

from bot.ops.redaction import redactor

Event = MutableMapping[str, Any]

# Below this, libraries tell addresses with tokens in them, and SQL with people's words.
LIBRARIES = logging.WARNING

# In a traceback: the line of a frame, the lines of code below one, and what a message quotes.
FRAME = re.compile(r'[ |]* File "')
CODE = re.compile(r"[ |]* {4}")
QUOTED = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def configure(
    level: str,
    form: str,
    secrets: Iterable[str],
    *,
    on_event: Callable[[str, str], None] | None = None,
    stream: TextIO | None = None,
) -> None:
    """Write events of `level` and above. `form` is `console` or `json`. May be called again, as in tests.

    `on_event` hears of each line's level and event.
    """
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(form, before, redactor(secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LIBRARIES)
    logging.getLogger("bot").setLevel(level.upper())
    structlog.configure(
        processors=[*before, *_heard(on_event), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logging.captureWarnings(capture=True)
    sys.excepthook = _on_crash


def _trace(exc_info: ExcInfo, redact: Callable[[str], str]) -> str:
    """A traceback in which nothing is quoted: foreign errors repeat values, and these may be words of people.

    Lines of code are ours and stay. Secrets go first: half a secret would not be known for one.
    """
    kept, code = list[str](), False
    for line in redact("".join(traceback.format_exception(*exc_info))).splitlines():
        frame = FRAME.match(line) is not None
        kept.append(line if frame or (code and CODE.match(line)) else QUOTED.sub("'…'", line))
        code = frame or (code and CODE.match(line) is not None)
    return "\n".join(kept)


def _formatter(form: str, before: list[Any], redact: Callable[[str], str]) -> logging.Formatter:
    """Redaction comes last, over the whole line: nothing that a renderer quotes can slip past it."""
    if form == "json":
        told = structlog.processors.ExceptionRenderer(lambda exc_info: _trace(exc_info, redact))
        render: list[Any] = [told, structlog.processors.JSONRenderer(default=str)]
    else:

        def write(stream: TextIO, exc_info: ExcInfo) -> None:
            stream.write(f"\n{_trace(exc_info, redact)}")

        render = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=write)]

    def hide(_logger: Any, _name: str, line: Any) -> str:
        return redact(str(line))

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _tame, *render, hide],
    )


def _heard(on_event: Callable[[str, str], None] | None) -> list[Any]:
    if on_event is None:
        return []

    def hear(_logger: Any, level: str, event: Event) -> Event:
        on_event(level, str(event.get("event")))
        return event

    return [hear]


def _tame(_logger: Any, _name: str, event: Event) -> Event:
    """Escape what could forge a line, color a terminal or turn its direction around."""
    for key, value in event.items():
        if isinstance(value, str) and CONTROLS.search(value):
            event[key] = CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    return event


def _on_crash(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """The last words of a dying process are redacted, too."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("crashed", exc_info=(kind, error, trace))
