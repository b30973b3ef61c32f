"""A bureau file: everything a bureau sets for itself, and what is wrong with it."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU
from parts import WORLD, node_of

from engine.definition.reader.bureau import check_bureau, read_bureau
from engine.definition.symbols import SymbolTable
from engine.lifecycle.model.bureau import Bureau
from engine.worktime.periods import Roll, YearDate

MORE = """\
milestones: {plan: 03-31, summary: {by: 12-20, roll: backward}}
office_hours: {hours: ["09:00-12:00"]}
measures:
  done: {title: 办结数, part: {cases: demo}}
supervision:
  late: {title: 逾期, cases: any, only: overdue}
"""


def read(text: str) -> tuple[Bureau | None, list[str]]:
    bureau, problems = read_bureau("bureau.yaml", text, node_of(text))
    return bureau, [f"{one.line} {one.rule} {one.message}" for one in problems]


def test_a_whole_bureau() -> None:
    bureau, problems = read(BUREAU + MORE)
    assert problems == []
    assert bureau is not None
    assert (bureau.id, bureau.timezone, bureau.notify_at) == ("demo_bureau", "Asia/Shanghai", "09:00")
    assert bureau.sections == {"team": "劳动监察大队", "relations": "劳动关系股"}
    assert {role.id: role.by_section for role in bureau.roles.values()} == {
        "clerk": True, "section_chief": True, "leading_office": False,
    }  # fmt: skip
    assert bureau.targets == {"coverage": "5%"}
    assert bureau.milestones == {"plan": YearDate(3, 31), "summary": YearDate(12, 20, Roll.BACKWARD)}
    assert bureau.ratings == {"credit": ("信用风险分级", ("A", "B", "C", "D"))}
    assert bureau.codes["result_codes"] == {"no_problem": "未发现问题", "problem": "发现问题"}
    assert len(bureau.office_hours) == 1
    assert list(bureau.measures) == ["done"]
    assert list(bureau.supervision) == ["late"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Asia/Shanghai", "Asia/Nowhere", "unknown-word 没有时区“Asia/Nowhere”"),
        ('"09:00"', '"9:00"', "wrong-shape 此处应是时刻，实为“9:00”"),
        ("5%", "many", "wrong-shape 此处应是比例，实为“many”"),
        ("scope: bureau", "scope: all", "unknown-word 应为下列之一："),
        ("03-31", "02-29", "deadline-syntax 没有每年都有的 2 月 29 日"),
        ("roll: backward", "roll: back", "unknown-word 应为下列之一："),
        ("{by: 12-20, roll", "{roll", "missing-key 缺少“by”"),
        ("bureau: demo", "bureau: Demo", "bad-name 编号“Demo_bureau”不合写法"),
        ("clerk: {title: 录入员, scope: section}", "clerk: 录入员", "wrong-shape 此处应是“键: 值”"),
        ("classes: [A, B, C, D]", "class: [A]", "unknown-key 此处没有“class”这个键"),
    ],
)
def test_each_thing_that_is_wrong(old: str, new: str, problem: str) -> None:
    text = (BUREAU + MORE).replace(old, new)
    assert text != BUREAU + MORE
    lines = text.splitlines()
    bureau, problems = read(text)
    assert bureau is None
    changed = next(at for at, line in enumerate(lines, 1) if new in line)
    assert problems[0].startswith(f"{changed} {problem}")


def test_a_file_that_is_no_bureau_has_every_key_missing() -> None:
    bureau, problems = read("bureau: b\n")
    assert bureau is None
    assert len(problems) == 5
    assert all(" missing-key " in problem for problem in problems)


def check(text: str, world: SymbolTable = WORLD) -> list[str]:
    problems = check_bureau("bureau.yaml", text, node_of(text), world)
    return [f"{one.rule} {one.message}" for one in problems]


def test_references_are_checked_once_everything_is_known() -> None:
    assert check(BUREAU + MORE) == []
    gone = BUREAU + MORE.replace("cases: demo", "cases: gone")
    assert read(gone)[1] == []
    assert check(gone) == ["unknown-workflow 没有流程“gone”"]
    assert check(gone, SymbolTable(partial=True)) == []
    # What the first reading says is not said again.
    assert check("bureau: b\n") == []
