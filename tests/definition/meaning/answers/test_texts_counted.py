"""The counts of a bureau compare a field with texts that are written into it."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FILE, FILES, workflow_text

from engine.definition.library import load_files
from engine.definition.meaning.answers.texts_counted import never_written

CASE = """\
fields:
  - outcome: {title: 结果}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: drop, title: 撤销, from: open, to: done, then: [{set: {outcome: dropped}}]}
  - {do: finish, title: 办结, from: open, to: done, then: [{set: {outcome: visited}}]}
"""

#: What a bureau counts -> whether a text in it is named.
COUNTS = {
    "measures: {share: {title: 率, part: {where: case.outcome == 'visited'}, whole: {cases: demo}}}": False,
    "measures: {share: {title: 率, part: {where: case.outcome == 'visitd'}, whole: {cases: demo}}}": True,
    "measures: {share: {title: 率, part: {where: case.state == 'done'}, whole: {cases: demo, where: case.outcome != 'droped'}}}": True,
    "measures: {share: {title: 率, part: {where: case.outcome == 'droped'}, whole: {cases: demo, where: case.state == 'done'}}}": True,
    "measures: {share: {title: 率, part: {cases: demo, where: case.state == 'done' and case.outcome == 'droped'}, whole: {cases: demo}}}": True,
    "supervision: {few: {title: 少, cases: demo, where: \"case.outcome in ['visited', 'drop']\"}}": True,
    "supervision: {few: {title: 少, cases: demo, where: \"case.outcome in ['visited', 'dropped']\"}}": False,
    # Of whatever workflow it is not known what is written.
    "supervision: {few: {title: 少, cases: any, where: case.outcome == 'drop'}}": False,
    "statistics: {all: {title: 件, cases: demo, groups: {section: {title: 股室, value: case.section}}, columns: {done: {title: 办结, where: case.outcome == 'visit'}}}}": True,
    "statistics: {all: {title: 件, cases: demo, groups: {section: {title: 股室, value: case.section}}, columns: {done: {title: 办结, where: case.outcome == 'visited'}}}}": False,
}  # fmt: skip


@pytest.mark.parametrize("counted", COUNTS)
def test_a_text_nobody_writes_is_named(counted: str) -> None:
    files = {FILE: workflow_text(CASE), **FILES, "bureau.yaml": f"{BUREAU}{counted}\n"}
    found = [one for one in load_files(files).problems if one.rule == "unknown-choice"]
    last = len(files["bureau.yaml"].splitlines())
    assert [(one.file, one.line) for one in found] == ([("bureau.yaml", last)] if COUNTS[counted] else [])
    assert all(one.hint is not None for one in found)


def test_nothing_is_said_of_workflows_that_were_not_judged() -> None:
    assert list(never_written((), {}, {})) == []
