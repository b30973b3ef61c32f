"""A firm renamed or with a new code: the entry goes on, what was is kept, and what is no code is refused."""

from __future__ import annotations

from bureau_factories import BUREAU, Bureau

from engine.app.commands import Caller
from engine.app.commands.exchange.firms import FirmChange, change_firm
from engine.app.commands.registers import Undone, undo_import
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import FIRM_CHANGED, history_of, plan_undo
from engine.app.registers.import_entries import import_entries, plan_entries, write_entries
from engine.kernel.refusal import Refusal, RefusalReason

FLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions: [{do: close, title: 办结, from: open, to: done}]
"""
ONE, NEW = "91990102MA6UF99T6T", "91990102MA6UFRQP0X"


def office() -> Bureau:
    found = Bureau(BUREAU, FLOW)
    import_entries(
        found.application,
        "objects",
        [RegisterEntry("objects", ONE, "示例一厂", "north", {})],
        "system",
        source="f",
    )
    return found


def test_the_entry_goes_on_under_its_new_name_and_code() -> None:
    bureau, by = office(), Caller("dora")
    changed = change_firm(bureau.application, by, "objects", ONE, "变更登记", name="示例新厂", new_code=NEW)
    assert changed == FirmChange(NEW, "示例新厂", ONE, "示例一厂")
    assert FirmChange.from_json(changed.as_json()) == changed
    # What an older version has kept of a request.
    assert FirmChange.from_json(NEW).code == NEW
    with bureau.look() as transaction:
        assert transaction.registers.get("objects", ONE) is None
        entry = transaction.registers.get("objects", NEW)
    assert entry is not None
    assert (entry.name, entry.data["former_ids"], entry.data["former_names"]) == (
        "示例新厂",
        [ONE],
        ["示例一厂"],
    )


def test_what_is_no_code_or_has_no_reason_is_refused() -> None:
    bureau, by = office(), Caller("dora")
    wrong = change_firm(bureau.application, by, "objects", ONE, "变更", new_code="123")
    silent = change_firm(bureau.application, by, "objects", ONE, " ", name="甲")
    assert isinstance(wrong, Refusal)
    assert isinstance(silent, Refusal)
    assert [one.reasons[0].code for one in (wrong, silent)] == ["code", "reason"]


def test_whoever_has_seen_an_earlier_name_is_refused() -> None:
    bureau, by = office(), Caller("dora")
    first = change_firm(bureau.application, by, "objects", ONE, "变更", name="示例甲厂", seen_name="示例一厂")
    assert isinstance(first, FirmChange)
    late = change_firm(bureau.application, by, "objects", ONE, "变更", name="示例乙厂", seen_name="示例一厂")
    assert isinstance(late, Refusal)
    assert [one.code for one in late.reasons] == ["changed-since"]
    assert "示例甲厂" in str(late)
    # Who names nothing is shown what is replaced.
    told = change_firm(bureau.application, by, "objects", ONE, "变更", name="示例丙厂")
    assert isinstance(told, FirmChange)
    assert told.old_name == "示例甲厂"


def test_a_change_is_no_import_and_is_taken_back_as_what_it_is() -> None:
    bureau, by = office(), Caller("dora")
    assert isinstance(change_firm(bureau.application, by, "objects", ONE, "变更", new_code=NEW), FirmChange)
    with bureau.look() as transaction:
        assert [one.kind for one in history_of(transaction, "objects")] == ["imported", FIRM_CHANGED]
    undone = undo_import(bureau.application, by, "objects")
    assert isinstance(undone, Undone)
    assert (undone.what, undone.is_import, undone.source) == (FIRM_CHANGED, False, f"{ONE} → {NEW}")
    assert (undone.removed, undone.restored) == (1, 1)
    assert Undone.from_json(undone.as_json()).what == FIRM_CHANGED
    with bureau.look() as transaction:
        assert transaction.registers.get("objects", NEW) is None
        entry = transaction.registers.get("objects", ONE)
    assert entry is not None
    assert (entry.name, dict(entry.data)) == ("示例一厂", {})


def test_contact_data_of_a_firm_are_not_taken_back_as_an_import() -> None:
    """Neither those an older version entered as one."""
    bureau = office()
    entry = RegisterEntry("objects", ONE, "示例一厂", "north", {"phone": "1"})
    for kind in ("imported", FIRM_CHANGED):
        with bureau.application.store.write() as transaction:
            before = transaction.registers.some("objects", [ONE])
            plan = plan_entries("objects", before, [entry], source="firm", besides={"case": "errand-1"})
            write_entries(transaction, bureau.application.clock.now(), plan, "firm", entered_as=kind)
        with bureau.look() as transaction:
            found = plan_undo(transaction, "objects")
        # The import before it is what would be taken back, and the firm has written over it.
        assert isinstance(found, RefusalReason)
        assert found.code == "changed-since"
