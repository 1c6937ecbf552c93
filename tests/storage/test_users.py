import pytest

from bot.storage.database import Database
from bot.users import store
from bot.users.rules import Person

NOW = 1_800_000_000


async def test_a_stranger_is_nobody(database: Database) -> None:
    async with database.read() as tx:
        assert await store.get(tx, 7) is None


async def test_who_writes_is_known_from_then_on(database: Database) -> None:
    async with database.write() as tx:
        assert await store.meet(tx, 7, "pt-br", NOW) == Person(7, client_language="pt-br")
        assert await store.meet(tx, 7, None, NOW + 1) == Person(7, client_language="pt-br")
        assert await store.meet(tx, 7, "ru", NOW + 2) == Person(7, client_language="ru")
        assert [dict(row) for row in await tx.fetch("SELECT created_at FROM users", {})] == [{"created_at": NOW}]


@pytest.mark.parametrize(
    "choice",
    [
        *({"language": "ru"}, {"model": "sketch/default"}, {"ratio": "16:9"}, {"as_file": True}, {"plain_text": False}),
        {"preset": "ink"},
    ],
)
async def test_a_choice_is_kept_and_touches_no_other(database: Database, choice: dict[str, str | bool]) -> None:
    async with database.write() as tx:
        await store.meet(tx, 7, "en", NOW)
        await store.meet(tx, 8, "en", NOW)
        await store.choose(tx, 7, **choice)
    async with database.read() as tx:
        assert await store.get(tx, 7) == Person(7, client_language="en", **choice)  # type: ignore[arg-type]  # one of its fields
        assert await store.get(tx, 8) == Person(8, client_language="en")


async def test_a_choice_can_be_taken_back(database: Database) -> None:
    async with database.write() as tx:
        await store.meet(tx, 7, None, NOW)
        await store.choose(tx, 7, language="ru", model="sketch/default")
        await store.choose(tx, 7, language=None, model=None)
        assert await store.get(tx, 7) == Person(7)


async def test_an_admin_can_let_in_and_ban_who_never_wrote(database: Database) -> None:
    async with database.write() as tx:
        await store.set_member(tx, 7, True)
        await store.set_banned(tx, 8, True)
        assert await store.get(tx, 7) == Person(7, member=True)
        assert await store.get(tx, 8) == Person(8, banned=True)
        assert await store.meet(tx, 7, "en", NOW) == Person(7, client_language="en", member=True)
        assert await tx.fetch("SELECT created_at FROM users WHERE user_id = 7", {}) == [{"created_at": NOW}]
        await store.set_member(tx, 7, False)
        await store.set_banned(tx, 8, False)
        assert await store.get(tx, 7) == Person(7, client_language="en")
        assert await store.get(tx, 8) == Person(8)


async def test_who_went_and_writes_again_is_back(database: Database) -> None:
    async with database.write() as tx:
        await store.meet(tx, 7, None, NOW)
        await store.set_gone(tx, 7, True)
        assert await store.get(tx, 7) == Person(7, gone=True)
        assert await store.meet(tx, 7, None, NOW) == Person(7)
