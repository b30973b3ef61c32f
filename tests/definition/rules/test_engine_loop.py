"""Steps of the engine that come after a time lead somewhere."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.engine_loop import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "round": (
        """\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲}
  b: {title: 乙}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: begin, title: 开始, from: open, to: a}
  - {do: forth, title: 过去, from: a, to: b, after: 1 days}
  - {do: back, title: 回来, from: b, to: a, after: 1 days}
""",
        [9],
    ),
    "counted": (
        """\
fields:
  - n: {title: 次数, integer}
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲}
  b: {title: 乙}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: begin, title: 开始, from: open, to: a, then: [{set: {n: 1}}]}
  - {do: forth, title: 过去, from: a, to: b, after: 1 days, then: [{set: {n: = case.n + 1}}]}
  - {do: back, title: 回来, from: b, to: a, after: 1 days, when: case.n < 3}
  - {do: over, title: 办结, from: b, to: done, automatic, when: case.n >= 3}
""",
        [],
    ),
    "on": (
        """\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲}
  b: {title: 乙}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: begin, title: 开始, from: open, to: a}
  - {do: forth, title: 过去, from: a, to: b, after: 1 days}
  - {do: back, title: 回来, from: b, to: done, after: 1 days}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines
