"""Measures and rows of the supervision report: read alone, and once more when everything is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import WORLD, book_of, said, value_of

from engine.definition.reader.measures import names_of, read_measures, read_supervision, read_tally
from engine.definition.symbols import SymbolTable, WorkflowOutline
from engine.definition.types import TEXT
from engine.lifecycle.measure_rules import EVERY, MeasureRule, SupervisionRow, Tally
from engine.yamltext.problem import Severity


def measures(text: str, world: SymbolTable | None = WORLD) -> tuple[dict[str, MeasureRule], list[str]]:
    diagnostics = book_of(text)
    return read_measures(diagnostics, value_of(text), world), [
        line.split(" ", 1)[1] for line in said(diagnostics)
    ]


def rows(text: str, world: SymbolTable | None = WORLD) -> tuple[dict[str, SupervisionRow], list[str]]:
    diagnostics = book_of(text)
    found = read_supervision(diagnostics, value_of(text), world, ("rate",))
    return found, [line.split(" ", 1)[1] for line in said(diagnostics)]


def tally(text: str, world: SymbolTable | None = WORLD) -> tuple[Tally | None, list[str]]:
    diagnostics = book_of(text)
    return read_tally(diagnostics, value_of(text), world), [
        line.split(" ", 1)[1] for line in said(diagnostics)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{register: objects}", Tally(register="objects")),
        ("{register: people}", Tally(register="people")),
        ("{publications: result, on_time: true}", Tally(publications="result", on_time=True)),
        ("{cases: demo, forms: visit, field: urgent, distinct: true}", Tally(cases="demo", forms=("visit",), field="urgent", distinct=True)),
    ],
)  # fmt: skip
def test_what_one_side_of_a_measure_counts(text: str, expected: Tally) -> None:
    found, problems = tally(text)
    assert problems == []
    assert found == expected


def test_a_tally_may_have_a_condition_and_a_value() -> None:
    found, problems = tally("{cases: demo, sum: forms.visit.staff, where: forms.visit.staff > 2}")
    assert problems == []
    assert found is not None
    assert (found.reckoning, found.of and found.of.source) == ("sum", "forms.visit.staff")
    assert found.where is not None
    assert found.where.holds({"forms": {"visit": {"staff": 3}}}) is True


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "missing-key 指标的一边要且只要写明数什么"),
        ("{cases: demo, register: objects}", "missing-key 指标的一边要且只要写明数什么"),
        ("{register: pets}", "unknown-word 没有名录“pets”"),
        ("{publications: pets}", "unknown-word 公示网站没有“pets”这一类公示"),
        ("{register: objects, where: case.urgent}", "unknown-argument “where”只能和 cases（件数）一起写"),
        (
            "{cases: demo, sum: forms.visit.staff, min: forms.visit.staff}",
            "unknown-argument “sum”和“min”只写一个",
        ),
        ("{cases: demo, forms: other}", "unknown-form 流程“demo”没有用到表单“other”"),
        ("{cases: demo, field: colour}", "undeclared-field 流程“demo”没有字段“colour”"),
        ("{cases: demo, field: risk}", "type-mismatch 此处应是“是否”字段，“risk”是文字"),
        ("{cases: demo, sum: forms.visit.staff + 1}", "wrong-shape 此处应是一个字段"),
        ("{cases: demo, max: case.risk}", "type-mismatch 此处应是数，“case.risk”是文字"),
        ("{cases: demo, where: case.share > '50%'}", "type-mismatch 此处的比例和小数要写成不带引号的小数"),
        ("{cases: demo, where: actor.id == 'x'}", "unknown-name "),
    ],
)
def test_tallies_that_cannot_be(text: str, problem: str) -> None:
    problems = tally(text)[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_text_may_be_counted_but_not_added_up() -> None:
    assert tally("{cases: demo, count: case.risk}")[1] == []


def test_a_measure_is_a_ratio_or_stands_alone() -> None:
    found, problems = measures(
        "{done: {title: 办结率, part: {cases: demo, field: urgent}, whole: {cases: demo}}}"
    )
    assert problems == []
    assert found["done"] == MeasureRule(
        id="done", title="办结率", part=Tally(cases="demo", field="urgent"), whole=Tally(cases="demo")
    )
    assert measures("{n: {title: 数, part: {cases: demo}}}")[0]["n"].whole is None
    found, problems = measures("{n: {title: 数, part: {cases: demo}, whole: {}}, m: 5}")
    assert found == {}
    assert len(problems) == 2


def test_alone_nothing_is_looked_up() -> None:
    assert measures("{n: {title: 数, part: {cases: gone, field: x, where: any.thing == 1}}}", None)[1] == []
    assert tally("{register: pets}", SymbolTable(partial=True))[1] == []


def test_cases_of_all_workflows_may_be_counted() -> None:
    assert tally("{cases: any, forms: visit, field: urgent}") == (
        tally("{cases: any, forms: visit, field: urgent}", None)[0],
        [],
    )
    found, said_of_it = tally("{cases: any, forms: nothing, field: nowhere}")
    assert found is not None
    assert (found.cases, found.workflow) == ("any", None)
    assert [line.split(" ", 1)[0] for line in said_of_it] == ["unknown-form", "undeclared-field"]


def test_a_workflow_that_is_gone_is_only_warned_of() -> None:
    diagnostics = book_of("{cases: gone}")
    read_tally(diagnostics, value_of("{cases: gone}"), WORLD)
    assert [problem.severity for problem in diagnostics.problems] == [Severity.WARNING]


def test_a_row_of_the_report() -> None:
    found, problems = rows(
        "{late: {title: 逾期, title_en: Late, cases: demo, only: overdue, where: case.urgent,"
        " columns: [{title: 人数, title_en: Staff, value: forms.visit.staff}, {title: 率, value: kpi.rate}]},"
        " void: {title: 作废, draws: any, only: void}, no: {title: 拒绝, refusals: any}}"
    )
    assert problems == []
    late = found["late"]
    assert (late.title, late.title_en, late.counted, late.of, late.status) == (
        "逾期", "Late", "cases", "demo", "overdue",
    )  # fmt: skip
    assert [(column.heading(True), column.value.source) for column in late.columns] == [
        ("Staff", "forms.visit.staff"),
        ("率", "kpi.rate"),
    ]
    assert (found["void"].counted, found["void"].of, found["no"].counted) == ("draws", EVERY, "refusals")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{title: 甲}", "missing-key 督导的一行要且只要写明数什么"),
        ("{title: 甲, cases: demo, draws: any}", "missing-key 督导的一行要且只要写明数什么"),
        ("{title: 甲, cases: demo, only: withdrawn}", "unknown-word “cases”没有“withdrawn”这种情况"),
        ("{title: 甲, refusals: any, only: void}", "unknown-word “refusals”没有“void”这种情况"),
        ("{title: 甲, draws: demo}", "unknown-word “draws”后面只能写 any（全部）"),
        ("{title: 甲, publications: pets}", "unknown-word 公示网站没有“pets”这一类公示"),
        ("{title: 甲, cases: gone}", "unknown-workflow 没有流程“gone”"),
        ("{title: 甲, draws: any, where: case.urgent}", "unknown-argument “where”只能和 cases（件数）一起写"),
        ("{title: 甲, cases: demo, columns: [{title: 乙, value: kpi.other}]}", "unknown-name "),
        ("{title: 甲, cases: demo, columns: [{title: 乙}]}", "missing-key 缺少“value”"),
    ],
)
def test_rows_that_cannot_be(text: str, problem: str) -> None:
    problems = rows(f"{{r: {text}}}")[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_names_of_cases_of_a_workflow_and_of_every_workflow() -> None:
    names = names_of("demo", WORLD)
    assert names is not None
    assert set(names) == {"case", "forms", "subject", "clocks", "today"}
    assert names["case"].columns["risk"] == TEXT
    assert "amount" not in names["case"].columns
    every = names_of(EVERY, WORLD)
    assert every is not None
    assert {"risk", "amount"} <= set(every["case"].columns)
    assert set(every["clocks"].columns) == {"open", "overall"}


def test_names_that_cannot_be_known_are_none() -> None:
    broken = replace(WORLD, workflows={"demo": WorkflowOutline("demo", broken=True)})
    for workflow, world in (
        ("demo", None),
        (None, WORLD),
        ("gone", WORLD),
        ("demo", replace(WORLD, partial=True)),
        ("demo", broken),
        (EVERY, broken),
    ):
        assert names_of(workflow, world) is None
