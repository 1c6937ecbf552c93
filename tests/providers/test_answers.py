"""Every known way in which a service says no, and what it means here."""

import time

import pytest

from bot.errors import Cause, NotNow, ProviderError, Refused, Unknown
from bot.http.answers import READ, error_for, error_inside, problem_in, read_problem

SAID = [
    (400, b'{"error":{"code":"moderation_blocked","message":"Your request was rejected"}}', Refused, "PROMPT_REFUSED"),
    (400, b'{"error":{"code":"content_policy_violation","message":"no"}}', Refused, "PROMPT_REFUSED"),
    (422, b'{"detail":[{"loc":["body"],"msg":"nsfw","type":"content_policy_violation"}]}', Refused, "PROMPT_REFUSED"),
    (403, b'{"error":"This prompt violates the usage guidelines"}', Refused, "PROMPT_REFUSED"),
    (500, b'{"error":{"message":"SAFETY_CHECK failed: violates"}}', Refused, "PROMPT_REFUSED"),
    (429, b'{"error":{"type":"insufficient_quota","message":"x"}}', Refused, "NO_FUNDS"),
    (402, b'{"error":{"message":"x","type":"NOT_ENOUGH","link":"https://pay"}}', Refused, "NO_FUNDS"),
    (500, b'{"error":{"title":"Insufficient credits"}}', Refused, "NO_FUNDS"),
    (403, b'{"message":"x","rc":"KudosUpfront"}', Refused, "NO_FUNDS"),
    (400, b'{"error":{"detail":"Rate limit reached"}}', Refused, "RATE_LIMITED"),
    (429, b'{"error":{"type":"rate_limit_error"}}', NotNow, "RATE_LIMITED"),
    (400, b'{"error":"Prompt is too long, at most 1000 characters"}', Refused, "PROMPT_TOO_LONG"),
    (404, b'{"error":{"message":"Model not found: flux-9"}}', Refused, "MODEL_GONE"),
    (400, b'{"error":"unknown model: x"}', Refused, "MODEL_GONE"),
    (401, b'{"error":"User not authenticated"}', Refused, "KEY_REFUSED"),
    (400, b'{"error":{"message":"Invalid API key"}}', Refused, "KEY_REFUSED"),
    (403, b"", Refused, "KEY_REFUSED"),
    (400, b'{"errors":{"prompt":["is bad"]}}', Refused, "BAD_REQUEST"),
    (400, b'{"errors":["a","b"]}', Refused, "BAD_REQUEST"),
    (400, b'"just words"', Refused, "BAD_REQUEST"),
    (404, b"<!doctype html><title>404 Not Found</title>", Refused, "MODEL_GONE"),
    (502, b"<html><h1>Bad gateway</h1></html>", Unknown, "SERVICE_ERROR"),
    (500, b'{"error":"model unavailable"}', Unknown, "SERVICE_ERROR"),
    (503, b'{"error":"provider unavailable"}', NotNow, "UNAVAILABLE"),
]


@pytest.mark.parametrize(("status", "body", "kind", "cause"), SAID)
def test_a_refusal_is_understood(status: int, body: bytes, kind: type[ProviderError], cause: str) -> None:
    error = error_for(status, read_problem(body), None)
    assert (type(error), error.cause) == (kind, Cause[cause])


@pytest.mark.parametrize(
    ("answer", "kind", "cause"),
    [
        ({"error": {"message": "nsfw prompt"}}, Refused, "PROMPT_REFUSED"),
        ({"error": {"message": "the queue is on holiday"}}, Unknown, "SERVICE_ERROR"),
        ({"error": {"code": 429, "message": "busy"}}, NotNow, "RATE_LIMITED"),
        ({"error": "Too many requests"}, NotNow, "RATE_LIMITED"),
        ({"error": "busy", "status": 503}, NotNow, "UNAVAILABLE"),
        ({"success": False}, Unknown, "SERVICE_ERROR"),
        ({"success": False, "error": {"code": "PAYMENT_REQUIRED"}}, Refused, "NO_FUNDS"),
        ({"detail": "Invalid token"}, Refused, "KEY_REFUSED"),
        ({"files": [], "message": "Unsupported model"}, Refused, "MODEL_GONE"),
    ],
)
def test_a_success_with_an_error_inside_is_none(answer: object, kind: type[ProviderError], cause: str) -> None:
    problem = problem_in(answer)
    assert problem is not None
    error = error_inside(problem)
    assert (type(error), error.cause) == (kind, Cause[cause])


@pytest.mark.parametrize(
    "answer",
    [
        {"files": ["x"], "error": None, "message": "done"},
        {"images": [{"url": "x"}], "detail": "high"},
        {"id": "job", "message": "Warning: slow today"},
        {"models": {}, "errors": []},
        [{"error": "not at the top"}],
        None,
        7,
    ],
)
def test_a_success_is_a_success(answer: object) -> None:
    assert problem_in(answer) is None


def test_foreign_words_are_cut_and_put_on_one_line() -> None:
    problem = read_problem(b'{"error":"' + b"a\\n\\u0000\\u202e<b>" * 500 + b'"}')
    assert len(problem.text) <= READ
    assert problem.text.isprintable()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 99999, b"{" * 10, b'{"error":{"error":{"error":1}}}', b"0"])
def test_nothing_is_too_odd_to_be_read(body: bytes) -> None:
    assert read_problem(body).text.isprintable()


@pytest.mark.parametrize("text", [b"<title" * 40_000, b"<" * 200_000, b"<title>" + b"a" * 200_000])
def test_a_page_without_end_is_read_at_once(text: bytes) -> None:
    began = time.process_time()
    read_problem(text)
    assert time.process_time() - began < 1
