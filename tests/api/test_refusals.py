"""What a refusal says: the service's own code and message, whatever shape the body has."""

from __future__ import annotations

import json

import pytest

from numctl.api.answer import Answer
from numctl.api.refusals import decoded, details_of, failed, refusal, throttled
from numctl.errors import AuthError, ExitCode, NotFound, NumctlError, Refused


def answered(status: int, body: object, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Refused), (401, AuthError), (403, AuthError), (404, NotFound), (409, Refused)]
)
def test_the_status_decides_the_kind(status: int, kind: type[NumctlError]) -> None:
    error = refusal(
        answered(status, {"code": 21421, "message": "Not a number", "more_info": "https://e.example/21421"})
    )
    assert type(error) is kind
    assert error.message == f"the service answered: Not a number (code 21421, HTTP {status})"
    assert (error.status, error.code, error.more_info) == (status, 21421, "https://e.example/21421")


@pytest.mark.parametrize(
    "body", [{}, [], "text", {"code": "21421", "message": ["no"], "more_info": 7}, {"message": ""}]
)
def test_a_body_of_another_shape_is_no_reason(body: object) -> None:
    error = refusal(answered(400, body))
    assert error.message == "the service answered: no reason given (HTTP 400)"
    assert (error.code, error.more_info) == (None, None)


PROBLEM = {"type": "https://e.example/20404", "title": "Not found", "status": 404, "code": 20404}
BY_FIELD = {"title": "Invalid", "errors": [{"detail": "must be a URL", "pointer": "#/VoiceUrl"}, {"message": "bad"}, 7]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"title": "Not found"}, "Not found"),
        ({"title": "Not found.", "detail": "No number PN1."}, "Not found: No number PN1"),
        ({"title": "Same", "detail": "Same"}, "Same"),
        ({"detail": "No number PN1"}, "No number PN1"),
        ({"message": "As ever", "title": "Not found"}, "As ever"),
        (BY_FIELD, "Invalid: #/VoiceUrl must be a URL; bad"),
        ({"errors": ["one", "two", "three", "four"]}, "one; two; three"),
        ({"title": ["x"], "detail": 7, "errors": "none"}, "no reason given"),
    ],
)
def test_the_words_of_an_rfc_9457_problem_are_told(body: object, said: str) -> None:
    assert refusal(answered(400, body)).message == f"the service answered: {said} (HTTP 400)"


def test_an_rfc_9457_problem_keeps_its_code_and_its_link() -> None:
    error = refusal(answered(404, {**PROBLEM, "detail": "No number PN1"}))
    assert error.as_json() == {
        "exit_code": 4,
        "message": "the service answered: Not found: No number PN1 (code 20404, HTTP 404)",
        "hint": error.hint,
        "status": 404,
        "code": 20404,
        "more_info": "https://e.example/20404",
    }
    assert details_of(answered(404, {**PROBLEM, "type": "about:blank"}))["more_info"] is None


def test_true_is_not_a_code() -> None:
    assert refusal(answered(400, {"code": True, "message": "no"})).message == "the service answered: no (HTTP 400)"


def test_an_endless_text_of_the_service_is_cut() -> None:
    error = refusal(answered(400, {"message": "x" * 100_000, "more_info": "https://e.example/" + "y" * 100_000}))
    assert error.message == f"the service answered: {'x' * 299}… (HTTP 400)"
    assert error.more_info == "https://e.example/" + "y" * 281 + "…"
    assert len(refusal(answered(400, {"errors": [{"detail": "z" * 5000}] * 50})).message) < 350


def test_a_link_with_line_breaks_is_one_line() -> None:
    assert details_of(answered(400, {"more_info": "https://e.example/\nnumctl: done"}))["more_info"] == (
        "https://e.example/ numctl: done"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"code": 20503, "message": "Down for maintenance"}, ": Down for maintenance (code 20503)"),
        ({"message": "Down for maintenance"}, ": Down for maintenance"),
        ({"code": 20503}, " (code 20503)"),
        ({"code": "20503", "message": ["no"]}, ""),
        ([], ""),
    ],
)
def test_a_5xx_answer_is_reported_in_the_services_own_words_if_it_has_any(body: object, said: str) -> None:
    assert failed(answered(503, body)) == f"the service answered 503{said}"


def test_the_services_words_are_one_line_that_a_terminal_shows_literally() -> None:
    answer = answered(400, {"message": "no\nnumctl: all is well\x1b[2J"})
    assert refusal(answer).message == "the service answered: no numctl: all is well\\x1b[2J (HTTP 400)"
    assert failed(answer) == "the service answered 400: no numctl: all is well\\x1b[2J"


def test_without_an_answer_there_are_no_details() -> None:
    more_info = {"code": 20503, "more_info": "https://e.example/20503"}
    assert details_of(answered(503, more_info)) == {"status": 503, **more_info}
    assert details_of(None) == {}


def test_too_many_requests_say_how_long_the_service_asks_to_wait() -> None:
    error = throttled(answered(429, {"code": 20429, "more_info": "https://e.example/20429"}, Retry_After="600"))
    assert error.message == "the service refused: too many requests (code 20429, HTTP 429) and asks to wait 600 s"
    assert (error.exit_code, error.status, error.code) == (ExitCode.UNAVAILABLE, 429, 20429)
    assert error.more_info == "https://e.example/20429"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'"text"', b'{"a": ', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"\xff"]
)
def test_what_is_no_json_object_is_nothing(body: bytes) -> None:
    assert decoded(body) is None


def test_a_lone_surrogate_in_a_name_is_kept() -> None:
    assert decoded(b'{"friendly_name": "\\ud83d"}') == {"friendly_name": "\ud83d"}
    assert decoded(b'{"friendly_name": "\\ud83d"}' + b" " * 300_000) == {"friendly_name": "\ud83d"}
