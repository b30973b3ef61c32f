"""Pictures and tables of a workflow."""

from __future__ import annotations

from dataclasses import replace

from walk_factories import process_of

from engine.authoring.diagram import mermaid, table
from engine.kernel.plain_text import width

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组}
states:
  open: {title: 待检查, for: [team, chief], deadline: 5 days}
  waiting: {title: 等待}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: note, title: "记录: \\"甲\\"; 乙", from: open}
  - {do: send, title: 送出, from: open, to: waiting, then: [{start: visit}]}
  - {do: go_on, title: 继续, from: waiting, to: done, automatic: true}
  - {do: joined, title: 齐备, from: waiting, to: done, join: {workflow: visit, reached: [done]}}
  - {do: lapse, title: 到期, from: [waiting, open], to: done, after: 3 days}
"""
VISIT = process_of(FLOW).workflow


def test_the_picture() -> None:
    assert (
        mermaid(VISIT)
        == """\
stateDiagram-v2
    state "待检查" as s1
    state "等待" as s2
    state "办结" as s3
    [*] --> s1
    s1 --> s1: 记录： '甲'； 乙
    s1 --> s2: 送出
    s2 --> s3: 继续（自动）
    s2 --> s3: 齐备（子流程齐备时）
    s2 --> s3: 到期（到时自动）
    s1 --> s3: 到期（到时自动）
    s3 --> [*]
"""
    )


def test_a_title_of_several_lines_stays_on_one() -> None:
    state = replace(VISIT.states["open"], title="待\n检查")
    assert '    state "待 检查" as s1' in mermaid(replace(VISIT, states={**VISIT.states, "open": state}))


def test_the_table() -> None:
    lines = table(
        VISIT, {"chief": "股长", "team": "a party is called what the workflow calls it"}
    ).splitlines()
    assert [line.split() for line in lines if not line.startswith("-")] == [
        ["环节", "由谁办", "时限", "办理", "到"],
        ["待检查", "检查组、股长", "待检查", "记录:", '"甲";', "乙", "—"],
        ["送出", "等待"],
        ["到期（到时自动）", "办结"],
        ["等待", "继续（自动）", "办结"],
        ["齐备（子流程齐备时）", "办结"],
        ["到期（到时自动）", "办结"],
        ["办结", "终点"],
    ]


def test_columns_of_the_table_stand_below_each_other() -> None:
    lines = table(VISIT).splitlines()
    assert lines[1] == "-" * len(lines[1])
    start = width(lines[0].split("办理")[0])
    for line in lines[2:]:
        assert [width(line[:n]) for n in range(len(line)) if width(line[:n]) == start] == [start]
    assert "chief" in lines[2]
