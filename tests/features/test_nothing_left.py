"""A long life of somebody, and one press: byte by byte, nothing that anybody could read about them is left."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.clock import SystemClock
from bot.ops.backup import Backups
from bot.sandbox.model import Chat, Message, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_forgetting import asked
from tests.features.test_restore import restore
from tests.house import ADMIN, House
from tests.providers.fake import png
from tests.waiting import until

PROMPT, GROUP_PROMPT, TYPED = "zebrafinch in the ivy", "bluethroat on a fence", "wheatear over the moor"
CAPTION, DRAFT, REASON = "chiffchaff at night", "redpoll and birches", "siskins everywhere"
NAME = "Quillonbert"
# A person's own number, of ten digits, so that it is nowhere by chance.
ANNA, BORIS = 4_815_162_342, 5_926_273_453
LIMIT = 10.0  # seconds


@pytest.fixture
def anna(sandbox: Sandbox) -> Person:
    return sandbox.person(NAME, language="en", user_id=ANNA)


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en", user_id=BORIS)


@pytest.fixture
def boss(sandbox: Sandbox, running: House) -> Talk:
    return sandbox.person("Olga", language="en", user_id=ADMIN).private(running.bot)


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person) -> Chat:
    return sandbox.group("Friends", anna, boris, running.bot)


@pytest.fixture
async def channel(sandbox: Sandbox, running: House, anna: Person) -> Chat:
    channel = sandbox.channel("News", anna)
    sandbox.set_role(channel, running.bot, Role.ADMINISTRATOR)
    await running.quiet()
    return channel


async def drawn(talk: Talk, words: str) -> Seen:
    known = len(talk.messages)
    await talk.say(words)
    return (await talk.until(lambda talk: [each for each in talk.messages[known:] if each.photo and each.by_bot]))[0]


async def lived(house: House, anna: Person, boris: Person, boss: Talk, group: Chat) -> None:
    """Everything that leaves traces, in private, in a group, in a channel's drafts, in inline mode, with admins."""
    chat = anna.private(house.bot)
    favorite = await drawn(chat, f"/imagine {PROMPT}")
    await chat.react(favorite, "❤")
    await chat.send_photo(png(64, 48), CAPTION)
    await drawn(anna.at(group), f"/imagine {GROUP_PROMPT}")
    await drawn(chat, f"/post {DRAFT}")
    await chat.ask(house.bot, TYPED)
    other = await drawn(boris.at(group), "/imagine a lighthouse")
    await anna.at(group).press("Report", other)
    await boss.say("/broadcast Something new")
    await boss.until(lambda boss: any(label.startswith("Send to") for label in boss.last.labels))
    await house.quiet()
    await boss.say(f"/ban {ANNA} 1h {REASON}")
    await boss.until(lambda boss: boss.last.button("Ban") or boss.last.labels)


def canaries(house: House, file_ids: list[str]) -> list[bytes]:
    """What must not be read anywhere: words, a name, files at Telegram, and the middle of each picture."""
    sentences = (PROMPT, GROUP_PROMPT, TYPED, CAPTION, DRAFT, REASON)
    words = [NAME, *(each.split()[0] for each in sentences), *file_ids]
    files = [message.media.file.content for message in _private(house) if message.media]
    return [*(word.encode() for word in words), *(file[len(file) // 2 :][:24] for file in files if file)]


def _private(house: House) -> Iterator[Message]:
    return (
        each for chat in house.sandbox.world.chats.values() if chat.chat_id == ANNA for each in chat.messages.values()
    )


def places(house: House) -> dict[str, bytes]:
    """Everything that lies on the disk, and the log."""
    found = {"the log": house.log.getvalue().encode()}
    for path in house.data_dir.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            found[str(path.relative_to(house.data_dir))] = path.read_bytes()
    return found


def readable(house: House, words: list[bytes]) -> list[str]:
    """Where any of these words is, and where the number is but in the copies of the database, which last a week."""
    found = [
        f"{word!r} in {place}"
        for place, content in places(house).items()
        for word in words
        if word.lower() in content.lower()
    ]
    number = str(ANNA).encode()
    return found + [
        f"the number in {place}"
        for place, content in places(house).items()
        if number in content and "backups" not in place
    ]


async def files_of(house: House) -> list[str]:
    """Pictures at Telegram."""
    sealed = await house.rows("SELECT file_id FROM generations WHERE user_id = :id AND file_id IS NOT NULL", id=ANNA)
    found = [await house.database.vault.unseal(ANNA, row["file_id"]) for row in sealed]
    assert len(found) >= 3
    assert all(found)
    return [each for each in found if each]


async def numbers(house: House) -> list[str]:
    """Columns of all tables in which the number stands."""
    tables = await house.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    cells = [
        (table["name"], column, cell)
        for table in tables
        for row in await house.rows(f"SELECT * FROM {table['name']}")
        for column, cell in row.items()
    ]
    return [f"{table}.{column}: {cell}" for table, column, cell in cells if str(ANNA) in str(cell)]


async def others(house: House) -> list[dict[str, object]]:
    """What is kept of somebody else."""
    return [
        *await house.rows("SELECT * FROM users WHERE user_id = :id", id=BORIS),
        *await house.rows("SELECT * FROM generations WHERE user_id = :id", id=BORIS),
        *await house.rows("SELECT * FROM entries WHERE user_id = :id ORDER BY source, kind", id=BORIS),
    ]


async def test_nothing_is_left_ten_seconds_after_a_press_nor_in_a_backup(
    running: House, anna: Person, boris: Person, boss: Talk, group: Chat, channel: Chat
) -> None:
    await lived(running, anna, boris, boss, group)
    chat = anna.private(running.bot)
    words = canaries(running, await files_of(running))
    assert await numbers(running)
    before = await others(running)
    copy = await Backups(running.data_dir, SystemClock()).make()
    page = await asked(chat)
    await chat.press("Delete everything", page)

    async def nothing_is_left() -> bool:
        return not readable(running, words) and not await numbers(running)

    try:
        await until(nothing_is_left, "everything is gone", LIMIT)
    except TimeoutError:
        assert readable(running, words) + await numbers(running) == []
        raise
    await chat.until(lambda chat: chat.last.text == "Everything about you is forgotten.")
    assert await others(running) == before
    await running.stop()

    await restore(running.data_dir, copy)
    await running.start()
    assert await numbers(running) == []
    assert [each for each in readable(running, words) if not each.startswith("the number")] == []
    assert await others(running) == before
    # What was asked to be looked at when the copy was made is not asked once more.
    assert [each for each in await running.stop() if "is asked to look at" not in each] == []
