from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bureau_factories import Bureau
from visit_bureau import unit, visit_bureau

from engine.app.execution.start.start_case import start_by_hand
from engine.app.people.directory import find_actor
from engine.app.session.new_case import NewCase
from engine.app.session.refused import CommandRefused
from engine.lifecycle.case import Case

ASKING = """
workflow: asking
title: 申请
about: none
initial: open
start: {by: [clerk, deputy], form: request}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true, open_children: leave}}
transitions: [{do: finish, title: 办结, from: open, to: closed}]
"""
REQUEST = """
form: request
title: 申请表
fields: [count: {title: 数量, type: integer, min: 1}]
"""
CHILD = """
workflow: child
title: 子件
about: none
initial: open
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true, open_children: leave}}
transitions: [{do: finish, title: 办结, from: open, to: closed}]
"""
GIVER = """
workflow: giver
title: 派件
about: none
initial: open
start: {by: clerk}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true, open_children: leave}}
transitions: [{do: finish, title: 办结, from: open, to: closed, then: [{start: child, title: 子件}]}]
"""


def begun(
    bureau: Bureau, workflow: str, person: str, given: Mapping[str, Any] | None = None, **new: Any
) -> Case:
    with unit(bureau) as uow:
        process = uow.services.definitions.latest(uow.transaction, workflow)
        actor = find_actor(uow.transaction, person)
        assert process is not None
        assert actor is not None
        return start_by_hand(uow, process, actor, NewCase(**{"title": "甲件", **new}), given)


def test_a_case_is_of_the_section_of_who_starts_it() -> None:
    bureau = visit_bureau(REQUEST, ASKING)
    case = begun(bureau, "asking", "anna", {"count": 2}, subject={"id": "E1"}, fields={"f": 1})
    assert (case.id, case.section, case.title, case.subject) == ("asking-1", "north", "甲件", {"id": "E1"})
    assert (case.forms, bureau.events(case.id)[0].actor) == ({"request": {"count": 2}}, "anna")
    assert begun(bureau, "asking", "dora", {"count": 1}, section="south").section == "south"
    # What nobody sees is no part of a title.
    assert begun(bureau, "asking", "anna", {"count": 1}, title="\u3000甲\u200b件\ufeff ").title == "甲件"


@pytest.mark.parametrize(
    ("workflow", "person", "given", "new", "sentences"),
    [
        ("child", "anna", None, {}, ["流程《子件》由其他流程启动，不能手工启动"]),
        ("visit", "carl", None, {}, ["启动《检查》由经办人办理"]),
        ("visit", "anna", None, {"title": " \u3164\u200b"}, ["案件名称里没有看得见的字"]),
        ("visit", "anna", None, {"section": "south"}, ["“anna”属于北片股，不能为南片股启动《检查》"]),
        ("visit", "anna", {"a": 1}, {}, ["《检查》启动时没有表单，不应提交表单内容"]),
        (
            "asking",
            "carl",
            None,
            {},
            ["启动《申请》由经办人、分管领导办理", "须填写《申请表》（request）"],
        ),
    ],
)
def test_every_reason_is_told(
    workflow: str, person: str, given: Mapping[str, Any] | None, new: dict[str, Any], sentences: list[str]
) -> None:
    bureau = visit_bureau(REQUEST, ASKING, CHILD, GIVER)
    with pytest.raises(CommandRefused) as refused:
        begun(bureau, workflow, person, given, **new)
    assert [str(reason.message) for reason in refused.value.refusal.reasons] == sentences
    assert bureau.cases(workflow) == []


def test_wrong_answers_are_refused() -> None:
    bureau = visit_bureau(REQUEST, ASKING)
    with pytest.raises(CommandRefused) as refused:
        begun(bureau, "asking", "anna", {"count": 0})
    assert [reason.field for reason in refused.value.refusal.reasons] == ["count"]


def test_a_case_begins_with_what_its_start_sets_and_knows_who_opened_it() -> None:
    asking = ASKING.replace(
        "form: request}",
        "form: request, then: [{set: {n: = form.count * 2}}, {set: {n: 0}, when: form.count > 5},"
        ' {assign: {team: "= [actor.id]"}}]}',
    ).replace("states:", "parties: {team: 小组}\nfields: [n: {title: 数, type: integer}]\nstates:", 1)
    bureau = visit_bureau(REQUEST, asking)
    case = begun(bureau, "asking", "anna", {"count": 2})
    assert (case.fields, case.parties, case.opened_by) == ({"n": 4}, {"team": ("anna",)}, "anna")
    body = bureau.events(case.id)[0].body
    assert (body["fields"], list(body["parties"]["team"])) == ({"n": 4}, ["anna"])
    assert begun(bureau, "asking", "anna", {"count": 6}).fields == {"n": 0}


BELOW = """
workflow: complaint
title: 异议
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
fields:
  - total: {title: 数量, type: integer}
  - secret: {title: 内部, type: date}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: closed
    then: [{withdraw: result, above: true}, {publish: result, above: true}]
"""


def test_a_case_below_another_has_what_both_have_in_common() -> None:
    bureau = visit_bureau(BELOW)
    subject = {"id": "E1", "name": "示例企业"}
    fields = {"total": 3, "secret": "内部"}
    above = bureau.start("plan", subject=subject, fields=fields, parties={"inspectors": ("anna", "carl")})
    case = begun(bureau, "complaint", "anna", parent=above)
    assert (case.parent, case.section, dict(case.subject)) == (above, "north", subject)
    # A field of another type is not the same field.
    assert dict(case.fields) == {"total": 3}
    assert dict(case.parties) == {"inspectors": ("anna", "carl")}
    own = begun(bureau, "complaint", "anna", parent=above, subject={"id": "E2"}, fields={"total": 5})
    assert (dict(own.subject), dict(own.fields)) == ({"id": "E2"}, {"total": 5})


def test_what_changes_the_publication_of_the_case_above_needs_one() -> None:
    with pytest.raises(CommandRefused) as refused:
        begun(visit_bureau(BELOW), "complaint", "anna")
    (reason,) = refused.value.refusal.reasons
    assert "请写明在哪一件下" in str(reason.message)
