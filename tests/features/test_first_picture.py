"""The main job as a person lives it, through the whole bot."""

import os

import pytest

from bot.errors import StorageBusy
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from tests.house import House


def pictures(chat: Talk) -> list[Seen]:
    return [message for message in chat.answers if message.photo]


def first_answer(chat: Talk) -> Seen | None:
    return next(iter(chat.answers), None)


def first_picture(chat: Talk) -> Seen | None:
    return next(iter(pictures(chat)), None)


async def test_a_wish_becomes_a_picture_in_the_place_of_its_note(chat: Talk) -> None:
    await chat.say("/imagine a red fox in the snow --ar 16:9 --seed 7")
    note = await chat.until(first_answer)
    picture = await chat.until(first_picture)
    assert note
    assert picture
    assert picture.message_id == note.message_id
    assert len(chat.answers) == 1
    assert picture.photo is not None
    assert picture.photo.width > picture.photo.height
    assert "a red fox in the snow" in picture.text
    assert {"Again", "Vary", "Delete"} <= set(picture.labels)


async def test_again_draws_a_second_picture_and_leaves_the_first(chat: Talk) -> None:
    await chat.say("a lighthouse at night")
    first = await chat.until(first_picture)
    assert first
    await chat.press("Again", first)
    await chat.until(lambda chat: len(pictures(chat)) == 2)
    assert chat.message(first.message_id).photo == first.photo
    one, two = (message.photo for message in pictures(chat))
    assert one is not None
    assert two is not None
    assert one.content != two.content


async def test_a_wish_survives_a_restart_before_its_picture(chat: Talk, running: House, anna: Person) -> None:
    await running.restart(providers=running.slow(seconds=30))
    await chat.say("/imagine an owl")
    await chat.until(lambda chat: chat.answers)
    await running.restart()
    await chat.until(lambda chat: len(pictures(chat)) == 1)
    [row] = await running.rows("SELECT kept + daily AS left FROM balances WHERE user_id = :who", who=anna.user_id)
    assert row["left"] == 19


async def test_a_second_copy_on_the_same_folder_names_the_first(running: House) -> None:
    with pytest.raises(StorageBusy, match=rf"already running.*pid {os.getpid()}"):
        await House(running.sandbox, running.data_dir).start()
