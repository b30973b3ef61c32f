"""A form taken along without a network and brought back at the page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from workbench_fixtures import Desk, MemoryFiles, token_of

from engine.web.pages.file import offline


@pytest.fixture
def keeping(signed_in: Desk) -> Desk:
    signed_in.bureau.application.files = MemoryFiles()
    return signed_in


def taken(desk: Desk, case: str) -> dict[str, Any]:
    """Return what the file that is taken along says of its case."""
    given = desk.get(f"/cases/{case}/offline/form.html")
    assert given.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    found = re.search(r'id="data">(.*?)</script>', given.text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def saved(data: Mapping[str, Any], answers: Mapping[str, Any], **more: Any) -> bytes:
    """Return the file an offline form saves."""
    case = {name: data["case"][name] for name in ("version", "state", "entered_at")}
    head = {"format": data["record_format"], "kit": data["id"], "case": data["case"]["id"], "step": "report"}
    return json.dumps({**head, **case, "person": data["person"], "answers": answers, **more}).encode()


def bring(desk: Desk, case: str, content: bytes | None, do: str = "draft") -> Any:
    path = f"/cases/{case}/offline"
    token = token_of(desk.get(path).text)
    files = None if content is None else [("file", ("a.json", content, "application/json"))]
    return desk.client.post(path, data={"form_token": token, "do": do}, files=files)


def test_a_draft_waits_to_be_looked_at(keeping: Desk) -> None:
    case = keeping.bureau.start()
    assert "离线填写" in keeping.get(f"/cases/{case}").text
    data = taken(keeping, case)
    file = saved(data, {"found": "漏签", "count": 3})
    answer = bring(keeping, case, file)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}/steps/report")
    assert "漏签" in keeping.get(f"/cases/{case}/steps/report").text
    # The draft that is there is not written over.
    again = bring(keeping, case, saved(data, {"found": "其他"}))
    assert (again.status_code, "另有一份草稿" in again.text) == (409, True)
    assert "其他" not in keeping.get(f"/cases/{case}/steps/report").text


def test_a_step_is_taken_once_and_a_conflict_is_shown(keeping: Desk) -> None:
    case = keeping.bureau.start()
    data = taken(keeping, case)
    file = saved(data, {"found": "漏签", "count": 3})
    answer = bring(keeping, case, file, "take")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/cases/{case}/receipt?number=")
    before = keeping.get(f"/cases/{case}/history").text
    again = bring(keeping, case, file, "take")
    assert (again.status_code, "此前已导入" in again.text) == (200, True)
    same = bring(keeping, case, saved(data, {"found": "漏签", "count": 3}, kit="f" * 64), "take")
    assert (same.status_code, "同样的内容" in same.text) == (200, True)
    other = bring(keeping, case, saved(data, {"found": "<b>没有</b>", "count": 3}), "take")
    assert other.status_code == 409
    assert "漏签</td>" in other.text
    assert "&lt;b&gt;没有&lt;/b&gt;</td>" in other.text
    assert keeping.get(f"/cases/{case}/history").text == before


def test_what_a_person_should_know_of_a_record_is_said(keeping: Desk) -> None:
    case = keeping.bureau.start()
    data = taken(keeping, case)
    data["case"]["version"] = 99
    file = saved(data, {"found": "漏签", "count": 3, "gone": "<script>"}, person="clerk-2")
    answer = bring(keeping, case, file, "take")
    assert answer.status_code == 200
    for said in (
        "是“clerk-2”填的",
        "写的是第 99 版",
        "没有“gone”，未导入：&lt;script&gt;",
        "已办理，回执号",
    ):
        assert said in answer.text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "请选择"),
        (b"", "请选择"),
        (b"{}", "不是离线表单"),
        (b'{"format": "x"', "不是离线表单"),
        (b"\x89PNG", "不是离线表单"),
    ],
)
def test_what_is_no_record_is_refused(keeping: Desk, content: bytes | None, why: str) -> None:
    answer = bring(keeping, keeping.bureau.start(), content, "take")
    assert (answer.status_code, why in answer.text) == (422, True)


def test_a_record_of_another_case_and_one_with_wrong_answers(keeping: Desk) -> None:
    one, two = keeping.bureau.start(), keeping.bureau.start()
    data = taken(keeping, one)
    answer = bring(keeping, two, saved(data, {"found": "漏签", "count": 3}), "take")
    assert (answer.status_code, f"是“{one}”的" in answer.text) == (422, True)
    wrong = bring(keeping, one, saved(data, {"found": "漏签", "count": "三"}), "take")
    assert wrong.status_code == 422
    assert 'id="errors"' in wrong.text


def test_a_case_that_asks_nothing_has_no_form_to_take_along(keeping: Desk) -> None:
    case = keeping.bureau.start()
    keeping.bureau.take(case, "report", "clerk-1", {"found": "漏签", "count": 3})
    keeping.bureau.take(case, "accept", "chief-1")
    assert "没有要填表单的步骤" in keeping.get(f"/cases/{case}/offline").text
    assert keeping.get(f"/cases/{case}/offline/form.html").status_code == 422
    assert "离线填写" not in keeping.get(f"/cases/{case}").text
    assert offline.take_along is not None
