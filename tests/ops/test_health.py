"""Health: green only while the bot is of use."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.ops.health import FRESH, Health
from bot.ops.metrics import COUNTS, Metrics
from bot.ops.pages import Pages
from bot.storage import open_database
from bot.storage.database import Database
from tests.vaults import vault_in


@dataclass
class Hands:
    """A clock whose hands the test turns."""

    at: float = 1000.0
    polled: float | None = None
    seen: list[str] = field(default_factory=list)

    def now(self) -> int:
        return int(self.at)

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def health(hands: Hands) -> Health:
    return Health(hands, {"telegram": lambda: hands.polled})


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    yield database
    await database.close()


def all_seen(health: Health, hands: Hands) -> None:
    health.saw("loop")
    health.saw("database")
    hands.polled = hands.at


def test_a_start_has_a_minute_before_it_is_unwell(health: Health, hands: Hands) -> None:
    assert health.stale() == []
    assert set(health.missing()) == {"loop", "database", "telegram"}
    hands.at += FRESH + 1
    assert set(health.stale()) == {"loop", "database", "telegram"}


@pytest.mark.parametrize("deaf", ["loop", "database", "telegram"])
def test_one_stale_sign_is_enough_to_be_unwell(health: Health, hands: Hands, deaf: str) -> None:
    all_seen(health, hands)
    assert health.missing() == []
    hands.at += FRESH + 1
    for sign in {"loop", "database"} - {deaf}:
        health.saw(sign)
    if deaf != "telegram":
        hands.polled = hands.at
    assert health.stale() == health.missing() == [deaf]


async def test_the_pages_tell_what_is_amiss(health: Health, hands: Hands, database: Database) -> None:
    pages = Pages(health, Metrics(database, health, {"updates": 3}))
    address = await pages.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{address}/readyz") as answer:
                assert answer.status == 503
            all_seen(health, hands)
            async with session.get(f"{address}/readyz") as answer:
                assert answer.status == 200
            hands.at += FRESH + 1
            async with session.get(f"{address}/healthz") as answer:
                assert answer.status == 503
                assert set(json.loads(await answer.text())["amiss"]) == {"loop", "database", "telegram"}
            async with session.get(f"{address}/metrics") as answer:
                text = await answer.text()
    finally:
        await pages.stop()
    assert 'imagine_telegram_total{what="updates"} 3.0' in text
    assert 'imagine_sign_age_seconds{sign="loop"} 61.0' in text
    assert "process_resident_memory_bytes" in text


INBOX = """INSERT INTO inbox (bot_id, update_id, lane, received_at, raw, state, attempts)
VALUES (1, :id, 'user:1', 1, '', :state, 0)"""


async def test_updates_that_wait_or_were_set_aside_are_counted_and_those_that_were_handled_not_even_looked_at(
    health: Health, database: Database
) -> None:
    states = ["new"] * 2 + ["set_aside"] * 3 + ["done"] * 5
    async with database.write() as tx:
        for number, state in enumerate(states):
            values = {"id": number, "state": state}
            await tx.execute(INBOX, values)
    page = (await Metrics(database, health, {}).text()).decode()
    assert [line for line in page.splitlines() if line.startswith("imagine_inbox{")] == [
        'imagine_inbox{state="new"} 2.0',
        'imagine_inbox{state="set_aside"} 3.0',
    ]
    [sql] = [sql for name, *_, sql in COUNTS if name == "inbox"]
    async with database.read() as tx:
        plan = [row["detail"] for row in await tx.fetch(f"EXPLAIN QUERY PLAN {sql}", {})]
    assert [step for step in plan if "inbox" in step and "INDEX inbox_" not in step] == []


async def test_a_port_that_is_taken_is_told_as_a_setting(health: Health, database: Database) -> None:
    first, second = (Pages(health, Metrics(database, health, {})) for _ in range(2))
    address = await first.start("127.0.0.1", 0)
    try:
        with pytest.raises(SettingsError) as told:
            await second.start("127.0.0.1", int(address.rpartition(":")[2]))
    finally:
        await first.stop()
    place = address.removeprefix("http://")
    assert str(told.value) == f"HTTP_PORT: {place} cannot be used (address already in use)"
