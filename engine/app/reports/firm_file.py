"""One firm, one file: its entry, every case about it over the years and what came of each, and visits of the old ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import CaseFilter, RegisterEntry
from engine.app.session.measures import each_case
from engine.kernel.clean_text import clean_code, folded
from engine.lifecycle.model.form import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.app.ports.store import Transaction
    from engine.app.session.measures import CaseDefinitions
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process

#: The register of firms, and the one of visits entered from an old ledger.
OBJECTS, VISITS = "objects", "visits"
#: Digits of a telephone number that have to be typed for it to be searched.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class FirmCase:
    """One case about a firm."""

    case: str
    workflow: str
    title: str
    state: str
    opened_on: str
    closed_on: str | None
    section: str | None
    #: Title of a public choice -> the words chosen: what came of it.
    found: Sequence[tuple[str, Sequence[str]]]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "workflow": self.workflow,
            "title": self.title,
            "state": self.state,
            "opened_on": self.opened_on,
            "closed_on": self.closed_on,
            "section": self.section,
            "found": {title: list(words) for title, words in self.found},
        }


@dataclass(frozen=True, slots=True)
class FirmFile:
    """Everything about a firm somebody may see."""

    entry: RegisterEntry | None
    code: str
    name: str
    #: Codes and names it had before.
    former: Sequence[str]
    cases: Sequence[FirmCase]
    #: Visits of the old ledger, newest first.
    ledger: Sequence[RegisterEntry]
    #: Cases of other sections that are not shown.
    hidden: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "code": self.code,
            "name": self.name,
            "former": list(self.former),
            "entry": dict(self.entry.data) if self.entry is not None else None,
            "cases": [one.as_json() for one in self.cases],
            "ledger": [{"id": one.id, "name": one.name, **one.data} for one in self.ledger],
            "hidden": self.hidden,
        }


def found_firms(
    entries: Iterable[RegisterEntry], text: str, shown: Callable[[RegisterEntry], RegisterEntry]
) -> list[RegisterEntry]:
    """Return the entries whose code, name, former code or name, or telephone has `text` in it; a whole code first.

    Full-width and half-width, case, blanks and invisible characters do not matter. `shown` leaves out what the person
    who looks may not read; by that nothing is found.
    """
    wanted, digits = folded(text), _digits(text)
    if not wanted:
        return []
    found = []
    for entry in entries:
        seen = shown(entry)
        texts = [seen.id, seen.name, *former_of(seen)]
        phone = _digits(str(seen.data.get("phone") or ""))
        if any(wanted in folded(one) for one in texts) or (len(digits) >= _DIGITS and digits in phone):
            found.append(seen)
    return sorted(found, key=lambda one: (folded(one.id) != wanted, folded(one.name) != wanted, one.id))


def former_of(entry: RegisterEntry) -> list[str]:
    """Return the codes and names an entry had before."""
    return [*map(str, entry.data.get("former_ids") or ()), *map(str, entry.data.get("former_names") or ())]


def firm_cases(
    transaction: Transaction,
    definitions: CaseDefinitions,
    codes: Iterable[str],
    lists: Callable[[Case], bool],
    zone: tzinfo,
) -> tuple[list[FirmCase], int]:
    """Return the cases about any of the codes, newest first, and how many are of others only."""
    found: list[tuple[datetime, FirmCase]] = []
    hidden = 0
    for code in dict.fromkeys(codes):
        for case in _cases_about(transaction, code):
            if not lists(case):
                hidden += 1
                continue
            process = definitions.get(transaction, case.workflow, case.version)
            found.append((case.opened_at, _firm_case(process, case, zone)))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].case), reverse=True)], hidden


def ledger_of(transaction: Transaction, codes: Iterable[str]) -> list[RegisterEntry]:
    """Return the visits of the old ledger to a firm, newest first."""
    found: dict[str, RegisterEntry] = {}
    for code in dict.fromkeys(codes):
        ids = transaction.registers.mentioning(VISITS, code)
        found |= {
            one.id: one
            for one in transaction.registers.some(VISITS, ids).values()
            if one.data.get("object") == code
        }
    return sorted(
        found.values(), key=lambda one: (str(one.data.get("ledger_day") or ""), one.id), reverse=True
    )


def _firm_case(process: Process, case: Case, zone: tzinfo) -> FirmCase:
    states = process.workflow.states
    return FirmCase(
        case.id,
        process.workflow.title,
        case.title,
        states[case.state].title if case.state in states else case.state,
        case.opened_at.astimezone(zone).date().isoformat(),
        case.closed_at.astimezone(zone).date().isoformat() if case.closed_at else None,
        case.section,
        tuple(_found(process, case)),
    )


def _found(process: Process, case: Case) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what public choices of the forms say, in words."""
    for name, answers in case.forms.items():
        for asked in process.form(name).fields if name in process.workflow.forms else ():
            value = answers.get(asked.name)
            if not asked.public or not asked.choices or value in (None, "", []):
                continue
            several = value if asked.type is FieldType.CHOICES and isinstance(value, list) else [value]
            yield asked.title, [asked.choices.get(str(one), str(one)) for one in several]


def _cases_about(transaction: Transaction, code: str) -> Iterator[Case]:
    return each_case(transaction, CaseFilter(subject=code))


def _digits(text: str) -> str:
    return "".join(one for one in clean_code(text) if one.isdigit())
