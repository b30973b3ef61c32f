"""Calls of the API: tokens and their scopes, bodies, Idempotency-Key, ETag and If-Match, cursors, the description."""

from __future__ import annotations

import json

import pytest
from small_bureau import NOTE
from workbench_fixtures import Desk

from engine.web.api import acting, call, description, gate, operations, problems, reading

JSON = {"Content-Type": "application/json"}
ANSWERS = {"answers": {"found": "漏签合同", "count": 3}}


def test_every_operation_asks_for_a_token(desk: Desk) -> None:
    for operation in operations.OPERATIONS:
        path = operation.path.replace("{", "").replace("}", "")
        answer = desk.client.request(operation.method, path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == problems.TYPE
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert desk.client.get("/api/openapi.json", headers={"Authorization": "Bearer ssj_x"}).status_code == 401
    assert desk.client.get("/api/v1/me", headers={"Authorization": "Bearer ssj_x"}).status_code == 401


def test_reading_every_operation(desk: Desk) -> None:
    case = desk.bureau.start()
    headers = desk.token()
    parts = {"{case}": case, "{kind}": "people", "{entry}": "clerk-1", "{number}": "1"}
    for operation in operations.OPERATIONS:
        path = operation.path
        for name, value in parts.items():
            path = path.replace(name, value)
        if operation.method == "GET":
            answer = desk.client.get(path, headers=headers)
            assert answer.status_code in (200, 404, 422), (path, answer.text)
            assert answer.json() is not None
    assert desk.client.get("/api/v1/me", headers=headers).json()["id"] == "clerk-1"
    assert desk.client.get("/api/v1/tasks", headers=headers).json()["items"][0]["case"] == case


def test_a_step_with_etag_and_idempotency_key(desk: Desk) -> None:
    case = desk.bureau.start()
    headers = {**desk.token(), **JSON}
    tag = desk.client.get(f"/api/v1/cases/{case}", headers=headers).headers["etag"]
    path = f"/api/v1/cases/{case}/steps/report"
    stale = desk.client.post(path, json=ANSWERS, headers={**headers, "If-Match": '"7"'})
    assert stale.status_code == 412
    assert stale.json()["type"] == "urn:shuangsuiji:problem:changed"
    # What was refused is in the history too, so the tag is another.
    tag = desk.client.get(f"/api/v1/cases/{case}", headers=headers).headers["etag"]
    key = {**headers, "If-Match": tag, "Idempotency-Key": "k-1"}
    done = desk.client.post(path, json=ANSWERS, headers=key)
    assert (done.status_code, done.json()["state"], done.json()["repeated"]) == (200, "checking", False)
    again = desk.client.post(path, json=ANSWERS, headers=key)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert done.headers["etag"] == '"3"'


def test_a_tag_of_before_another_version_takes_no_step(desk: Desk) -> None:
    case = desk.bureau.start()
    headers = {**desk.token(), **JSON}
    tag = desk.client.get(f"/api/v1/cases/{case}", headers=headers).headers["etag"]
    desk.other_form(f"{NOTE}  - place: {{title: 地点, optional: true}}\n")
    path = f"/api/v1/cases/{case}/steps/report"
    stale = desk.client.post(path, json=ANSWERS, headers={**headers, "If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:shuangsuiji:problem:changed")
    # Without a tag what has no place in the form is named, and nothing is taken.
    gone = {"answers": {**ANSWERS["answers"], "gone": "x"}}
    answer = desk.client.post(path, json=gone, headers=headers)
    assert answer.status_code == 422
    assert "gone" in answer.text


def test_a_refusal_is_a_problem_with_its_basis(desk: Desk) -> None:
    case = desk.bureau.start()
    body = {"answers": {"found": "无", "count": 1}}
    answer = desk.client.post(f"/api/v1/cases/{case}/steps/report", json=body, headers=desk.token())
    assert answer.status_code == 422
    assert [reason["basis"] for reason in answer.json()["reasons"]] == ["甲条例 第一条", "乙条例 第二条"]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", JSON, 422),
        (b"[]", JSON, 422),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b'{"x":' * 200 + b"1" + b"}" * 200, JSON, 422),
        (b'{"answers": 5}', JSON, 422),
        (b'{"unknown": 5}', JSON, 422),
        (b"{}", {**JSON, "Idempotency-Key": "a b"}, 422),
        (b"{}", {**JSON, "If-Match": "*"}, 412),
        (b" " * 1_000_001, JSON, 413),
    ],
)
def test_bodies_that_are_wrong(content: bytes, headers: dict[str, str], status: int, desk: Desk) -> None:
    case = desk.bureau.start()
    path = f"/api/v1/cases/{case}/steps/report"
    answer = desk.client.post(path, content=content, headers={**desk.token(), **headers})
    assert answer.status_code == status, answer.text


def test_scopes_and_sessions(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    reading_only = signed_in.token("clerk-1", "read")
    assert signed_in.client.get("/api/v1/cases", headers=reading_only).status_code == 200
    refused = signed_in.client.post(f"/api/v1/cases/{case}/verbs/claim", json={}, headers=reading_only)
    assert refused.status_code in (403, 422)
    # The session of the workbench reads, and writes nothing: a page of another could send it.
    assert signed_in.get("/api/v1/cases").status_code == 200
    assert signed_in.client.post(f"/api/v1/cases/{case}/verbs/claim", json={}).status_code == 401
    assert gate.api_answer is not None


def test_starting_verbs_and_messages(desk: Desk) -> None:
    headers = desk.token()
    made = desk.client.post("/api/v1/cases", json={"workflow": "visit", "title": "一件"}, headers=headers)
    assert made.status_code == 201
    case = made.json()["case"]
    assert desk.client.post(f"/api/v1/cases/{case}/verbs/claim", json={}, headers=headers).status_code == 200
    assert desk.client.post(f"/api/v1/cases/{case}/verbs/dance", json={}, headers=headers).status_code == 404
    assert desk.client.post("/api/v1/cases", json={"title": "x"}, headers=headers).status_code == 422
    wrong = {"workflow": "visit", "title": "x", "about": "people:nobody"}
    assert desk.client.post("/api/v1/cases", json=wrong, headers=headers).status_code == 422
    dry = desk.client.post(
        "/api/v1/cases", json={"workflow": "visit", "title": "y", "dry_run": True}, headers=headers
    )
    assert dry.status_code == 201
    assert desk.client.get("/api/v1/cases", headers=headers).json()["next"] is None
    assert len(desk.client.get("/api/v1/cases", headers=headers).json()["items"]) == 1
    assert desk.client.post("/api/v1/inbox/acknowledge", json={"ids": []}, headers=headers).status_code == 200
    assert desk.client.post("/api/v1/inbox/acknowledge", json={"ids": 1}, headers=headers).status_code == 422
    assert acting.start is not None


def test_pages_by_cursor_hold_every_case_once(desk: Desk) -> None:
    cases = sorted(desk.bureau.start() for _ in range(5))
    headers, seen, after = desk.token(), [], ""
    while after is not None:
        body = desk.client.get(f"/api/v1/cases?limit=2&after={after}", headers=headers).json()
        seen += [one["id"] for one in body["items"]]
        after = body["next"]
    assert seen == cases
    first = desk.client.get(f"/api/v1/cases/{cases[0]}/history?limit=1", headers=headers).json()
    assert [one["seq"] for one in first["items"]] == [1]
    assert reading.me is not None


def test_the_description_is_made_from_table_verbs_and_forms(desk: Desk) -> None:
    found = desk.client.get("/api/openapi.json", headers=desk.token()).json()
    assert found["openapi"] == "3.1.0"
    assert {(path, method) for path, methods in found["paths"].items() for method in methods} == {
        (operation.path, operation.method.lower()) for operation in operations.OPERATIONS
    }
    assert "form_note" in found["components"]["schemas"]
    assert len(found["components"]["schemas"]["Verb"]["anyOf"]) > 10
    stranger = desk.client.get("/api/openapi.json")
    assert stranger.status_code == 200
    assert stranger.json()["paths"] == found["paths"]
    assert not [name for name in stranger.json()["components"]["schemas"] if name.startswith("form_")]
    names = [one["operationId"] for methods in found["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))
    # Every reference leads somewhere.
    for reference in json.dumps(found).split('"$ref": "#/components/schemas/')[1:]:
        assert reference.split('"')[0] in found["components"]["schemas"]
    assert description.description(())["info"]["title"] == "shuangsuiji"
    assert call.answered({}).status == 200
