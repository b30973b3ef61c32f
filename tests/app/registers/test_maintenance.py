from __future__ import annotations

from register_fixtures import entries, events, small_application

from engine.app.ports.records import RegisterEntry
from engine.app.registers.maintenance import (
    Labelled,
    SnapshotSummary,
    label,
    put_one,
    register_text,
    take_snapshot,
)
from engine.kernel.digests import Digests

ENTRY = RegisterEntry("objects", "E1", "企业1", "one", {"labels": ["a"]})
OTHER = RegisterEntry("objects", "E2", "企业2")


def test_entries_are_put_and_labelled() -> None:
    application = small_application()
    now = application.clock.now()
    with application.store.write() as transaction:
        put_one(transaction, now, ENTRY, "keeper-1")
        put_one(transaction, now, OTHER, "keeper-1")
        unknown = label(transaction, now, "objects", ["E1", "E9"], ["b"], [], "keeper-1")
        assert unknown == Labelled(("E1",), (), ("E9",))
        assert transaction.registers.get("objects", "E1") == ENTRY
        done = label(transaction, now, "objects", ["E2", "E1", "E2"], ["a"], [], "keeper-1")
    assert done == Labelled(("E2",), ("E1",))
    assert Labelled.from_json(done.as_json()) == done
    assert entries(application, "objects")["E2"].data["labels"] == ["a"]
    history = events(application, "register:objects")
    assert [event.kind for event in history] == ["entered", "entered", "labelled"]
    assert history[0].body == {
        "credential": "machine",
        "id": "E1",
        "name": "企业1",
        "section": "one",
        "data": {"labels": ["a"]},
    }
    assert history[2].body == {
        "ids": ["E2"],
        "add": ["a"],
        "remove": [],
        "changes": {"added": [], "changed": {"E2": {"labels": [None, ["a"]]}}, "removed": {}},
        "credential": "machine",
    }


def test_a_frozen_copy_holds_the_text_with_its_digests() -> None:
    application = small_application()
    now = application.clock.now()
    with application.store.write() as transaction:
        put_one(transaction, now, ENTRY, "keeper-1")
        snapshot = take_snapshot(transaction, now, "objects", "keeper-1")
        assert transaction.registers.snapshots("objects") == [snapshot]
    content, rows = register_text([ENTRY])
    assert content.decode() == '{"data":{"labels":["a"]},"id":"E1","name":"企业1","section":"one"}\n'
    digests = Digests.of(content)
    assert (snapshot.content, snapshot.rows, rows) == (content, 1, 1)
    assert (snapshot.sha256, snapshot.sm3) == (digests.sha256, digests.sm3)
    summary = SnapshotSummary.of(snapshot)
    assert SnapshotSummary.from_json(summary.as_json()) == summary
    assert (summary.id, summary.by) == (snapshot.id, "keeper-1")
    assert events(application, "register:objects")[-1].body["snapshot"] == snapshot.id
    assert register_text([]) == (b"", 0)
