from typing import Any

import pytest

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Api, png

TOO_MUCH = [
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "🦊" * 2049}, "message is too long"),
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"text": "x", "wings": 2}, "wings of sendMessage is not known to the Bot API"),
    ("sendMessage", {"text": "x", "protect_content": "maybe"}, "protect_content of sendMessage is not a boolean"),
    (
        "sendMessage",
        {"text": "x", "parse_mode": "BBCode"},
        "unsupported parse_mode",
    ),
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "nothing"}, "wrong file identifier/HTTP URL specified"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}]}, "there are too few messages to send as an album"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}] * 11}, "too many messages to send as an album"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
]


@pytest.mark.parametrize(("method", "values", "words"), TOO_MUCH)
async def test_a_call_beyond_the_limits_is_refused_in_the_official_words(
    sandbox: Sandbox, api: Api, anna: Talk, method: str, values: dict[str, Any], words: str
) -> None:
    assert await api.refusal(method, chat_id=anna.chat_id, **values) == f"Bad Request: {words}"
    assert len(anna.answers) == 0


@pytest.mark.parametrize("text", ["x" * 4096, "🦊" * 2048, "  x  "])
async def test_a_text_up_to_the_limit_is_taken(api: Api, anna: Talk, text: str) -> None:
    assert await api.call("sendMessage", chat_id=anna.chat_id, text=text)


BUTTONS = [
    ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
    ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ({"text": " ", "callback_data": "x"}, "can't parse inline keyboard button: text must be non-empty"),
    ({"text": "x", "url": "no address"}, "inline keyboard button URL 'no address' is invalid: Wrong HTTP URL"),
]


@pytest.mark.parametrize(("button", "words"), BUTTONS)
async def test_a_button_that_telegram_refuses_is_refused(
    sandbox: Sandbox, api: Api, anna: Talk, button: dict[str, str], words: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    refusal = await api.refusal("sendMessage", chat_id=anna.chat_id, text="x", reply_markup=markup)
    assert refusal == f"Bad Request: {words}"
    assert [call.description for call in sandbox.violations] == [refusal]


async def test_coloured_and_disabled_buttons_are_taken(api: Api, anna: Talk) -> None:
    row = [{"text": "a", "callback_data": "a", "style": "danger"}, {"text": "b", "disabled": {}}]
    await api.call("sendMessage", chat_id=anna.chat_id, text="x", reply_markup={"inline_keyboard": [row]})
    assert [(button.style, button.disabled) for button in anna.last.buttons] == [("danger", False), (None, True)]


PHOTOS = [
    (png(size=10 * 1024 * 1024 + 1), "is too big for a photo; the maximum size is 10485760 bytes"),
    (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
    (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    (b"<html>no picture</html>", "IMAGE_PROCESS_FAILED"),
]


@pytest.mark.parametrize(("content", "words"), PHOTOS, ids=["bytes", "sides", "ratio", "html"])
async def test_a_photo_beyond_the_limits_is_refused(api: Api, anna: Talk, content: bytes, words: str) -> None:
    body = await api.upload("sendPhoto", {"photo": content}, chat_id=anna.chat_id)
    assert body["description"].endswith(words)
    body = await api.upload("sendDocument", {"document": content}, chat_id=anna.chat_id)
    assert body["ok"]


async def test_an_upload_of_more_than_50_mb_is_refused(api: Api, anna: Talk) -> None:
    content = bytes(50 * 1024 * 1024 + 1)
    body = await api.upload("sendDocument", {"document": content}, chat_id=anna.chat_id)
    assert (body["error_code"], body["description"]) == (413, "Request Entity Too Large")


async def test_a_caption_is_shorter_than_a_text(api: Api, anna: Talk) -> None:
    body = await api.upload("sendPhoto", {"photo": png()}, chat_id=anna.chat_id, caption="x" * 1025)
    assert body["description"] == "Bad Request: message caption is too long"


async def test_an_entity_beyond_the_text_is_refused(api: Api, anna: Talk) -> None:
    wrong = [{"type": "bold", "offset": 2, "length": 3}]
    words = await api.refusal("sendMessage", chat_id=anna.chat_id, text="four", entities=wrong)
    assert words == "Bad Request: can't parse entities: entity bold reaches beyond the text"


async def test_entities_follow_the_trimmed_text(api: Api, anna: Talk) -> None:
    bold = [{"type": "bold", "offset": 2, "length": 6}]
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text="  🦊fox  ", entities=bold)
    assert sent["text"] == "🦊fox"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def test_commands_are_checked(api: Api) -> None:
    wrong = [{"command": "Imagine!", "description": "draw"}]
    assert await api.refusal("setMyCommands", commands=wrong) == "Bad Request: BOT_COMMAND_INVALID"
    many = [{"command": f"c{number}", "description": "draw"} for number in range(101)]
    assert await api.refusal("setMyCommands", commands=many) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
