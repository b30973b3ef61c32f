from __future__ import annotations

from register_fixtures import entries, events, small_application

from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import Imported, count_changes, digest_of, import_entries

OLD = RegisterEntry("objects", "E1", "企业1", None, {"labels": ["a"]})
GONE = RegisterEntry("objects", "E2", "企业2")
NEW = RegisterEntry("objects", "E3", "企业3")
CHANGED = RegisterEntry("objects", "E1", "企业1改", None, {"labels": ["a"]})


def test_what_an_import_changes() -> None:
    before = {"E1": OLD, "E2": GONE}
    assert count_changes(before, [CHANGED, NEW]) == Imported(1, 1, 0, ("E2",), 0)
    assert count_changes(before, [OLD, NEW], remove_missing=True) == Imported(1, 0, 1, ("E2",), 1)
    assert count_changes({}, []) == Imported(0, 0, 0, (), 0)


def test_an_import_stands_in_the_history_of_the_register() -> None:
    application = small_application()
    import_entries(application, "objects", [OLD, GONE], "system", source="first")
    outcome = import_entries(
        application, "objects", [CHANGED, NEW], "system", source="second", remove_missing=True
    )
    assert outcome == Imported(1, 1, 0, ("E2",), 1)
    assert entries(application, "objects") == {"E1": CHANGED, "E3": NEW}
    event = events(application, "register:objects")[-1]
    wanted = {"source": "second", "rows": 2, "added": 1, "changed": 1, "removed": 1}
    assert {name: event.body[name] for name in wanted} == wanted
    assert (event.kind, event.actor, event.body["sha256"]) == (
        "imported",
        "system",
        digest_of([NEW, CHANGED]),
    )


def test_missing_entries_stay_unless_asked_to_go() -> None:
    application = small_application()
    import_entries(application, "objects", [OLD, GONE], "system", source="first")
    import_entries(application, "objects", [NEW], "system", source="second")
    assert set(entries(application, "objects")) == {"E1", "E2", "E3"}


def test_the_digest_does_not_depend_on_the_order() -> None:
    assert digest_of([OLD, NEW]) == digest_of([NEW, OLD])
    assert digest_of([OLD]) != digest_of([CHANGED])
