"""The view of one case: what can be done, by whom, with which form, and what hinders it."""

from __future__ import annotations

from bureau_material import Bureau, done

from engine.app.worklist.case_view import TaskView, explain_task

FORM = """
form: note
title: 记录
fields:
  - {name: found, title: 发现, type: choice, required: true, choices: {yes_: 有, no_: 无}}
  - {name: people, title: 人员, type: list, columns: [{name: who, title: 姓名, type: text}]}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 5 working days
    verbs: {claim: , suspend: {by: clerk, pauses: [open]}, resume: {by: clerk}, urge: {by: chief}}
  signing: {title: 会签, for: chief}
  closed: {title: 已办结, final: true}
clocks:
  hours: {title: 小时, during: open, deadline: 9 office hours, basis: 办法 第三条}
transitions:
  - {do: send, title: 送审, from: open, to: signing, form: note, reason: true, help: 逐项填写}
  - {do: sign, title: 会签, from: signing, to: closed, sign: {mode: all, by: [chief, deputy]}}
  - {do: drop, title: 作罢, from: open, to: closed, by: deputy}
"""
HOURS = """
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
office_hours: {hours: ["08:30-12:00", "14:00-17:30"]}
sections: {north: 北片股, south: 南片股}
roles:
  clerk: {title: 经办人, scope: section}
  chief: {title: 股室负责人, scope: section}
  deputy: {title: 分管领导, scope: bureau}
"""


def view(bureau: Bureau, case: str, person: str | None = None) -> TaskView:
    found = bureau.explain(case, person)
    assert found is not None
    return found


def test_the_steps_of_a_task_with_their_forms() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    found = view(bureau, case)
    assert [(step.id, step.title, step.who, step.reason) for step in found.steps] == [
        ("send", "送审", ("经办人",), True),
        ("drop", "作罢", ("分管领导",), False),
    ]
    send = found.steps[0].as_json()
    assert (send["form"], send["by"], send["obstacles"]) == ("note", ["经办人"], [])
    assert send["fields"] == [
        {
            "name": "found",
            "title": "发现",
            "type": "choice",
            "required": True,
            "choices": {"yes_": "有", "no_": "无"},
        },
        {
            "name": "people",
            "title": "人员",
            "type": "list",
            "required": False,
            "columns": [{"name": "who", "title": "姓名", "type": "text", "required": False}],
        },
    ]
    assert found.steps[0].help == "逐项填写"
    assert found.steps[1].as_json()["fields"] == []


def test_who_may_not_take_a_step_is_shown_why() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    obstacles = {
        person: {
            step.id: [reason.code for reason in step.obstacles] for step in view(bureau, case, person).steps
        }
        for person in ("anna", "dora")
    }
    # A form that nobody has filled in yet is no obstacle.
    assert obstacles["anna"]["send"] == []
    assert obstacles["anna"]["drop"] != []
    assert obstacles["dora"]["drop"] == []
    json = view(bureau, case, "anna").as_json()
    assert [bool(step["obstacles"]) for step in json["steps"]] == [False, True]


def test_deadlines_in_the_order_they_end() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    first, second = view(bureau, case).deadlines
    assert (first.title, second.title) == ("小时", "待检查")
    assert (first.basis, first.late, first.paused, first.provisional) == ("办法 第三条", False, False, False)
    assert (len(first.due), second.due) == (16, second.due_on.isoformat())
    assert first.due_at < second.due_at
    assert set(first.as_json()) == {
        "title",
        "due_on",
        "due_at",
        "provisional",
        "late",
        "paused",
        "basis",
    }
    assert first.as_json()["due_on"] == first.due_on.isoformat()
    bureau.at("2024-09-30")
    assert [one.late for one in view(bureau, case).deadlines] == [True, True]


def test_a_suspended_case_offers_no_step() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    done(bureau.application.suspend(case, "anna", reason="等材料"))
    found = view(bureau, case, "anna")
    assert found.steps == ()
    assert {one.title: one.paused for one in found.deadlines} == {"小时": False, "待检查": True}
    body = found.as_json()
    assert (body["case"], body["state"], body["state_title"]) == (case, "open", "待检查")
    assert (body["suspended"], body["closed"], body["urged"]) == (True, False, 0)
    assert "resume" in body["verbs"]


def test_who_has_signed_and_who_may_still() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    bureau.take(case, "send", "anna", {"found": "yes_"}, reason="查完")
    step = view(bureau, case).steps[0]
    assert step.signed == ()
    assert set(step.waiting) >= {"carl", "dora"}
    bureau.take(case, "sign", "carl")
    step = view(bureau, case).steps[0]
    assert step.signed is not None
    assert [one.person for one in step.signed] == ["carl"]
    assert "dora" in step.waiting
    json = step.as_json()
    assert (len(json["signed"]), json["waiting"]) == (1, list(step.waiting))
    bureau.take(case, "sign", "dora")
    closed = view(bureau, case).as_json()
    assert (closed["closed"], closed["steps"], closed["verbs"]) == (True, [], [])


def test_how_often_a_task_was_urged() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    case = bureau.start("visit")
    done(bureau.application.urge(case, "carl"))
    assert view(bureau, case).urged == 1


def test_an_unknown_case_has_no_view() -> None:
    bureau = Bureau(HOURS, FORM, VISIT)
    with bureau.look() as transaction:
        assert explain_task(bureau.application, transaction, bureau.clock.now(), "visit-9", None) is None
