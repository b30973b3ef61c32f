"""The table of operations: what each row is good for, and that paths with parts come last."""

from __future__ import annotations

import pytest
from workbench_fixtures import Desk

from engine.app.queries.people.web_sessions import Visitor
from engine.language import say
from engine.lifecycle.command import Actor
from engine.web.api.call import ApiCall, answered
from engine.web.api.operations import API_PATHS, BASE, BY_ROUTE, DESCRIPTION, OPERATIONS, ApiOperation


@pytest.mark.parametrize(("method", "writes"), [("GET", False), ("POST", True)])
def test_only_a_post_writes(method: str, writes: bool) -> None:
    made = ApiOperation(
        id="x", method=method, path=f"{BASE}/x", title=say("名录"), answer=lambda _: answered({})
    )
    assert made.writes is writes
    assert (made.query, made.body, made.tagged) == ({}, "", False)


def test_what_writes_has_a_body_and_what_reads_has_none() -> None:
    assert all(bool(one.body) is one.writes for one in OPERATIONS)
    assert all(not one.query for one in OPERATIONS if one.writes)


def test_a_route_is_found_by_method_and_path(desk: Desk) -> None:
    operation = BY_ROUTE["GET", f"{BASE}/me"]
    call = ApiCall(workbench=desk.bench, visitor=Visitor(Actor("anna"), "t-1"), parts={}, query={})
    assert operation.id == "me"
    assert operation.answer(call).status == 200
    assert ("POST", f"{BASE}/me") not in BY_ROUTE


def test_each_path_is_routed_once() -> None:
    assert API_PATHS[0] == DESCRIPTION
    assert sorted(API_PATHS[1:]) == sorted({one.path for one in OPERATIONS})
    assert len({one.id for one in OPERATIONS}) == len(OPERATIONS)
