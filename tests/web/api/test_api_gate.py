"""The gate of the API: who calls, and whether the call is well made, before anything is asked of the bureau."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from workbench_fixtures import Desk

from engine.web.api import gate, operations
from engine.web.visit import Answer

JSON = {"content-type": "application/json; charset=utf-8"}
CLAIM = f"{operations.BASE}/cases/{{case}}/verbs/{{verb}}"


def ask(
    desk: Desk,
    route: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = b"",
    language: str = "zh_CN",
    **parts: str,
) -> Answer:
    lower = {name.lower(): text for name, text in (headers or {}).items()}
    return gate.api_answer(desk.bench, route, method, parts, {}, lower, body, "", language)


def test_a_call_needs_a_token_that_is_good(desk: Desk) -> None:
    route = f"{operations.BASE}/me"
    for headers in ({}, {"Authorization": "Bearer ssj_x"}, {"Authorization": "Basic YTpi"}):
        answer = ask(desk, route, headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert json.loads(ask(desk, route, headers=desk.token()).body)["id"] == "clerk-1"


def test_a_method_that_a_route_does_not_have_is_refused(desk: Desk) -> None:
    assert ask(desk, f"{operations.BASE}/me", "POST", {**desk.token(), **JSON}, b"{}").status == 405


def test_what_is_said_is_in_the_language_asked_for(desk: Desk) -> None:
    route = f"{operations.BASE}/me"
    chinese, english = (json.loads(ask(desk, route, language=one).body)["title"] for one in ("zh_CN", "en"))
    assert "令牌" in chinese
    assert english.isascii()
    asked = ask(desk, route, headers={"Accept-Language": "en"}, language="zh_CN")
    assert json.loads(asked.body)["title"] == english


def test_of_two_people_with_one_key_neither_answers_for_the_other(desk: Desk) -> None:
    case = desk.bureau.start()
    for person in ("clerk-1", "clerk-2"):
        headers = {**desk.token(person), **JSON, "Idempotency-Key": "k"}
        answer = ask(desk, CLAIM, "POST", headers, b"{}", case=case, verb="claim")
        assert json.loads(answer.body).get("repeated") is not True
    headers = {**desk.token("clerk-1"), **JSON, "Idempotency-Key": "k"}
    again = ask(desk, CLAIM, "POST", headers, b"{}", case=case, verb="claim")
    assert json.loads(again.body)["repeated"] is True


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Idempotency-Key": "a b"}, 422),
        ({"Idempotency-Key": "键"}, 422),
        ({"Idempotency-Key": "k" * 101}, 422),
        ({"If-Match": "1"}, 412),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": '"9"'}, 412),
        ({"If-Match": ' "1" '}, 200),
    ],
)
def test_keys_and_tags(desk: Desk, headers: dict[str, str], status: int) -> None:
    case = desk.bureau.start()
    sent = {**desk.token(), **JSON, **headers}
    assert ask(desk, CLAIM, "POST", sent, b"{}", case=case, verb="claim").status == status


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (None, JSON, 413),
        (b"{}", {}, 415),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{", JSON, 422),
        (b"[]", JSON, 422),
        (b"\xff", JSON, 422),
    ],
)
def test_a_body_that_is_no_object_is_a_problem(
    body: bytes | None, headers: dict[str, str], status: int
) -> None:
    found = gate.read_body(headers, body)
    assert isinstance(found, Answer)
    assert found.status == status


def test_numbers_with_a_point_are_kept_as_they_are_written() -> None:
    assert gate.read_body(JSON, b'{"a": 1.10, "b": 2}') == {"a": "1.10", "b": 2}
