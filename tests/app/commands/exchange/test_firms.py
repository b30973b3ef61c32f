"""A firm renamed or with a new code: the entry goes on, what was is kept, and what is no code is refused."""

from __future__ import annotations

from bureau_factories import BUREAU, Bureau

from engine.app.commands import Caller
from engine.app.commands.exchange.firms import change_firm
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.kernel.refusal import Refusal

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
    assert (
        change_firm(bureau.application, by, "objects", ONE, "变更登记", name="示例新厂", new_code=NEW) == NEW
    )
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
