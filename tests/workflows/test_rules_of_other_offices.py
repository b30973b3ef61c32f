"""Rules of the plans of other offices that once could not be written, or only with a trick; the rest are in the tests the page names."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from bureau_factories import Bureau
from reference_factories import reference

from engine.app.draws.plan import DrawPlan, draw_plan_of
from engine.app.draws.v2.material import object_rules, people_rules, roster_objects
from engine.app.ports.records import RegisterEntry
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.commitment import compute_quotas
from engine.draw.v2.quotas import quotas

ROOT = Path(__file__).parents[2]
ONE = [{"section": "north", "count": 1}]


@pytest.fixture(scope="module")
def sampling() -> Bureau:
    """Return a bureau with forty firms of class A and eight of class B, and inspectors of two sections."""
    bureau = Bureau(*reference("bureau", "sampling_plan", "typed", "sampling"))
    firms = [
        RegisterEntry(
            "objects", f"{one}{n}", f"示例{one}{n}", None, {"ratings": [{"scheme": "credit", "class": one}]}
        )
        for one, count in (("A", 40), ("B", 8))
        for n in range(count)
    ]
    people = [
        RegisterEntry(
            "inspectors", f"{one}-{n}", f"{one}{n}", one, {"cert_no": str(n), "cert_valid_to": "2030-12-31"}
        )
        for one in ("north", "south")
        for n in range(5)
    ]
    with bureau.store.write() as transaction:
        transaction.registers.put([*firms, *people], bureau.clock.now())
    return bureau


def planned(
    bureau: Bureau, ratios: list[dict[str, Any]], team: Any = None, total: int | None = None
) -> DrawPlan:
    """Return the plan of the draw for the answers of the form."""
    case = bureau.case(bureau.start("sampling", section="north"))
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        step = next(one for one in uow.process(case).workflow.transitions if one.id == "commit")
        answers = {"ratios": ratios, "total": total, "team": team or ONE}
        return draw_plan_of(uow, case, step.then[0], {"form": answers})


def drawn(plan: DrawPlan) -> dict[str, int]:
    """Return class -> how many the protocol takes of it; what is refused or warned of before agrees."""
    rows = roster_objects(plan)
    strata = {
        name: dict.fromkeys(("listed", "eligible"), sum(row.stratum == name for row in rows))
        for name in {row.stratum for row in rows}
    }
    found = {
        one["stratum"]: one["quota"] for one in quotas(object_rules(plan.rules, rows, plan.bands), strata)
    }
    before = compute_quotas(plan.rules, plan.objects)[1].quotas
    assert found == {one.stratum: one.quota for one in before}
    return found


def test_a_number_of_firms(sampling: Bureau) -> None:
    plan = planned(sampling, [{"class": "A", "count": 8}, {"class": "B", "ratio": "25%"}])
    assert drawn(plan) == {"A": 8, "B": 2}
    both = planned(sampling, [{"class": "A", "ratio": "100%"}, {"class": "B", "ratio": "100%"}], total=12)
    assert drawn(both) == {"A": 10, "B": 2}


def test_a_rule_by_the_size_of_the_class(sampling: Bureau) -> None:
    rows = [
        {"class": name, **rule} for name in "AB" for rule in ({"up_to": 10, "count": 2}, {"ratio": "50%"})
    ]
    assert drawn(planned(sampling, rows)) == {"A": 20, "B": 2}


def test_a_team_of_two_of_the_lead_section_and_one_of_each_other(sampling: Bureau) -> None:
    team = [{"section": "north", "count": 2}, {"section": "south", "count": 1}]
    plan = planned(sampling, [{"class": "A", "count": 1}, {"class": "B", "count": 1}], team)
    places = people_rules(plan.rules, plan.team)["places"]
    assert [one["sections"] for one in places] == [["north"], ["north"], ["south"]]
    assert plan.staffing_problems() == []
    many = planned(
        sampling, [{"class": "A", "count": 1}, {"class": "B", "count": 1}], [{"section": "south", "count": 6}]
    )
    assert many.staffing_problems()


#: Inspector-days, fees, a notice and a date, in one form and one process.
PLANNING = """
workflow: planning
title: 检查计划
about: plan
initial: open
start: {by: clerk}
fields:
  - visits: {title: 检查户数上限, type: integer}
  - days: {title: 可用人日, type: integer, unit: 人·日}
  - fee: {title: 费用, type: decimal, unit: 元}
states:
  open: {title: 待编, for: clerk}
  running: {title: 执行中, for: clerk, deadline: on forms.plan.until}
  agreed: {title: 视为同意, for: clerk}
  done: {title: 已完成, final: true}
clocks:
  consent:
    title: 答复期
    during: running
    deadline: 15 working days
    since: forms.plan.received_on
    basis: 示例办法 第三条
transitions:
  - do: plan
    title: 编报
    from: open
    to: running
    form: plan
    require:
      - {that: "form.visits <= length(form.inspectors) * 5", else: 每人至多检查五户, basis: 示例办法 第一条}
      - {that: form.used <= form.staff * form.workdays, else: 人日不够, basis: 示例办法 第二条}
    then:
      - set: {visits: = length(form.inspectors) * 5, fee: = form.days * form.tariff}
  - {do: silent, title: 逾期未答复视为同意, from: running, to: agreed, on_expiry: consent}
  - {do: finish, title: 完成, from: agreed, to: done}
"""
PLANNED = """
form: plan
title: 计划
fields:
  - inspectors: {title: 检查人员, type: persons, min: 1}
  - visits: {title: 检查户数, type: integer}
  - staff: {title: 人数, type: integer, unit: 人}
  - workdays: {title: 工作日, type: integer, unit: 日}
  - used: {title: 用去人日, type: integer, unit: 人·日}
  - days: {title: 天数, type: integer, unit: 日}
  - tariff: {title: 日费, type: decimal, unit: 元/日}
  - received_on: {title: 收到日, type: date}
  - until: {title: 完成日, type: date}
"""
ANSWERS: dict[str, Any] = {
    "inspectors": ["insp-1", "insp-2"],
    "visits": 10,
    "staff": 8,
    "workdays": 248,
    "used": 1984,
    "days": 3,
    "tariff": "120.50",
    "received_on": "2024-08-30",
    "until": "2024-12-20",
}


@pytest.fixture
def planning() -> Bureau:
    return Bureau(PLANNED, PLANNING)


def test_five_visits_an_inspector_and_days_that_are_there(planning: Bureau) -> None:
    case = planning.start("planning", section="north")
    assert planning.no(case, "plan", "anna", {**ANSWERS, "visits": 11}) == ["每人至多检查五户"]
    assert planning.no(case, "plan", "anna", {**ANSWERS, "used": 1985}) == ["人日不够"]
    planning.take(case, "plan", "anna", ANSWERS)
    assert planning.case(case).fields["visits"] == 10


def test_a_fee_is_days_times_a_tariff(planning: Bureau) -> None:
    case = planning.start("planning", section="north")
    planning.take(case, "plan", "anna", ANSWERS)
    assert planning.case(case).fields["fee"] == "361.5"


def test_until_a_date_is_said_once(planning: Bureau) -> None:
    case = planning.start("planning", section="north")
    planning.take(case, "plan", "anna", ANSWERS)
    assert planning.case(case).clocks["running"].due_on.isoformat() == "2024-12-20"


def test_silence_is_counted_from_the_day_of_receipt(planning: Bureau) -> None:
    case = planning.start("planning", section="north")
    planning.take(case, "plan", "anna", ANSWERS)
    # Fifteen working days after Friday the 30th of August: the tenth is the 13th of September, then the 14th, which is
    # worked, the 18th to the 20th, and the 23rd.
    assert planning.case(case).clocks["consent"].due_on.isoformat() == "2024-09-23"
    planning.until("2024-09-23 23:00")
    assert planning.state(case) == "running"
    planning.until("2024-09-24 01:00")
    assert planning.state(case) == "agreed"


def test_each_row_of_the_page_names_a_test_that_is_there() -> None:
    for page in ("patterns.md", "patterns.zh-CN.md"):
        text = (ROOT / "docs" / "explanation" / page).read_text("utf-8")
        rows = re.findall(r"^\| R(\d+) \| [^|]+ \| `(tests/[\w/]+\.py)::(\w+)` \|$", text, re.MULTILINE)
        assert [int(number) for number, _, _ in rows] == list(range(1, 32))
        for _, path, name in rows:
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, (
                path,
                name,
            )
