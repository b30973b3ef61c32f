"""Steps after which an automatic one leads straight back, for what it asks has not changed."""

from __future__ import annotations

import pytest
from definition_examples import lines_of, load_example

from engine.definition.rules.engine_loop import RULE
from engine.yamltext.problem import Severity

WORDS = """\
start: {by: clerk, form: onsite_check}
initial: first
fields:
  - urgent: {title: 紧急, boolean}
  - seen: {title: 已看, boolean}
states:
  first: {title: 初办, for: clerk, no deadline: 试}
  open: {title: 待录入, for: clerk, no deadline: 试}
  after: {title: 待补办, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 开始, from: first, to: open, then: [{set: {urgent: true}}]}
  - {do: enter, title: 录入, from: open, to: done}
  - {do: send, title: 先补办, from: open, to: after, automatic, when: WHEN}
  - {do: make_up, title: 补办, from: after, to: BACK}
"""
PLAIN = "case.urgent == true"

#: What is put in -> whether it is named.
CASES: dict[str, tuple[dict[str, str], bool]] = {
    "for_ever": ({}, True),
    "two_facts": ({"WHEN": "case.urgent == true and empty(case.seen)"}, True),
    "written_by_the_step": ({"BACK": "open, then: [{set: {urgent: false}}]"}, False),
    "what_it_asks_for": ({"WHEN": f"{PLAIN} and empty(case.seen)", "BACK": "open, then: [{set: {seen: true}}]"}, False),
    "another_fact_written": ({"BACK": "open, then: [{set: {seen: true}}]"}, True),
    "leads_on": ({"BACK": "done"}, False),
    "by_the_day": ({"WHEN": f"{PLAIN} and today > case.opened_on"}, False),
    "by_children": ({"WHEN": f"{PLAIN} and children.follow_up.total == 0"}, False),
    "a_form_filled_in": ({"WHEN": "empty(forms.onsite_check.staff)", "BACK": "open, form: onsite_check"}, False),
    "a_step_between_writes": (
        {"BACK": "open}\n  - {do: note, title: 记下, from: after, then: [{set: {urgent: false}}]"},
        False,
    ),
    "another_way_out": ({"BACK": "open}\n  - {do: stop, title: 停办, from: after, to: done"}, True),
    "come_to_otherwise": (
        {"BACK": "open}\n  - {do: stop, title: 停办, from: after, to: done}\n  - {do: ask, title: 请补, from: first, to: after"},
        False,
    ),
    "come_to_otherwise_and_no_way_out": (
        {"BACK": "open}\n  - {do: ask, title: 请补, from: first, to: after"},
        True,
    ),
    "over_a_state_without_a_stop": (
        {"BACK": "mid}\n  - {do: on, title: 转, from: mid, to: open, automatic", "  done:": "  mid: {title: 转手}\n  done:"},
        True,
    ),
    "another_is_first": (
        {"  - {do: send,": "  - {do: end, title: 已看, from: open, to: done, automatic, when: case.seen == true}\n  - {do: send,", "BACK": "open, then: [{set: {seen: true}}]"},
        False,
    ),
}  # fmt: skip


def blocks(changes: dict[str, str]) -> str:
    """Return the workflow with changes put in."""
    found = WORDS
    for old, new in {"WHEN": PLAIN, "BACK": "open", **changes}.items():
        assert old in found
        found = found.replace(old, new)
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_step_that_comes_to_nothing(name: str) -> None:
    changes, named = CASES[name]
    text = blocks(changes)
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "do: send" in one)
    assert lines_of(RULE.id, text) == ([line] if named else [])


@pytest.mark.parametrize(
    ("name", "severity"), [("for_ever", Severity.ERROR), ("another_way_out", Severity.WARNING)]
)
def test_only_what_never_ends_is_an_error(name: str, severity: Severity) -> None:
    changes, _ = CASES[name]
    found = [one for one in load_example(blocks(changes)).problems if one.rule == RULE.id]
    assert [one.severity for one in found] == [severity]
    assert "补办" in str(found[0].message)
    assert "待补办" in str(found[0].message)
