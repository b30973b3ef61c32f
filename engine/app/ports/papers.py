"""Papers with the facts of each, the numbers of the series, and kept files: the records and the repository."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.kernel.instants import from_text
from engine.language import Message, say
from engine.value import named_value, value


class PaperState(StrEnum):
    """What has happened to a paper; a paper comes to them in this order. `VOID` may follow any of them."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    NUMBERED = "numbered"
    SIGNED = "signed"
    SERVED = "served"
    FILED = "filed"
    VOID = "void"

    @property
    def words(self) -> Message:
        """Return it in words."""
        return {
            PaperState.DRAFTED: say("拟稿"),
            PaperState.APPROVED: say("批准"),
            PaperState.NUMBERED: say("编号"),
            PaperState.SIGNED: say("签署"),
            PaperState.SERVED: say("送达"),
            PaperState.FILED: say("归档"),
            PaperState.VOID: say("作废"),
        }[self]


class NumberStatus(StrEnum):
    """What a number of a series is: skipped and still to be given, given, or void."""

    OPEN = "open"
    GIVEN = "given"
    VOID = "void"


@value
class PaperFact:
    """One thing that happened to a paper: the day it is of, when it was entered, by whom, and a note."""

    state: PaperState
    on: date
    at: datetime
    by: str
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        plain = {
            "state": self.state.value,
            "on": self.on.isoformat(),
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "by": self.by,
        }
        return plain if self.note is None else {**plain, "note": self.note}


@named_value
class PaperRecord:
    """文书: one paper of a case. `document` is the id of its text as it is now, `kind` the template it is made of."""

    id: str
    case: str
    kind: str
    document: str
    facts: tuple[PaperFact, ...]
    #: 文号 as printed; None before it is numbered, and for a paper of no series.
    number: str | None = None
    #: The paper that this one takes the place of.
    replaces: str | None = None

    @property
    def state(self) -> PaperState:
        """Return the last that happened to it."""
        return self.facts[-1].state

    def fact(self, state: PaperState) -> PaperFact | None:
        """Return when and by whom it came to a state; None where it has not."""
        return next((fact for fact in self.facts if fact.state is state), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "case": self.case,
            "kind": self.kind,
            "document": self.document,
            "number": self.number,
            "state": self.state.value,
            "facts": [fact.as_json() for fact in self.facts],
            "replaces": self.replaces,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> PaperRecord:
        """Return the paper `as_json` wrote."""
        return cls(
            id=body["id"],
            case=body["case"],
            kind=body["kind"],
            document=body["document"],
            number=body["number"],
            replaces=body["replaces"],
            facts=tuple(
                PaperFact(
                    PaperState(fact["state"]),
                    date.fromisoformat(fact["on"]),
                    from_text(fact["at"]),
                    fact["by"],
                    fact.get("note"),
                )
                for fact in body["facts"]
            ),
        )


@named_value
class PaperNumber:
    """One number of a series. An open one belongs to no paper yet."""

    series: str
    year: int
    number: int
    #: 文号 as printed.
    text: str
    status: NumberStatus
    paper: str | None = None
    on: date | None = None
    by: str | None = None
    #: It was given while a lower one was not.
    out_of_order: bool = False
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "series": self.series,
            "year": self.year,
            "number": self.number,
            "text": self.text,
            "status": self.status.value,
            "paper": self.paper,
            "on": None if self.on is None else self.on.isoformat(),
            "by": self.by,
            "out_of_order": self.out_of_order,
            "reason": self.reason,
        }


@named_value
class KeptFile:
    """附件: a file kept with a case. Its bytes are in the store of files under `sha256`."""

    id: str
    case: str
    title: str
    name: str
    sha256: str
    size: int
    #: What it is by its content: a word of `engine.kernel.file_types`.
    type: str
    at: datetime
    by: str

    def as_json(self) -> Mapping[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "case": self.case,
            "title": self.title,
            "name": self.name,
            "sha256": self.sha256,
            "size": self.size,
            "type": self.type,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "by": self.by,
        }


class Papers(Protocol):
    """Papers, numbers of their series, kept files."""

    def put(self, paper: PaperRecord) -> None:
        """Store a paper; one with the same id is replaced."""
        ...

    def get(self, paper_id: str) -> PaperRecord | None:
        """Return a paper by its id."""
        ...

    def of_case(self, case_id: str) -> list[PaperRecord]:
        """Return the papers of a case, in the order in which they were made."""
        ...

    def add_number(self, number: PaperNumber) -> None:
        """Store a number. Raises ConflictError where it is taken."""
        ...

    def set_number(self, number: PaperNumber, before: NumberStatus) -> None:
        """Give a number another status. Raises ConflictError where it no longer has the status `before`."""
        ...

    def next_number(self, series: str, year: int) -> PaperNumber | int:
        """Return the lowest open number of a series, or, where none is open, the one after the last."""
        ...

    def number(self, series: str, year: int, number: int) -> PaperNumber | None:
        """Return a number of a series; None where it was neither given nor skipped."""
        ...

    def numbers(self, year: int | None = None, series: str | None = None) -> list[PaperNumber]:
        """Return numbers, ordered by series, year and number."""
        ...

    def number_of(self, paper_id: str) -> PaperNumber | None:
        """Return the number a paper has; the void one only where it has no other."""
        ...

    def add_file(self, file: KeptFile) -> None:
        """Store what is known of a kept file. Raises ConflictError where its id is taken."""
        ...

    def call_file(self, file_id: str, title: str, name: str) -> None:
        """Give a kept file another title and another name. Does nothing where there is none."""
        ...

    def files(self, case_id: str | None = None) -> list[KeptFile]:
        """Return the kept files (of a case), by case in the order in which they were kept."""
        ...
