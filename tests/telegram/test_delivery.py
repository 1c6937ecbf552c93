"""A picture comes into its chat exactly once, whatever the network and Telegram do meanwhile."""

import asyncio
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage

from bot.errors import (
    Cause,
    DeliveryNotNow,
    DeliveryRefused,
    DeliveryUnknown,
    Refused,
    StorageBusy,
    StorageFull,
    Unknown,
)
from bot.http import finished
from bot.imagine import store
from bot.imagine.drawing import Shown
from bot.imagine.inspection import Inspection
from bot.imagine.rules import Status
from bot.outgoing import Outgoing
from bot.sandbox.faults import Lost
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.busy import BusyDatabase
from tests.hostile_pictures import png
from tests.telegram.conftest import Edge, EdgeMaker
from tests.telegram.delivering import Decoder, delivery_of, pictures, ready
from tests.telegram.pictures import picture


async def test_the_note_turns_into_the_picture(life: Edge, talk: Talk, tmp_path: Path) -> None:
    generation = await ready(life, talk)
    shown = await delivery_of(life).show(generation, picture(tmp_path))
    [message] = talk.answers
    assert message.photo is not None
    assert message.photo.content == picture(tmp_path).path.read_bytes()
    assert shown == Shown(message.photo.file_id, "photo", message.message_id)
    assert "a red fox" in message.text
    assert message.button("Again")
    assert message.edits == 1


async def test_as_a_file_the_original_comes(life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path) -> None:
    original = tmp_path / "see-through.webp"
    original.write_bytes(b"see-through")
    sandbox.fault("editMessageMedia", text="Bad Request: IMAGE_PROCESS_FAILED")
    shown = await delivery_of(life).show(await ready(life, talk), replace(picture(tmp_path), original=original))
    assert shown.shown_as == "document"
    assert talk.last.document is not None
    assert (talk.last.document.name, talk.last.document.content) == ("picture.webp", b"see-through")


async def test_the_picture_waits_behind_its_note(life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path) -> None:
    sandbox.fault("sendMessage", delay=0.5)
    await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    [message] = talk.answers
    assert message.photo


async def test_a_note_that_may_have_come_twice_is_left_alone_and_the_picture_comes_below(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("sendMessage", lost=Lost.AFTER, times=2)
    shown = await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    assert [bool(message.picture) for message in talk.answers] == [False, False, True]
    assert talk.last.message_id == shown.message_id


@pytest.mark.parametrize(
    "trouble", [{"lost": Lost.AFTER}, {"lost": Lost.BEFORE}, {"status": 500}], ids=["after", "before", "500"]
)
async def test_an_edit_of_unknown_fate_is_repeated_into_one_picture(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path, trouble: dict[str, Any]
) -> None:
    sandbox.fault("editMessageMedia", **trouble)
    await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    assert len(pictures(talk)) == 1


async def test_a_picture_shown_before_a_crash_is_shown_again_in_the_same_place(
    life: Edge, talk: Talk, tmp_path: Path
) -> None:
    generation = await ready(life, talk)
    await delivery_of(life).show(generation, picture(tmp_path))
    await delivery_of(life).show(generation, picture(tmp_path))
    assert len(talk.answers) == 1


async def test_a_picture_that_is_there_already_tells_its_file(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    generation = await ready(life, talk)
    first = await delivery_of(life).show(generation, picture(tmp_path))
    sandbox.fault("editMessageMedia", text="Bad Request: message is not modified: exactly the same")
    assert await delivery_of(life).show(generation, picture(tmp_path)) == first
    assert talk.last.button("Again")


async def test_a_deleted_note_is_replaced_by_one_new_message(life: Edge, talk: Talk, tmp_path: Path) -> None:
    generation = await ready(life, talk)
    await life.outbox.until_sent("g1", 5)
    await talk.delete(talk.answers[0])
    shown = await delivery_of(life).show(generation, picture(tmp_path))
    [message] = talk.answers
    assert message.photo
    assert shown.message_id == message.message_id


async def test_a_new_message_of_unknown_fate_is_never_sent_again_by_itself(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("sendPhoto", lost=Lost.AFTER)
    generation = await ready(life, talk, note=False)
    for _ in range(2):
        with pytest.raises(DeliveryUnknown):
            await delivery_of(life).show(generation, picture(tmp_path))
    assert len(sandbox.calls_of("sendPhoto")) == 1
    assert await life.rows("SELECT fenced FROM generations") == [{"fenced": 1}]


async def test_a_new_message_that_was_not_let_through_is_free_to_be_sent_later(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("sendPhoto", retry_after=3)
    generation = await ready(life, talk, note=False)
    now = life.clock.now()
    with pytest.raises(DeliveryNotNow) as error:
        await delivery_of(life).show(generation, picture(tmp_path))
    assert error.value.retry_at >= now + 3
    assert await life.rows("SELECT fenced FROM generations") == [{"fenced": 0}]
    assert pictures(talk) == []


async def test_that_nothing_was_sent_is_written_down_as_soon_as_the_database_is_free(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("sendPhoto", retry_after=3)
    database = BusyDatabase(life.database, None, StorageBusy("in use"), StorageFull("no room"))
    generation = await ready(life, talk, note=False)
    with pytest.raises(DeliveryNotNow):
        await delivery_of(life, database).show(generation, picture(tmp_path))
    assert not database.coming
    assert await life.rows("SELECT fenced FROM generations") == [{"fenced": 0}]


async def test_a_pause_of_the_chat_is_kept_to(life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path) -> None:
    sandbox.fault("editMessageMedia", retry_after=30)
    generation = await ready(life, talk)
    for _ in range(2):
        with pytest.raises(DeliveryNotNow):
            await delivery_of(life).show(generation, picture(tmp_path))
    assert len(sandbox.calls_of("editMessageMedia")) == 1


async def test_a_chat_that_is_closed_gets_nothing_and_is_remembered(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    generation = await ready(life, talk)
    await life.outbox.until_sent("g1", 5)
    async with life.database.write() as tx:
        await tx.execute("INSERT INTO users (user_id, created_at) VALUES (:id, 0)", {"id": talk.chat_id})
    sandbox.fault("editMessageMedia", status=403, text="Forbidden: bot was blocked by the user")
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life).show(generation, picture(tmp_path))
    assert error.value.cause is Cause.CHAT_CLOSED
    assert await life.rows("SELECT gone FROM users") == [{"gone": 1}]


async def test_a_picture_too_long_for_a_photo_goes_as_a_file(life: Edge, talk: Talk, tmp_path: Path) -> None:
    shown = await delivery_of(life).show(await ready(life, talk), picture(tmp_path, 2100, 100))
    [message] = talk.answers
    assert shown.shown_as == "document"
    assert message.document
    assert message.button("Original") is None


async def test_a_photo_that_telegram_cannot_process_goes_as_a_file(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("editMessageMedia", text="Bad Request: IMAGE_PROCESS_FAILED")
    shown = await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    assert shown.shown_as == "document"
    assert len(talk.answers) == 1


async def test_a_photo_is_left_to_telegram_to_decode(life: Edge, talk: Talk, tmp_path: Path) -> None:
    decode = Decoder()
    await delivery_of(life, decode=decode).show(await ready(life, talk), picture(tmp_path))
    assert decode.asked == []


@pytest.mark.parametrize("note", [True, False], ids=["into its note", "as a new message"])
async def test_what_telegram_refuses_and_nobody_can_decode_is_shown_to_nobody(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path, note: bool
) -> None:
    for method in ("editMessageMedia", "sendPhoto"):
        sandbox.fault(method, text="Bad Request: IMAGE_PROCESS_FAILED")
    generation = await ready(life, talk, note=note)
    decode = Decoder(Refused(Cause.NOT_A_PICTURE, "broken inside"))
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life, decode=decode).show(generation, picture(tmp_path))
    assert error.value.cause is Cause.NOT_A_PICTURE
    assert (pictures(talk), len(decode.asked)) == ([], 1)
    assert await life.rows("SELECT fenced FROM generations") == [{"fenced": 0}]


async def test_a_whole_file_around_a_broken_picture_is_found_out_when_telegram_refuses_it(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    path = tmp_path / "unknown filters"
    path.write_bytes(png(10, 10, rows=zlib.compress(b"\x09" * 310)))
    sandbox.fault("editMessageMedia", text="Bad Request: IMAGE_PROCESS_FAILED")
    async with Inspection() as inspection:
        broken = await inspection.inspect(finished(path))
        with pytest.raises(DeliveryRefused) as error:
            await delivery_of(life, decode=inspection.decode).show(await ready(life, talk), broken)
    assert error.value.cause is Cause.NOT_A_PICTURE
    assert pictures(talk) == []


async def test_what_goes_as_a_file_is_decoded_before_it_goes(life: Edge, talk: Talk, tmp_path: Path) -> None:
    decode = Decoder(Refused(Cause.NOT_A_PICTURE, "broken inside"))
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life, decode=decode).show(await ready(life, talk), picture(tmp_path, 2100, 100))
    assert error.value.cause is Cause.NOT_A_PICTURE
    assert pictures(talk) == []


@pytest.mark.parametrize("wrong", [Unknown(Cause.STORAGE_FULL), OSError("no more processes")], ids=["full", "busy"])
async def test_a_doubt_that_cannot_be_answered_now_is_asked_again_later(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path, wrong: Exception
) -> None:
    sandbox.fault("sendPhoto", text="Bad Request: IMAGE_PROCESS_FAILED")
    generation = await ready(life, talk, note=False)
    with pytest.raises(DeliveryNotNow):
        await delivery_of(life, decode=Decoder(wrong)).show(generation, picture(tmp_path))
    assert (await delivery_of(life).show(generation, picture(tmp_path))).shown_as == "photo"


async def test_a_caption_that_telegram_minds_is_left_out(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    sandbox.fault("editMessageMedia", text="Bad Request: message caption is too long")
    await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    assert talk.last.photo
    assert talk.last.text == ""


async def test_people_who_want_files_get_files(life: Edge, talk: Talk, tmp_path: Path) -> None:
    async with life.database.write() as tx:
        values = {"id": talk.chat_id}
        await tx.execute("INSERT INTO users (user_id, as_file, created_at) VALUES (:id, 1, 0)", values)
    shown = await delivery_of(life).show(await ready(life, talk), picture(tmp_path))
    assert shown.shown_as == "document"


async def test_what_is_too_large_for_telegram_is_refused_before_it_is_sent(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    huge = replace(picture(tmp_path), size=51 * 1024 * 1024)
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life).show(await ready(life, talk), huge)
    assert error.value.cause is Cause.PICTURE_UNSENDABLE
    assert sandbox.calls_of("editMessageMedia") == []


async def test_a_picture_that_left_the_disk_is_named_so(life: Edge, talk: Talk, tmp_path: Path) -> None:
    gone = replace(picture(tmp_path), path=tmp_path / "gone.png")
    with pytest.raises(DeliveryRefused) as error:
        await delivery_of(life).show(await ready(life, talk), gone)
    assert error.value.cause is Cause.PICTURE_GONE


async def test_a_picture_follows_its_group_to_the_new_place(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot, tmp_path: Path
) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, bot, supergroup=False)
    old = anna.at(group)
    async with edge().at_work(polling=False) as life:
        generation = await ready(life, old)
        await life.outbox.until_sent("g1", 5)
        new = sandbox.upgrade(group)
        with pytest.raises(DeliveryNotNow):
            await delivery_of(life).show(generation, picture(tmp_path))
        async with life.database.read() as tx:
            moved = await store.get(tx, "g1")
        assert moved is not None
        assert moved.chat_id == new.chat_id
        await delivery_of(life).show(moved, picture(tmp_path))
    assert len(pictures(anna.at(new))) == 1


async def test_nothing_is_shown_for_a_generation_that_ended_meanwhile(
    life: Edge, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    generation = await ready(life, talk)
    async with life.database.write() as tx:
        await store.move(tx, "g1", Status.READY, Status.EXPIRED)
    with pytest.raises(DeliveryUnknown):
        await delivery_of(life).show(generation, picture(tmp_path))
    assert sandbox.calls_of("editMessageMedia", "sendPhoto") == []


async def test_the_state_of_a_generation_is_told_in_its_note(life: Edge, talk: Talk) -> None:
    generation = await ready(life, talk)
    async with life.database.write() as tx:
        await store.move(tx, "g1", Status.READY, Status.FAILED, cause=Cause.UNREACHABLE, error_id="abc")
        failed = await store.get(tx, "g1")
        assert failed is not None
        await delivery_of(life).tell(tx, failed)
    sentence = life.texts.negotiate("en")("failure-unreachable")
    await talk.until(lambda chat: sentence in chat.last.text)
    assert len(talk.answers) == 1
    assert generation.status is Status.READY


async def test_pictures_of_one_chat_do_not_mix_with_its_messages(life: Edge, talk: Talk, tmp_path: Path) -> None:
    generation = await ready(life, talk)
    async with asyncio.TaskGroup() as group:
        showing = group.create_task(delivery_of(life).show(generation, picture(tmp_path)))
        async with life.database.write() as tx:
            await life.outbox.add(tx, Outgoing(SendMessage(chat_id=talk.chat_id, text="next")))
        life.outbox.ring()
        await talk.until(lambda chat: len(chat.answers) == 2)
    assert showing.result().shown_as == "photo"
    assert [bool(message.photo) for message in talk.answers] == [True, False]
