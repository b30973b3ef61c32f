from __future__ import annotations

from register_desk import entries, small_application

from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import UndoPlan, history_of, plan_undo, stream_of, undo_import
from engine.app.registers.import_entries import import_entries
from engine.kernel.refusal import RefusalReason

OLD = RegisterEntry("objects", "E1", "企业1", None, {"labels": ["a"]})
GONE = RegisterEntry("objects", "E2", "企业2")
CHANGED = RegisterEntry("objects", "E1", "企业1改", None, {"labels": ["b"]})
NEW = RegisterEntry("objects", "E3", "企业3")


def test_the_last_import_can_be_undone_once() -> None:
    application = small_application()
    import_entries(application, "objects", [OLD, GONE], "system", source="first")
    before = entries(application, "objects")
    import_entries(application, "objects", [CHANGED, NEW], "system", source="second", remove_missing=True)
    with application.store.write() as transaction:
        plan = plan_undo(transaction, "objects")
        assert isinstance(plan, UndoPlan)
        assert plan.outcome.source == "second"
        undo_import(transaction, application.clock.now(), "objects", plan, "keeper-1")
        history = list(history_of(transaction, "objects"))
        of_one = list(history_of(transaction, "objects", "E3"))
    assert entries(application, "objects") == before
    assert {entry.by for entry in history} == {"system", "keeper-1"}
    assert len(of_one) == 2
    assert stream_of("objects") == "register:objects"


def test_where_nothing_was_imported_nothing_is_undone() -> None:
    application = small_application()
    with application.store.read() as transaction:
        assert isinstance(plan_undo(transaction, "objects"), RefusalReason)
