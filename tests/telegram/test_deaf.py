"""A bot that hears nothing any more says so within a minute: it ends, or its health does. In virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.cli import exit_code
from bot.ops.health import FRESH, Health
from bot.telegram.api import Answer, Api, CallNotSent, CallUnknown
from bot.telegram.inbox import Inbox
from bot.telegram.poller import CONFLICT_PATIENCE, HOLD, AnotherPoller, Poller, Stop, TokenRefused
from bot.telegram.watch import LOOK, Watch
from tests.virtual import EPOCH, LoopClock, run

URL = "https://bot.example.org/telegram"
Line = Callable[[str, Mapping[str, Any]], Awaitable[Answer]]


def good(result: Any) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}).encode())


def bad(code: int, **parameters: Any) -> Answer:
    told = {"ok": False, "error_code": code, "description": "no", "parameters": parameters}
    return Answer(code, json.dumps(told).encode())


class Wire(Api):
    """A line to Telegram that is well until `breaks`, and from then on `broken`."""

    def __init__(self, broken: Line, breaks: float) -> None:
        super().__init__("http://telegram.invalid", SecretStr("42:deaf"))
        self.broken = broken
        self.breaks = breaks
        self.info: dict[str, Any] = {"url": URL, "pending_update_count": 0}

    async def exchange(self, method: str, params: Mapping[str, Any], timeout: float = 20.0) -> Answer:
        now = asyncio.get_running_loop().time()
        if now >= self.breaks:
            try:
                return await asyncio.wait_for(self.broken(method, params), timeout)
            except TimeoutError:
                raise CallUnknown("TimeoutError") from None
        if method == "getUpdates":
            quiet: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            await asyncio.wait((quiet,), timeout=min(params["timeout"], self.breaks - now))
            return good([])
        return good(self.info if method == "getWebhookInfo" else True)


async def silence(_: str, __: Mapping[str, Any]) -> Answer:
    await asyncio.Event().wait()
    raise AssertionError


async def nobody(_: str, __: Mapping[str, Any]) -> Answer:
    raise CallNotSent("no route")


async def reset(_: str, __: Mapping[str, Any]) -> Answer:
    raise CallUnknown("reset")


def always(answer: Answer) -> Line:
    async def line(_: str, __: Mapping[str, Any]) -> Answer:
        return answer

    return line


TROUBLES: dict[str, Line] = {
    "silence": silence,
    "no route": nobody,
    "reset": reset,
    "500": always(bad(500)),
    "502 of a proxy": always(Answer(502, b"<html>")),
    "login page of a hotel": always(Answer(200, b"<html>welcome")),
    "200 with nothing": always(Answer(200, b"{}")),
    "not a list": always(good({"so": "what"})),
    "updates without numbers": always(good([{"what": 1}])),
    "429 for an hour": always(bad(429, retry_after=3600)),
    "401": always(bad(401)),
    "404": always(bad(404)),
    "409": always(bad(409)),
    "403": always(bad(403)),
}


class Bot:
    """What listens to Telegram, and the page that tells whether it does."""

    def __init__(self, broken: Line, breaks: float, *, hooked: bool) -> None:
        self.clock = LoopClock()
        self.wire = Wire(broken, breaks)
        self.visit: float | None = None
        hello = self.hello
        if hooked:
            self.reception: Poller | Watch = Watch(
                self.wire, self.clock, URL, SecretStr("s"), ["message"], hello, lambda: self.visit
            )
        else:
            self.reception = Poller(self.wire, cast("Inbox", self), self.clock, ["message"], hello)
        self.health = Health(self.clock, {"telegram": lambda: self.reception.last_good_poll})

    async def hello(self) -> None:
        pass

    async def accept(self, updates: list[Any]) -> None:
        """As an inbox, which here never gets any."""

    async def listen(self, seconds: float) -> Exception | None:
        """What ended it within so many seconds; None when it still listens."""

        async def room() -> None:
            pass

        try:
            async with asyncio.timeout(seconds):
                await self.reception.run(room)
        except Stop as stop:
            return stop
        except TimeoutError:
            return None
        raise AssertionError("it ended without a reason")

    @property
    def is_deaf(self) -> bool:
        """Whether the page says so."""
        return "telegram" in self.health.stale()


@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("breaks", [0.0, 300.0], ids=["from the start", "later"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_nobody_is_alive_and_deaf_for_more_than_a_minute(trouble: str, breaks: float, hooked: bool) -> None:
    async def story() -> None:
        bot = Bot(TROUBLES[trouble], breaks, hooked=hooked)
        ended = await bot.listen(breaks + FRESH + 0.1)
        assert ended or bot.is_deaf
        if ended:
            assert exit_code(cast("Stop", ended)) in {3, 5}

    run(story())


@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
def test_a_quiet_day_is_no_deafness(hooked: bool) -> None:
    async def story() -> None:
        bot = Bot(silence, 24 * 3600.0, hooked=hooked)
        listening = asyncio.get_running_loop().create_task(bot.listen(24 * 3600.0 - 1))
        while not listening.done():
            await asyncio.wait((listening,), timeout=7.0)
            assert not bot.is_deaf

    run(story())


@pytest.mark.parametrize("code", [401, 404])
@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
def test_a_refused_token_ends_the_bot_at_its_first_answer(code: int, hooked: bool) -> None:
    async def story() -> None:
        bot = Bot(always(bad(code)), 300.0, hooked=hooked)
        ended = await bot.listen(3600)
        assert isinstance(ended, TokenRefused)
        assert exit_code(ended) == 3
        assert bot.clock.monotonic() <= 300 + (LOOK if hooked else HOLD)  # the first call after it was revoked

    run(story())


def test_another_poller_is_given_a_minute_and_then_the_bot_ends() -> None:
    async def story() -> None:
        bot = Bot(always(bad(409)), 0.0, hooked=False)
        bot.wire.broken = conflict
        ended = await bot.listen(3600)
        assert isinstance(ended, AnotherPoller)
        assert exit_code(ended) == 5
        assert CONFLICT_PATIENCE <= bot.clock.monotonic() <= CONFLICT_PATIENCE + 10

    run(story())


async def conflict(method: str, _: Mapping[str, Any]) -> Answer:
    return bad(409) if method == "getUpdates" else good(True)


def test_a_webhook_that_telegram_cannot_reach_is_deafness_until_it_comes_again() -> None:
    async def story() -> None:
        bot = Bot(silence, 24 * 3600.0, hooked=True)
        info = bot.wire.info
        listening = asyncio.get_running_loop().create_task(bot.listen(3600))
        await asyncio.wait((listening,), timeout=100)
        assert not bot.is_deaf
        for minute in range(5):  # Telegram tries each minute and does not get through
            info |= {"pending_update_count": 3, "last_error_date": EPOCH + minute, "last_error_message": "refused"}
            await asyncio.wait((listening,), timeout=60)
        assert bot.is_deaf
        bot.visit = bot.clock.monotonic()
        await asyncio.wait((listening,), timeout=LOOK + 1)
        assert not bot.is_deaf
        listening.cancel()

    run(story())


def test_a_failure_of_before_the_start_and_one_that_was_made_good_are_no_deafness() -> None:
    async def story() -> None:
        bot = Bot(silence, 24 * 3600.0, hooked=True)
        bot.wire.info |= {"pending_update_count": 9, "last_error_date": 5, "last_error_message": "down for an update"}
        listening = asyncio.get_running_loop().create_task(bot.listen(3600))
        for minute in range(10):
            await asyncio.wait((listening,), timeout=60)
            assert not bot.is_deaf
            bot.visit = bot.clock.monotonic()  # one in ten fails, the others come
            bot.wire.info |= {"last_error_date": 100 + minute}
        listening.cancel()

    run(story())
