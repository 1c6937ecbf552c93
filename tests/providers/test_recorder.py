"""What is written down for a cassette: turns that can be played, without keys and without pictures of any weight."""

import pytest

from bot.http import Recorder
from bot.http.recorder import TINY, Asked

SECRET = "sk-canary-58231"
HEADERS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder([SECRET])


def test_keys_are_left_out_wherever_they_stand(recorder: Recorder) -> None:
    recorder.answered(Asked("GET", f"/me/{SECRET}", HEADERS), 401, f'{{"error": "no {SECRET}"}}'.encode())
    assert SECRET not in str(recorder.turns)
    [turn] = recorder.turns
    assert (turn["path"], turn["headers"], turn["reply"]) == (
        "/me/KEY",
        {"authorization": "Bearer KEY"},
        {"error": "no KEY"},
    )


def test_a_short_key_is_left_out_of_headers_only() -> None:
    recorder = Recorder(["openai"])
    recorder.answered(Asked("GET", "/m", {"Authorization": "Bearer openai"}), 200, b'["openai/gpt-image-1"]')
    [turn] = recorder.turns
    assert (turn["headers"], turn["reply"]) == ({"authorization": "Bearer KEY"}, ["openai/gpt-image-1"])


def test_pictures_become_a_tiny_one(recorder: Recorder) -> None:
    answer = b'["word-0", {"b64_json": "iVBORw0KGgoAAA"}, {"url": "data:image/jpeg;base64,/9j/4AAQ"}]'
    recorder.answered(Asked("POST", "/draw", HEADERS, {"prompt": "a fox"}), 200, answer, {"word-0"})
    [turn] = recorder.turns
    assert turn["reply"] == [TINY, {"b64_json": TINY}, {"url": TINY}]
    assert turn["json"] == {"prompt": "a fox"}


def test_a_picture_at_an_address_of_its_own_comes_with_the_answer(recorder: Recorder) -> None:
    recorder.answered(Asked("POST", "/draw", HEADERS), 200, b'{"data": [{"url": "https://files.example/7.png"}]}')
    recorder.fetched("https://files.example/7.png", Asked("GET", "https://files.example/7.png", HEADERS))
    assert [turn["reply"] for turn in recorder.turns] == [{"data": [{"url": TINY}]}]


def test_a_picture_of_the_service_itself_is_a_turn(recorder: Recorder) -> None:
    recorder.answered(Asked("POST", "/draw", HEADERS), 200, b'{"id": 7}')
    recorder.fetched("https://api.example/images/7", Asked("GET", "/images/7", HEADERS))
    assert recorder.turns[-1] == {
        "method": "GET",
        "path": "/images/7",
        "headers": {"authorization": "Bearer KEY"},
        "json": None,
        "status": 200,
        "base64": TINY,
    }


def test_what_is_no_json_is_kept_as_text_with_the_time_to_wait(recorder: Recorder) -> None:
    recorder.answered(Asked("GET", "/m", {}), 503, b"<html>busy", retry_after="7")
    [turn] = recorder.turns
    assert (turn["text"], turn["status"], turn["reply_headers"]) == ("<html>busy", 503, {"Retry-After": "7"})
