"""Registers are read by people of the bureau, never by nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from register_fixtures import CLERK, KEEPER, PEOPLE, by, entries, reasons, small_application

from engine.app.commands.registers import label_entries, take_snapshot
from engine.app.ports.records import RegisterEntry
from engine.app.queries.registers import (
    SnapshotDifference,
    compare_with_snapshot,
    list_duplicates,
    list_entries,
    list_expiring,
    list_snapshots,
    register_history,
    show_entry,
)
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.register.profile import built_in

QUERIES: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
    (list_entries, ("people",)),
    (show_entry, ("people", CLERK)),
    (register_history, ("people",)),
    (compare_with_snapshot, ("people",)),
    (list_duplicates, ("people",)),
    (list_expiring, (built_in("inspectors"),)),
    (list_snapshots, ("people",)),
]


@pytest.mark.parametrize(("query", "arguments"), QUERIES, ids=lambda one: getattr(one, "__name__", ""))
def test_only_people_of_the_bureau_read(query: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    application = small_application()
    for stranger in ("nobody", "", SYSTEM, "gone-1"):
        assert isinstance(query(application, stranger, *arguments), Refusal)
    seen = query(application, CLERK, *arguments)
    assert not isinstance(seen, Refusal) or str(seen) == "没有冻结副本"


def test_entries_by_section_and_label() -> None:
    application = small_application()
    found = list_entries(application, CLERK, "people", section="one")
    assert not isinstance(found, Refusal)
    assert [entry.id for entry in found] == [CLERK, "gone-1"]
    label_entries(application, by(), "people", [CLERK], ["x"], [])
    found = list_entries(application, CLERK, "people", label="x")
    assert not isinstance(found, Refusal)
    assert [entry.id for entry in found] == [CLERK]
    assert show_entry(application, CLERK, "people", CLERK) == entries(application, "people")[CLERK]
    assert reasons(show_entry(application, CLERK, "people", "absent")) == ["名录“people”中没有：absent"]


def test_the_history_of_an_entry_and_what_changed_since_a_copy() -> None:
    application = small_application()
    take_snapshot(application, by(), "people")
    label_entries(application, by(), "people", [CLERK], ["x"], [])
    history = register_history(application, CLERK, "people", CLERK)
    assert not isinstance(history, Refusal)
    assert [(one.kind, one.by) for one in history] == [("imported", SYSTEM), ("labelled", KEEPER)]
    compared = compare_with_snapshot(application, CLERK, "people")
    assert isinstance(compared, SnapshotDifference)
    assert [(one.id, dict(one.columns)) for one in compared.found.changed] == [
        (CLERK, {"labels": (None, ["x"])})
    ]
    copies = list_snapshots(application, CLERK, "people")
    assert not isinstance(copies, Refusal)
    assert [(one.id, one.rows, one.by) for one in copies] == [(compared.snapshot, len(PEOPLE), KEEPER)]


def test_doubles_and_what_runs_out() -> None:
    application = small_application()
    with application.store.write() as transaction:
        data = {"cert_no": "示例1", "cert_valid_to": "2026-03-10", "status": "active"}
        transaction.registers.put(
            [RegisterEntry("inspectors", one, f"示例{one}", "one", data) for one in ("i-1", "i-2")],
            application.clock.now(),
        )
    doubles = list_duplicates(application, CLERK, "inspectors")
    assert not isinstance(doubles, Refusal)
    assert [group.ids for group in doubles] == [("i-1", "i-2")]
    profile = built_in("inspectors")
    assert list_expiring(application, CLERK, profile, 7) == ()
    soon = list_expiring(application, CLERK, profile, 8)
    assert not isinstance(soon, Refusal)
    assert [(one.id, one.days_left) for one in soon] == [("i-1", 8), ("i-2", 8)]
