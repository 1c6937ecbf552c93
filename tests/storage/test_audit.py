"""The audit of each minute and the long one look in different ways, and find the same."""

import pytest

from bot.quota import store
from bot.storage.database import Database
from tests.storage.test_ledger import Books

# What may be wrong with the entries, and whether anything is.
WRONGS = {
    "nothing": False,
    "UPDATE entries SET daily = daily + 1 WHERE kind = 'settle' AND source = 'fox'": True,
    "UPDATE entries SET kept = kept + 1 WHERE kind = 'release' AND source = 'fox:rest'": True,
    "UPDATE entries SET user_id = 7 WHERE kind = 'settle' AND source = 'fox'": True,
    "UPDATE entries SET user_id = 7 WHERE kind = 'hold' AND source = 'hen'": True,
    "UPDATE entries SET day = '2026-12-31' WHERE kind = 'release' AND source = 'fox:rest'": True,
    "UPDATE entries SET source = 'bee' WHERE kind = 'settle' AND source = 'hen'": True,
    "DELETE FROM entries WHERE kind = 'hold' AND source = 'fox'": True,
    "DELETE FROM entries WHERE kind = 'release' AND source = 'fox:rest'": True,
    "UPDATE balances SET held = held + 1": True,
}


@pytest.mark.parametrize("sql", WRONGS)
async def test_both_audits_find_the_same(database: Database, sql: str) -> None:
    books = Books(database)
    await books.hold("fox", 5)
    await books.settle("fox", 3)
    await books.hold("hen", 2)
    await books.settle("hen")
    await books.hold("owl", 1)
    await books.release("owl")
    async with database.write() as tx:
        if WRONGS[sql]:
            assert await tx.execute(sql, {})
    async with database.read() as tx:
        long, short = await store.mistakes(tx), await store.mistakes(tx, "2026-01-01")
    assert bool(long) == WRONGS[sql]
    assert bool(short) == bool(long)
    # Whoever has no balance of these days is beyond the short one.
    assert set(short) <= set(long)
