"""What another version would have decided of a case: one difference at a time, and none where nothing differs."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau

from engine.app.definitions.case_replay import moments_of
from engine.definition.library import load_files
from engine.lifecycle.command import Actor
from engine.lifecycle.migration.decided_by_other import (
    OtherDecisions,
    OtherVersion,
    decided_by_other,
    unsigned,
)
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.process import Process

FORM = """
form: visit_report
title: 检查表
fields:
  - found: {title: 发现, type: choice, choices: {ok: 正常, bad: 有问题}}
  - count: {title: 人数, type: integer, min: 0, max: 900}
  - double: {title: 两倍, type: integer, computed: form.count * 2}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days}
  writing: {title: 待录入, for: clerk, deadline: 10 working days}
  closed: {title: 已办结, final: true}
transitions:
  - {do: report, title: 报告, from: open, to: writing, form: visit_report}
  - {do: finish, title: 办结, from: writing, to: closed}
"""


def office() -> Bureau:
    """Return a bureau with one visit, which was reported on after a week and closed after another day."""
    found = Bureau(FORM, VISIT)
    found.start("visit")
    found.at("2024-09-09")
    found.take("visit-1", "report", answers={"found": "bad", "count": 12})
    found.at("2024-09-10")
    found.take("visit-1", "finish")
    return found


def tried(bureau: Bureau, flow: str, form: str = FORM, renames: RenameMap | None = None) -> OtherDecisions:
    """Return what other texts would have decided of the visit."""
    loaded = load_files(
        {**bureau.texts, "workflow.visit.yaml": flow.lstrip(), "form.visit_report.yaml": form.lstrip()}
    )
    assert not [one for one in loaded.problems if one.severity == "error"], loaded.problems
    assert loaded.bureau is not None
    with bureau.look() as transaction:
        definitions = bureau.application.definitions
        new = Process(loaded.workflows["visit"], loaded.bureau, definitions.time, 2)
        trial = OtherVersion(
            old_of=lambda version: definitions.get(transaction, "visit", version),
            new=new,
            renames=renames or RenameMap(),
            unsigned_of=unsigned,
            actor_of=lambda person: Actor(person, "north", frozenset({"clerk"})),
        )
        case = transaction.cases.get("visit-1")
        assert case is not None
        return decided_by_other(trial, moments_of(transaction, case))


def said(found: OtherDecisions) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.step, str(one.sentence)) for one in found.found]


def test_the_same_text_decides_the_same() -> None:
    found = tried(office(), VISIT)
    assert (said(found), found.compared, found.unknown) == ([], 2, 0)


AUTOMATIC = (
    "  - {do: skip, title: 免录入, from: writing, to: closed, automatic: true, when: form.count > 10}\n"
)
#: What is written otherwise -> what would have been otherwise.
CHANGES: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    (
        "flow",
        "20 working days",
        "3 working days",
        [
            ("deadline", "启动", "时限“待检查”到 2024-09-05，当时到 2024-09-30"),
            ("late", "报告", "时限“待检查”到 2024-09-05 为止，办理时已逾期"),
        ],
    ),
    (
        "flow",
        "to: writing, form: visit_report}",
        "to: [{closed: form.count > 10}, {else: writing}], form: visit_report}",
        [
            ("outcome", "报告", "转入“已办结”，当时转入“待录入”"),
        ],
    ),
    (
        "flow",
        "to: writing, form: visit_report}",
        "to: writing, form: visit_report, require: [{that: form.count < 10, else: 十人以上的由局里查}]}",
        [
            ("refused", "报告", "十人以上的由局里查"),
        ],
    ),
    (
        "flow",
        "to: writing, form: visit_report}",
        "to: writing, form: visit_report, by: chief}",
        [
            ("refused", "报告", "“anna”不能办理“报告”：该步骤由北片股的股室负责人办理"),
        ],
    ),
    (
        "form",
        "  - double:",
        "  - phone: {title: 联系电话}\n  - double:",
        [
            ("question", "报告", "“联系电话”必须填写"),
        ],
    ),
    ("form", "max: 900", "max: 10", [("refused", "报告", "“人数”不得多于 10，实为 12")]),
]


@pytest.mark.parametrize(("where", "before", "after", "expected"), CHANGES)
def test_each_difference_is_named_with_its_step(
    where: str, before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    flow, form = (
        (VISIT.replace(before, after), FORM) if where == "flow" else (VISIT, FORM.replace(before, after))
    )
    assert (flow, form) != (VISIT, FORM)
    found = tried(office(), flow, form)
    assert said(found) == expected
    assert found.unknown == 0


def test_a_step_the_engine_would_have_taken_is_named() -> None:
    flow = VISIT.rstrip() + "\n" + AUTOMATIC.replace("form.count", "forms.visit_report.count")
    assert said(tried(office(), flow)) == [("by_itself", "免录入", "系统自行办理“免录入”，转入“已办结”")]
    # One it would not have taken is not.
    assert said(tried(office(), flow.replace("> 10", "> 20"))) == []


def test_what_is_renamed_decides_the_same() -> None:
    flow = VISIT.replace("writing", "recording")
    form = FORM.replace("count", "staff")
    renames = RenameMap(states={"writing": "recording"}, fields={"visit_report.count": "staff"})
    assert said(tried(office(), flow, form, renames)) == []
    # Without the names the state is another one.
    assert [one[0] for one in said(tried(office(), flow))] == ["outcome", "refused"]


def test_what_the_history_does_not_have_is_not_guessed() -> None:
    flow = VISIT.replace(
        "from: writing, to: closed}",
        "from: writing, to: closed, require: [{that: registers.objects.rows > 99999, else: 名录太小}]}",
    )
    found = tried(office(), flow)
    assert (said(found), found.compared, found.unknown) == ([], 1, 1)


def test_steps_both_versions_say_the_same_of_are_decided_the_same() -> None:
    guarded = VISIT.replace(
        "from: writing, to: closed}",
        "from: writing, to: closed, require: [{that: registers.objects.rows >= 0, else: 名录太小}]}",
    )
    bureau = Bureau(FORM, guarded)
    bureau.start("visit")
    bureau.take("visit-1", "report", answers={"found": "bad", "count": 12})
    bureau.take("visit-1", "finish")
    found = tried(bureau, guarded)
    assert (said(found), found.compared, found.unknown) == ([], 2, 0)


def test_a_step_that_several_sign_is_taken_by_the_last_and_says_who_would_sign() -> None:
    signed = VISIT.replace(
        "from: writing, to: closed}", "from: writing, to: closed, sign: {by: [clerk, chief], mode: all}}"
    )
    found = tried(office(), signed)
    assert said(found) == [("refused", "办结", "由谁会签不同")]
