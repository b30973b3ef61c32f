"""A step is held against the people it is for, and each starter's cases against what they bring."""

from __future__ import annotations

import pytest
from definition_examples import FILE, FILES, PARENT, lines_of, workflow_text

from engine.definition.library import load_files
from engine.definition.rules.never_for_some import RULE

STEP = """\
parties: {handlers: 承办人}
states:
  open: {title: 待办, for: %s}
  done: {title: 办结, final}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require: [{that: "%s", else: 须由他人办理, basis: 条例 第一条}]
"""

#: Who a step is for, what it requires of them, and whether that is a fault.
PEOPLE: dict[str, tuple[str, str, bool]] = {
    "not_one_of_them": ("handlers", "actor.id not in collect(handlers, it.id)", True),
    "not_of_the_role": ("clerk", "'clerk' not in actor.roles", True),
    "one_of_them": ("handlers", "actor.id in collect(handlers, it.id)", False),
    "some_can": ("[handlers, clerk]", "actor.id not in collect(handlers, it.id)", False),
    "another_role": ("clerk", "'section_chief' in actor.roles", False),
    "not_who_started": ("clerk", "actor.id != case.opened_by", False),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_people_a_step_is_for(name: str) -> None:
    people, that, fault = PEOPLE[name]
    assert lines_of(RULE.id, STEP % (people, that)) == ([10] if fault else [])


CHILD = """\
workflow: follow_up
title: 后续处置
about: object
initial: doing
%s
fields:
  - copied: {title: 已抄送, type: boolean}
  - kind: {title: 种类, choices: {a: 甲, b: 乙}}
  - count: {title: 件数, type: integer}
parties: {handlers: 承办人}
states:
  doing: {title: 处置中, for: handlers, no deadline: 示例}
  closed: {title: 已办结, final}
transitions:
%s
"""
CLOSE = """\
  - do: close
    title: 办结
    from: doing
    to: closed
    require: [{that: "%s", else: 不能办结, basis: 条例 第一条}]
"""


def _starter(name: str, brought: str, more: str = "") -> str:
    return workflow_text(
        "states:\n  open: {title: 待办, for: clerk}\n  done: {title: 办结, final, open_children: leave}\n"
        "transitions:\n  - do: finish\n    title: 办结\n    from: open\n    to: done\n" + more +
        f'    then: [{{start: follow_up, parties: {{handlers: "= [actor.id]"}}, with: {brought}}}]\n'
    ).replace("workflow: demo", f"workflow: {name}").replace("示例流程", name)  # fmt: skip


def _found(child: str, *starters: str) -> list[str]:
    files = {**FILES, FILE: _starter("demo", starters[0]), "workflows/follow_up.yaml": child}
    for number, brought in enumerate(starters[1:]):
        files[f"workflows/other_{number}.yaml"] = _starter(f"other_{number}", brought)
    loaded = load_files(files)
    assert "follow_up" in loaded.workflows, [str(one.message) for one in loaded.problems]
    return [str(one.message) for one in loaded.problems if one.rule == RULE.id]


#: What is required, what each starter brings, and which of them never comes to the end.
STARTERS: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "one_of_two": ("case.copied == true", ("{copied: false}", "{copied: true}"), ["demo"]),
    "each_can": ("case.copied == true", ("{copied: true}", "{copied: true}"), []),
    "code": ("case.kind == 'a'", ("{kind: a}", "{kind: b}"), ["other_0"]),
    "number": ("case.count > 3", ("{count: 5}", "{count: 3}"), ["other_0"]),
    "both_at_once": ("case.kind == 'a' or case.copied", ("{kind: b, copied: true}", "{kind: b, copied: false}"), ["other_0"]),
    "only_starter": ("case.copied == true", ("{copied: false}",), ["demo"]),
    "not_known": ("case.count > 3", ("{count: = 5 + 1}", "{count: 4}"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", STARTERS)
def test_what_each_starter_brings(name: str) -> None:
    that, starters, stuck = STARTERS[name]
    found = _found(CHILD % ("", CLOSE % that), *starters)
    assert [next(one for one in stuck if f"“{one}”" in text) for text in found] == stuck


def test_another_way_to_the_end_is_no_fault() -> None:
    other = "  - {do: drop, title: 销案, from: doing, to: closed, when: not case.copied}\n"
    assert not _found(
        CHILD % ("", CLOSE % "case.copied == true" + other), "{copied: false}", "{copied: true}"
    )


def test_people_have_no_case_above() -> None:
    found = _found(CHILD % ("start: {by: clerk}", CLOSE % "filled(case.parent)"), "{copied: true}")
    assert len(found) == 1
    assert "由人启动的案件" in found[0]


def test_a_field_that_a_step_writes_is_not_known() -> None:
    copy = "  - {do: copy, title: 抄送, from: doing, then: [{set: {copied: true}}]}\n"
    assert not _found(CHILD % ("", CLOSE % "case.copied == true" + copy), "{copied: false}")


def test_a_case_the_engine_started_has_nobody_who_started_it() -> None:
    child = CHILD % ("", CLOSE % "actor.id == case.opened_by")
    by_engine = PARENT.replace("workflow: parent", "workflow: demo").replace(
        "from: open, to: done, then: [{start: follow_up}]",
        'from: open, to: done, after: 1 days, then: [{start: follow_up, parties: {handlers: "= [case.opened_by]"}}]',
    )  # fmt: skip
    loaded = load_files({**FILES, FILE: by_engine, "workflows/follow_up.yaml": child})
    found = [one for one in loaded.problems if one.rule == RULE.id]
    assert len(found) == 1, [str(one.message) for one in loaded.problems]
    assert "启动人是系统" in str(found[0].message)
    assert not _found(child, "{copied: true}")
