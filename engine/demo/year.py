"""The demonstration: sets a bureau up, lets a year go by, and says what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.registers import claim_entries
from engine.app.delivery.deliver import Channel, Retry, deliver
from engine.app.queries.cases import CaseFilter
from engine.app.queries.reports import report_measures
from engine.app.timers.fire_due import fire_due
from engine.demo.checkpoint import Checkpoint
from engine.demo.people import Staff
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.synthetic.scenario import Scenario

#: The hours of the day at which people of the simulation look at their tasks.
HOURS = (time(9, 30), time(14), time(16))
#: The parts of a day: cases are started, people look at their tasks, messages go out, the year is closed.
STARTING, DELIVERING, CLOSING = 0, len(HOURS) + 1, len(HOURS) + 2
#: The channels of the demonstration are files; one that fails is tried again the next minute.
RETRY = Retry((1, 1, 1, 1), 15)
#: The most cases that are open when nothing but the steps of the year's end is left.
MAX_AT_YEAR_END = 10
#: However the simulation goes, it ends after so many days.
MAX_DAYS = 900


@dataclass(slots=True)
class Year:
    """A year under way, at `place`.

    Everything that happens depends on the seed and on what is in the store alone, never on what this process has
    seen before. That is what lets another process go on from the place kept in the store, with the same outcome.
    """

    application: Application
    clock: VirtualClock
    scenario: Scenario
    staff: Staff
    channels: Mapping[str, Channel]
    place: Checkpoint
    #: Puts rows at the end of a form of the deployment and publishes it: the caller, the form, the text of the rows.
    add_rows: Callable[[Caller, str, str], Refusal | object]

    def run(self) -> None:
        """Let the days go by until every case is closed."""
        place = self.place
        last = date.fromisoformat(self.scenario.start) + timedelta(days=MAX_DAYS)
        while place.day < last:
            if self._day():
                send_all(self.application, self.clock, self.channels, "message")
                return
            place.day += timedelta(days=1)
            place.part = STARTING
        raise RuntimeError("the simulated year did not end")

    def _day(self) -> bool:
        """Let a day go by, from the part that is under way; tell whether the year is over."""
        place, zone = self.place, self.application.definitions.time.zone
        if place.part == STARTING:
            for row in self.scenario.started:
                if _day_of(row) == place.day:
                    self._until(datetime.combine(place.day, time(8), zone))
                    self._start(row)
            for number, row in enumerate(self.scenario.plan["acts"]):
                if _day_of(row) == place.day:
                    self._until(datetime.combine(place.day, time(8), zone))
                    self._act(Caller(row["by"], request_id=f"demo:act:{number}"), row)
            place.part += 1
        while place.part < DELIVERING:
            if self.application.definitions.time.calendar.is_working(place.day):
                self._until(datetime.combine(place.day, HOURS[place.part - 1], zone))
                self.staff.work(self.clock.now())
            place.part += 1
        waiting = any(_day_of(row) > place.day for row in self.scenario.started)
        if place.part == DELIVERING:
            self._deliver()
            if not waiting and not self._open():
                return True
            place.part = CLOSING
        if not waiting and self._only_year_end():
            self._close_year()
        return False

    def _until(self, instant: datetime) -> None:
        """Go on to an instant, stopping at every timer on the way.

        What is due now comes first: another process may have been broken off in the middle of it.
        """
        fire_due(self.application)
        while True:
            with self.application.store.read() as transaction:
                due = transaction.timers.next_at()
            if due is None or due > instant:
                break
            if due > self.clock.now():
                self.clock.set(due)
            fire_due(self.application)
        self.clock.set(instant)
        fire_due(self.application)

    def _deliver(self) -> None:
        if self.channels:
            deliver(self.application.store, self.channels, self.clock.now(), limit=10_000, retry=RETRY)

    def _start(self, row: Mapping[str, Any]) -> None:
        answers = None
        if "kind" in row:
            answers = {"kind": row["kind"], "year": date.fromisoformat(self.scenario.start).year}
        outcome = self.application.start(
            row["workflow"],
            row["by"],
            NewCase(
                title=row["title"], section=row["section"], fields={k: row[k] for k in ("kind",) if k in row}
            ),
            answers,
            request_id=f"demo:start:{row['title']}",
        )
        if isinstance(outcome, Refusal):
            raise RuntimeError(str(outcome))

    def _act(self, caller: Caller, row: Mapping[str, Any]) -> None:
        if "form" in row:
            outcome = self.add_rows(caller, row["form"], row["rows"])
        else:
            ids, release = row.get("claims") or row["releases"], "releases" in row
            outcome = claim_entries(self.application, caller, "items", ids, row["section"], release=release)
        if isinstance(outcome, Refusal):
            raise RuntimeError(str(outcome))

    def _open(self) -> int:
        with self.application.store.read() as transaction:
            return transaction.cases.count(CaseFilter(open=True))

    def _only_year_end(self) -> bool:
        with self.application.store.read() as transaction:
            # A year that runs into the next has what the calendar opened then, and no more.
            if transaction.cases.count(CaseFilter(open=True)) > MAX_AT_YEAR_END:
                return False
            left = transaction.cases.find(CaseFilter(open=True), limit=MAX_AT_YEAR_END)
        return all(f"{case.workflow}.{case.state}" in self.scenario.year_end for case in left)

    def _close_year(self) -> None:
        with self.application.store.read() as transaction:
            left = transaction.cases.find(CaseFilter(open=True), limit=1000)
        for case in left:
            step = self.scenario.year_end[f"{case.workflow}.{case.state}"]
            self.place.steps += 1
            outcome = self.application.advance(
                case.id, step, self.scenario.plan["closes"], request_id=f"demo:close:{case.id}"
            )
            if isinstance(outcome, Refusal):
                raise RuntimeError(str(outcome))


def _day_of(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(row["day"]))


def send_all(
    application: Application, clock: VirtualClock, channels: Mapping[str, Channel], kind: str
) -> None:
    """Send everything of a kind. What a process that died had taken out has to wait until its claim runs out."""
    for tried in range(len(RETRY.minutes) + 1):
        with application.store.read() as transaction:
            if not transaction.outbox.counts().get((kind, "waiting")):
                return
        if tried:
            clock.advance(timedelta(minutes=RETRY.lease))
        deliver(application.store, channels, clock.now(), limit=1_000_000, retry=RETRY)


def summary(year: Year) -> dict[str, Any]:
    """Return what happened, in numbers."""
    application, names = year.application, year.scenario.plan["summary"]
    started = date.fromisoformat(year.scenario.start)
    report = report_measures(application, year.scenario.plan["closes"], started.year)
    kpi = {} if isinstance(report, Refusal) else {row.id: row.measure for row in report.rows}
    with application.store.read() as transaction:
        inspections = transaction.cases.find(CaseFilter(workflow=names["inspections"]), limit=1_000_000)
        results = {p.case: p for p in transaction.records.publications(kind=names["published"])}
        objects = transaction.registers.summary()["objects"][0]
        inspected = [case for case in inspections if not case.open]
        on_time = sum(1 for publication in results.values() if not publication.late)
        plan = application.definitions.latest(transaction, names["bureau_of"])
        zone = application.definitions.time.zone
        return {
            "targets": dict(plan.bureau.targets) if plan else {},
            "objects": objects,
            "drawn": len(inspections),
            "drawn_by_risk": kpi[names["by_risk"]].part,
            "covered": kpi[names["coverage"]].part,
            "coverage": _decimal(kpi[names["coverage"]].value),
            "risk_based_share": _decimal(kpi[names["by_risk"]].value),
            "inspected": len(inspected),
            "published": len(results),
            "published_on_time": on_time,
            "archived": sum(1 for case in inspections if case.state == names["archived"]),
            "cases": transaction.cases.count(CaseFilter()),
            "open": transaction.cases.count(CaseFilter(open=True)),
            "reminders": transaction.events.count("reminded"),
            "overdue": transaction.events.count("overdue"),
            "escalations": transaction.events.count("escalated"),
            "notifications": sum(
                n for (kind, _), n in transaction.outbox.counts().items() if kind == "message"
            ),
            **{
                name: transaction.cases.count(CaseFilter(workflow=workflow))
                for name, workflow in names["cases"].items()
            },
            "replaced_inspectors": sum(1 for case in inspections if names["replaced"] in case.forms),
            "refused": transaction.events.count("refused"),
            "steps": year.place.steps,
            "events": transaction.events.count(),
            "days": (year.clock.now().astimezone(zone).date() - started).days,
        }


def _decimal(ratio: Fraction | None) -> float:
    """Return a ratio with four digits, cut off, as JSON shows it. For reading only; nothing is decided by it."""
    return int((ratio or 0) * 10_000) / 10_000
