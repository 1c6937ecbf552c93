"""One line for each event, on standard error, with no secret in it: structlog and the standard library alike."""

import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO

import structlog

from bot.ops.redaction import redactor

Event = MutableMapping[str, Any]

# Below this, libraries tell addresses with tokens in them, and SQL with people's words.
LIBRARIES = logging.WARNING

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


def _formatter(form: str, before: list[Any], redact: Callable[[str], str]) -> logging.Formatter:
    """Redaction comes last, over the whole line: nothing that a renderer quotes can slip past it."""
    if form == "json":
        render: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    else:
        plain = structlog.dev.plain_traceback
        render = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]

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
