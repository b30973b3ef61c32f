"""Months of an office in any order: people act, time goes by, a daemon dies, another sweeps too, years are published.

After every step: each case is in one state, open tasks belong to that state and to somebody, timers are those of the
clocks that run, nothing of a ladder has come twice, due days are what a count day by day gives, and the histories make
the cases again; all rows and histories are verified after each tenth step and at the end. About 2,500 steps in a normal
run, twenty times as many with ``--soak``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

import pytest
from bureau_factories import CALENDAR, PEOPLE, ZONE, Bureau, delegate, shanghai, timekeeping
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution import recompute
from engine.app.history.replay import replay
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Store
from engine.app.ports.store import Transaction as StoreUnit
from engine.app.timers.fire_due import fire_due
from engine.calendars.yaml_year import read_year
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.process import AFTER, Process
from engine.worktime.calendar import Calendar
from engine.worktime.periods import Period, PeriodUnit

FLOW = """
workflow: errand
title: 差事
about: none
initial: drafting
start: {{by: clerk}}
verbs:
  claim: {{}}
  urge: {{by: chief}}
  suspend: {{by: chief, pauses: [whole]}}
  resume: {{by: chief}}
states:
  drafting:
    title: 起草
    for: clerk
    deadline: {days} working days
    remind: [3, 1 working days before, on the day]
    overdue:
      at once: [chief]
      2 working days: {{escalate: deputy, every: 3 working days}}
  waiting: {{title: 等待, for: chief}}
  checking: {{title: 核对, for: chief, deadline: 10 days, remind: [2 days before]}}
  done: {{title: 办结, final: true}}
clocks:
  whole:
    title: 总时限
    during: [drafting, waiting, checking]
    deadline: 30 working days
    remind: [10, 5 working days before]
    overdue:
      at once: [deputy]
transitions:
  - {{do: send, title: 送出, from: drafting, to: waiting}}
  - {{do: pick, title: 取回, from: waiting, to: checking}}
  - {{do: expire, title: 期满退回, from: waiting, to: drafting, after: 4 working days}}
  - {{do: reject, title: 退回, from: checking, to: drafting}}
  - {{do: close, title: 办结, from: checking, to: done}}
"""
STEPS = ("send", "pick", "reject", "close")
PERSON = st.sampled_from(sorted(PEOPLE))
NUMBER = st.integers(min_value=0, max_value=9)
LATEST = shanghai("2027-12-20")


class Killed(BaseException):
    """The daemon dies here."""


class Fragile:
    """A store whose user dies in its n-th transaction, before or after it is committed."""

    def __init__(self, store: Store, count: int, *, late: bool) -> None:
        self._store, self._count, self._late = store, count, late

    @contextmanager
    def write(self) -> Iterator[StoreUnit]:
        self._count -= 1
        with self._store.write() as transaction:
            yield transaction
            if self._count < 0 and not self._late:
                raise Killed
        if self._count < 0:
            raise Killed

    def read(self) -> Any:
        return self._store.read()

    def hold(self, name: str) -> Any:
        return self._store.hold(name)

    def close(self) -> None:
        """Nothing: the store is somebody else's."""


class Months(RuleBasedStateMachine):
    """An office and everything that may befall it."""

    @initialize()
    def open(self) -> None:
        self.calendar: Calendar = CALENDAR
        self.bureau = Bureau(FLOW.format(days=8), at="2026-10-12")
        self.days, self.steps = 8, 0
        self.fired: Counter[tuple[str, str, str]] = Counter()

    def case(self, number: int) -> str | None:
        found = self.bureau.cases("errand", open=True)
        return found[number % len(found)].id if found else None

    @rule(person=st.sampled_from(["anna", "anton", "bela"]))
    def start(self, person: str) -> None:
        if len(self.bureau.cases("errand")) < 6:
            self.bureau.start("errand", person)

    @rule(number=NUMBER, step=st.sampled_from(STEPS), person=PERSON)
    def act(self, number: int, step: str, person: str) -> None:
        if (case := self.case(number)) is not None:
            self.bureau.application.advance(case, step, person)

    @rule(number=NUMBER)
    def act_as_one_should(self, number: int) -> None:
        if (case := self.case(number)) is None:
            return
        section = self.bureau.case(case).section
        by = {"drafting": "anna" if section == "north" else "bela"}.get(
            self.bureau.state(case), "carl" if section == "north" else "cora"
        )
        step = {"drafting": "send", "waiting": "pick", "checking": ("reject", "close")[number % 2]}
        self.bureau.application.advance(case, step[self.bureau.state(case)], by)

    @rule(
        number=NUMBER, person=PERSON, verb=st.sampled_from(["claim", "urge", "suspend", "resume", "resume"])
    )
    def verb(self, number: int, person: str, verb: str) -> None:
        case = self.case(number)
        if case is None:
            return
        application = self.bureau.application
        match verb:
            case "claim":
                application.claim(case, person)
            case "urge":
                application.urge(case, person)
            case "suspend":
                application.suspend(case, person, reason="等材料")
            case "resume":
                application.resume(case, person)

    @rule(person=PERSON, other=PERSON, length=st.integers(1, 9))
    def delegate(self, person: str, other: str, length: int) -> None:
        today = self.bureau.clock.now().astimezone(ZONE).date()
        delegate(
            self.bureau.application,
            person,
            other,
            today,
            today + timedelta(days=length),
            by=person,
            reason="年休假",
        )

    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 24 * 7]))
    def tick(self, hours: int) -> None:
        if self.bureau.clock.now() < LATEST:
            self.bureau.later(hours=hours)
        fire_due(self.bureau.application)

    @rule(hours=st.sampled_from([24, 72, 24 * 7]), transactions=st.integers(0, 3), late=st.booleans())
    def crash(self, hours: int, transactions: int, late: bool) -> None:
        """A daemon dies while it sweeps; what it had not committed is swept by the next one."""
        if self.bureau.clock.now() < LATEST:
            self.bureau.later(hours=hours)
        dying = self.daemon(Fragile(self.bureau.store, transactions, late=late))
        with suppress(Killed):
            fire_due(dying)
        fire_due(self.bureau.application)

    @rule()
    def second_daemon(self) -> None:
        """Another daemon sweeps what the first has just swept: nothing is left for it."""
        fire_due(self.bureau.application)
        assert fire_due(self.daemon(self.bureau.store)).fired == 0

    def daemon(self, store: Store) -> Application:
        return Application(
            store, self.bureau.clock, DefinitionCache(timekeeping(self.calendar)), channels=("log",)
        )

    @rule(
        year=st.sampled_from([2026, 2027]),
        months=st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True),
        day=st.integers(1, 24),
    )
    def calendar_change(self, year: int, months: list[int], day: int) -> None:
        holidays = ", ".join(
            f"{year}-{month:02}-{day:02}..{year}-{month:02}-{day + 3:02}" for month in months
        )
        text = f"year: {year}\ntitle: 示例\nsource: 示例\nholidays: {{示例假: [{holidays}]}}\nworkdays: []\n"
        data, problems = read_year("new.yaml", text.encode())
        assert data is not None, problems
        self.calendar = self.calendar.with_year(data)
        time = timekeeping(self.calendar)
        shown = self.bureau.moved_deadlines(time)
        assert recompute.recount_by_pages(self.bureau.application, time, "system") == shown

    @rule(days=st.integers(5, 12))
    def publish(self, days: int) -> None:
        if days != self.days:
            self.bureau.publish(FLOW.format(days=days))
            self.days = days

    @invariant()
    def all_is_in_order(self) -> None:
        bureau = getattr(self, "bureau", None)
        if bureau is None:
            return
        assert bureau.incidents() == []
        with bureau.look() as transaction:
            cases = transaction.cases.find(CaseFilter(), limit=100)
            processes = {
                case.id: bureau.application.definitions.get(transaction, case.workflow, case.version)
                for case in cases
            }
            tasks = {case.id: transaction.tasks.of_case(case.id) for case in cases}
        for case in cases:
            process = processes[case.id]
            events = bureau.events(case.id)
            assert replay(events) == case
            assert {task.state for task in tasks[case.id]} == ({case.state} if case.open else set())
            if case.open:
                assert any(case.id in bureau.work_items(person) for person in PEOPLE), case.id
            assert bureau.timers(case.id) == self.expected_timers(process, case), case.id
            assert repeated(events) == [], case.id
            for name, clock in case.clocks.items():
                if not (case.suspended_at and name == "whole"):
                    assert clock.due_on == self.counted(process, name, clock.counted_from), (case.id, name)
        # Checking every row and every history takes longer than the step: what is wrong stays so until the next time.
        self.steps += 1
        if self.steps % 10 == 0:
            assert bureau.findings() == []

    def teardown(self) -> None:
        if bureau := getattr(self, "bureau", None):
            assert bureau.findings() == []

    def expected_timers(self, process: Process, case: Case) -> dict[str, Any]:
        if not case.open:
            return {}
        still = ("whole",) if case.suspended_at is not None else ()
        found = {n: c.next_at for n, c in case.clocks.items() if c.next_at is not None and n not in still}
        if case.suspended_at is None:
            for step in process.timed_steps(case.state):
                assert step.after is not None
                due = timekeeping(self.calendar).deadline(case.entered_at + case.held, step.after)
                found[AFTER + step.id] = due.due_at
        return found

    def counted(self, process: Process, name: str, counted_from: Any) -> date:
        """Return the due day counted one day after the other."""
        limit = process.workflow.clocks[name].limit
        assert isinstance(limit, Period)
        day: date = counted_from.astimezone(ZONE).date()
        left = limit.count
        while left:
            day += timedelta(days=1)
            left -= limit.unit is PeriodUnit.DAYS or self.calendar.is_working(day)
        return day


def repeated(events: list[Any]) -> list[tuple[str, ...]]:
    """Return the steps of ladders a history holds more than once for one deadline, however often it moved between."""
    seen: Counter[tuple[str, ...]] = Counter()
    for event in events:
        if event.kind in ("reminded", "overdue", "escalated"):
            for name, clock in event.body["clocks"].items():
                step = "" if event.kind == "overdue" else str(clock.get("step"))
                seen[event.kind, name, clock["started_at"], clock["due_at"], step] += 1
    return [step for step, times in seen.items() if times > 1]


def test_no_order_of_things_breaks_the_office(soak: bool) -> None:
    run_state_machine_as_test(
        Months,
        settings=settings(
            # Two and a half thousand steps in every run.
            max_examples=1000 if soak else 50,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_checks_can_fail() -> None:
    """The machine notices a timer that was lost and a reminder that came twice."""
    months = Months()
    months.open()
    months.start("anna")
    months.all_is_in_order()
    (case,) = months.bureau.cases("errand")
    with months.bureau.store.write() as transaction:
        transaction.timers.drop([(case.id, "drafting")])
    with pytest.raises(AssertionError):
        months.all_is_in_order()


def test_refusals_of_the_machine_are_refusals() -> None:
    months = Months()
    months.open()
    months.start("anna")
    (case,) = months.bureau.cases("errand")
    assert isinstance(months.bureau.application.advance(case.id, "send", "dora"), Refusal)
