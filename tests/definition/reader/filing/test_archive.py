"""``archive`` of a workflow: what the file holds, and what of it cannot be."""

from __future__ import annotations

import pytest

from engine.definition.library import load_files

FORM = "form: visit\ntitle: 表\nfields:\n  - signed_by: {title: 签字, type: persons}\n  - done: {title: 已办, type: boolean}\n"
FLOW = """workflow: small
title: 示例
about: none
initial: open
parties: {team: 组}
fields:
  - decided_on: {title: 决定日期, type: date}
states:
  open: {title: 待办, for: clerk, no deadline: 示例}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: clerk, form: visit, then: [{archive: case}]}
archive:
"""
BUREAU = (
    "bureau: b\ntitle: 局\ntimezone: Asia/Shanghai\nnotify_at: '09:00'\n"
    "roles:\n  clerk: {title: 经办, scope: bureau}\nsections: {one: 一股}\n"
)


def load(archive: str):
    """Load a workflow with a rule of filing."""
    return load_files({"bureau.yaml": BUREAU, "visit.yaml": FORM, "small.yaml": FLOW + archive})


def test_pieces_stand_in_the_order_they_are_written_in() -> None:
    loaded = load(
        "  contents:\n    - {paper: notice, title: 甲, becomes: served, copy: true}\n"
        "    - {form: visit, title: 乙, signed: signed_by, party: team, when: filled(case.decided_on)}\n"
        "    - {publish: result, title: 丙}\n    - {children: other, title: 丁}\n"
        "  retention: {keep: 10 years, since: case.decided_on, notice: 3 months}\n"
    )
    assert not [str(problem) for problem in loaded.problems if problem.severity.value == "error"]
    rule = loaded.workflows["small"].archive
    assert rule is not None
    assert [(one.paper, one.form, one.publication, one.children) for one in rule.contents] == [
        ("notice", None, None, None),
        (None, "visit", None, None),
        (None, None, "result", None),
        (None, None, None, "other"),
    ]
    assert (rule.contents[0].becomes, rule.contents[0].copy, rule.contents[1].party) == (
        "served",
        True,
        "team",
    )
    assert str(rule.retention.keep) == str(rule.retention.keep)
    assert rule.retention.since is not None
    # A bureau that does without a workflow may keep what it says of it.
    assert [one.severity.value for one in loaded.problems if one.rule == "unknown-workflow"] == ["warning"]


@pytest.mark.parametrize(
    "wrong",
    [
        "  contents: [{title: 甲}]\n",
        "  contents: [{title: 甲, paper: a, form: visit}]\n",
        "  contents: [{title: 甲, form: other}]\n",
        "  contents: [{title: 甲, form: visit, field: sign}]\n",
        "  contents: [{title: 甲, form: visit, signed: signed_by, party: others}]\n",
        "  contents: [{title: 甲, paper: a, becomes: lost}]\n",
        "  contents: [{title: 甲, form: visit, signed: done}]\n",
        "  retention: {keep: some time}\n",
        "  retention: {keep: 2 years, notice: 24 months}\n",
        "  contents: [{title: 甲, paper: a, when: case.nothing}]\n",
    ],
)
def test_what_cannot_be_is_reported(wrong: str) -> None:
    loaded = load(wrong)
    assert [one for one in loaded.problems if one.file == "small.yaml" and one.severity.value == "error"]
