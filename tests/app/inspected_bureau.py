"""An office with two inspectors and two visits; one of them both go to."""

from __future__ import annotations

from bureau_factories import BUREAU, Bureau

from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries

VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待检查, for: inspectors, verbs: {reassign: {by: chief}}}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done}
"""


def inspected_bureau() -> Bureau:
    """Return it with both visits begun."""
    found = Bureau(BUREAU, VISIT)
    data = {
        "cert_valid_to": "2026-01-01",
        "trained_on": "2024-03-01",
        "phone": "13800000001",
        "status": "active",
    }
    for kind in ("inspectors",):
        rows = [RegisterEntry(kind, one, one, "north", data) for one in ("ida", "ivo")]
        import_entries(found.application, kind, rows, "system", source="f")
    found.start("visit", parties={"inspectors": ["ida", "ivo"]})
    found.start("visit", parties={"inspectors": ["ivo"]})
    return found
