"""What the API does, one call each: bodies are judged before anything is done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from workbench_fixtures import Desk

from engine.app.people.directory import Directory
from engine.app.queries.people.web_sessions import Visitor
from engine.web.api import acting
from engine.web.api.call import ApiCall


def call(desk: Desk, body: dict[str, Any], person: str = "clerk-1", **parts: str) -> ApiCall:
    with desk.bureau.application.store.read() as transaction:
        actor = Directory(transaction).all()[person]
    return ApiCall(workbench=desk.bench, visitor=Visitor(actor, "t-1"), parts=parts, query={}, body=body)


def test_a_case_is_started_and_tried(desk: Desk) -> None:
    tried = acting.start(call(desk, {"workflow": "visit", "title": "甲", "dry_run": True}))
    assert tried.status == 201
    made = acting.start(call(desk, {"workflow": "visit", "title": "甲", "about": "people:clerk-2"}))
    assert (made.status, made.headers["ETag"]) == (201, '"1"')
    assert json.loads(made.body)["case"] == "visit-1"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, ["缺少“workflow”", "缺少“title”"]),
        ({"workflow": "visit", "title": 5}, ["“title”的类型不对"]),
        ({"workflow": "visit", "title": True}, ["“title”的类型不对"]),
        ({"workflow": "visit", "title": "x", "more": 1}, ["没有“more”这一项"]),
        ({"workflow": "visit", "title": "x", "dry_run": 1}, ["“dry_run”的类型不对"]),
    ],
)
def test_every_fault_of_a_body_is_said(desk: Desk, body: dict[str, Any], words: list[str]) -> None:
    answer = acting.start(call(desk, body))
    assert answer.status == 422
    assert json.loads(answer.body)["errors"] == words


def test_a_step_is_taken_with_its_answers(desk: Desk) -> None:
    parts = {"case": desk.bureau.start(), "step": "report"}
    refused = acting.step(call(desk, {"answers": {"found": "甲", "count": 1}}, **parts))
    assert refused.status == 422
    assert json.loads(refused.body)["reasons"][0]["basis"] == "甲条例 第一条"
    done = acting.step(call(desk, {"answers": {"found": "甲", "count": 2}}, **parts))
    assert (done.status, json.loads(done.body)["state"]) == (200, "checking")


def test_a_verb_takes_the_arguments_of_its_row(desk: Desk) -> None:
    case = desk.bureau.start()
    assert acting.verb(call(desk, {}, case=case, verb="dance")).status == 404
    assert acting.verb(call(desk, {}, case=case, verb="claim")).status == 200
    lacking = acting.verb(call(desk, {}, "chief-1", case=case, verb="reassign"))
    assert lacking.status == 422
    assert "缺少“to”" in json.loads(lacking.body)["errors"]


@pytest.mark.parametrize(("ids", "status"), [([], 200), (None, 422), ("x", 422), ([1], 422)])
def test_messages_are_acknowledged_by_a_list_of_ids(desk: Desk, ids: Any, status: int) -> None:
    assert acting.acknowledged(call(desk, {"ids": ids})).status == status
