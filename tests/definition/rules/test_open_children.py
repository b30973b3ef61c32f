"""A case ends only when it is said what becomes of its open children."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.library import load_files
from engine.definition.rules.open_children import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "not_said": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [7],
    ),
    "left": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [],
    ),
    "refused": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true, open_children: refuse}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
        [],
    ),
    "ended in two ways": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - do: finish
    title: 办结
    from: waiting
    to: done
    then:
      - {end: follow_up, where: it.state == 'doing', to: closed, because: 不再需要}
      - {end: follow_up, where: it.state != 'doing', to: closed, because: 另有安排}
""",
        [],
    ),
    "ended in two other ways": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - do: finish
    title: 办结
    from: waiting
    to: done
    then:
      - {end: follow_up, where: it.title == '甲', to: closed, because: 不再需要}
      - {end: follow_up, where: not (it.title == '甲'), to: closed, because: 另有安排}
""",
        [],
    ),
    "ended in part": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - do: finish
    title: 办结
    from: waiting
    to: done
    then:
      - {end: follow_up, where: it.state == 'doing', to: closed, because: 不再需要}
      - {end: follow_up, where: it.title == '甲', to: closed, because: 另有安排}
""",
        [10],
    ),
    "ended": (
        """\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, then: [{end: follow_up, to: closed, because: 不再需要}]}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines


BUREAU_ONLY = (
    "bureau: b\ntitle: 单位\ntimezone: Asia/Shanghai\nroles: {clerk: {title: 经办人, scope: bureau}}\n"
)
CHAIN = """\
workflow: %s
title: %s
about: none
initial: a
start: {by: clerk}
states:
  a: {title: 甲, for: clerk, no deadline: 无, steps: {go: {title: 派, to: b%s}}}
  b: {title: 乙, for: clerk, no deadline: 无, steps: {fin: {title: 毕, to: done%s}}}
  done: {title: 毕, final%s}
"""


@pytest.mark.parametrize(("left", "said"), [("", True), (", open_children: leave", False)])
def test_a_child_that_has_open_children_itself_stands_in_the_way_of_its_end(left: str, said: bool) -> None:
    texts = {
        "aa": CHAIN
        % ("aa", "上", ", then: [{start: bb}]", ", then: [{end: bb, to: done, because: 不必了}]", ""),
        "bb": CHAIN % ("bb", "中", ", then: [{start: cc}]", ", join: {cc: done}", left),
        "cc": CHAIN % ("cc", "下", "", "", ""),
    }
    loaded = load_files(
        {"bureau.yaml": BUREAU_ONLY, **{f"{name}.yaml": text for name, text in texts.items()}}
    )
    found = [(one.file, one.line, one.severity) for one in loaded.problems if one.rule == RULE.id]
    assert found == ([("aa.yaml", 8, "warning")] if said else [])


@pytest.mark.parametrize(
    ("end", "start", "said"),
    [
        ("refuse", "start: bb", True),
        ("leave", "start: bb", False),
        # It may be started or not: a person sees which.
        ("refuse", "start: bb, when: case.title != ''", False),
    ],
)
def test_a_step_into_an_end_that_refuses_open_children_starts_none(end: str, start: str, said: bool) -> None:
    texts = {
        "aa": CHAIN % ("aa", "上", "", f", then: [{{{start}}}]", f", open_children: {end}"),
        "bb": CHAIN % ("bb", "下", "", "", ""),
    }
    loaded = load_files(
        {"bureau.yaml": BUREAU_ONLY, **{f"{name}.yaml": text for name, text in texts.items()}}
    )
    found = [(one.file, one.line, one.severity) for one in loaded.problems if one.rule == RULE.id]
    assert found == ([("aa.yaml", 8, "warning")] if said else [])
