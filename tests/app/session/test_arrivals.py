"""What is gathered of the tasks that come to people in one unit of work."""

from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.execution.apply import start_cases
from engine.app.session.arrivals import Arrivals, arrival_message, earliest_clock, is_named, unheld_message
from engine.app.session.new_case import NewCase
from engine.lifecycle.command import SYSTEM

SPREAD = """
workflow: spread
title: 抽查
about: object
initial: open
parties: {inspectors: 检查人员}
start: {by: clerk}
states:
  open: {title: 待检查, for: inspectors, deadline: 5 working days}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 完成检查, from: open, to: done}
"""


def test_a_moved_case_counts_once_where_it_came_to_last() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit", title="甲件", subject={"name": "甲公司"}))
    with unit(bureau) as uow:
        process = uow.process(case)
    arrivals = Arrivals()
    assert not arrivals
    arrivals.move(process, case, ["r:chief@north"])
    arrivals.move(process, case, ["r:clerk@north", "p:carl"])
    people, unheld = arrivals.resolve(lambda key: ["carl", "anna"] if key.startswith("r:") else [key[2:]])
    assert [(person, keys, arrived.count) for person, keys, arrived in people] == [
        ("carl", ("r:clerk@north", "p:carl"), 1),
        ("anna", ("r:clerk@north",), 1),
    ]
    assert [is_named(keys) for _, keys, _ in people] == [True, False]
    assert (unheld, bool(arrivals)) == ([], False)
    came = "新待办：“甲件”（甲公司）（visit-1）待办“待检查”"
    assert str(arrival_message(people[0][2], people[0][1])) == came
    assert str(arrival_message(people[0][2], ("r:stranger",))) == came


def test_one_case_that_came_to_people_by_name_alone() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit", title="甲件"))
    with unit(bureau) as uow:
        process = uow.process(case)
    arrivals = Arrivals()
    assert arrivals.by_name() == ()
    arrivals.move(process, case, ["p:anna", "p:carl"])
    assert arrivals.by_name() == ("p:anna", "p:carl")
    arrivals.add(process, [(case, ["p:bert"])])
    assert arrivals.by_name() == ()
    arrivals.forget()
    assert not arrivals
    arrivals.move(process, case, ["p:anna", "r:chief@north"])
    assert arrivals.by_name() == ()


def test_what_nobody_holds_is_said() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit", title="甲件"))
    arrivals = Arrivals()
    with unit(bureau) as uow:
        arrivals.add(uow.process(case), [(case, ["r:chief@north"])])
    people, unheld = arrivals.resolve(lambda _: [])
    assert people == []
    assert "没有人承担：“甲件”（visit-1）" in str(unheld_message(unheld[0]))


def test_what_is_no_longer_a_task_is_forgotten_and_units_of_work_are_joined() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    other = Arrivals()
    arrivals = Arrivals()
    with unit(bureau) as uow:
        process = uow.process(case)
    arrivals.move(process, case, ["p:carl"])
    arrivals.move(process, case, [])
    assert not arrivals
    other.move(process, case, ["p:carl"])
    other.add(process, [(case, ["p:dora"])])
    arrivals.add(process, [(case, ["p:dora"])])
    arrivals.take(other)
    assert not other
    people, _ = arrivals.resolve(lambda key: [key[2:]])
    assert {person: arrived.count for person, _, arrived in people} == {"carl": 1, "dora": 2}


def test_hundreds_of_tasks_for_one_person_are_one_message() -> None:
    bureau = visit_bureau(SPREAD)
    with unit(bureau) as uow:
        process = bureau.application.definitions.latest(uow.transaction, "spread")
        assert process is not None
        news = (
            NewCase(
                title=f"企业{n}", section="north", parties={"inspectors": ("insp-1", f"insp-{2 + n % 2}")}
            )
            for n in range(200)
        )
        start_cases(uow, process, SYSTEM, news)
        uow.finish()
    told = [item for item in bureau.outbox(arrivals=True) if item.payload["about"] == "arrived"]
    assert {item.recipient: item.case for item in told} == {"insp-1": None, "insp-2": None, "insp-3": None}
    assert told[0].payload["text"] == (
        "新待办 200 件“待检查”：企业0、企业1、企业2等，请办理“完成检查”，最早一件最迟 2024-09-09（待检查）"
    )


def test_the_earliest_clock_is_one_that_runs() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    found = earliest_clock(case)
    assert found is not None
    assert found[0] == "draft"
    assert earliest_clock(bureau.case(bureau.start("visit"))) is None
