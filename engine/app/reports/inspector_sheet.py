"""One inspector, one sheet: tasks, visits of a year, certificate, training, leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from engine.app.people.delegation import delegations
from engine.app.ports.records import CaseFilter, Delegation, RegisterEntry
from engine.app.session.measures import each_case, year_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.app.people.persons import Person
    from engine.app.ports.store import Transaction
    from engine.app.ports.worklist import WorkItem
    from engine.lifecycle.case import Case


@dataclass(frozen=True, slots=True)
class InspectorSheet:
    """What an inspector has to do and has done in a year."""

    person: Person
    year: int
    #: The entry of the register of inspectors, private columns left out where they are kept from who looks.
    entry: RegisterEntry | None
    tasks: Sequence[WorkItem]
    #: Cases of the year they take part in, oldest first.
    cases: Sequence[Case]
    #: When somebody else acts for them.
    leave: Sequence[Delegation]
    #: Cases of other sections that are not shown.
    hidden: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.person.actor.id,
            "name": self.person.actor.name,
            "section": self.person.actor.section,
            "active": self.person.active,
            "year": self.year,
            "entry": dict(self.entry.data) if self.entry is not None else None,
            "tasks": [
                {
                    "case": one.task.case,
                    "title": one.task.case_title,
                    "state": one.task.title,
                    "due_on": one.task.due_on.isoformat() if one.task.due_on else None,
                    "late": one.late,
                }
                for one in self.tasks
            ],
            "cases": [{"case": one.id, "title": one.title, "state": one.state} for one in self.cases],
            "leave": [one.as_json() for one in self.leave],
            "hidden": self.hidden,
        }


def cases_with(
    transaction: Transaction, person: str, now: datetime, zone: tzinfo, lists: Callable[[Case], bool]
) -> tuple[list[Case], int]:
    """Return the cases opened in the year of `now` in which a person is a party, oldest first, and how many are not shown."""
    theirs = [
        case
        for case in _of_year(transaction, now, zone)
        if any(person in people for people in case.parties.values())
    ]
    shown = [case for case in theirs if lists(case)]
    return sorted(shown, key=lambda case: (case.opened_at, case.id)), len(theirs) - len(shown)


def leave_of(transaction: Transaction, person: str) -> list[Delegation]:
    """Return when others act or acted for a person, oldest first."""
    return [one for one in delegations(transaction) if one.principal == person]


def _of_year(transaction: Transaction, now: datetime, zone: tzinfo) -> Iterator[Case]:
    start, end = year_of(now, zone)
    return each_case(transaction, CaseFilter(opened_from=start, opened_before=end))
