"""Verifies all histories and all seals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding
from engine.app.audit.verify import _chains
from engine.app.history.paged_reading import Reading

if TYPE_CHECKING:
    from engine.app.audit.verify_rows import VerifiedRows


def verify(reading: Reading, rows: VerifiedRows | None = None) -> Iterator[AuditFinding]:
    """Yield everything wrong with any history, every case that differs from its own, everything unsealed, and every row
    that is not as it was written, every definition that is kept otherwise than it is published; `rows` is filled with how
    much was gone through.
    """
    from engine.app.audit.verify_kept import verify_kept
    from engine.app.audit.verify_rows import verify_rows
    from engine.app.audit.verify_seals import verify_seals

    named, sealed = set[str](), set[str]()
    for found in _chains(reading):
        named.add(found.stream)
        yield found
    for found in verify_seals(reading):
        # A broken history is reported once.
        if found.stream not in named:
            sealed.add(found.stream)
            yield found
    for row in verify_rows(reading, rows):
        if row.stream not in named | sealed or row.table not in ("case", "event"):
            yield row
    yield from verify_kept(reading)
