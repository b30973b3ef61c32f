"""What is served, withdrawn or filed is made by some step of the workflow."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.never_made import RULE

CASE = """\
states:
  open: {title: 待办, for: clerk}
  told: {title: 已公示, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: tell
    title: 公示
    from: open
    to: told
    then:
      - render: notice
      - publish: result
  - do: take_back
    title: 撤回
    from: told
    to: done
    then:
      - {paper: notice, becomes: served}
      - withdraw: result
archive:
  contents:
    - {paper: notice, title: 通知书}
    - {publish: result, title: 公示}
"""

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "made": (CASE, []),
    "nothing_printed": (CASE.replace("      - render: notice\n", ""), [17, 21]),
    # What is published for the case above may be withdrawn there, and is no piece of the own file.
    "published_for_the_case_above": (
        CASE.replace("publish: result\n      ", "").replace(
            "      - publish: result\n", "      - {publish: result, above: true}\n"
        ),
        [23],
    ),
    "something_else_published": (CASE.replace("publish: result\n", "publish: circular\n"), [19, 23]),
}

#: Ends cases below and files them; they are started, or not.
BELOW = """\
states:
  open: {title: 待办, for: clerk}
  told: {title: 已转, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - do: hand_on
    title: 转办
    from: open
    to: told
    then: [{start: follow_up}]
  - do: stop
    title: 终止
    from: told
    to: done
    then:
      - {end: follow_up, to: closed, because: 不再办}
archive:
  contents:
    - {children: follow_up, title: 后续处置}
"""
CASES |= {
    "started": (BELOW, []),
    "never_started": (BELOW.replace("start: follow_up", "notify: clerk, message: 转"), [16, 19]),
    "another_started": (BELOW.replace("start: follow_up", "start: demo"), [16, 19]),
    # Anybody who may start one by hand may start it below this case.
    "begun_by_hand": (
        BELOW.replace("start: follow_up", "start: demo")
        .replace("end: follow_up, to: closed", "end: demo, to: done")
        .replace("children: follow_up", "children: parent"),
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
