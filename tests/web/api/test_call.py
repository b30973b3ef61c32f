"""One call: how many items it asks for, and answers as JSON."""

from __future__ import annotations

import json
from datetime import date

import pytest
from workbench_fixtures import Desk

from engine.app.queries.people.web_sessions import Visitor
from engine.lifecycle.command import Actor
from engine.web.api.call import ApiCall, answered


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (None, 50),
        ("7", 7),
        ("0", 1),
        ("200", 200),
        ("201", 200),
        ("99999", 200),
        ("100000", 50),
        ("-3", 50),
        ("３", 50),
        ("", 50),
    ],
)
def test_a_limit_is_between_one_and_two_hundred(desk: Desk, text: str | None, limit: int) -> None:
    query = {} if text is None else {"limit": text}
    call = ApiCall(workbench=desk.bench, visitor=Visitor(Actor("anna"), "t-1"), parts={}, query=query)
    assert call.limit() == limit
    assert (call.person, call.body, call.request_id, call.if_rev) == ("anna", {}, None, None)


def test_an_answer_is_one_line_of_json() -> None:
    answer = answered({"名": "甲", "on": date(2024, 9, 14)}, status=201, headers={"ETag": '"1"'})
    assert answer.body == '{"名": "甲", "on": "2024-09-14"}\n'.encode()
    assert (answer.status, answer.type) == (201, "application/json; charset=utf-8")
    assert answer.headers == {"ETag": '"1"'}
    assert json.loads(answered([]).body) == []
