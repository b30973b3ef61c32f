"""Many tasks at once: a verdict and a reason for each before anything is done, then each by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from small_bureau import BUREAU, ERRAND, NOTE, VISIT
from workbench_fixtures import Desk

from engine.app.commands.application import CommandResult
from engine.app.definitions.versions import add_versions
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.lifecycle.command import SYSTEM
from engine.web.pages.lists import bulk

OPINION = """\
form: opinion
title: 审批表
fields:
  - planned_on: {title: 拟办日期, type: date}
  - opinion: {title: 审批意见, type: long text}
"""
PERMIT = """\
workflow: permit
title: 许可
about: object
initial: waiting
start: {by: [clerk]}
states:
  waiting: {title: 待批准, for: WHO}
  done: {title: 已批准, final: true}
transitions:
  - {do: permit, title: 准予, from: waiting, to: done, form: opinion}
"""
FILES = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND}


def send(desk: Desk, cases: list[str], do: str, act: str = "", **typed: str) -> Any:
    return desk.post("/bulk", at="/bulk", case=cases, do=do, act=act, **typed)


def test_without_cases_the_page_says_what_to_do(signed_in: Desk) -> None:
    signed_in.bureau.start()
    assert "请在待办清单里勾选" in signed_in.client.get("/bulk").text
    assert bulk.MAX_CASES == 500


def test_from_the_list_to_the_report(signed_in: Desk) -> None:
    cases = [signed_in.bureau.start() for _ in range(3)]
    signed_in.bureau.application.claim(cases[1], "clerk-2")
    assert f'value="{cases[0]}"' in signed_in.get("/").text
    chosen = send(signed_in, cases, "choose")
    assert 'value="verb:claim"' in chosen.text
    # What a section finds out is written down case by case.
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


def permits(desk: Desk, who: str, form: str = OPINION) -> list[str]:
    """Start three cases that wait for the opinion of `who`."""
    files = {**FILES, "opinion.yaml": form, "permit.yaml": PERMIT.replace("WHO", who)}
    application = desk.bureau.application
    with application.store.write() as transaction:
        add_versions(transaction, load_files(files), application.clock.now(), SYSTEM)
    cases = []
    for number in range(3):
        subject = {"id": f"E{number}", "name": f"示例企业{number}"}
        begun = application.start("permit", "clerk-1", NewCase(title=f"示例{number}", subject=subject))
        assert isinstance(begun, CommandResult)
        cases.append(begun.case)
    return cases


def test_the_head_fills_one_form_in_for_all_and_each_case_keeps_it(desk: Desk) -> None:
    cases = permits(desk, "head")
    desk.sign_in("head-1")
    word = "step:permit:opinion"
    assert f'value="{word}"' in send(desk, cases, "choose").text
    asked = send(desk, cases, "ask", word)
    assert asked.status_code == 200
    assert asked.text.count('name="q.opinion"') == 1
    assert "每一件各记一份" in asked.text
    wrong = send(desk, cases, "check", word, **{"q.opinion": "同意", "q.planned_on": "明天"})
    assert wrong.status_code == 422
    assert 'href="#q-planned_on"' in wrong.text
    assert ">同意</textarea>" in wrong.text
    answers = {"q.opinion": "同意", "q.planned_on": "2024-09-20"}
    checked = send(desk, cases, "check", word, **answers).text
    assert "3 件能办，0 件不能办" in checked
    assert "2024年9月20日" in checked
    assert 'name="q.opinion" value="同意"' in checked
    store = desk.bureau.application.store
    with store.read() as transaction:
        assert {case.state for case in transaction.cases.many(cases).values()} == {"waiting"}
    done = send(desk, cases, "confirm", word, request_id="r1", **answers).text
    assert "办成 3 件，未办 0 件" in done
    # Sent again, nothing is left to decide.
    assert "办成" not in send(desk, cases, "confirm", word, request_id="r1", **answers).text
    with store.read() as transaction:
        kept = transaction.cases.many(cases).values()
        assert {case.state for case in kept} == {"done"}
        assert all(case.forms["opinion"] == {"opinion": "同意", "planned_on": "2024-09-20"} for case in kept)
        assert all(case.rev == 2 for case in kept)


@pytest.mark.parametrize(
    ("who", "form"),
    [
        ("clerk", OPINION),
        ("[head, clerk]", OPINION),
        ("head", OPINION + "  - proof: {title: 证明, type: file, optional: true}\n"),
        ("head", OPINION + "  - lines: {title: 明细, type: list, columns: [{what: {title: 事}}]}\n"),
    ],
)
def test_other_forms_are_filled_in_case_by_case(desk: Desk, who: str, form: str) -> None:
    cases = permits(desk, who, form)
    desk.sign_in("clerk-1" if who == "clerk" else "head-1")
    assert "step:permit" not in send(desk, cases, "choose").text
    refused = send(desk, cases, "ask", "step:permit:opinion")
    assert refused.status_code == 422


def test_who_does_not_decide_is_offered_no_form(desk: Desk) -> None:
    cases = permits(desk, "head")
    desk.sign_in("chief-1")
    assert "step:permit" not in send(desk, cases, "choose").text


def test_what_only_the_last_of_a_long_list_can_do_is_offered(desk: Desk) -> None:
    waiting = permits(desk, "head")
    # Thirty cases of another process come first.
    many = [desk.bureau.start() for _ in range(30)]
    desk.sign_in("head-1")
    chosen = send(desk, [*many, *waiting], "choose").text
    assert "选中 33 件" in chosen
    assert 'value="step:permit:opinion"' in chosen
    # Each is named, not only those that were looked at for what can be done.
    answers = {"q.opinion": "同意", "q.planned_on": "2024-09-20"}
    checked = send(desk, [*many, *waiting], "check", "step:permit:opinion", **answers).text
    assert "3 件能办，30 件不能办" in checked
    assert all(f"示例{number}" in checked for number in range(3))


def test_a_list_longer_than_one_act_says_how_many_are_left(
    signed_in: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_CASES", 4)
    for _ in range(6):
        signed_in.bureau.start()
    chosen = signed_in.post("/bulk", at="/bulk", every="1", tab="all", text="", workflow="visit").text
    assert "选中 4 件" in chosen
    assert "符合条件的共 6 件" in chosen
    assert 'name="total" value="6"' in chosen
