"""What is wrong with a file or a row, as one sentence that says where."""

from __future__ import annotations

import pytest

from engine.language import say
from engine.register.problem import FileProblem, RowProblem

EXPECTED, HINT = say("应为日期"), say("如 2024-04-20")


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (RowProblem(3, "有效期", "后天", EXPECTED), "第 3 行“有效期”填的是“后天”：应为日期"),
        (RowProblem(3, "有效期", "", EXPECTED), "第 3 行“有效期”是空的：应为日期"),
        (RowProblem(3, "", "", EXPECTED), "第 3 行：应为日期"),
        (RowProblem(3, "", "x", EXPECTED, HINT), "第 3 行：应为日期 （提示：如 2024-04-20）"),
        (RowProblem(1, "甲", "x" * 60, EXPECTED), f"第 1 行“甲”填的是“{'x' * 60}”：应为日期"),
        (RowProblem(1, "甲", "x" * 61, EXPECTED), f"第 1 行“甲”填的是“{'x' * 57}…”：应为日期"),
        (FileProblem(EXPECTED), "应为日期"),
        (FileProblem(EXPECTED, None, 4), "第 4 行：应为日期"),
        (FileProblem(EXPECTED, None, None, "a.csv"), "a.csv：应为日期"),
        (FileProblem(EXPECTED, HINT, 4, "a.csv"), "a.csv 第 4 行：应为日期 （提示：如 2024-04-20）"),
    ],
)
def test_each_problem_is_one_sentence(problem: RowProblem | FileProblem, sentence: str) -> None:
    assert str(problem) == sentence


HOSTILE = "甲\n已导入 9 行\u2028\x1b[31m\u200b"


@pytest.mark.parametrize(
    "problem",
    [
        RowProblem(3, "有效期", HOSTILE, EXPECTED),
        RowProblem(3, HOSTILE, "x", say("没有“{id}”", id=HOSTILE), say("见 {ids}", ids=[HOSTILE, "乙"])),
        RowProblem(3, "", HOSTILE, say("“{id}”与第 2 行重复", id=HOSTILE)),
        FileProblem(say("表头“{text}”读不懂", text=HOSTILE), say("删去“{text}”", text=HOSTILE), 4, HOSTILE),
    ],
)
def test_no_cell_makes_a_line_of_its_own(problem: RowProblem | FileProblem) -> None:
    assert str(problem).isprintable()
    assert "\\u000a已导入" in str(problem)
