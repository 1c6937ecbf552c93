"""A past is put back: nothing is drawn, shown or charged a second time, and the bot goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.jobs import store as jobs
from bot.ops.backup import Backups
from bot.ops.restore import Restored, Restoring
from bot.privacy.rules import FORGET, lane
from bot.quota.service import Ledger
from bot.sandbox.people import Person, Talk
from bot.storage import open_database
from bot.storage.backup import sum_of
from tests.house import ADMIN, House
from tests.vaults import vault_in
from tests.waiting import until


def photos(talk: Talk) -> list[int]:
    return [message.message_id for message in talk.answers if message.photo]


async def restore(data_dir: Path, copy: Path) -> Restored:
    clock = SystemClock()
    return await Restoring(data_dir, vault_in(data_dir), Ledger(20, ZoneInfo("UTC"), clock), clock).restore(copy)


async def test_what_was_under_way_is_ended_and_neither_drawn_nor_shown_nor_charged_again(
    house: House, anna: Person
) -> None:
    await house.start(providers=house.slow(seconds=0.5))
    chat, boris = anna.private(house.bot), house.sandbox.person("Boris").private(house.bot)
    await chat.say("/imagine an owl")
    await chat.say("/imagine a heron")
    await chat.until(lambda chat: len(chat.answers) == 2)
    copy = await Backups(house.data_dir, SystemClock()).make()
    await boris.say("/imagine a lighthouse")
    await chat.until(lambda chat: len(photos(chat)) == 2)
    await boris.until(lambda boris: photos(boris))
    shown = photos(chat) + photos(boris)
    assert await house.stop() == []

    done = await restore(house.data_dir, copy)
    assert (done.ended, done.carried) == (2, True)
    assert done.aside
    assert (done.aside / "imagine.sqlite3").exists()
    await house.start()
    await chat.say("/imagine a harbor")
    await chat.until(lambda chat: len(photos(chat)) == 3)
    await house.quiet()
    assert photos(chat)[:2] + photos(boris) == shown
    [books] = await house.rows("SELECT daily, held FROM balances")
    assert books == {"daily": 19, "held": 0}
    causes = [row["cause"] for row in await house.rows("SELECT cause FROM generations WHERE status = 'failed'")]
    assert causes == ["restored", "restored"]
    # The pictures that were shown after the copy was made: the past knows nothing of them.
    assert await house.stop() == [f"a picture from nowhere: message {message_id}" for message_id in shown]


async def test_what_waited_to_be_sent_or_handled_is_not_done_again(house: House, anna: Person) -> None:
    await house.start()
    chat = anna.private(house.bot)
    await chat.say("/me")
    await chat.until(lambda chat: len(chat.answers) == 1)
    await house.quiet()
    copy = await Backups(house.data_dir, SystemClock()).make()
    assert await house.stop() == []
    sum_of(copy).unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE inbox SET state = 'new'")
        connection.execute(
            "INSERT INTO outbox (chat_id, method, payload, created_at) VALUES (?, 'sendMessage', ?, 1)",
            (anna.user_id, '{"text": "Again"}'),
        )
        connection.commit()
    await restore(house.data_dir, copy)
    await house.start()
    await chat.say("/me")
    await chat.until(lambda chat: len(chat.answers) == 2)
    assert await house.stop() == []
    assert len(chat.answers) == 2


async def test_what_people_deleted_since_stays_deleted_and_the_last_updates_are_known(
    house: House, anna: Person
) -> None:
    await house.start()
    chat = anna.private(house.bot)
    await chat.say("/imagine a fox in the snow")
    await chat.until(lambda chat: len(photos(chat)) == 1)
    await house.quiet()
    copy = await Backups(house.data_dir, SystemClock()).make()
    await chat.press("Delete")
    await chat.until(lambda chat: chat.last.button("Delete this picture"))
    await chat.press("Delete this picture")
    await chat.until(lambda chat: not photos(chat))
    assert await house.stop() == []
    assert (await restore(house.data_dir, copy)).carried
    await house.start()
    [row] = await house.rows("SELECT deleted_at, prompt FROM generations")
    assert row["deleted_at"]
    assert not row["prompt"], "its words went with it"
    [count] = await house.rows("SELECT count(*) AS n FROM inbox WHERE state = 'done'")
    assert count["n"] == 3


async def test_a_broadcast_of_the_past_tells_nobody_again(house: House) -> None:
    await house.start()
    readers = [house.sandbox.person(f"Reader{number}").private(house.bot) for number in range(20)]
    operator = house.sandbox.person("Olga", user_id=ADMIN).private(house.bot)
    for reader in readers:
        await reader.say("/me")
        await reader.until(lambda reader: reader.answers)
    await operator.say("/broadcast There are new models")
    for label in ("Send to", "Yes"):
        await operator.until(lambda talk, label=label: any(each.button(label) for each in talk.answers))  # type: ignore[misc]  # bound now
        await operator.press(label)
    await readers[2].until(lambda reader: len(reader.answers) == 2)
    copy = await Backups(house.data_dir, SystemClock()).make()
    assert await house.stop() == []
    assert [len(reader.answers) for reader in readers] == [2] * 20

    await restore(house.data_dir, copy)
    await house.start()
    await house.quiet()
    assert [row["state"] for row in await house.rows("SELECT state FROM broadcasts")] == ["stopped"]
    assert [len(reader.answers) for reader in readers] == [2] * 20


async def test_who_was_about_to_be_forgotten_is_forgotten_in_the_past_that_is_put_back(
    house: House, anna: Person
) -> None:
    await house.start()
    chat = anna.private(house.bot)
    await chat.say("/imagine an owl")
    await chat.until(lambda chat: len(photos(chat)) == 1)
    copy = await Backups(house.data_dir, SystemClock()).make()
    await house.stop()
    database = await open_database("sqlite", house.data_dir, vault_in(house.data_dir))
    async with database.write() as tx:
        await jobs.add(tx, FORGET, "of-anna", lane(FORGET, anna.user_id), 0)
    await database.close()

    done = await restore(house.data_dir, copy)
    assert done.carried
    await house.start()

    async def nobody_is_known() -> bool:
        return await house.rows("SELECT user_id FROM users") == []

    assert await until(nobody_is_known, "she is forgotten")


async def test_where_nothing_was_before_nothing_could_not_be_read(house: House, tmp_path: Path) -> None:
    copy = await Backups(house.data_dir, SystemClock()).make()
    other = tmp_path / "other"
    other.mkdir()
    assert (await restore(other, copy)).carried
