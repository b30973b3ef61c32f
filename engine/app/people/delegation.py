"""委托: who acts for whom, from which day to which. A register of its own, with a history (`delegations`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.kernel.instants import from_text, to_text

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


#: The setting the register is kept under, and the stream of its history.
NAME = "delegations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """One delegation. Days are days of the bureau, both included; `begins` and `ends` are their instants in UTC."""

    id: str
    principal: str
    delegate: str
    first: date
    last: date
    begins: datetime
    ends: datetime
    reason: str
    by: str
    #: Taken back before its last day.
    ended: bool = False

    def runs(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return not self.ended and self.begins <= now < self.ends

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "principal": self.principal,
            "delegate": self.delegate,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "begins": to_text(self.begins),
            "ends": to_text(self.ends),
            "reason": self.reason,
            "by": self.by,
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Delegation:
        """Return the delegation `as_json` wrote."""
        return cls(
            **{
                **body,
                "first": date.fromisoformat(body["first"]),
                "last": date.fromisoformat(body["last"]),
                "begins": from_text(body["begins"]),
                "ends": from_text(body["ends"]),
            }
        )


def delegations(transaction: Transaction) -> list[Delegation]:
    """Return every delegation ever made, oldest first."""
    return [Delegation.from_json(body) for body in transaction.settings.get(NAME) or ()]


def add_delegation(transaction: Transaction, made: Delegation) -> None:
    """Keep a new delegation."""
    kept = [*delegations(transaction), made]
    transaction.settings.put(NAME, [one.as_json() for one in kept])


def end_delegation(transaction: Transaction, name: str) -> None:
    """Mark a delegation as ended before its last day."""
    kept = [replace(one, ended=True) if one.id == name else one for one in delegations(transaction)]
    transaction.settings.put(NAME, [one.as_json() for one in kept])


def principals_of(transaction: Transaction, person: str, now: datetime) -> list[str]:
    """Return the people `person` stands in for at `now`."""
    return _in_force(delegations(transaction), person, now)


def _in_force(known: Iterable[Delegation], person: str, now: datetime) -> list[str]:
    return [found.principal for found in known if found.delegate == person and found.runs(now)]
