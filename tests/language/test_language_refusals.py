"""A refusal read in English holds no Chinese but the titles of the definition."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.definition.library import load_files
from engine.definition.rules import RULES
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.language.gathering import is_chinese
from engine.lifecycle.forms.answers import ROW_CHOICES

WRONG_WORKFLOW = """\
workflow: demo
titel: Demo
about: nothing
initial: opne
states:
  open: {title: Open, for: clerk, deadline: ten days, remind: [5 working days before]}
  done: {title: Done, final: true, for: clerk}
transitions:
  - {do: finish, title: Finish, from: open, to: dnoe, form: report, then: [{publsh: result}]}
  - {do: again, title: Again, from: open, to: done, require: [{that: form.count =< 3, else: too many}]}
"""

WRONG_FORM = """\
form: report
title: Report
fields:
  - count: {title: Count, type: integer, default: 3, optional: true}
  - kind: {title: Kind, type: choice, optional: true}
  - count: {title: Count, type: integre, optional: true}
"""


def test_the_problems_of_a_definition_in_english_are_wholly_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    problems = load_files({"demo.yaml": WRONG_WORKFLOW, "report.yaml": WRONG_FORM}).problems
    assert len(problems) > 8
    # Chinese keywords stand in brackets behind the English ones: either may be written.
    texts = [re.sub(r" \(\w+\)", "", str(problem.message)) for problem in problems]
    assert [text for text in texts if is_chinese(text)] == []
    assert any('did you mean "title"?' in str(problem.hint) for problem in problems)


def test_every_rule_is_explained_in_english() -> None:
    assert [rule.id for rule in RULES.values() if is_chinese(rule.text.render("en"))] == []


def test_a_refusal_is_shown_with_all_its_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    reasons = (
        RefusalReason("state", say("案件已办结（{state}）", state="Closed"), basis="Rule 7"),
        RefusalReason(
            "not-allowed",
            say(
                "“{actor}”不能办理“{step}”：该步骤由{who}办理",
                actor="anna",
                step="Finish",
                who=["Clerk", "Chief"],
            ),
            hint=say("请核对是否选错了文件"),
        ),
    )
    assert str(Refusal("case-1", "Finish", reasons)).splitlines() == [
        'cannot do "Finish":',
        "  - the case is closed (Closed) (basis: Rule 7)",
        '  - "anna" cannot take "Finish": it is for Clerk, Chief check that this is the right file',
    ]
    assert not is_chinese(str(Refusal(None, "Finish", (replace(reasons[0], basis=None),))))


def test_the_answers_of_a_check_row_are_its_codes_in_english() -> None:
    assert [choice.render("en") for choice in ROW_CHOICES] == ["pass", "fail", "n/a"]
