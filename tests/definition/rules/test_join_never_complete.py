"""What is waited for, or looked at, is started by the workflow itself."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.join_never_complete import RULE


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("children.parent.total == 0", True),
        ("some(children.parent, it.state == 'open')", True),
        ("children.follow_up.total == 1", False),
    ],
)
def test_which_look_at_child_cases_is_named(condition: str, named: bool) -> None:
    text = f"""\
states:
  open: {{title: 待办, for: clerk}}
  waiting: {{title: 等待, for: clerk}}
  done: {{title: 办结, final: true, open_children: leave}}
transitions:
  - {{do: begin, title: 启动, from: open, to: waiting, then: [{{start: follow_up, parties: {{handlers: "= [actor.id]"}}}}]}}
  - do: finish
    title: 办结
    from: waiting
    to: done
    require:
      - {{that: "{condition}", else: 不符合, basis: 条例 第一条}}
"""
    assert lines_of(RULE.id, text) == ([12] if named else [])
