from __future__ import annotations

import pytest
from bureau_factories import Bureau
from visit_bureau import unit, visit_bureau

from engine.app.execution.start import start_cases as module
from engine.app.execution.start.start_cases import add_cases
from engine.app.ports.records import RegisterEntry
from engine.app.session.new_case import NewCase, Started
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case


def nothing(uow: UnitOfWork, case: Case, unfinished: str | None) -> bool:
    raise AssertionError(case.id)


def added(bureau: Bureau, workflow: str, *new: NewCase) -> Started:
    with unit(bureau) as uow:
        process = uow.services.definitions.latest(uow.transaction, workflow)
        assert process is not None
        started = add_cases(uow, process, "anna", iter(new), nothing)
        assert uow.spawned == len(new)
        return started


def test_every_row_becomes_a_case_with_its_history_and_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    bureau = visit_bureau()
    new = [
        NewCase(
            title=f"第{n}件",
            section="north",
            subject={"id": f"E{n}"},
            fields={"total": n, "secret": "x"},
            parties={"inspectors": ("insp-1",)},
        )
        for n in range(5)
    ]
    started = added(bureau, "plan", *new)
    assert started == Started(tuple(f"plan-{n}" for n in range(1, 6)), released=False)
    for row, case_id in zip(new, started.ids, strict=True):
        case = bureau.case(case_id)
        assert (case.title, case.subject, case.fields, case.parties) == (
            row.title,
            row.subject,
            row.fields,
            row.parties,
        )
        assert (case.state, case.rev, str(case.clocks["draft"].due_on)) == ("draft", 1, "2024-09-09")
        assert [event.kind for event in bureau.events(case_id)] == ["started"]
        assert bureau.timers(case_id) == {"draft": case.clocks["draft"].next_at}
    assert set(bureau.work_items("anna")) == set(started.ids)
    assert bureau.findings() == []


def test_no_row_starts_nothing() -> None:
    bureau = visit_bureau()
    assert added(bureau, "visit") == Started((), released=False)
    assert bureau.cases("visit") == []


DATED = """
workflow: dated
title: 限期件
about: none
initial: open
start: {by: clerk}
fields:
  - on: {title: 日期, type: date}
states:
  open: {title: 待办, for: clerk, deadline: on case.on}
  done: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
"""
LED = """
workflow: led
title: 请假
about: none
initial: open
start: {by: clerk}
parties: {applicant: 请假人}
states:
  open: {title: 待批准, for: superior of applicant}
  done: {title: 办结, final: true}
transitions:
  - {do: approve, title: 批准, from: open, to: done}
"""


def test_a_clock_that_counts_from_a_date_of_the_case_is_its_own() -> None:
    bureau = Bureau(DATED)
    days = ("2024-09-09", "2024-09-10")
    started = added(bureau, "dated", *(NewCase(title=day, fields={"on": day}) for day in days))
    due = [str(bureau.case(name).clocks["open"].due_on) for name in started.ids]
    assert due == ["2024-09-09", "2024-09-10"]
    with pytest.raises(CommandRefused) as refused:
        added(bureau, "dated", NewCase(title="没有日期"))
    assert refused.value.refusal.attempt == "启动《限期件》"
    assert [reason.code for reason in refused.value.refusal.reasons] == ["clock"]


def test_the_superior_of_a_party_is_a_party() -> None:
    bureau = Bureau(LED)
    with unit(bureau) as uow:
        row = RegisterEntry("people", "anna", "Anna", "north", {"roles": ["clerk"], "superior": "carl"})
        uow.transaction.registers.put([row], uow.now)
    (case,) = added(bureau, "led", NewCase(title="甲", parties={"applicant": ("anna",)})).ids
    assert bureau.case(case).parties == {"applicant": ("anna",), "superior of applicant": ("carl",)}
    assert set(bureau.work_items("carl")) == {case}
