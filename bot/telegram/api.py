"""The one way out to Telegram: plain JSON calls that tell every outcome apart.

CallError
├── CallRefused     Telegram understood and did nothing
├── CallPaused      429: nothing was done; free to repeat after `seconds`
├── CallMoved       the group lives on under `chat_id`; nothing was done
├── CallNotSent     Telegram was not reached; free to repeat
└── CallUnknown     it may have been done
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from pydantic import SecretStr

from bot.errors import BotError
from bot.steps import step
from bot.telegram.upload import FormBody, Upload

CONNECT_TIMEOUT = 5.0
CALL_TIMEOUT = 20.0
# A picture is given up when it goes out or comes in slower than this, in bytes a second.
SLOWEST = 50_000
LONGEST_PAUSE = 24 * 3600
BLOCK = 256 * 1024
REFUSAL = 64 * 1024  # bytes of an answer that says why there is no file


class CallError(BotError):
    """A call to Telegram that brought no result."""


class CallRefused(CallError):
    """Telegram understood and did nothing. `code` as in HTTP, `description` in its own words: for the log only."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description

    def says(self, *parts: str) -> bool:
        """Whether the description holds one of these words, whatever their case."""
        told = self.description.lower()
        return any(part.lower() in told for part in parts)


class CallPaused(CallError):
    """Too many calls: nothing before `seconds` are over."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"not for {seconds} s")
        self.seconds = seconds


class CallMoved(CallError):
    """The group became a supergroup and has the id `chat_id` now."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"moved to {chat_id}")
        self.chat_id = chat_id


class CallNotSent(CallError):
    """No connection to Telegram."""


class CallUnknown(CallError):
    """The call went out and no clear answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on the wire, unread. `date` is what the clock there said, as HTTP writes it."""

    status: int
    body: bytes
    date: str = ""


class Api:
    """Calls to one bot's door. Errors never name the address, because the token is in it."""

    def __init__(self, base: str, token: SecretStr) -> None:
        """`base` is the address of the Bot API server, with or without a slash at its end."""
        self._base = base.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self.clock_there: tuple[str, float] = ("", 0.0)
        """The time on the clock at the other end, as HTTP writes it, and when we were told (that of the loop)."""

    @property
    def bot_id(self) -> int:
        """The bot's own id: the number before the colon of its token."""
        return int(self._token.get_secret_value().partition(":")[0])

    async def call(self, method: str, /, timeout: float = CALL_TIMEOUT, **params: Any) -> Any:
        """Carry one method out and give its result as plain JSON.

        Params that are None are left out. Raises CallError.
        """
        return read(await self.exchange(method, params, timeout))

    async def exchange(self, method: str, params: Mapping[str, Any], timeout: float = CALL_TIMEOUT) -> Answer:
        """Post the params and give the answer unread. Raises CallNotSent, CallUnknown."""
        given = {name: value for name, value in params.items() if value is not None}
        return await self._post(method, timeout, json=given)

    async def upload(self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload]) -> Any:
        """As `call`, with files that the params name as `attach://<name>`. The deadline grows with their size.

        Raises CallError; FileNotFoundError where a file is gone or cannot be read to its end, so that nothing was done.
        """
        fields = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
            if value is not None
        }
        timeout = CALL_TIMEOUT + sum(file.size for file in files.values()) / SLOWEST
        return read(await self._post(method, timeout, data=FormBody(fields, files)))

    async def download(self, path: str, size: int, write: Callable[[bytes], object]) -> None:
        """Pass a file on to `write` block by block. `path` and `size` in bytes are what getFile told.

        What `write` raises goes through. Raises CallError; it names no path, because the file may be private.
        """
        url = f"{self._base}/file/bot{self._token.get_secret_value()}/{quote(path)}"
        limits = aiohttp.ClientTimeout(
            CALL_TIMEOUT + size / SLOWEST, sock_connect=CONNECT_TIMEOUT, sock_read=CALL_TIMEOUT
        )
        headers = {"Accept-Encoding": "identity"}
        step("before telegram", "file")
        with _tell_apart():
            async with self._open().get(url, timeout=limits, allow_redirects=False, headers=headers) as response:
                if response.status != 200:
                    raise _no_file(Answer(response.status, await response.content.read(REFUSAL)))
                step("during telegram", "file")
                async for block in response.content.iter_chunked(BLOCK):
                    write(block)
                step("after telegram", "file")

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, method: str, timeout: float, **body: Any) -> Answer:
        url = f"{self._base}/bot{self._token.get_secret_value()}/{method}"
        limits = aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT_TIMEOUT)
        step("before telegram", method)
        with _tell_apart():
            async with self._open().post(url, timeout=limits, allow_redirects=False, **body) as response:
                answer = Answer(response.status, await response.read(), response.headers.get("Date", ""))
        step("after telegram", method)
        if answer.date:
            self.clock_there = answer.date, asyncio.get_running_loop().time()
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No limit of connections: pace is kept elsewhere, and a waiting upload must not keep a short answer back.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300))
        return self._session


@contextmanager
def _tell_apart() -> Iterator[None]:
    """What went wrong on the way, without the address that the errors of the network name."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise CallNotSent(type(error).__name__) from None
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise error.__cause__ from None  # half a call does nothing
        raise CallUnknown(type(error).__name__) from None


def _no_file(answer: Answer) -> CallError:
    """Why a file was not given: the door for files does not always speak JSON."""
    try:
        read(answer)
    except CallUnknown:
        clear = 400 <= answer.status < 500
        return CallRefused(answer.status, "no such file") if clear else CallUnknown(f"{answer.status} for a file")
    except CallError as error:
        return error
    return CallUnknown(f"{answer.status} for a file")


def read(answer: Answer) -> Any:
    """The result of an answer. Raises the CallError that it tells of."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise garbled(answer) from None
    return unwrap(answer, told)


def unwrap(answer: Answer, told: Any) -> Any:
    """The result in an answer that was read already. Raises the CallError that it tells of."""
    if not isinstance(told, dict):
        raise garbled(answer)
    if told.get("ok") is True:
        return told.get("result")
    raise refusal(answer.status, told)


def refusal(status: int, told: Mapping[str, Any]) -> CallError:
    """The error of a well-formed answer that says no."""
    code = _number(told, "error_code") or status
    parameters = told.get("parameters")
    hints = parameters if isinstance(parameters, dict) else {}
    seconds, moved = _number(hints, "retry_after"), _number(hints, "migrate_to_chat_id")
    if code == 429 or seconds:
        return CallPaused(min(max(1, seconds or 1), LONGEST_PAUSE))
    if moved:
        return CallMoved(moved)
    if code >= 500:
        return CallUnknown(f"{code}")
    return CallRefused(code, str(told.get("description", "")))


def _number(values: Mapping[str, Any], name: str) -> int | None:
    """A whole number where there is one: what stands between us and Telegram may answer anything."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def garbled(answer: Answer) -> CallError:
    """The error of an answer that is not Telegram's."""
    # A proxy on the way speaks HTML; where it clearly turned the call away, Telegram has not seen it.
    if answer.status == 413:
        return CallRefused(413, "request entity too large")
    if answer.status == 429:
        return CallPaused(1)
    return CallUnknown(f"unreadable answer with status {answer.status}")
