"""Reading what a service says when it does not draw: one place that turns every spelling into a Cause and a class."""

import html
import json
import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import Cause, NotNow, ProviderError, Refused, Unknown

DETAIL = 300  # characters of foreign text that the log may hold
READ = 4 * DETAIL  # characters that are looked at: a key is not cut in two before it is found
LINK = re.compile(r"https://[!-~]{4,300}")
LONGEST_WAIT = 3600.0  # seconds; what a service asks beyond this is cut

# The service is at fault for everybody, not this one request: it rests, and the admins hear of it.
SERVICE_TROUBLE = frozenset({Cause.KEY_REFUSED, Cause.NO_FUNDS, Cause.SERVICE_GONE})

# Codes and words that services use, in the order in which they are tried. A 403 or 500 often hides one of these.
WORDS: dict[Cause, str] = {
    Cause.PROMPT_REFUSED: r"""
        moderation | content.?policy | policy.?violation | usage\ guidelines | safety | nsfw | violates
        | blocked.?prompt | inappropriate | content.?filter | sensitive\ content""",
    Cause.NO_FUNDS: r"""
        insufficient.?(quota|credit|balance|funds) | not.?enough.{0,10}(credit|balance|funds|quota) | ^not_enough
        | payment.?required | billing | out\ of\ credits? | kudosupfront | exceeded\ your\ current\ quota""",
    Cause.RATE_LIMITED: r"rate.?limit | too.?many.?(requests|prompts) | \bslow\ down\b",
    Cause.PROMPT_TOO_LONG: r"""
        (prompt|text|input).{0,40}(too\ long|at\ most|exceed|maximum|max\ length) | string_above_max""",
    Cause.MODEL_GONE: r"""
        model.{0,60}(not.?found|not.?exist|unknown|unsupported|unavailable|invalid|deprecated)
        | (unknown|unsupported|invalid|no\ such).?model""",
    Cause.KEY_REFUSED: r"""
        (invalid|incorrect|missing|wrong|bad|expired|no).{0,20}(api.?key|token|credential)
        | unauthenticated | unauthori[sz]ed | not\ authenticated | authentication.?error""",
}
MEANINGS = tuple((cause, re.compile(words, re.IGNORECASE | re.VERBOSE)) for cause, words in WORDS.items())

BY_STATUS: Mapping[int, Cause] = {
    401: Cause.KEY_REFUSED,
    402: Cause.NO_FUNDS,
    403: Cause.KEY_REFUSED,
    404: Cause.MODEL_GONE,
    408: Cause.TIMED_OUT,
    410: Cause.MODEL_GONE,
    425: Cause.RATE_LIMITED,
    429: Cause.RATE_LIMITED,
    503: Cause.UNAVAILABLE,
}

# A 5xx or a 200 with an error inside may hide these; words as common as "not found" are not believed there.
HIDDEN = frozenset({Cause.PROMPT_REFUSED, Cause.NO_FUNDS})


@dataclass(frozen=True, slots=True)
class Problem:
    """What a service said: `text` is one line, for the log only; `status` is its own, where it gave one.

    `link` is where the account can be filled again, when it named such a page.
    """

    text: str
    status: int | None = None
    link: str | None = None

    def means(self) -> Cause | None:
        """The cause that its words name."""
        return next((cause for cause, pattern in MEANINGS if pattern.search(self.text)), None)


def read_problem(body: bytes) -> Problem:
    """Read an error body of any shape: JSON in all known spellings, HTML, plain text, nothing."""
    try:
        return problem_in(json.loads(body)) or Problem("")
    except (ValueError, RecursionError):
        return Problem(_one_line(_plain_text(body.decode("utf-8", "replace"))))


def problem_in(answer: Any, declared: Container[str] = ()) -> Problem | None:
    """The error inside a decoded answer, None where it has none. Also a 200 can hold one.

    An `error_message` that the adapter has `declared` is its own to read: it tells of an order, not of the question.
    """
    if not isinstance(answer, Mapping):
        return Problem(_one_line(answer)) if isinstance(answer, str) else None
    names = ("error", "errors") if "error_message" in declared else ("error", "errors", "error_message")
    found = [answer[name] for name in names if answer.get(name)]
    if answer.get("success") is False or not _has_pictures(answer):
        found += [answer[name] for name in ("detail", "message", "title", "rc") if answer.get(name)]
    if not found and answer.get("success") is not False:
        return None
    words = " ".join(word for part in found for word in _words(part))
    return Problem(_one_line(words), _status(answer), _link(answer))


def error_for(status: int, problem: Problem, retry_after: float | None) -> ProviderError:
    """The error that a refused POST is: whether it may have been billed decides its class."""
    error = _error_for(status, problem, retry_after)
    error.status, error.link = status, problem.link
    return error


def _error_for(status: int, problem: Problem, retry_after: float | None) -> ProviderError:
    said = problem.means()
    if status in (425, 429) and said not in HIDDEN:
        return NotNow(Cause.RATE_LIMITED, problem.text, retry_after)
    if status == 503 and said not in HIDDEN:
        return NotNow(Cause.UNAVAILABLE, problem.text, retry_after)
    if status == 408 or (status >= 500 and said not in HIDDEN):
        return Unknown(BY_STATUS.get(status, Cause.SERVICE_ERROR), f"{status} {problem.text}")
    if 300 <= status < 400:
        return Refused(Cause.REDIRECTED, str(status))
    return Refused(_cause(status, said), f"{status} {problem.text}")


def error_inside(problem: Problem, *, drew: bool = False) -> ProviderError:
    """The error that a 200 with an error in it is. Where pictures came along it `drew`, and may bill it."""
    said = problem.means()
    if drew and said is not Cause.PROMPT_REFUSED:
        return Unknown(Cause.SERVICE_ERROR, problem.text)
    if problem.status is not None and problem.status >= 400:
        return error_for(problem.status, problem, None)
    if said is Cause.RATE_LIMITED:
        return NotNow(said, problem.text)
    return Refused(said, problem.text) if said else Unknown(Cause.SERVICE_ERROR, problem.text)


def retry_after(value: str | None, now: int) -> float | None:
    """Seconds to wait by a Retry-After header: a number or a date, never more than an hour, None if unreadable."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: int) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now


def _cause(status: int, said: Cause | None) -> Cause:
    """A status that names its cause wins over words, except that 403 and 404 are used for many things."""
    if status in (401, 402):
        return BY_STATUS[status]
    return said or BY_STATUS.get(status, Cause.BAD_REQUEST)


def _has_pictures(answer: Mapping[str, Any]) -> bool:
    return any(answer.get(name) for name in ("files", "images", "data", "output", "image", "id", "generations"))


def _words(part: Any, depth: int = 0) -> list[str]:
    if isinstance(part, str | int | float):
        return [str(part)]
    if depth > 4:
        return []
    if isinstance(part, Mapping):
        wanted = ("code", "type", "title", "message", "msg", "detail", "reason", "status_message")
        found = [word for name in wanted if part.get(name) for word in _words(part[name], depth + 1)]
        return found or _by_field(part, depth + 1)
    if isinstance(part, list):
        return [word for item in part[:10] for word in _words(item, depth + 1)]
    return []


def _by_field(faults: Mapping[Any, Any], depth: int) -> list[str]:
    """What is wrong with each field of a request: `{"prompt": ["is too long"]}`."""
    return [word for name in list(faults)[:10] for word in (str(name), *_words(faults[name], depth))]


def _status(answer: Mapping[str, Any]) -> int | None:
    inner = answer.get("error")
    places = (answer, inner) if isinstance(inner, Mapping) else (answer,)
    for place in places:
        for name in ("status", "code", "status_code"):
            text = str(place.get(name, ""))
            if re.fullmatch(r"[45]\d\d", text):
                return int(text)
    return None


def _link(answer: Mapping[str, Any]) -> str | None:
    inner = answer.get("error")
    link = inner.get("link") if isinstance(inner, Mapping) else None
    return link if isinstance(link, str) and LINK.fullmatch(link) else None


def _plain_text(text: str) -> str:
    """The title of an HTML page, or the text without tags."""
    text = text[:5000]  # titles stand at the beginning, and a page without end would be searched without end
    title = re.search(r"<title[^>]{0,300}>([^<]{1,300})", text, re.IGNORECASE)
    return html.unescape(title.group(1) if title else re.sub(r"<[^>]{0,300}>", " ", text))


def _one_line(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:READ])
    return " ".join(printable.split())
