"""Pictures that are here for a while cannot be read from the disk, and are there for their people all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import sealed
from bot.sandbox.people import Talk
from bot.sandbox.views import Seen
from tests.generations import ANNA
from tests.house import House
from tests.telegram.pictures import flip
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

PIECE = 64  # bytes of a picture that are looked for


def pieces(content: bytes) -> Iterator[bytes]:
    """Some of every part of it."""
    step = max(PIECE, len(content) // 50)
    for begin in range(0, len(content) - PIECE, step):
        yield content[begin : begin + PIECE]


def readable(data_dir: Path, content: bytes) -> list[str]:
    """The files that hold something of a picture."""
    files = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    return sorted({path.name for path, held in files.items() for piece in pieces(content) if piece in held})


async def drawn(chat: Talk) -> Seen:
    await chat.say("/imagine a fox --seed 7")
    return (await chat.until(lambda chat: [message for message in chat.answers if message.picture]))[-1]


def documents(chat: Talk) -> list[Seen]:
    return [message for message in chat.answers if message.document]


def shelved(house: House) -> list[Path]:
    return sorted((house.data_dir / "shelf").iterdir())


async def test_nothing_that_was_drawn_can_be_read_from_the_disk(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await chat.press("Original", picture)
    [file] = await chat.until(documents)
    assert file.document is not None
    await running.quiet()
    assert len(file.document.content) > 100 * PIECE
    assert readable(running.data_dir, file.document.content) == []
    [kept] = shelved(running)
    assert kept.read_bytes().startswith(sealed.MAGIC)


async def test_an_original_that_is_damaged_is_gone_and_that_is_said(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await running.quiet()
    [kept] = shelved(running)
    flip(kept)
    answer = await chat.press("Original", picture)
    assert answer is not None
    assert "I keep original files for 3 days, and this one is gone." in answer.text
    assert not documents(chat)


async def test_an_original_whose_key_nobody_can_read_is_gone_and_that_is_said(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await running.quiet()
    async with running.database.write() as tx:
        other = await tx.vault.seal(ANNA, sealed.new_key().hex())
        await tx.execute("UPDATE shelf SET key = :other", {"other": other})
    answer = await chat.press("Original", picture)
    assert answer is not None
    assert "this one is gone" in answer.text


async def test_an_original_that_goes_on_its_way_stops_nothing_and_that_is_said(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await running.quiet()
    running.sandbox.fault("sendDocument", retry_after=1)
    [kept] = shelved(running)
    await chat.press("Original", picture)

    async def refused() -> bool:
        return bool(running.sandbox.calls_of("sendDocument"))

    await until(refused, "it was tried")
    flip(kept)
    await running.quiet()
    assert not documents(chat)
    said = [one for one in chat.answers if "I keep original files for 3 days, and this one is gone." in one.text]
    assert [one.reply_to for one in said] == [picture.message_id]
    await drawn(chat)


async def test_what_an_earlier_version_left_plain_still_comes(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await running.quiet()
    [kept] = shelved(running)
    async with running.database.write() as tx:
        [row] = await tx.fetch("SELECT generation_id, user_id FROM generations", {})
        found = await running.app.pictures.shelf.get(tx, row["generation_id"], row["user_id"])
        await tx.execute("UPDATE shelf SET key = NULL", {})
    assert found is not None
    content = b"".join(sealed.blocks(kept, found.key))
    kept.write_bytes(content)
    await chat.press("Original", picture)
    [file] = await chat.until(documents)
    assert file.document is not None
    assert file.document.content == content


async def test_pictures_stay_for_so_many_hours_as_the_operator_says(house: House) -> None:
    await house.start(keep_pictures=5)
    chat = house.sandbox.person("Anna").private(house.bot)
    picture = await drawn(chat)
    await house.quiet()
    [row] = await house.rows("SELECT kept_until - ended_at AS kept FROM shelf JOIN generations USING (generation_id)")
    assert row["kept"] == 5 * 3600
    await house.app.pictures.shelf.sweep(house.database, house.app.ground.clock.now() + 5 * 3600 + 1)
    assert shelved(house) == []
    answer = await chat.press("Original", picture)
    assert answer is not None
    assert "I keep original files for 5 hours" in answer.text


async def test_what_was_arriving_when_a_process_died_is_gone_when_the_next_one_starts(house: House) -> None:
    await house.start()
    (house.data_dir / "spool" / "half a picture").write_bytes(b"half")
    await house.restart()
    assert list((house.data_dir / "spool").iterdir()) == []
