"""What the API gives of a small bureau, one call each."""

from __future__ import annotations

import json
from typing import Any

from workbench_fixtures import Desk

from engine.app.people.directory import Directory
from engine.app.queries.people.web_sessions import Visitor
from engine.web.api import reading
from engine.web.api.call import ApiCall


def call(desk: Desk, person: str = "clerk-1", query: dict[str, str] | None = None, **parts: str) -> ApiCall:
    with desk.bureau.application.store.read() as transaction:
        actor = Directory(transaction).all()[person]
    visitor = Visitor(actor, "t-1", ("read",))
    return ApiCall(workbench=desk.bench, visitor=visitor, parts=parts, query=query or {})


def body(answer: Any) -> Any:
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def test_who_calls_and_with_which_scopes(desk: Desk) -> None:
    assert body(reading.me(call(desk))) == {
        "id": "clerk-1",
        "name": "经办人01",
        "section": "one",
        "roles": ["clerk"],
        "scopes": ["read"],
    }


def test_tasks_of_the_caller_page_by_page(desk: Desk) -> None:
    cases = [desk.bureau.start() for _ in range(3)]
    first = body(reading.tasks(call(desk, query={"limit": "2"})))
    assert len(first["items"]) == 2
    second = body(reading.tasks(call(desk, query={"limit": "2", "after": first["next"]})))
    assert sorted(one["case"] for one in (*first["items"], *second["items"])) == cases
    assert second["next"] is None
    assert body(reading.tasks(call(desk, "clerk-9")))["items"] == []


def test_cases_are_filtered_and_searched(desk: Desk) -> None:
    case = desk.bureau.start()
    assert [one["id"] for one in body(reading.cases(call(desk)))["items"]] == [case]
    assert body(reading.cases(call(desk, query={"open": "false"})))["items"] == []
    assert body(reading.cases(call(desk, query={"workflow": "errand"})))["items"] == []
    assert len(body(reading.cases(call(desk, query={"text": "示例"})))["items"]) == 1
    assert body(reading.cases(call(desk, query={"text": "别的"})))["items"] == []


def test_a_case_that_is_not_there_is_a_problem(desk: Desk) -> None:
    for answer in (reading.case, reading.history, reading.tree, reading.documents):
        found = answer(call(desk, case="visit-9"))
        assert (found.status, found.type.partition(";")[0]) == (404, "application/problem+json")


def test_events_since_a_cursor(desk: Desk) -> None:
    case = desk.bureau.start()
    first = body(reading.events(call(desk)))
    assert [(one["case"], one["seq"], one["kind"]) for one in first["items"]] == [(case, 1, "started")]
    assert first["more"] is False
    again = body(reading.events(call(desk, query={"after": str(first["next"])})))
    assert (again["items"], again["next"]) == ([], first["next"])
    assert len(body(reading.events(call(desk, query={"after": "x"})))["items"]) == 1


def test_a_refused_attempt_leaves_the_etag_as_it_was(desk: Desk) -> None:
    case = desk.bureau.start()
    before = reading.case(call(desk, case=case)).headers["ETag"]
    desk.bureau.refused(case, "report", "clerk-1", {"found": "无", "count": 1})
    after = reading.case(call(desk, case=case)).headers["ETag"]
    assert before == after == '"1"'
    taken = desk.bureau.application.advance(
        case, "report", "clerk-1", {"found": "漏签", "count": 3}, if_rev=int(after.strip('"'))
    )
    assert getattr(taken, "rev", None) == 3
    late = desk.bureau.application.advance(case, "send_back", "chief-1", reason="补充", if_rev=1)
    assert [reason.code for reason in getattr(late, "reasons", ())] == ["changed"]
    never = desk.bureau.application.advance(case, "send_back", "chief-1", reason="补充", if_rev=99)
    assert [reason.code for reason in getattr(never, "reasons", ())] == ["changed"]
