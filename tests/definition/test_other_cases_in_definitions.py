"""Words about other cases and about tasks side by side: what the check says of what cannot be meant."""

from __future__ import annotations

import pytest
from definition_examples import FILE, load_example

from engine.definition.library import load_files
from engine.yamltext.problem import Severity

FINAL = "  done: {title: 办结, final: true, open_children: leave}\n"
STATES = f"states:\n  open: {{title: 待办, for: clerk}}\n{FINAL}"
BEGIN = "  - {do: begin, title: 开始, from: open, then: [{start: follow_up}]}\n"


def errors(text: str) -> list[str]:
    return [
        f"{one.rule} {one.message}"
        for one in load_example(text).problems
        if one.file == FILE and one.severity is Severity.ERROR
    ]


def finish(more: str) -> str:
    return f"{STATES}transitions:\n{BEGIN}  - {{do: finish, title: 办结, from: open, to: done, {more}}}\n"


def side_by_side(branches: str, state: str = "") -> str:
    return (
        f"initial: asking\nstates:\n  asking:\n    title: 征求\n{state}    branches:\n{branches}{FINAL}"
        "transitions:\n  - {do: go_on, title: 够了, from: asking, to: done, automatic: true, when: branches.open == 0}\n"
    )


LAW = "      law: {title: 法制, for: clerk}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (finish("then: [{end: follow_up, to: closed}]"), "missing-argument “end”缺少“because”"),
        (finish("then: [{end: gone, to: closed, because: 不}]"), "unknown-workflow 没有流程“gone”"),
        (finish("then: [{end: follow_up, to: clsed, because: 不}]"), "unknown-state 流程“follow_up”没有环节“clsed”"),
        (finish("then: [{end: follow_up, to: doing, because: 不}]"), "open-children “doing”不是“follow_up”的终点"),
        (
            finish("then: [{end: follow_up, where: it.colour == 'red', to: closed, because: 不}]"),
            "unknown-name “it”里没有“colour”",
        ),
        (finish("when: children.follow_up.in.gone == 0"), "unknown-name “children.follow_up.in”里没有“gone”"),
        (finish('when: "sum(children.follow_up, it.risk_class) > 1"'), "type-mismatch 函数 sum 要数字"),
        (finish("when: parent.year == 1"), "unknown-name 没有“parent”这个名字"),
        (
            "states:\n  open: {title: 待办, for: clerk, open_children: leave}\n" + FINAL,
            "open-children open_children（未结子件）只写在终点",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk}\n  done: {title: 办结, final: true, open_children: keep}\n",
            "unknown-word 应为下列之一",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk}\n  room: {title: 室, for: clerk, lock: 室}\n" + FINAL
            + "transitions:\n  - {do: go, title: 进, from: open, to: room, after: 2 days}\n"
            "  - {do: finish, title: 办结, from: room, to: done}\n",
            "lock-out-of-place “进”到点就办",
        ),
        (side_by_side(LAW, "    for: clerk\n"), "wrong-shape 写了 branches（并行）的环节，由谁办写在各项里"),
        (side_by_side("      law: {title: 法制}\n"), "missing-key 缺少“for”"),
        (side_by_side("      law: {title: 法制, for: nobody}\n"), "unknown-role 没有角色或参与人“nobody”"),
        (side_by_side("      total: {title: 法制, for: clerk}\n"), "duplicate-name “total”已经有了"),
        (side_by_side("      go_on: {title: 法制, for: clerk}\n"), "duplicate-name “go_on”已经有了"),
        (side_by_side("      law: {title: 法制, for: clerk, form: gone}\n"), "unknown-form 没有表单“gone”"),
        (
            side_by_side("      law: {title: 法制, for: clerk, when: today >= '2024-01-01'}\n"),
            "unknown-name 没有“today”这个名字",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(text: str, problem: str) -> None:
    found = errors(text)
    assert any(one.startswith(problem) for one in found), found


@pytest.mark.parametrize(
    "more",
    [
        "when: children.follow_up.open == 0",
        "join: {workflow: follow_up, reached: closed}",
        "then: [{end: follow_up, to: closed, because: 不}]",
        "require: [{that: case.title != '' and children.follow_up.open == 0, else: 等, basis: 法}]",
    ],
)
def test_ways_to_the_end_without_open_children(more: str) -> None:
    assert errors(finish(more).replace(", open_children: leave", "")) == []


@pytest.mark.parametrize(
    "more",
    [
        "by: clerk",
        "when: children.follow_up.open == 1",
        "when: children.follow_up.open == 0 or case.title == ''",
        "then: [{end: follow_up, where: it.state == 'doing', to: closed, because: 不}]",
        "then: [{start: follow_up}, {end: follow_up, when: case.title == '', to: closed, because: 不}]",
    ],
)
def test_ways_to_the_end_on_which_children_may_be_open(more: str) -> None:
    found = errors(finish(more).replace(", open_children: leave", ""))
    assert [one.split(" ")[0] for one in found] == ["open-children"]


def test_what_a_parent_lets_its_children_read_has_a_type_there() -> None:
    parent = (
        "workflow: above\ntitle: 上级\nabout: none\ninitial: open\nstart: {by: clerk}\n"
        "fields: [limit: {title: 上限, type: integer, to_children: true}, inner: {title: 内部}]\n"
        f"{STATES}transitions:\n  - {{do: go, title: 开始, from: open, to: done, then: [{{start: below}}]}}\n"
    )
    below = (
        "workflow: below\ntitle: 下级\nabout: none\ninitial: open\n"
        "states:\n  open: {title: 待办, for: clerk}\n  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: finish, title: 办结, from: open, to: done, require: [{that: THAT, else: 超, basis: 法}]}\n"
    )
    bureau = 'bureau: b\ntitle: 单位\ntimezone: Asia/Shanghai\nnotify_at: "09:00"\nsections: {a: 甲}\nroles: {clerk: {title: 员, scope: bureau}}\n'

    def said(that: str) -> list[str]:
        files = {"bureau.yaml": bureau, "above.yaml": parent, "below.yaml": below.replace("THAT", that)}
        return [str(one.rule) for one in load_files(files).problems if one.severity is Severity.ERROR]

    assert said("parent.limit >= 5") == []
    assert said("parent.inner == 'x'") == ["unknown-name"]
    assert said("parent.limit == 'x'") == ["type-mismatch"]
