"""Verifies all histories and all seals."""

from __future__ import annotations

from collections.abc import Iterator

from engine.app.audit.finding import AuditFinding
from engine.app.audit.verify import _chains
from engine.app.history.paged_reading import Reading


def verify(reading: Reading) -> Iterator[AuditFinding]:
    """Yield everything wrong with any history, every case that differs from its own, and everything unsealed."""
    from engine.app.audit.verify_seals import verify_seals

    named: set[str] = set()
    for found in _chains(reading):
        named.add(found.stream)
        yield found
    for found in verify_seals(reading):
        # A broken history is reported once.
        if found.stream not in named:
            yield found
