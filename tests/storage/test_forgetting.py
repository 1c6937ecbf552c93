"""What forgetting leaves of somebody in the tables, on both databases: nothing but amounts.

Each column of each table stands in `columns.py` with what is in it: whoever adds one says there what it holds of
people, and the rest follows.
"""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.admin import store as admin
from bot.admin.store import Decision
from bot.chats import store as chats
from bot.ops import forgetting
from bot.quota.rules import Kind
from bot.quota.service import Ledger
from bot.quota.store import get_entry
from bot.storage.database import Database, Transaction
from bot.users import store as users
from bot.users.rules import FORGOTTEN
from tests.sandbox.clock import HandClock
from tests.storage.columns import DAY, NOBODY, NOW, ROWS, Mention, Number, Own, Words

ANNA, BORIS = 4_815_162_342, 5_926_273_453
LIMIT = 20


# Keys that only must differ.
DIFFER = {("inbox", "update_id"), ("channels", "chat_id")}

TABLES = {
    "sqlite": "SELECT name AS table_name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}
COLUMNS = {
    "sqlite": "SELECT name AS column_name FROM pragma_table_info(:name)",
    "postgresql": "SELECT column_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = :name",
}


def words_of(who: int) -> str:
    return f"canary-of-{'anna' if who == ANNA else 'boris'}"


def value(table: str, column: str, what: Any, who: int) -> Any:
    """What stands in a column of a person."""
    index = 1 if who == ANNA else 2
    if (table, column) in DIFFER:
        return index
    match what:
        case Number():
            return who
        case Words(form):
            return form.format(words_of(who))
        case Mention(form):
            return form.format(who)
        case Own(form):
            return form.format(index)
    return what


async def put(tx: Transaction, table: str, row: Mapping[str, Any]) -> None:
    given = {name: each for name, each in row.items() if each is not None}
    marks = ", ".join(f":{name}" for name in given)
    await tx.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks})", given)


async def settle_in(tx: Transaction, who: int) -> None:
    """A row of this person in every table."""
    for table, row in ROWS.items():
        await put(tx, table, {column: value(table, column, what, who) for column, what in row.items()})
    index = 1 if who == ANNA else 2
    hold = {"source": f"picture{index}", "user_id": who, "day": DAY, "daily": 3, "kept": 0, "at": NOW}
    for kind in ("hold", "settle"):
        await put(tx, "entries", {**hold, "kind": kind})
    await put(tx, "entries", {**hold, "source": f"gift{index}", "kind": "grant", "daily": 0, "kept": 4})


async def everything(tx: Transaction, kind: str) -> dict[str, list[dict[str, Any]]]:
    tables = sorted(row["table_name"] for row in await tx.fetch(TABLES[kind], {}))
    return {table: [dict(row) for row in await tx.fetch(f"SELECT * FROM {table}", {})] for table in tables}


def found(rows: Mapping[str, list[dict[str, Any]]], who: int) -> list[str]:
    """Where somebody can still be read."""
    return [
        f"{table}.{column}: {cell!r}"
        for table, each in rows.items()
        for row in each
        for column, cell in row.items()
        if str(who) in str(cell) or words_of(who) in str(cell)
    ]


def of(rows: Mapping[str, list[dict[str, Any]]], who: int) -> list[str]:
    """Every row in which somebody can be read."""
    return [
        json.dumps([table, row], sort_keys=True)
        for table, each in sorted(rows.items())
        for row in each
        if found({table: [row]}, who)
    ]


@pytest.fixture
def hands() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def ledger(hands: HandClock) -> Ledger:
    return Ledger(LIMIT, ZoneInfo("UTC"), hands)


@pytest.fixture
def kind(database_url: str) -> str:
    return database_url.partition(":")[0]


async def test_every_column_is_known_to_those_who_forget(database: Database, kind: str) -> None:
    async with database.read() as tx:
        tables = [row["table_name"] for row in await tx.fetch(TABLES[kind], {})]
        columns = {
            table: {row["column_name"] for row in await tx.fetch(COLUMNS[kind], {"name": table})} for table in tables
        }
    assert columns == {**{table: set(row) for table, row in ROWS.items()}, **NOBODY}


async def test_nobody_reads_anything_of_the_forgotten_in_any_column(
    database: Database, ledger: Ledger, kind: str
) -> None:
    async with database.write() as tx:
        for who in (ANNA, BORIS):
            await settle_in(tx, who)
        before = await everything(tx, kind)
    assert len({line.partition(".")[0] for line in found(before, ANNA)}) == len(ROWS), "a row of hers in every table"
    async with database.write() as tx:
        files = await forgetting.forget(tx, ledger, ANNA, NOW)
        after = await everything(tx, kind)
        assert await ledger.audit(tx) == []
    assert files == ["canary-of-anna.png", "canary-of-anna-original.png"]
    assert found(after, ANNA) == []
    assert of(after, BORIS) == of(before, BORIS)


async def test_figures_stay_and_balances_are_nothing(database: Database, ledger: Ledger) -> None:
    figures = "SELECT model, status, price, draw_ms, width, created_at, ended_at FROM generations"
    async with database.write() as tx:
        await settle_in(tx, ANNA)
        before = [dict(row) for row in await tx.fetch(figures, {})]
        await forgetting.erase(tx, ledger, ANNA, NOW)
        assert [dict(row) for row in await tx.fetch(figures, {})] == before
        [balance] = await tx.fetch("SELECT * FROM balances", {})
        [drawn] = await tx.fetch("SELECT * FROM generations", {})
    assert (balance["daily"], balance["kept"], balance["held"]) == (0, 0, 0)
    assert balance["user_id"] == drawn["user_id"] <= FORGOTTEN
    assert drawn["deleted_at"] == NOW


async def test_whom_a_broadcast_reached_is_still_counted_and_who_is_to_be_told_later_is_not(
    database: Database, ledger: Ledger
) -> None:
    async with database.write() as tx:
        for broadcast, outcome in (("b1", "delivered"), ("b2", "later")):
            await put(tx, "broadcast_people", {"broadcast_id": broadcast, "user_id": ANNA, "outcome": outcome})
        await forgetting.forget(tx, ledger, ANNA, NOW)
        [left] = await tx.fetch("SELECT broadcast_id, user_id, outcome FROM broadcast_people", {})
    assert (left["broadcast_id"], left["outcome"]) == ("b1", "delivered")
    assert left["user_id"] <= FORGOTTEN


async def test_decisions_about_pictures_do_not_tell_any_more_whose_they_were(
    database: Database, ledger: Ledger
) -> None:
    moderator = 77
    async with database.write() as tx:
        for who, index in ((ANNA, 1), (BORIS, 2)):
            await settle_in(tx, who)
            await admin.write_down(tx, Decision(NOW, moderator, "review-refuse", f"picture{index}", str(who)))
        await forgetting.forget(tx, ledger, ANNA, NOW)
        told = {each.subject: each.detail for _, each in await admin.decisions(tx, 10) if each.action != "ban"}
        assert told == {"picture1": await tx.vault.mark(ANNA), "picture2": str(BORIS)}


async def test_public_links_are_taken_back_by_jobs_that_name_nobody(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        await settle_in(tx, ANNA)
        await forgetting.erase(tx, ledger, ANNA, NOW)
        jobs = [dict(row) for row in await tx.fetch("SELECT kind, subject, lane FROM jobs", {})]
    assert [(job["kind"], job["subject"]) for job in jobs] == [("withdraw", "picture1:remote1")]


async def test_whoever_comes_back_on_the_same_day_has_the_rest_of_its_credits(
    database: Database, ledger: Ledger, hands: HandClock
) -> None:
    async with database.write() as tx:
        await users.meet(tx, ANNA, "en", NOW)
        await ledger.hold(tx, ANNA, "g1", 13)
        await ledger.settle(tx, "g1")
        for _ in range(3):
            await forgetting.forget(tx, ledger, ANNA, NOW)
        assert (await ledger.balance(tx, ANNA)).left == LIMIT - 13
        await ledger.hold(tx, ANNA, "g2", 7)
        await ledger.settle(tx, "g2")
        await forgetting.forget(tx, ledger, ANNA, NOW)
        assert (await ledger.balance(tx, ANNA)).left == 0
        assert (await ledger.balance(tx, BORIS)).left == LIMIT
        hands.advance(24 * 3600)
        assert (await ledger.balance(tx, ANNA)).left == LIMIT
        assert await ledger.audit(tx) == []


async def test_a_share_of_a_pot_is_gone_for_the_day_also_where_nothing_of_their_own_was_touched(
    database: Database, ledger: Ledger
) -> None:
    async with database.write() as tx:
        await users.meet(tx, ANNA, "en", NOW)
        drawn = {"user_id": ANNA, "chat_id": -5, "payer_id": -5, "prompt": "", "model": "m/m", "ratio": "1:1"}
        state = {"status": "delivered", "price": 2, "created_at": NOW, "generation_id": "g1", "request_key": "k1"}
        await put(tx, "generations", {**drawn, **state})
        for _ in range(2):
            await forgetting.forget(tx, ledger, ANNA, NOW)
            assert await chats.was_forgotten(tx, ANNA, ledger.today())
        assert (await ledger.balance(tx, ANNA)).left == LIMIT


async def test_what_waits_for_others_about_a_message_of_the_same_number_stays(
    database: Database, ledger: Ledger
) -> None:
    few = 4321
    async with database.write() as tx:
        await users.meet(tx, few, "en", NOW)
        edit = {"chat_id": BORIS, "method": "editMessageText", "owner_id": BORIS, "payload": "", "created_at": NOW}
        whispers = [{"receiver_user_id": few}, {"receiver_user_id": few, "ephemeral_message_id": 1}]
        for target in ({"message_id": few}, {"receiver_user_id": BORIS, "ephemeral_message_id": few}, *whispers):
            await put(tx, "outbox", {**edit, "target": json.dumps(target)})
        await forgetting.forget(tx, ledger, few, NOW)
        left = [json.loads(row["target"]) for row in await tx.fetch("SELECT target FROM outbox", {})]
    assert left == [{"message_id": few}, {"receiver_user_id": BORIS, "ephemeral_message_id": few}]


async def test_whoever_used_nothing_and_is_not_shut_out_leaves_nothing_behind(
    database: Database, ledger: Ledger
) -> None:
    async with database.write() as tx:
        await users.meet(tx, ANNA, "en", NOW)
        await ledger.balance(tx, ANNA)
        await forgetting.forget(tx, ledger, ANNA, NOW)
        assert await tx.fetch("SELECT * FROM forgotten", {}) == []


async def test_a_ban_and_a_low_limit_outlast_being_forgotten(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        await users.meet(tx, ANNA, "en", NOW)
        await users.set_banned(tx, ANNA, True, NOW + 100)
        await users.set_daily(tx, ANNA, 3)
        for _ in range(2):
            await forgetting.forget(tx, ledger, ANNA, NOW)
        before = await users.forgotten(tx, ANNA)
        assert before is not None
        assert before.is_banned(NOW)
        assert not before.is_banned(NOW + 100)
        assert await users.forgotten(tx, BORIS) is None
        assert (await users.meet_again(tx, before, "en", NOW)).daily == 3


async def test_a_pause_for_refused_words_goes_on_as_a_ban(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        for number in range(5):
            await put(tx, "strikes", {"strike_key": str(number), "user_id": ANNA, "at": NOW - number})
        await forgetting.forget(tx, ledger, ANNA, NOW)
        before = await users.forgotten(tx, ANNA)
    assert before is not None
    assert before.banned_until == NOW + 3600


async def test_what_matters_no_longer_is_not_remembered(database: Database, ledger: Ledger, hands: HandClock) -> None:
    async with database.write() as tx:
        await settle_in(tx, ANNA)
        await tx.execute("UPDATE users SET daily = NULL", {})
        await forgetting.forget(tx, ledger, ANNA, NOW)
        await forgetting.prune(tx, ledger, NOW + 59)
        assert len(await tx.fetch("SELECT * FROM forgotten", {})) == 1
        hands.advance(24 * 3600)
        await forgetting.prune(tx, ledger, hands.now())
        assert await tx.fetch("SELECT * FROM forgotten", {}) == []


async def test_a_day_later_nobody_knows_in_which_groups_the_forgotten_drew(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        drawn = {"user_id": ANNA, "chat_id": -5, "prompt": "", "model": "m/m", "ratio": "1:1", "status": "delivered"}
        await put(
            tx, "generations", {**drawn, "price": 2, "created_at": NOW, "generation_id": "g1", "request_key": "k"}
        )
        await forgetting.forget(tx, ledger, ANNA, NOW)
    found = []
    for now in (NOW, NOW + 24 * 3600):
        await forgetting.leave_chats(database, ledger, now)
        async with database.read() as tx:
            found += [row["chat_id"] for row in await tx.fetch("SELECT chat_id FROM generations", {})]
    assert found == [-5, 0]


async def test_the_name_of_the_forgotten_is_another_one_each_time(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        for number in range(3):
            await ledger.grant(tx, ANNA, 1, f"gift{number}")
            await forgetting.forget(tx, ledger, ANNA, NOW)
        names = [row["user_id"] for row in await tx.fetch("SELECT user_id FROM balances", {})]
        assert await get_entry(tx, f"forgotten:{names[0]}", Kind.REVOKE)
    assert len(set(names)) == 3


async def test_in_a_copy_somebody_is_found_of_whom_there_is_an_update_only(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        values = {"bot_id": 7, "update_id": 1, "lane": f"user:{ANNA}", "received_at": NOW, "attempts": 0}
        await put(tx, "inbox", {**values, "raw": "", "state": "done", "owner_id": ANNA})
        assert await forgetting.people(tx) == [ANNA]
        await forgetting.erase(tx, ledger, ANNA, NOW)
        assert await forgetting.people(tx) == []
        assert [row["lane"] for row in await tx.fetch("SELECT lane FROM inbox", {})] == ["nobody"]


async def test_what_was_written_meanwhile_is_still_readable(database: Database, ledger: Ledger) -> None:
    async with database.write() as tx:
        raw = await tx.vault.seal(ANNA, "said meanwhile")
        old = await tx.vault.seal(ANNA, "said before")
        values = {"bot_id": 7, "update_id": 1, "lane": f"user:{ANNA}", "received_at": NOW, "attempts": 0}
        await put(tx, "inbox", {**values, "raw": raw, "state": "new", "owner_id": ANNA})
        await forgetting.forget(tx, ledger, ANNA, NOW)
        [row] = await tx.fetch("SELECT raw FROM inbox", {})
        assert await tx.vault.unseal(ANNA, row["raw"]) == "said meanwhile"
        assert await tx.vault.unseal(ANNA, old) is None
