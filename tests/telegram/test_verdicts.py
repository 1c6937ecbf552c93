"""Each row of the table: what follows from which answer of Telegram."""

import pytest

from bot.telegram.api import CallMoved, CallNotSent, CallPaused, CallRefused, CallUnknown
from bot.telegram.verdicts import (
    WHISPER,
    Again,
    Anew,
    Closed,
    Done,
    Drop,
    Moved,
    Once,
    Paused,
    Without,
    anew,
    judge,
    repeatable,
    rest,
)


def bad(description: str) -> CallRefused:
    return CallRefused(400, f"Bad Request: {description}")


@pytest.mark.parametrize("method", ["editMessageText", "editMessageMedia", "deleteMessage"])
def test_what_does_no_harm_twice_is_repeated_when_its_fate_is_unknown(method: str) -> None:
    assert isinstance(judge(method, {}, CallUnknown("reset"), 7, unsure=1), Again)


def test_words_are_said_once_more_when_their_fate_is_unknown_and_then_no_more() -> None:
    assert isinstance(judge("sendMessage", {}, CallUnknown("reset"), 5), Once)
    assert isinstance(judge("sendMessage", {}, CallUnknown("reset"), 6, unsure=1), Drop)


def test_words_that_never_left_are_said_again_even_after_an_unknown_fate() -> None:
    assert isinstance(judge("sendMessage", {}, CallNotSent("no connection"), 2, unsure=1), Again)


@pytest.mark.parametrize("method", ["sendPhoto", "sendDocument", "sendMediaGroup", "copyMessage"])
def test_a_picture_is_never_sent_again_when_its_fate_is_unknown(method: str) -> None:
    assert not repeatable(method)
    assert isinstance(judge(method, {}, CallUnknown("timeout"), 1), Drop)


def test_a_picture_that_never_left_is_sent_again() -> None:
    assert isinstance(judge("sendPhoto", {}, CallNotSent("no connection"), 1), Again)


def test_a_pause_lasts_exactly_as_long_as_told() -> None:
    assert judge("sendPhoto", {}, CallPaused(17), 3) == Paused(17)


def test_a_moved_group_is_followed() -> None:
    assert judge("sendMessage", {}, CallMoved(-100123), 1) == Moved(-100123)


@pytest.mark.parametrize(
    "error", [CallRefused(403, "Forbidden: bot was blocked by the user"), bad("chat not found"), bad("PEER_ID_INVALID")]
)
def test_a_closed_chat_is_given_up(error: CallRefused) -> None:
    assert isinstance(judge("sendMessage", {}, error, 1), Closed)


@pytest.mark.parametrize("error", [CallRefused(403, "Forbidden: user is deactivated"), bad("PEER_ID_INVALID")])
def test_whoever_cannot_be_whispered_to_closes_no_group(error: CallRefused) -> None:
    whisper = {"chat_id": -1, WHISPER: {"receiver_user_id": 7}}
    assert judge("sendMessage", whisper, error, 1) == Without(WHISPER)
    of_whisper = {"chat_id": -1, "ephemeral_message_id": 5, "receiver_user_id": 7}
    assert judge("editEphemeralMessageText", of_whisper, error, 1) == Drop(error.description)


def test_an_edit_that_changes_nothing_is_a_success() -> None:
    error = bad("message is not modified: specified new message content and reply markup are exactly the same")
    assert judge("editMessageText", {}, error, 1) == Done()


def test_a_late_word_about_a_note_that_became_a_picture_is_left_out() -> None:
    assert judge("editMessageText", {}, bad("there is no text in the message to edit"), 1) == Done()


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
def test_words_for_a_note_that_is_gone_are_said_in_a_new_one(words: str) -> None:
    assert judge("editMessageText", {}, bad(words), 1) == Anew()


def test_words_for_an_inline_message_that_is_gone_are_said_nowhere_else() -> None:
    assert judge("editMessageText", {"inline_message_id": "x"}, bad("MESSAGE_ID_INVALID"), 1) == Done()


def test_an_inline_message_out_of_reach_closes_nobodys_chat() -> None:
    error = CallRefused(403, "Forbidden: bot was blocked by the user")
    assert judge("editMessageText", {"inline_message_id": "x"}, error, 1) == Drop(error.description)


def test_deleting_what_is_gone_is_a_success() -> None:
    assert judge("deleteMessage", {}, bad("message to delete not found"), 1) == Done()


def test_an_answer_to_a_deleted_message_is_sent_without_the_quote() -> None:
    params = {"chat_id": 1, "reply_parameters": {"message_id": 5}}
    assert judge("sendMessage", params, bad("message to be replied not found"), 1) == Without("reply_parameters")


def test_an_answer_in_a_deleted_topic_goes_to_the_group() -> None:
    params = {"chat_id": -1, "message_thread_id": 5}
    assert judge("sendMessage", params, bad("message thread not found"), 1) == Without("message_thread_id")


def test_what_telegram_refuses_for_other_reasons_is_dropped() -> None:
    assert isinstance(judge("sendMessage", {}, bad("message is too long"), 1), Drop)


def test_a_refused_token_is_left_to_the_poller() -> None:
    assert isinstance(judge("sendMessage", {}, CallRefused(401, "Unauthorized"), 1), Again)


def test_tries_grow_apart_up_to_half_a_minute() -> None:
    waits = [rest(failures) for failures in range(1, 10)]
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert max(waits) == 30.0


def test_a_note_said_anew_keeps_its_words_and_answers_the_question() -> None:
    params = {"chat_id": 1, "message_id": 9, "text": "hi", "entities": [], "reply_markup": {"inline_keyboard": []}}
    assert anew(params, 4, 5) == {
        "chat_id": 1,
        "text": "hi",
        "entities": [],
        "reply_markup": {"inline_keyboard": []},
        "message_thread_id": 4,
        "reply_parameters": {"message_id": 5, "allow_sending_without_reply": True},
    }
