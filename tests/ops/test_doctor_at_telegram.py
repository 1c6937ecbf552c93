"""The doctor asks Telegram what it knows about the bot, and never for more than that."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.doctor.rules import Finding, State
from bot.doctor.telegram import AtTelegram
from bot.telegram.api import Answer, Api
from tests.ops.consulting import all_of, settings
from tests.vaults import TOKEN

DATE = "Sat, 21 Nov 2026 12:00:00 GMT"
NOW = 1795262400
ME = {"username": "fox_bot", "can_join_groups": True, "supports_inline_queries": True, "has_topics_enabled": False}
POSTER = {"status": "administrator", "can_post_messages": True}
HOOK = "https://bot.example.org/secret-path"


class Told(Api):
    """Telegram's door, answering from a table: method → result, or an error code."""

    def __init__(self, told: Mapping[str, Any], date: str = DATE) -> None:
        super().__init__("http://telegram.example", SecretStr(TOKEN))
        self.told = {"getMe": ME, "getWebhookInfo": {"url": ""}, "getChat": {}, "getChatMember": POSTER, **told}
        self.date = date
        self.asked: list[str] = []

    async def exchange(self, method: str, params: Mapping[str, Any], timeout: float = 20.0) -> Answer:
        self.asked.append(method)
        result = self.told[method]
        if isinstance(result, int):
            return Answer(result, json.dumps({"ok": False, "error_code": result, "description": "no"}).encode())
        return Answer(200, json.dumps({"ok": True, "result": result}).encode(), self.date)


class Standing(SystemClock):
    def now(self) -> int:
        return NOW


async def at_telegram(told: Mapping[str, Any], date: str = DATE, **changes: Any) -> dict[str, Finding]:
    api = Told(told, date)
    found = {each.about: each for each in await all_of(AtTelegram(api, settings(**changes), Standing()).look())}
    assert all(method.startswith("get") for method in api.asked)
    return found


async def test_a_bot_that_is_well_at_telegram_has_nothing_wrong() -> None:
    found = await at_telegram({}, storage_chat_id=-100123)
    assert {each.state for each in found.values()} == {State.WELL}
    assert set(found) == {"token", "groups", "privacy", "inline", "guest", "topics", "clock", "updates", "storage"}


@pytest.mark.parametrize(
    ("told", "changes", "about", "state", "text"),
    [
        ({"getMe": 401}, {}, "token", "wrong", "doctor-token-refused"),
        ({"getMe": 404}, {}, "token", "wrong", "doctor-token-refused"),
        ({"getMe": 502}, {}, "token", "wrong", "doctor-telegram-silent"),
        ({"getMe": {**ME, "can_join_groups": False}}, {}, "groups", "note", "doctor-groups-off"),
        ({"getMe": {**ME, "can_read_all_group_messages": True}}, {}, "privacy", "note", "doctor-privacy-off"),
        ({"getMe": {**ME, "supports_inline_queries": False}}, {}, "inline", "note", "doctor-inline-off"),
        ({"getMe": {**ME, "supports_guest_queries": True}}, {}, "guest", "well", "doctor-guest"),
        ({"getMe": {**ME, "has_topics_enabled": True}}, {}, "topics", "well", "doctor-topics"),
        ({"getWebhookInfo": {"url": HOOK}}, {}, "updates", "wrong", "doctor-webhook-in-the-way"),
        ({"getWebhookInfo": {"url": "", "pending_update_count": 101}}, {}, "updates", "note", "doctor-updates-wait"),
        ({"getWebhookInfo": 500}, {}, "updates", "wrong", "doctor-call-failed"),
        ({}, {"webhook_url": HOOK}, "updates", "wrong", "doctor-webhook-missing"),
        ({"getWebhookInfo": {"url": HOOK + "2"}}, {"webhook_url": HOOK}, "updates", "wrong", "doctor-webhook-moved"),
        ({"getWebhookInfo": {"url": HOOK}}, {"webhook_url": HOOK}, "updates", "well", "doctor-webhook"),
        ({"getChatMember": 400}, {"storage_chat_id": -100123}, "storage", "wrong", "doctor-storage-closed"),
        ({"getChatMember": {"status": "left"}}, {"storage_chat_id": -1}, "storage", "wrong", "doctor-storage-closed"),
        ({"getChat": 400}, {}, "admins", "note", "doctor-admin-unmet"),
        ({}, {"admin_ids": (), "access": "public"}, "admins", "note", "doctor-admins-none"),
        ({}, {}, "storage", "well", "doctor-storage-none"),
    ],
)
async def test_each_trouble_at_telegram_has_a_line(
    told: Mapping[str, Any], changes: dict[str, Any], about: str, state: str, text: str
) -> None:
    if "webhook_url" in changes:
        changes = {**changes, "webhook_secret": "s" * 16}
    finding = (await at_telegram(told, **changes))[about]
    assert (finding.state, finding.text) == (state, text)


@pytest.mark.parametrize(("waiting", "state"), [(3, State.WRONG), (0, State.NOTE)])
async def test_a_webhook_that_failed_lately_is_told_with_its_reason(waiting: int, state: State) -> None:
    reason = "Wrong response from the webhook: 502 Bad Gateway"
    info = {"url": HOOK, "pending_update_count": waiting, "last_error_date": NOW - 300, "last_error_message": reason}
    changes = {"webhook_url": HOOK, "webhook_secret": "s" * 16}
    finding = (await at_telegram({"getWebhookInfo": info}, **changes))["updates"]
    assert (finding.state, finding.values) == (state, {"minutes": 5, "reason": reason})
    old = {**info, "last_error_date": NOW - 7200}
    assert (await at_telegram({"getWebhookInfo": old}, **changes))["updates"].state is State.WELL


@pytest.mark.parametrize(
    ("date", "state"),
    [
        (DATE, State.WELL),
        ("Sat, 21 Nov 2026 11:59:40 GMT", State.NOTE),
        ("Sat, 21 Nov 2026 13:00:00 GMT", State.WRONG),
        ("", State.NOTE),
    ],
)
async def test_the_clock_is_held_against_that_of_telegram(date: str, state: State) -> None:
    assert (await at_telegram({}, date))["clock"].state is state
