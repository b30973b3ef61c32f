"""The running number of a case."""

from __future__ import annotations

from engine.lifecycle.case import Case


def number_of(case: Case) -> int:
    """Return the running number in the id of a case."""
    return int(case.id.rpartition("-")[2])
