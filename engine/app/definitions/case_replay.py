"""Cases that were handled already, tried by another text of their process: what would have been decided otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import after_event, begin, history, with_texts
from engine.app.ports.records import CaseFilter
from engine.lifecycle.command import Actor
from engine.lifecycle.migration.decided_by_other import (
    Moment,
    OtherDecisions,
    OtherVersion,
    Otherwise,
    decided_by_other,
    unsigned,
)
from engine.lifecycle.migration.rename_map import RenameMap

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process

#: Cases looked up at a time.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class TriedCase:
    """A case of which something would have been decided otherwise."""

    case: str
    title: str
    open: bool
    found: tuple[Otherwise, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "title": self.title,
            "open": self.open,
            "otherwise": [
                {
                    "kind": one.kind.value,
                    "on": one.on,
                    "step": one.step,
                    "sentence": str(one.sentence),
                    **({"basis": one.basis} if one.basis else {}),
                }
                for one in self.found
            ],
        }


@dataclass(slots=True)
class TriedCases:
    """How many cases of a period were tried and how many of them would have been handled otherwise; the first of these."""

    looked: int = 0
    otherwise: int = 0
    #: Steps compared, and those that could not be.
    compared: int = 0
    unknown: int = 0
    #: Kind -> cases with such a difference.
    kinds: Counter[str] = field(default_factory=Counter)
    cases: list[TriedCase] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "looked": self.looked,
            "otherwise": self.otherwise,
            "compared": self.compared,
            "unknown": self.unknown,
            "kinds": dict(self.kinds),
            "cases": [one.as_json() for one in self.cases],
        }


@dataclass(frozen=True, slots=True)
class TriedPeriod:
    """The cases that are meant: those that were open at some time from `first` up to, and without, `end`."""

    first: datetime
    end: datetime


def tried_cases(
    transaction: Transaction,
    definitions: DefinitionCache,
    new: Process,
    period: TriedPeriod,
    renames: RenameMap,
    people: Mapping[str, Actor],
    lists: Callable[[Case], bool],
    most: int,
) -> TriedCases:
    """Return what `new` would have decided otherwise of the cases of `period` that `lists` says are to be seen, `most` of them one by one."""
    result = TriedCases()
    made: dict[int, Process] = {}

    def alone(process: Process) -> Process:
        if process.version not in made:
            made[process.version] = unsigned(process)
        return made[process.version]

    for case in _of_period(transaction, new.workflow.id, period):
        if not lists(case):
            continue
        trial = OtherVersion(
            old_of=lambda version: definitions.get(transaction, new.workflow.id, version),
            new=new,
            renames=renames,
            actor_of=lambda person: people.get(person) or Actor(person),
            unsigned_of=alone,
            item_forms=definitions.item_forms(transaction, case),
        )
        _count(result, case, decided_by_other(trial, moments_of(transaction, case)), most)
    return result


def moments_of(transaction: Transaction, case: Case) -> Sequence[Moment]:
    """Return the entries of the history of a case, each with the case before and after it."""
    found: list[Moment] = []
    before: Case | None = None
    for entered in history(transaction, case.id):
        event = with_texts(entered, case.personal)
        after = begin(event) if before is None else after_event(before, event)
        found.append(Moment(event, before, after))
        before = after
    return found


def _of_period(transaction: Transaction, workflow: str, period: TriedPeriod) -> Iterator[Case]:
    """Yield the cases that were open in the period, page by page."""
    wanted = CaseFilter(workflow=workflow, opened_before=period.end)
    after: str | None = None
    while page := transaction.cases.find(wanted, limit=_PAGE, after=after):
        yield from (case for case in page if case.closed_at is None or case.closed_at >= period.first)
        if len(page) < _PAGE:
            return
        after = page[-1].id


def _count(result: TriedCases, case: Case, found: OtherDecisions, most: int) -> None:
    result.looked += 1
    result.compared += found.compared
    result.unknown += found.unknown
    if not found.found:
        return
    result.otherwise += 1
    result.kinds.update(sorted({one.kind.value for one in found.found}))
    if len(result.cases) < most:
        result.cases.append(TriedCase(case.id, case.title, case.open, tuple(found.found)))
