"""What is kept in the outbox says the same as the method of which it was made."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram.enums import ButtonStyle
from aiogram.methods import EditMessageMedia, SendDocument, SendMessage
from aiogram.types import (
    BufferedInputFile,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)

from bot.telegram.wire import attach, to_wire


def test_only_what_was_said_is_kept() -> None:
    button = InlineKeyboardButton(text="Go", callback_data="x", style=ButtonStyle.PRIMARY)
    method = SendMessage(
        chat_id=7,
        text="hi",
        entities=[MessageEntity(type="bold", offset=0, length=2)],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(message_id=5, allow_sending_without_reply=True),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )
    assert to_wire(method) == (
        "sendMessage",
        {
            "chat_id": 7,
            "text": "hi",
            "entities": [{"type": "bold", "offset": 0, "length": 2}],
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": 5, "allow_sending_without_reply": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "x", "style": "primary"}]]},
        },
    )


def test_a_picture_known_to_telegram_is_kept_by_its_id() -> None:
    method = EditMessageMedia(chat_id=7, message_id=5, media=InputMediaPhoto(media="file-id", caption="fox"))
    _, params = to_wire(method)
    assert params["media"] == {"type": "photo", "media": "file-id", "caption": "fox"}
    assert json.dumps(params)


def test_a_file_on_disk_is_kept_as_its_path_and_attached_when_sent(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"fox")
    _, params = to_wire(SendDocument(chat_id=7, document=FSInputFile(path, "a fox.png")))
    plain, files = attach(json.loads(json.dumps(params)))
    assert plain == {"chat_id": 7, "document": "attach://file0"}
    assert (files["file0"].path, files["file0"].name, files["file0"].size) == (path, "a fox.png", 3)


def test_a_file_that_is_gone_is_found_out_when_sent(tmp_path: Path) -> None:
    _, params = to_wire(SendDocument(chat_id=7, document=FSInputFile(tmp_path / "gone.png")))
    with pytest.raises(FileNotFoundError):
        attach(params)


def test_bytes_in_memory_cannot_be_kept() -> None:
    with pytest.raises(TypeError, match="BufferedInputFile"):
        to_wire(SendDocument(chat_id=7, document=BufferedInputFile(b"x", "x")))


def test_dates_are_kept_in_unix_seconds() -> None:
    entity = MessageEntity(type="date_time", offset=0, length=1, unix_time=1_700_000_000)
    _, params = to_wire(SendMessage(chat_id=7, text="x", entities=[entity]))
    assert params["entities"][0]["unix_time"] == int(datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC).timestamp())
