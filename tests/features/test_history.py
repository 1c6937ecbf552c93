from typing import Any

import pytest

from bot.history.handlers import router
from bot.images import AspectRatio
from bot.imagine import store
from bot.imagine.rules import Status
from bot.texts import utf16_len
from tests.features.stage import ANNA, BORIS, GROUP, NOW, MakeStage, Stage, data_of, labels
from tests.generations import generation


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(router())


async def drawn(stage: Stage, number: int, *, shown_as: str = "photo", at: int = 0, **fields: Any) -> None:
    """A picture that was delivered `number` seconds before now, unless `at` says otherwise."""
    at = at or NOW - number
    usual = {"model": "sketch/flux", "ratio": AspectRatio.WIDE, "seed": 42, "created_at": at}
    asked = generation(generation_id=f"picture-{number:02}", **{**usual, **fields})
    async with stage.database.write() as tx:
        await store.insert(tx, asked, f"key-{number}")
        await store.move(tx, asked.generation_id, Status.QUEUED, Status.DRAWING)
        await store.move(tx, asked.generation_id, Status.DRAWING, Status.READY)
        await store.move(
            tx,
            asked.generation_id,
            Status.READY,
            Status.DELIVERED,
            ended_at=at,
            shown_as=shown_as,
            file_id=f"file-{number}",
            note_id=1000 + number,
        )


async def test_who_has_no_picture_hears_how_to_get_one(stage: Stage) -> None:
    await drawn(stage, 1, user_id=BORIS)
    [said] = await stage.say("/history")
    assert said.text.startswith("There are no pictures here yet.")


async def test_the_newest_picture_is_shown_with_the_facts(stage: Stage) -> None:
    for number in (1, 2):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    assert shown.photo == "file-1"
    assert "a fox" in shown.caption
    assert "Flux · 16:9 · seed 42" in shown.caption
    assert labels(shown) == ["✓ 1", "2", "Again", "Original", "☆ Favorite", "Delete"]


async def test_the_date_is_told_in_the_zone_of_the_reader(stage: Stage) -> None:
    await drawn(stage, 1)
    [shown] = await stage.say("/history")
    assert [entity.unix_time for entity in shown.caption_entities if entity.type == "date_time"] == [NOW - 1]


async def test_a_long_prompt_leaves_room_for_the_facts(stage: Stage) -> None:
    await drawn(stage, 1, prompt="🦊" * 2000)
    [shown] = await stage.say("/history")
    assert utf16_len(shown.caption) <= 1024
    assert "Flux" in shown.caption


async def test_twelve_pictures_are_turned_there_and_back(stage: Stage) -> None:
    for number in range(1, 13):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    seen = [shown.photo]
    for _ in range(2):
        shown, _ = await stage.press(data_of(shown, "Older →"))
        seen.append(shown.media.media)
    assert seen == ["file-1", "file-6", "file-11"]
    assert "Older →" not in labels(shown)
    assert labels(shown)[:3] == ["✓ 1", "2", "← Newer"]
    for expected in ("file-6", "file-1"):
        shown, _ = await stage.press(data_of(shown, "← Newer"))
        assert shown.media.media == expected
    assert "← Newer" not in labels(shown)


async def test_a_number_shows_its_picture_in_place(stage: Stage) -> None:
    for number in (1, 2, 3):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    edited, _ = await stage.press(data_of(shown, "3"))
    assert edited.media.media == "file-3"
    assert labels(edited)[:3] == ["1", "2", "✓ 3"]


async def test_pictures_of_the_same_second_are_all_seen_once(stage: Stage) -> None:
    for number in range(1, 8):
        await drawn(stage, number, at=NOW)
    [shown] = await stage.say("/history")
    seen = [shown.photo]
    for label in ("2", "3", "4", "5"):
        edited, _ = await stage.press(data_of(shown, label))
        seen.append(edited.media.media)
    older, _ = await stage.press(data_of(shown, "Older →"))
    seen.append(older.media.media)
    older, _ = await stage.press(data_of(older, "2"))
    seen.append(older.media.media)
    assert sorted(seen) == [f"file-{number}" for number in range(1, 8)]


async def test_a_new_picture_does_not_move_the_page_that_is_open(stage: Stage) -> None:
    for number in range(10, 17):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    await drawn(stage, 1)
    edited, _ = await stage.press(data_of(shown, "2"))
    assert edited.media.media == "file-11"
    assert "← Newer" in labels(edited)


async def test_files_are_shown_as_files(stage: Stage) -> None:
    await drawn(stage, 1, shown_as="document")
    await drawn(stage, 2)
    [shown] = await stage.say("/history")
    assert shown.document == "file-1"
    edited, _ = await stage.press(data_of(shown, "2"))
    assert edited.media.type == "photo"
    edited, _ = await stage.press(data_of(edited, "1"))
    assert edited.media.type == "document"


async def test_deleting_asks_once_and_shows_the_next_picture(stage: Stage) -> None:
    for number in (1, 2, 3):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    asked, _ = await stage.press(data_of(shown, "Delete"))
    assert labels(asked) == ["Delete this picture", "Keep it"]
    taken_back, edited, toast = await stage.press(data_of(asked, "Delete this picture"))
    assert (taken_back.chat_id, taken_back.message_id) == (ANNA, 1001)
    assert edited.media.media == "file-2"
    assert toast.text == "Deleted."
    assert "3" not in labels(edited)


async def test_a_picture_can_be_kept_after_all(stage: Stage) -> None:
    await drawn(stage, 1)
    [shown] = await stage.say("/history")
    asked, _ = await stage.press(data_of(shown, "Delete"))
    edited, _ = await stage.press(data_of(asked, "Keep it"))
    assert edited.media.media == "file-1"
    assert "Delete" in labels(edited)


async def test_delete_pressed_twice_deletes_one_picture(stage: Stage) -> None:
    for number in (1, 2):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    asked, _ = await stage.press(data_of(shown, "Delete"))
    for _ in range(2):
        await stage.press(data_of(asked, "Delete this picture"))
    [shown] = await stage.say("/history")
    assert shown.photo == "file-2"


async def test_the_last_picture_deleted_closes_the_gallery(stage: Stage) -> None:
    await drawn(stage, 1)
    [shown] = await stage.say("/history")
    asked, _ = await stage.press(data_of(shown, "Delete"))
    answers = await stage.press(data_of(asked, "Delete this picture"))
    assert [type(each).__name__ for each in answers] == [
        "DeleteMessage",
        "DeleteMessage",
        "SendMessage",
        "AnswerCallbackQuery",
    ]


async def test_the_last_page_deleted_turns_to_the_one_before(stage: Stage) -> None:
    for number in range(1, 7):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    shown, _ = await stage.press(data_of(shown, "Older →"))
    asked, _ = await stage.press(data_of(shown, "Delete"))
    _, edited, _ = await stage.press(data_of(asked, "Delete this picture"))
    assert edited.media.media == "file-5"


async def test_a_message_older_than_two_days_stays_and_that_is_said(stage: Stage) -> None:
    await drawn(stage, 1)
    await drawn(stage, 2, at=NOW - 3 * 86_400)
    [shown] = await stage.say("/history")
    shown, _ = await stage.press(data_of(shown, "2"))
    asked, _ = await stage.press(data_of(shown, "Delete"))
    _, toast = await stage.press(data_of(asked, "Delete this picture"))
    assert toast.text.startswith("Deleted from your history.")


async def test_somebody_elses_gallery_stays_closed(stage: Stage) -> None:
    for number in range(1, 8):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    asked, _ = await stage.press(data_of(shown, "Delete"))
    for data in (
        data_of(shown, "2"),
        data_of(shown, "Older →"),
        data_of(shown, "Delete"),
        data_of(asked, "Delete this picture"),
    ):
        [toast] = await stage.press(data, who=BORIS)
        assert "not in your history" in toast.text
    [shown] = await stage.say("/history")
    assert shown.photo == "file-1"


async def test_a_gallery_is_not_opened_before_a_group(stage: Stage) -> None:
    await drawn(stage, 1)
    [said] = await stage.say("/history", chat=GROUP)
    assert "in our private chat" in said.text


async def test_buttons_work_when_their_message_is_from_long_ago(stage: Stage) -> None:
    for number in (1, 2):
        await drawn(stage, number)
    [shown] = await stage.say("/history")
    edited, _ = await stage.press(data_of(shown, "2"), long_ago=True)
    assert edited.media.media == "file-2"


@pytest.mark.parametrize("word", ["Again", "Original"])
async def test_the_gallery_hands_its_picture_on(stage: Stage, word: str) -> None:
    await drawn(stage, 1)
    [shown] = await stage.say("/history")
    assert data_of(shown, word) == f"{word.lower()}:picture-01"
