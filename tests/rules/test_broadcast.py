"""News from the operator: to whom, in which words, and how long it takes."""

from typing import Any

import pytest
from aiogram.types import Message

from bot.broadcast.rules import DAY, Audience, Broadcast, Counts, Letter, State, minutes
from bot.broadcast.views import letter, letter_of, own_letter, progress
from bot.errors import UserError
from bot.texts import Texts

NOW = 1_800_000_000
BOLD = {"type": "bold", "offset": 0, "length": 5}
PHOTO = [{"file_id": name, "file_unique_id": name, "width": 1, "height": 1} for name in ("small", "large")]


def message(**fields: Any) -> Message:
    chat = {"id": 7, "type": "private", "first_name": "A"}
    return Message.model_validate({"message_id": 1, "date": NOW, "chat": chat, **fields})


def test_everybody_is_whoever_ever_spoke_to_the_bot() -> None:
    assert Audience().since(NOW) == 1
    assert Audience(days=7).since(NOW) == NOW - 7 * DAY


@pytest.mark.parametrize(
    ("what", "value", "chosen"),
    [
        ("days", "30", Audience(30, "en")),
        ("days", "0", Audience(0, "en")),
        ("lang", "ru", Audience(7, "ru")),
        ("lang", "", Audience(7, "")),
        ("days", "31", None),
        ("days", "-7", None),
        ("lang", "xx", None),
        ("nonsense", "7", None),
    ],
)
def test_only_what_is_offered_can_be_chosen(what: str, value: str, chosen: Audience | None) -> None:
    assert Audience(7, "en").choose(what, value, ["en", "ru"]) == chosen


def test_words_are_sent_on_with_what_marks_them() -> None:
    made = letter_of(message(text="hello people", entities=[BOLD]))
    assert made == Letter("sendMessage", {"text": "hello people", "entities": [BOLD], "link_preview_options": None})
    sent = letter(made, 9, Texts.load("en").negotiate())
    assert (sent.chat_id, sent.text, sent.entities[0].type) == (9, "hello people", "bold")  # type: ignore[union-attr,index]  # it is words


def test_a_picture_is_sent_on_by_its_largest_file_with_its_words() -> None:
    made = letter_of(message(photo=PHOTO, caption="hello", caption_entities=[BOLD], has_media_spoiler=True))
    assert made.method == "sendPhoto"
    assert (made.params["photo"], made.params["caption"], made.params["has_spoiler"]) == ("large", "hello", True)
    assert made.params["caption_entities"] == [BOLD]


@pytest.mark.parametrize(
    "fields",
    [
        {"sticker": {}},
        {"photo": PHOTO, "media_group_id": "1"},
        {"document": {"file_id": "d", "file_unique_id": "d"}},
        {},
    ],
    ids=["nothing known", "one of an album", "a file", "nothing"],
)
def test_anything_else_is_not_sent_on(fields: dict[str, Any]) -> None:
    fields.pop("sticker", None)
    with pytest.raises(UserError) as raised:
        letter_of(message(**fields))
    assert raised.value.text == "broadcast-needs-reply"


def test_words_that_do_not_fit_under_a_picture_are_refused_at_once() -> None:
    assert letter_of(message(photo=PHOTO, caption="🦊" * 512)).params["caption"] == "🦊" * 512
    with pytest.raises(UserError) as raised:
        letter_of(message(photo=PHOTO, caption="🦊" * 513))
    assert raised.value.text == "broadcast-too-long"


@pytest.mark.parametrize("blank", [" ", "\n", "  \n "])
def test_words_behind_the_command_keep_their_marks(blank: str) -> None:
    command = "/broadcast"
    begins = len(command + blank)
    marks = [
        {"type": "bot_command", "offset": 0, "length": len(command)},
        {"type": "bold", "offset": begins + 3, "length": 5},
    ]
    made = own_letter(message(text=f"{command}{blank}🦊 hello", entities=marks))
    assert made.params["text"] == "🦊 hello"
    assert made.params["entities"] == [{"type": "bold", "offset": 3, "length": 5}]


def test_words_behind_the_command_below_a_picture_go_with_the_picture() -> None:
    made = own_letter(message(photo=PHOTO, caption="/broadcast hello"))
    assert (made.method, made.params["caption"]) == ("sendPhoto", "hello")


@pytest.mark.parametrize("text", ["/broadcast", "/broadcast ", "/broadcast \n "])
def test_a_command_alone_says_nothing(text: str) -> None:
    with pytest.raises(UserError):
        own_letter(message(text=text))


def test_what_nobody_has_is_not_told() -> None:
    t = Texts.load("en").negotiate("en")
    clean = Broadcast("x", 1, Letter("sendMessage", {}), Audience(), State.DONE, Counts(delivered=3, blocked=1))
    assert progress(t, clean)[0].render()[0] == "Sent to all 4\nDelivered: 3\nBlocked me: 1"
    rough = Broadcast("x", 1, Letter("sendMessage", {}), Audience(), State.STOPPED, Counts(3, 1, 2, 1), total=9)
    told = progress(t, rough)[0].render()[0].splitlines()
    assert told[0] == "Stopped after 7 of 9"
    assert told[3:] == ["Could not be told: 2", "May have arrived, and is not sent again: 1"]


def test_how_long_it_takes_is_at_least_a_minute() -> None:
    assert [minutes(people, 10) for people in (1, 600, 1234, 10_000)] == [1, 1, 2, 17]
