"""Differences between two versions of a workflow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from walk_factories import process_of

from engine.authoring.diff import DefinitionChange, Sort, compare
from engine.lifecycle.model.workflow import Workflow

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组}
fields:
  - risk: {title: 风险}
states:
  open: {title: 待检查, for: team}
  review: {title: 待审核, for: chief}
  done: {title: 办结, final: true}
clocks:
  visit_due: {title: 时限, during: open, deadline: 10 days}
  after_due: {title: 其后, during: open, deadline: 3 days after visit_due}
transitions:
  - {do: report, title: 上报, from: open, to: review, form: sheet}
  - {do: close, title: 办结, from: review, to: done, when: case.risk == 'low', then: [{archive: case}]}
  - {do: close, title: 移送, from: review, to: done}
  - {do: lapse, title: 到期, from: open, to: done, after: 30 days}
"""
SHEET = "form: sheet\ntitle: 记录\nfields:\n  - n: {title: 数量, type: integer, optional: true}\n"


def version(*changes: tuple[str, str], sheet: str = SHEET) -> Workflow:
    text = FLOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return process_of(text, sheet).workflow


OLD = version()


def said(*changes: tuple[str, str], sheet: str = SHEET) -> list[str]:
    return [str(change.sentence) for change in compare(OLD, version(*changes, sheet=sheet))]


def test_a_version_differs_in_nothing_from_itself_wherever_its_lines_stand() -> None:
    assert compare(OLD, OLD) == ()
    assert compare(OLD, version(("states:\n", "\n\nstates:\n"))) == ()


def test_parts_that_came_and_went() -> None:
    new = version(("parties: {team: 检查组}", "parties: {team: 检查组, experts: 专家}"))
    (added,) = compare(OLD, new)
    assert added == DefinitionChange("parties", "experts", Sort.ADDED)
    (removed,) = compare(new, OLD)
    assert (removed.sort, str(removed.sentence)) == (Sort.REMOVED, "删去参与人“experts”")
    assert str(added.sentence) == "新增参与人“experts”"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title: 检查\n", "title: 走访\n", "改动流程“visit”：名称（title）“检查” → “走访”"),
        ("{by: clerk}", "{by: [clerk, chief]}", "改动流程“visit”：启动（start）“clerk” → “clerk、chief”"),
        ("title: 待审核", "title: 待复核", "改动环节“review”：名称（title）“待审核” → “待复核”"),
        ("for: chief", "for: deputy", "改动环节“review”：由谁办（for）“chief” → “deputy”"),
        ("10 days", "15 working days", "改动时限“visit_due”：时限（deadline）10 日 → 15 个工作日"),
        ("10 days", "by 10-31", "改动时限“visit_due”：时限（deadline）10 日 → 10 月 31 日前"),
        (
            "3 days after visit_due",
            "2 days before visit_due",
            "改动时限“after_due”：时限（deadline）“visit_due”后 3 日 → “visit_due”前 2 日",
        ),
        ("after: 30 days", "after: 31 days", "改动办理“lapse（open）”：之后（after）30 日 → 31 日"),
        (
            "title: 上报,",
            "title: 上报, reason: true,",
            "改动办理“report（open）”：说明理由（reason）否 → 是",
        ),
        (
            "title: 时限, during: open",
            "title: 时限, during: [review, open]",
            "改动时限“visit_due”：期间（during）“open” → “open、review”",
        ),
        (
            "deadline: 10 days",
            "deadline: 10 days, basis: 某法",
            "改动时限“visit_due”：依据（basis）（无） → “某法”",
        ),
        # What is too long for a line is named only.
        (
            "title: 上报,",
            "title: 上报, warn: [{that: filled(form.n), else: 没填}],",
            "改动办理“report（open）”：提示（warn）",
        ),
    ],
)
def test_what_changed_in_words(old: str, new: str, sentence: str) -> None:
    assert said((old, new)) == [sentence]


def test_a_form_and_the_keys_that_differ() -> None:
    (change,) = compare(OLD, version(sheet=SHEET.replace("数量", "件数").replace("记录", "记录表")))
    assert (change.part, change.id, change.sort, change.keys) == (
        "forms",
        "sheet",
        Sort.CHANGED,
        ("title", "fields"),
    )
    assert change.values[1] is None


def lines(*changes: tuple[str, str], sheet: str = SHEET) -> list[str]:
    (change,) = compare(OLD, version(*changes, sheet=sheet))
    return [str(one) for one in change.details]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("数量, type: integer, optional: true", "件数, type: integer, help: 实有",
         "字段 “件数”（n）：名称（title）“数量” → “件数”、必填（required）否 → 是、说明（help）（无） → “实有”"),
        ("- n: {", "- m: {", "字段 “数量” 改名：“n” → “m”"),
        ("type: integer", "type: decimal", "字段 “数量”（n）：类型（type）“integer” → “decimal”"),
        ("type: integer, optional: true}", "type: integer, optional: true}\n  - more: {title: 其他}", "字段加上 “其他”（more）"),
    ],
)  # fmt: skip
def test_what_changed_in_a_field(old: str, new: str, expected: str) -> None:
    assert old in SHEET
    assert lines(sheet=SHEET.replace(old, new)) == [expected]


def test_what_changed_in_the_codes_and_the_columns_of_a_field() -> None:
    choices = SHEET.replace("type: integer", "choices: {a: 甲, b: 乙}")
    old = version(sheet=choices)
    (change,) = compare(old, version(sheet=choices.replace("b: 乙", "b: 丙, c: 丁")))
    assert [str(one) for one in change.details] == [
        "字段 “数量”（n）：选项（choices）",
        "    选项 “b”：“乙” → “丙”",
        "    选项加上 “c”",
    ]


def test_what_changed_in_a_step_of_several_of_one_id_in_an_effect_and_in_a_party() -> None:
    assert lines(("title: 移送", "title: 转交")) == ["第 2 项“转交”：名称（title）“移送” → “转交”"]
    assert lines(("then: [{archive: case}]", "then: [{archive: case, when: case.risk == 'low'}]")) == [
        "第 1 项“办结”：然后（then）",
        "    然后 归档 “case”：“when”：（无） → “case.risk == 'low'”",
    ]
    assert lines(("{team: 检查组}", "{team: 检查小组}")) == ["“检查组” → “检查小组”"]


def test_a_step_a_state_and_a_field_under_another_name_are_renamed() -> None:
    assert said(("do: lapse", "do: expire")) == ["办理“lapse（open）”改名为“expire（open）”"]
    assert said(("  - risk: {title: 风险}\n", "  - risk: {title: 风险}\n  - more: {title: 其他}\n")) == [
        "新增字段“more”"
    ]


def test_what_a_workflow_says_beside_its_parts_is_compared_as_well() -> None:
    (sentence,) = said(("about: object\n", "about: object\neffective: 2026-01-01\n"))
    assert sentence.startswith("改动流程“visit”：")
    assert sentence.endswith("（无） → “2026-01-01”")


def test_a_step_that_comes_from_elsewhere_is_another_step() -> None:
    assert said(("from: open, to: review, form", "from: [open, review], to: review, form")) == [
        "新增办理“report（open、review）”",
        "删去办理“report（open）”",
    ]


def test_steps_of_one_id_are_compared_in_their_order() -> None:
    (change,) = compare(OLD, version(("title: 移送", "title: 转交")))
    assert (change.part, change.id, change.sort, change.keys) == (
        "transitions", "close（review）", Sort.CHANGED, (),
    )  # fmt: skip
    assert str(change.sentence) == "改动办理“close（review）”"
    (renamed,) = compare(OLD, version(("{team: 检查组}", "{team: 检查小组}")))
    assert (renamed.part, renamed.id, renamed.sort) == ("parties", "team", Sort.CHANGED)
    assert str(renamed.sentence) == "改动参与人“team”"


def test_every_kind_of_part_is_looked_at() -> None:
    bare = replace(OLD, states={}, transitions=(), clocks={}, parties={}, fields={}, forms={})
    assert {change.part for change in compare(OLD, bare)} == {
        "states", "transitions", "clocks", "parties", "fields", "forms",
    }  # fmt: skip
    assert {change.sort for change in compare(bare, OLD)} == {Sort.ADDED}


def test_what_is_gone_from_a_list_and_what_has_come() -> None:
    warned = ("title: 上报,", "title: 上报, warn: [{that: filled(form.n), else: 没填}],")
    (change,) = compare(OLD, version(warned))
    assert [str(detail) for detail in change.details] == ["提示加上 要求“filled(form.n)”，否则“没填”"]


def test_a_state_of_another_id_is_renamed_and_its_steps_stay() -> None:
    changes = compare(OLD, version(("open", "begun")))
    assert [str(change.sentence) for change in changes if change.part in ("states", "transitions")] == [
        "环节“open”改名为“begun”"
    ]
