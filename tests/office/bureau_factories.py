"""A whole office in memory: small definitions in, commands by made-up people, tasks and refusals and events out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.commands.inbox import choose_messages
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.execution.recompute import MovedDeadline, moved_deadlines
from engine.app.history.replay import history
from engine.app.history.requests import CommandResult
from engine.app.ports.records import CaseFilter, Delegation, OutboxItem, RegisterEntry, Timer
from engine.app.ports.store import Store, Transaction
from engine.app.ports.worklist import WorkItem
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.app.timers.fire_due import FiredTimers, fire_due
from engine.app.worklist.case_view import TaskView, explain_task
from engine.app.worklist.work_items import work_items, work_items_of
from engine.calendars.load import load_calendar
from engine.calendars.yaml_year import read_year
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore
from engine.worktime.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar([])

BUREAU = """
bureau: example
title: 示例区人力资源和社会保障局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles:
  clerk: {title: 经办人, scope: section}
  chief: {title: 股室负责人, scope: section}
  deputy: {title: 分管领导, scope: bureau}
  inspector: {title: 执法检查人员, scope: section}
"""

#: id -> section, roles. Everybody is made up.
PEOPLE: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "anna": ("north", ("clerk",)),
    "anton": ("north", ("clerk",)),
    "bela": ("south", ("clerk",)),
    "carl": ("north", ("chief",)),
    "cora": ("south", ("chief",)),
    "dora": (None, ("deputy",)),
}


def shanghai(text: str) -> datetime:
    """Return the instant of ``2024-09-02 10:00`` in Shanghai, in UTC; without an hour it is ten o'clock."""
    day, _, hour = text.partition(" ")
    moment = time.fromisoformat(hour) if hour else time(10)
    return datetime.combine(date.fromisoformat(day), moment, ZONE).astimezone(UTC)


def timekeeping(calendar: Calendar = CALENDAR) -> DeadlineCalculator:
    """Return the time of the bureau, counted with `calendar`."""
    return DeadlineCalculator(calendar, ZONE, time(9))


def with_year(*holidays: str, year: int = 2027, workdays: str = "") -> Calendar:
    """Return the calendar with a made-up notice for a year."""
    text = f"year: {year}\ntitle: 示例安排\nsource: 示例通知\nholidays: {{示例假: [{', '.join(holidays)}]}}\nworkdays: [{workdays}]\n"
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    return CALENDAR.with_year(data)


class Bureau:
    """The office of a test. What is written as a verb must succeed; `no` must be refused."""

    def __init__(
        self,
        *definitions: str,
        at: str = "2024-09-02",
        calendar: Calendar = CALENDAR,
        store: Store | None = None,
    ) -> None:
        self.clock = VirtualClock(shanghai(at))
        self.store = MemoryStore() if store is None else store
        self.application = Application(
            self.store, self.clock, DefinitionCache(timekeeping(calendar)), channels=("log",)
        )
        self.texts = {"bureau.yaml": BUREAU}
        entries = [
            RegisterEntry(
                "people", person, person.title(), section, {"roles": list(roles), "phone": "13900000000"}
            )
            for person, (section, roles) in PEOPLE.items()
        ]
        inspectors = [
            RegisterEntry("inspectors", f"insp-{n}", f"检查员{n}", "north", {"cert_valid_to": "2030-12-31"})
            for n in (1, 2, 3)
        ]
        with self.store.write() as transaction:
            transaction.registers.put([*entries, *inspectors], self.clock.now())
        self.publish(*definitions)

    def publish(self, *definitions: str) -> dict[str, int]:
        """Publish definitions beside those there are; returns the new versions."""
        for definition in definitions:
            text = textwrap.dedent(definition).strip() + "\n"
            name = text.split("\n", 1)[0].replace(": ", ".")
            self.texts["bureau.yaml" if name.startswith("bureau.") else f"{name}.yaml"] = text
        loaded = self.loaded = load_files(self.texts)
        errors = [f"{p.file}:{p.line} {p.message}" for p in loaded.problems if p.severity == "error"]
        assert not errors, "\n".join(errors)
        with self.store.write() as transaction:
            return dict(add_versions(transaction, loaded, self.clock.now(), SYSTEM).new)

    @contextmanager
    def look(self) -> Iterator[Transaction]:
        """Read the store."""
        with self.store.read() as transaction:
            yield transaction

    def moved_deadlines(self, time: DeadlineCalculator) -> list[MovedDeadline]:
        """Return what counting with `time` would move."""
        with self.look() as transaction:
            return moved_deadlines(self.application, transaction, self.clock.now(), time)

    def start(self, workflow: str, person: str = "anna", answers: Any = None, **new: Any) -> str:
        """Start a case; returns its id."""
        how = {name: new.pop(name) for name in ("request_id", "dry_run") if name in new}
        new.setdefault("title", "示例件")
        outcome = self.application.start(workflow, person, NewCase(**new), answers, **how)
        assert isinstance(outcome, CommandResult), str(outcome)
        return outcome.case

    def leaves(self, person: str) -> None:
        """Take somebody out of the register of people, as an import would."""
        with self.look() as transaction:
            staying = [entry for entry in transaction.registers.all("people") if entry.id != person]
        import_entries(self.application, "people", staying, SYSTEM, source="test", remove_missing=True)

    def take(
        self, case: str, step: str, person: str = "anna", answers: Any = None, **how: Any
    ) -> CommandResult:
        """Take a step."""
        return done(self.application.advance(case, step, person, answers, **how))

    def no(self, case: str, step: str, person: str = "anna", answers: Any = None, **how: Any) -> list[str]:
        """Try a step that must be refused; returns the sentences."""
        return refused(self.application.advance(case, step, person, answers, **how))

    def case(self, case_id: str) -> Case:
        with self.look() as transaction:
            found = transaction.cases.get(case_id)
        assert found is not None, case_id
        return found

    def state(self, case_id: str) -> str:
        return self.case(case_id).state

    def cases(self, workflow: str, **wanted: Any) -> list[Case]:
        with self.look() as transaction:
            return transaction.cases.find(CaseFilter(workflow=workflow, **wanted))

    def events(self, stream: str) -> list[Event]:
        with self.look() as transaction:
            return list(history(transaction, stream))

    def kinds(self, stream: str) -> list[str]:
        return [event.kind for event in self.events(stream)]

    def timers(self, case_id: str) -> dict[str, datetime]:
        with self.look() as transaction:
            return {timer.name: timer.at for timer in transaction.timers.of_case(case_id)}

    def incidents(self) -> list[tuple[Timer, str]]:
        with self.look() as transaction:
            return list(transaction.timers.incidents())

    def explain(self, case: str, person: str | None) -> TaskView | None:
        """Return the present task of a case as `person` meets it."""
        with self.store.read() as transaction:
            return explain_task(self.application, transaction, self.clock.now(), case, person)

    def work_items(self, person: str) -> dict[str, WorkItem]:
        """Return the tasks of a person, by case."""
        with self.look() as transaction:
            found = work_items_of(transaction, person, self.clock.now())
        assert found is not None
        return {duty.task.case: duty for duty in found}

    def all_duties(self, **wanted: Any) -> dict[str, WorkItem]:
        with self.look() as transaction:
            return {duty.task.case: duty for duty in work_items(transaction, self.clock.now(), **wanted)}

    def outbox(self, kind: str = "message", *, arrivals: bool = False) -> list[OutboxItem]:
        """Return what is to leave the house, oldest first; what only says that a task has come where it is asked for."""
        with self.look() as transaction:
            found = [
                item
                for item in transaction.outbox.listed()
                if item.kind == kind and (arrivals or item.payload.get("about") != "arrived")
            ]
        return sorted(found, key=lambda item: (item.created_at, item.id))

    def without_arrivals(self, *people: str) -> Bureau:
        """Have these people choose not to be sent word of new tasks, for tests of other messages."""
        for person in people:
            outcome = choose_messages(self.application, Caller(person), person, "arrived", "none")
            assert not isinstance(outcome, Refusal), str(outcome)
        return self

    def mail(self, person: str) -> list[str]:
        return [str(item.payload["text"]) for item in self.outbox() if item.recipient == person]

    def at(self, text: str) -> Bureau:
        """Set the clock; nothing fires."""
        self.clock.set(shanghai(text))
        return self

    def sweep(self) -> FiredTimers:
        return fire_due(self.application)

    def until(self, text: str) -> Bureau:
        """Let time go by; every timer fires at its own instant."""
        end = shanghai(text)
        while True:
            with self.look() as transaction:
                due = transaction.timers.next_at()
            if due is None or due > end:
                break
            self.clock.set(max(due, self.clock.now()))
            self.sweep()
        self.clock.set(end)
        return self

    def later(self, **by: int) -> Bureau:
        self.clock.advance(timedelta(**by))
        return self

    def findings(self) -> list[str]:
        """Return everything that is wrong with the histories."""
        with self.look() as transaction:
            return [str(finding) for finding in verify(transaction)]


def delegate(
    application: Application,
    principal: str,
    to: str,
    first: date,
    last: date,
    *,
    by: str,
    reason: str,
    **how: Any,
) -> Delegation | Refusal:
    """Make a delegation as `by`."""
    return add_delegation(application, Caller(by, **how), principal, to, first, last, reason)


def end(application: Application, name: str, *, by: str, reason: str, **how: Any) -> Delegation | Refusal:
    """End a delegation as `by`."""
    return end_delegation(application, Caller(by, **how), name, reason)


def done(outcome: CommandResult | Refusal) -> CommandResult:
    assert isinstance(outcome, CommandResult), str(outcome)
    return outcome


def refused(outcome: CommandResult | Refusal) -> list[str]:
    assert isinstance(outcome, Refusal), outcome
    return [str(reason.message) for reason in outcome.reasons]
