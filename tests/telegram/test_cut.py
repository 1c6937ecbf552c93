"""What reaches the models is small, whatever came in."""

import json
import time
from typing import Any

import pytest

from bot.telegram.cut import cut, lane, parse


def message(**fields: Any) -> dict[str, Any]:
    sender = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    chat = {"id": 7, "type": "private", "first_name": "Anna"}
    return {"update_id": 1, "message": {"message_id": 5, "date": 1, "from": sender, "chat": chat, **fields}}


def nested_text(depth: int) -> Any:
    text: Any = "deep"
    for _ in range(depth):
        text = {"type": "bold", "text": text}
    return text


def test_fields_that_the_bot_reads_are_kept() -> None:
    update = message(text="/imagine a fox", entities=[{"type": "bot_command", "offset": 0, "length": 8}])
    assert cut(update) == update


def test_unknown_fields_are_dropped_at_every_level() -> None:
    update = message(text="hi", surprise=1, reply_to_message={"message_id": 4, "date": 1, "surprise": 1})
    update["surprise"] = {}
    update["message"]["from"]["surprise"] = 1
    small = cut(update)
    assert "surprise" not in json.dumps(small)
    assert small["message"]["reply_to_message"] == {"message_id": 4, "date": 1}


def test_the_rights_of_a_new_administrator_are_kept() -> None:
    """A membership without the rights that its status names is none that can be read."""
    bot = {"id": 42, "is_bot": True, "first_name": "Bot"}
    rights = {"status": "administrator", "user": bot, "can_be_edited": False, "can_manage_chat": True}
    update = message()
    update["my_chat_member"] = {"old_chat_member": {"status": "left", "user": bot}, "new_chat_member": rights}
    assert cut(update)["my_chat_member"]["new_chat_member"] == rights


@pytest.mark.parametrize("where", ["message", "edited_message", "channel_post"])
def test_a_rich_message_is_dropped_wherever_it_stands(where: str) -> None:
    rich = {"blocks": [{"type": "paragraph", "text": nested_text(10)}]}
    inner = message(rich_message=rich, reply_to_message={"message_id": 4, "date": 1, "rich_message": rich})["message"]
    pressed = {"id": "1", "from": inner["from"], "data": "x", "message": inner}
    small = cut({"update_id": 1, where: inner, "callback_query": pressed})
    assert "rich_message" not in json.dumps(small)
    assert small[where]["message_id"] == small["callback_query"]["message"]["message_id"] == 5


def test_ten_levels_of_rich_text_cost_less_than_five_milliseconds() -> None:
    body = json.dumps(message(text="hi", rich_message={"blocks": [{"text": nested_text(10)}]})).encode()
    start = time.perf_counter()
    cut(parse(body))
    assert time.perf_counter() - start < 0.005


def test_what_is_nested_in_a_plain_field_ends_after_a_few_levels() -> None:
    assert "deep" not in json.dumps(cut(message(text=nested_text(50))))


def test_lone_surrogates_and_nul_become_one_harmless_unit_each() -> None:
    update = parse(rb'{"update_id": 1, "message": {"text": "a\u0000b\ud800c"}}')
    text = cut(update)["message"]["text"]
    assert text == "a\ufffdb\ufffdc"
    assert text.encode()


def test_a_real_emoji_stays() -> None:
    assert cut(message(text="🦊 fox"))["message"]["text"] == "🦊 fox"


@pytest.mark.parametrize("number", ["9" * 5000, str(2**63), str(-(2**63) - 1), "1e999", "NaN", "-Infinity", "1e300"])
def test_numbers_that_fit_no_column_become_nothing(number: str) -> None:
    assert parse(f'{{"message_id": {number}}}'.encode()) == {"message_id": None}


def test_the_largest_numbers_that_fit_are_kept() -> None:
    assert parse(f"[{2**63 - 1}, {-(2**63)}]".encode()) == [2**63 - 1, -(2**63)]


def test_bottomless_nesting_is_refused_as_unreadable() -> None:
    with pytest.raises(ValueError, match="deep"):
        parse(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)


def test_updates_of_one_person_share_a_lane_across_chats_and_kinds() -> None:
    pressed = {"update_id": 2, "callback_query": {"id": "1", "from": {"id": 7}, "data": "x"}}
    assert lane(cut(message(text="hi"))) == lane(cut(pressed)) == "user:7"


def test_posts_of_a_channel_share_its_lane() -> None:
    post = {"update_id": 3, "channel_post": {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "channel"}}}
    assert lane(cut(post)) == "chat:-100"


@pytest.mark.parametrize("update", [{"update_id": 1}, {"update_id": 1, "message": []}, {"message": {"from": 5}}])
def test_an_update_about_nobody_has_a_lane_too(update: dict[str, Any]) -> None:
    assert lane(cut(update)) == "nobody"
