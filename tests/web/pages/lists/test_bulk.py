"""Many tasks at once: a verdict and a reason for each before anything is done, then each by itself."""

from __future__ import annotations

import re
from typing import Any

from workbench_desk import Desk

from engine.web.pages.lists import bulk


def send(desk: Desk, cases: list[str], do: str, act: str = "", **typed: str) -> Any:
    return desk.post("/bulk", at="/bulk", case=cases, do=do, act=act, **typed)


def test_without_cases_the_page_says_what_to_do(signed_in: Desk) -> None:
    signed_in.bureau.start()
    assert "请在待办清单里勾选" in signed_in.client.get("/bulk").text
    assert bulk.MOST == 500


def test_from_the_list_to_the_report(signed_in: Desk) -> None:
    cases = [signed_in.bureau.start() for _ in range(3)]
    signed_in.bureau.application.claim(cases[1], "clerk-2")
    assert f'value="{cases[0]}"' in signed_in.get("/").text
    chosen = send(signed_in, cases, "choose")
    assert 'value="verb:claim"' in chosen.text
    # Steps with a form are taken one by one.
    assert "step:report" not in chosen.text
    checked = send(signed_in, cases, "ask", "verb:claim").text
    assert "2 件能办，1 件不能办" in checked
    assert "什么都还没有改动" in checked
    assert "经办人02" in checked or "clerk-2" in checked
    request = re.search(r'name="request_id" value="([^"]+)"', checked)
    assert request is not None
    with signed_in.bureau.application.store.read() as transaction:
        assert [case.assignee for case in transaction.cases.many(cases).values()] == [None, "clerk-2", None]
    for _ in range(2):
        done = send(signed_in, cases, "confirm", "verb:claim", request_id=request[1]).text
        assert "办成 2 件，未办 1 件" in done
    assert "没有办成的再试一次" in done
    with signed_in.bureau.application.store.read() as transaction:
        assert [case.assignee for case in transaction.cases.many(cases).values()] == [
            "clerk-1",
            "clerk-2",
            "clerk-1",
        ]
        assert next(iter(transaction.cases.many(cases).values())).rev == 2


def test_arguments_are_asked_once_for_all(desk: Desk) -> None:
    cases = [desk.bureau.start() for _ in range(2)]
    desk.sign_in("chief-1")
    asked = send(desk, cases, "ask", "verb:suspend")
    assert 'name="reason"' in asked.text
    refused = send(desk, cases, "ask", "verb:nonsense")
    assert refused.status_code == 422
    assert "请选择要办的事" in refused.text
    checked = send(desk, cases, "check", "verb:suspend", reason="等待材料")
    assert "2 件能办" in checked.text
    assert 'name="reason" value="等待材料"' in checked.text
    wrong = send(desk, cases, "check", "verb:extend", days="x", reason="y")
    assert wrong.status_code == 422


def test_everything_that_fits_the_filters(signed_in: Desk) -> None:
    for _ in range(3):
        signed_in.bureau.start()
    chosen = signed_in.post("/bulk", at="/bulk", every="1", tab="all", text="示例", workflow="visit")
    assert "选中 3 件" in chosen.text
    none = signed_in.post("/bulk", at="/bulk", every="1", tab="all", text="别的", workflow="")
    assert "请在待办清单里勾选" in none.text


def test_of_another_section_nothing_is_said(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.sign_in("clerk-9")
    answer = send(desk, [case, "visit-999"], "ask", "verb:claim")
    assert "示例企业" not in answer.text
