"""Verifying all histories or one, with what outsiders hold beside it: the counts and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.app.audit.finding import AuditFinding, goes_on
from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import STREAM, KeptHead, read_history
from engine.app.audit.verify import verify_stream
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_rows import VerifiedRows
from engine.app.audit.verify_seals import Outside, verify_outside, verify_seals
from engine.app.audit.verify_since import VerifiedSince, verify_since
from engine.app.history.paged_reading import Reading, as_stored, page_of
from engine.app.ports.store import Transaction
from engine.language import say


@dataclass(frozen=True, slots=True)
class AuditReport:
    """How much was verified, and what is wrong with it."""

    streams: int
    events: int
    findings: tuple[AuditFinding, ...]
    #: Parts of rows that were there before statements began, and are not proved before.
    taken_over: int = 0
    #: The head from which on it was verified; None where everything was.
    since: KeptHead | None = None

    @property
    def first_day(self) -> str:
        """Return the earliest day a finding is from; ``-`` where none is known."""
        return min((finding.day for finding in self.findings if finding.day != "-"), default="-")

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        taken_over = {"taken_over": self.taken_over} if self.taken_over else {}
        head = self.since
        since = {"since": {"head": head.number, "day": head.day, "not_read": head.size}} if head else {}
        return {
            "streams": self.streams,
            "events": self.events,
            **taken_over,
            **since,
            "findings": [finding.as_json() for finding in self.findings],
        }


def verify_all_histories(reading: Reading, outside: Outside | None) -> AuditReport:
    """Verify everything, and hold it against what outsiders hold."""
    rows = VerifiedRows()
    found = list(verify(reading, rows))
    if outside is not None:
        found += goes_on("seal", reading, lambda: verify_outside(reading, outside))
    (streams,) = as_stored(reading, lambda: iter([sum(1 for _ in page_of(reading).events.streams())]))
    return AuditReport(streams, page_of(reading).events.count(), tuple(found), rows.taken_over)


def verify_what_is_new(transaction: Transaction, since: int | Mapping[str, Any]) -> AuditReport | None:
    """Verify what was written after a kept head: the one of that number, or the one somebody outside holds; None where there is none.

    A head that is held and is not the one of its size here is a finding.
    """
    history = read_history(transaction)
    if isinstance(since, int):
        head = history.head(since)
    else:
        head = next((one for one in history.heads if one.size == since["size"]), None)
    if head is None:
        return None
    verified = VerifiedSince()
    found = list(verify_since(transaction, history, head, verified))
    if not isinstance(since, int) and (head.root, bureau_id(transaction)) != (since["root"], since["bureau"]):
        message = say(
            "日志头 {number} 的根与单位以外保存的不符（保存的 {held}，库中 {mine}）：历史被整体重写",
            number=head.number,
            held=str(since["root"]),
            mine=head.root,
        )
        found.insert(0, AuditFinding(STREAM, head.seq, head.day, message))
    return AuditReport(verified.streams, verified.events, tuple(found), since=head)


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
