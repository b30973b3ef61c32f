"""A workflow as a table of text."""

from __future__ import annotations

import re

from drawn_workflows import CHILD, FLOW, VISIT, words_of

from engine.authoring.diagram.table import LONGEST, table
from engine.kernel.plain_text import width


def cells(text: str) -> list[list[str]]:
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines() if line and line[0] != "-"]


def test_the_table() -> None:
    found = cells(table(VISIT).replace("检查组、chief", "检查组"))
    assert found[:4] == [
        ["环节", "由谁办", "时限", "办理", "何时", "到"],
        ["待检查", "检查组", "待检查", '记录: "甲"; 乙', "—"],
        ["送出", "等待"],
        ["启动子件“检查”"],
    ]
    assert ["判断（1）", "“结论” 是 合格的", "等待"] in found
    assert ["判断（2）", "其余情形", "办结"] in found
    assert ["作废", "由clerk办理", "作废"] in found
    assert ["期满", "“总期限”届满时自动", "办结"] in found
    assert ["办结", "终点"] in found
    below = table(VISIT).split("\n时限\n")[1].splitlines()
    assert below == [
        "待检查：期限 5 日。",
        "  · 届满时只显示逾期。",
        "总期限：从“案件：收到日期”起，期限 10 个工作日（建议值）。",
        "  · 届满时期满，到“办结”。",
        "  · 一逾期，通知chief。",
    ]


def test_columns_of_the_table_stand_below_each_other() -> None:
    lines = table(words_of(CHILD)).splitlines()
    assert lines[1] == "-" * len(lines[1])
    start = width(lines[0].split("办理")[0])
    for line in lines[2:]:
        assert [width(line[:n]) for n in range(len(line)) if width(line[:n]) == start] == [start]


def test_what_is_too_long_stands_whole_below() -> None:
    many = " or ".join(f"form.note == '{number:040}'" for number in range(4))
    found = table(words_of(FLOW.replace("form.result == 'fine'", many)))
    (row,) = [line for line in found.splitlines() if "判断（1）" in line]
    assert "…〔1〕" in row
    assert width(row) < LONGEST * 4
    (whole,) = [line for line in found.splitlines() if line.startswith("〔1〕")]
    assert all(f"{number:040}" in whole for number in range(4))
