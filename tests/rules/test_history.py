from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.history.keyboards import AskDeleteButton, DeleteButton, NewerButton, OlderButton, ShowButton, gallery, sure
from bot.history.rules import PAGE, Picture, page
from bot.images import AspectRatio
from bot.imagine.rules import DELETABLE
from bot.texts import Texts

t = Texts.load("en", strict=True).translator("en")


def picture(number: int, **changes: Any) -> Picture:
    fields: dict[str, Any] = {
        "generation_id": f"{number:022}",
        "chat_id": 1,
        "note_id": 10 + number,
        "model": "sketch/default",
        "prompt": "a fox",
        "ratio": AspectRatio.SQUARE,
        "seed": None,
        "created_at": 1000 + number,
        "ended_at": 1010 + number,
        "shown_as": "photo",
        "file_id": f"file-{number}",
    }
    return Picture(**{**fields, **changes})


NEWEST_FIRST = tuple(picture(number) for number in range(9, 0, -1))


def rows(markup: InlineKeyboardMarkup) -> list[list[str]]:
    return [[button.text for button in row] for row in markup.inline_keyboard]


def test_one_more_than_fits_says_that_there_are_older_ones() -> None:
    assert page(NEWEST_FIRST[:PAGE], newer=False).older is False
    assert page(NEWEST_FIRST[: PAGE + 1], newer=False).older is True
    assert len(page(NEWEST_FIRST[: PAGE + 1], newer=False).pictures) == PAGE


def test_a_picture_that_left_the_page_gives_way_to_the_first() -> None:
    shown = page(NEWEST_FIRST[:3], newer=False)
    assert shown.picture(NEWEST_FIRST[2].generation_id) == NEWEST_FIRST[2]
    assert shown.picture("gone") == shown.picture(None) == NEWEST_FIRST[0]


def test_after_a_deleted_picture_comes_the_next_older_one() -> None:
    left = page((NEWEST_FIRST[0], NEWEST_FIRST[2]), newer=False)
    assert left.neighbor(NEWEST_FIRST[1]) == NEWEST_FIRST[2]
    assert left.neighbor(NEWEST_FIRST[3]) == NEWEST_FIRST[2]


def test_a_message_can_be_taken_back_for_two_days() -> None:
    assert picture(1).deletable(1011 + DELETABLE - 1)
    assert not picture(1).deletable(1011 + DELETABLE)
    assert not picture(1, note_id=None).deletable(1011)


def test_the_picture_shown_is_marked_among_the_numbers() -> None:
    shown = page(NEWEST_FIRST[:6], newer=True)
    assert rows(gallery(t, shown, shown.pictures[1])) == [
        ["1", "✓ 2", "3", "4", "5"],
        ["← Newer", "Older →"],
        ["Again", "Original"],
        ["☆ Favorite", "Delete"],
    ]


def test_a_single_picture_needs_no_numbers() -> None:
    shown = page(NEWEST_FIRST[:1], newer=False)
    assert rows(gallery(t, shown, shown.pictures[0])) == [["Again", "Original"], ["☆ Favorite", "Delete"]]


def test_deleting_is_asked_once_and_can_be_declined() -> None:
    markup = sure(t, "first", "selected")
    yes, no = (str(row[0].callback_data) for row in markup.inline_keyboard)
    assert DeleteButton.unpack(yes) == DeleteButton(first="first", selected="selected")
    assert ShowButton.unpack(no) == ShowButton(first="first", selected="selected")


def test_every_button_fits_what_telegram_carries() -> None:
    shown = page(NEWEST_FIRST[:6], newer=True)
    first, last = shown.first, shown.last
    for data in [
        ShowButton(first=first, selected=last),
        OlderButton(last=last),
        NewerButton(first=first),
        AskDeleteButton(first=first, selected=last),
        DeleteButton(first=first, selected=last),
    ]:
        assert len(data.pack().encode()) <= 64
