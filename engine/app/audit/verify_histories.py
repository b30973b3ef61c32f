"""Verifying all histories or one, with what outsiders hold beside it: the counts and the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.app.audit.finding import AuditFinding
from engine.app.audit.verify import verify_stream
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_rows import VerifiedRows
from engine.app.audit.verify_seals import Outside, verify_outside, verify_seals
from engine.app.history.paged_reading import Reading, page_of


@dataclass(frozen=True, slots=True)
class AuditReport:
    """How much was verified, and what is wrong with it."""

    streams: int
    events: int
    findings: tuple[AuditFinding, ...]
    #: Parts of rows that were there before statements began, and are not proved before.
    taken_over: int = 0

    @property
    def first_day(self) -> str:
        """Return the earliest day a finding is from; ``-`` where none is known."""
        return min((finding.day for finding in self.findings if finding.day != "-"), default="-")

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        taken_over = {"taken_over": self.taken_over} if self.taken_over else {}
        return {
            "streams": self.streams,
            "events": self.events,
            **taken_over,
            "findings": [finding.as_json() for finding in self.findings],
        }


def verify_all_histories(reading: Reading, outside: Outside | None) -> AuditReport:
    """Verify everything, and hold it against what outsiders hold."""
    rows = VerifiedRows()
    found = list(verify(reading, rows))
    if outside is not None:
        found += verify_outside(reading, outside)
    transaction = page_of(reading)
    streams = sum(1 for _ in transaction.events.streams())
    return AuditReport(streams, transaction.events.count(), tuple(found), rows.taken_over)


def verify_history(reading: Reading, name: str, outside: Outside | None) -> AuditReport | None:
    """Verify one history, and hold it against what outsiders hold; None where there is none of that name."""
    found = list(verify_stream(reading, name))
    found = found or [one for one in verify_seals(reading) if one.stream == name]
    events = 0
    if not found:
        last = page_of(reading).events.last(name)
        if last is None:
            return None
        events = last.seq
    if outside is not None:
        found += [one for one in verify_outside(reading, outside) if one.stream == name]
    return AuditReport(1, events, tuple(found))
