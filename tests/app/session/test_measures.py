"""Measures over the values of fields: counts, sums, the least and the most, exact and with a condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from bureau_factories import BUREAU, ZONE, Bureau
from hypothesis import given
from hypothesis import strategies as st

from engine.app.ports.records import RegisterEntry
from engine.app.reports.reports import standings
from engine.app.session.measures import Measure, kpi, looks_inside, measures, of_subject, year_asked

FORM = """
form: visit
title: 检查记录
fields:
  - staff: {title: 职工人数, type: integer, unit: 人, optional: true}
  - wages: {title: 欠薪, type: decimal, optional: true}
  - share: {title: 占比, type: ratio, optional: true}
  - signed: {title: 已签字, type: boolean, optional: true}
"""
VISIT = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk, form: visit}
fields:
  - risky: {title: 按风险, type: boolean}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: clerk}
"""
MEASURES = """
targets: {staff: "40"}
measures:
  staff: {title: 职工人数, part: {cases: visit, sum: forms.visit.staff}}
  wages: {title: 欠薪合计, part: {cases: visit, sum: forms.visit.wages}}
  least: {title: 最少人数, part: {cases: visit, min: forms.visit.staff}}
  most: {title: 最多人数, part: {cases: visit, max: forms.visit.staff, where: forms.visit.signed}}
  none: {title: 无, part: {cases: visit, max: forms.visit.staff, where: forms.visit.staff > 1000}}
  filled: {title: 填了欠薪的, part: {cases: visit, count: forms.visit.wages}}
  owing: {title: 欠薪超过五百的占比, part: {cases: visit, where: forms.visit.wages > 500.5}, whole: {cases: visit}}
  per_visit: {title: 每次人数, part: {cases: visit, sum: forms.visit.staff}, whole: {cases: visit}}
  half: {title: 占比过半, part: {cases: visit, where: forms.visit.share >= 0.5}}
"""
#: staff, wages, share, signed
ANSWERS: list[dict[str, Any]] = [
    {"staff": 12, "wages": "0.10", "share": "1/3", "signed": True},
    {"staff": 7, "wages": "0.20", "share": "50%", "signed": False},
    {"staff": 20, "signed": True},
    {"wages": "1000.05", "share": "0.75", "signed": False},
]


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    """Four visits of this year and one of last year."""
    found = bureau_at(BUREAU + MEASURES, FORM, VISIT, at="2023-12-29")
    found.start("visit", answers={"staff": 999, "wages": "999", "signed": True})
    found.at("2024-09-02")
    for answers in ANSWERS:
        found.start("visit", answers=answers)
    return found


def measured(bureau: Bureau) -> dict[str, Measure]:
    """Return the measures of the year."""
    processes = bureau.application.definitions
    with bureau.look() as transaction:
        process = processes.latest(transaction, "visit")
        assert process is not None
        return dict(measures(transaction, process.bureau, bureau.clock.now(), ZONE, processes))


def test_what_is_counted_of_the_year(bureau: Bureau) -> None:
    found = measured(bureau)
    assert {name: one.counts for name, one in found.items()} == {
        "staff": "39",
        "wages": "1000.35",
        "least": "7",
        "most": "20",
        "none": "-",
        "filled": "3",
        "owing": "1/4",
        "per_visit": "39/4",
        "half": "2",
    }
    assert found["wages"].value == Fraction("1000.35")
    assert found["none"].value is None
    assert found["per_visit"].value == Fraction(39, 4)
    assert (found["owing"].percent(), found["wages"].percent()) == ("25.00%", "1000.35")


def test_expressions_and_reports_see_them(bureau: Bureau) -> None:
    processes = bureau.application.definitions
    now = bureau.clock.now()
    with bureau.look() as transaction:
        process = processes.latest(transaction, "visit")
        assert process is not None
        assert kpi(transaction, process.bureau, now, ZONE, processes)["wages"] == Fraction("1000.35")
        # Whoever cannot say what a field is counts no fields.
        assert not kpi(transaction, process.bureau, now, ZONE)
        rows = {one.id: one for one in standings(transaction, process.bureau, now, ZONE, processes)}
    assert (rows["staff"].short, str(rows["staff"].sentence)) == (1, "目标 40，还差 1")
    assert str(rows["none"].sentence) == "尚无可数的"
    body = rows["wages"].as_json()
    assert (body["part"], body["whole"], body["percent"]) == ("1000.35", None, "1000.35")
    assert rows["per_visit"].as_json()["part"] == 39
    assert all(looks_inside(rule.part) for rule in process.bureau.measures.values())


def test_the_visits_of_one_firm_are_counted_besides_this_one(bureau_at: Callable[..., Bureau]) -> None:
    text = (
        "\nmeasures:\n  covered: {title: 覆盖, part: {cases: visit, forms: visit, distinct: true}, whole: {cases: any}}\n"
        "  staff: {title: 人数, part: {cases: visit, where: forms.visit.staff > 5}}\n"
        "  rows: {title: 名录, part: {register: objects}}\n"
    )
    bureau = bureau_at(BUREAU + text, FORM, VISIT, at="2023-12-29")
    bureau.start("visit", answers={"staff": 9}, subject={"id": "o1"})
    bureau.at("2024-09-02")
    for firm, staff in (("o1", 9), ("o1", 1), ("old", 7), ("o2", 8)):
        bureau.start("visit", answers={"staff": staff}, subject={"id": firm})
    this = bureau.start("visit", answers={"staff": 6}, subject={"id": "o1"})
    entries = [
        RegisterEntry("objects", "o1", "甲", None, {"former_ids": ["old"]}),
        *(
            RegisterEntry("visits", f"v{number}", "甲", None, {"object": firm, "ledger_day": day})
            for number, (firm, day) in enumerate(
                (("o1", "2024-03-01"), ("old", "2024-12-31"), ("o1", "2023-12-31"), ("o2", "2024-03-01"))
            )
        ),
    ]
    with bureau.application.store.write() as transaction:
        transaction.registers.put(entries, bureau.clock.now())
    processes, now = bureau.application.definitions, bureau.clock.now()
    with bureau.look() as transaction:
        case = transaction.cases.get(this)
        process = processes.latest(transaction, "visit")
        assert process is not None
        assert case is not None
        # Three other visits of this year, one of them under the old code, and two of the ledger.
        assert of_subject(transaction, process.bureau, case, now, ZONE, processes) == {
            "covered": 5,
            "staff": 2,
        }
        assert of_subject(transaction, process.bureau, case, now, ZONE) == {"covered": 5}
        nobody = replace(case, subject={})
        assert of_subject(transaction, process.bureau, nobody, now, ZONE) == {"covered": 0}


def test_cases_of_all_workflows_are_counted(bureau_at: Callable[..., Bureau]) -> None:
    text = (
        "\nmeasures:\n  all: {title: 全部, part: {cases: any}}\n"
        "  staff: {title: 人数, part: {cases: any, sum: forms.visit.staff}}\n"
        "  share: {title: 占比, part: {cases: any, forms: visit}, whole: {cases: any}}\n"
    )
    bureau = bureau_at(BUREAU + text, FORM, VISIT, VISIT.replace("workflow: visit", "workflow: second"))
    bureau.start("visit", answers={"staff": 5})
    bureau.start("second", answers={"staff": 7})
    assert {name: one.counts for name, one in measured(bureau).items()} == {
        "all": "2",
        "staff": "12",
        "share": "2/2",
    }
    with bureau.look() as transaction:
        process = bureau.application.definitions.latest(transaction, "visit")
        assert process is not None
        rows = {one.id: one for one in standings(transaction, process.bureau, bureau.clock.now(), ZONE)}
    assert rows["share"].planned is not None
    assert rows["share"].planned.counts == "2/2"


def test_each_subject_once(bureau_at: Callable[..., Bureau]) -> None:
    text = (
        "\nmeasures:\n  staff: {title: 人数, part: {cases: visit, sum: forms.visit.staff, distinct: true}}\n"
    )
    bureau = bureau_at(BUREAU + text, FORM, VISIT)
    for staff in (5, 7):
        bureau.start("visit", answers={"staff": staff}, subject={"id": "o1"})
    bureau.start("visit", answers={"staff": 1}, subject={"id": "o2"})
    assert measured(bureau)["staff"].counts == "8"


@given(st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=2), min_size=1, max_size=6))
def test_sums_are_exact(amounts: list[Any]) -> None:
    text = "\nmeasures:\n  wages: {title: 欠薪, part: {cases: visit, sum: forms.visit.wages}}\n"
    bureau = Bureau(BUREAU + text, FORM, VISIT)
    for amount in amounts:
        bureau.start("visit", answers={"wages": str(amount)})
    assert measured(bureau)["wages"].value == sum((Fraction(one) for one in amounts), start=Fraction(0))


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (2025, "2025-07-01"),
        (2024, "2024-09-02"),
        (None, "2024-09-02"),
        ("2025", "2024-09-02"),
        (True, "2024-09-02"),
        (9999, "2024-09-02"),
    ],
)
def test_the_year_a_plan_names_is_the_year_it_is_measured_by(year: object, found: str) -> None:
    now = datetime(2024, 9, 2, 10, tzinfo=ZONE)
    assert str(year_asked(year, now, ZONE).astimezone(ZONE).date()) == found
