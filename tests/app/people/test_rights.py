"""What registers give, as a change of rights: nothing that is read to decide what somebody may do is left out."""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from register_fixtures import CLERK, KEEPER, OTHER, small_application

import engine.app
from engine.app.commands import registers
from engine.app.people.administrators import name_administrators
from engine.app.people.directory import KINDS
from engine.app.people.rights import (
    RECUSING,
    Rights,
    needs_two,
    rights_changed,
    rights_of,
    why_too_few_administrators,
)
from engine.app.ports.records import RegisterEntry

ROOM = Path(engine.app.__path__[0])

#: What is read of an entry of people or inspectors where it is decided what somebody may do: column -> a change of it.
READ: dict[str, tuple[Any, Any]] = {
    "status": ("left", "active"),
    "roles": (["clerk"], ["clerk", "roster_admin"]),
    "superior": (KEEPER, OTHER),
    "recusals": (["91000000"], []),
}
#: Where that is decided.
PLACES = ("access", "people", "sign_in", "delivery", "timers")

#: Who writes entries of registers, and why nobody's rights change by it alone.
WRITERS = {
    "registers/changes.py:undo_import": "by two: `_undo_by_two`",
    "registers/changes.py:claim": "objects and items alone: `CLAIMABLE`",
    "registers/forgetting.py:_strip": "private columns of those who do not work here any more",
    "registers/import_entries.py:write_entries": "by two: `_rights_by_two`; setting up a deployment",
    "registers/maintenance.py:label": "labels, which nobody's rights are read from",
    "registers/maintenance.py:put_one": "by two: `_two_agree` of people; firms come in with register.change/objects",
}


def entry(kind: str, **data: Any) -> RegisterEntry:
    data = {"status": "active", "roles": ["clerk"], **data}
    return RegisterEntry(kind, CLERK, "经办人01", "one", data)


def test_what_is_read_to_decide_is_known() -> None:
    found = set()
    for room in PLACES:
        for file in (ROOM / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                found |= set(_column(node))
    assert found == set(READ)


def _column(node: ast.AST) -> list[str]:
    """Return the column of an entry that is read here: ``x.data.get("c")`` and ``x.data["c"]``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        holder, key = node.func.value, node.args[0] if node.args else None
    elif isinstance(node, ast.Subscript):
        holder, key = node.value, node.slice
    else:
        return []
    read = isinstance(holder, ast.Attribute) and holder.attr == "data" and isinstance(key, ast.Constant)
    return [str(key.value)] if read and isinstance(key, ast.Constant) else []


def test_whoever_writes_entries_is_known() -> None:
    found = set()
    for file in ROOM.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and node.attr in ("put", "remove"):
                        on = node.value
                        if isinstance(on, ast.Attribute) and on.attr == "registers":
                            found.add(f"{file.relative_to(ROOM)}:{function.name}")
    assert found == set(WRITERS)
    assert set(registers.CLAIMABLE).isdisjoint(KINDS)
    assert "second_for_rights(" in inspect.getsource(registers._undo_by_two)
    assert "second_for_rights(" in inspect.getsource(registers._rights_by_two)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", [*READ, "section", "entry"])
def test_each_of_them_given_or_moved_is_for_two(kind: str, column: str) -> None:
    application = small_application()
    before = entry(kind)
    after = replace(before, section="two")
    if column in READ:
        before, after = (entry(kind, **{column: value}) for value in READ[column])
    with application.store.write() as transaction:
        transaction.registers.remove("people", [CLERK])
        if column != "entry":
            transaction.registers.put([before], application.clock.now())
        changed = rights_changed(transaction, kind, [after], [])
        if (kind, column) == ("inspectors", "roles"):
            # This register gives none, whatever an office calls its columns.
            assert changed.people == []
        else:
            assert list(changed.given) == [CLERK]
            assert needs_two(transaction, changed)


def test_what_gives_nothing_is_for_one() -> None:
    application = small_application()
    with application.store.write() as transaction:
        known = {one.id: one for one in transaction.registers.all("people")}
        clerk = known[CLERK]
        other = replace(clerk, name="改名", data={**clerk.data, "phone": "0852-1234567"})
        assert rights_changed(transaction, "people", [other], []).people == []
        assert rights_changed(transaction, "objects", [RegisterEntry("objects", CLERK, "x")], []).people == []
        assert rights_changed(transaction, "people", [], ["gone-1", "nobody"]).people == []
        inspector = RegisterEntry("inspectors", "insp-1", "检查员", "one", {"status": "active"})
        transaction.registers.put([inspector], application.clock.now())
        leave = replace(inspector, data={"status": "on_leave"})
        changed = rights_changed(transaction, "inspectors", [leave], [])
        assert changed.taken == {"insp-1": ("-role:inspector", "-section:one", "-staff")}
        assert not needs_two(transaction, changed)
        transaction.registers.put([leave], application.clock.now())
        back = rights_changed(transaction, "inspectors", [inspector], [])
        assert back.given == {"insp-1": ("+role:inspector", "+section:one", "+staff")}
        assert needs_two(transaction, back)


def test_the_leave_of_a_superior_moves_what_is_theirs() -> None:
    application = small_application()
    with application.store.write() as transaction:
        chief = RegisterEntry("inspectors", "insp-1", "检查员", "one", {"status": "active"})
        led = RegisterEntry(
            "inspectors", "insp-2", "检查员", "one", {"status": "active", "superior": "insp-1"}
        )
        transaction.registers.put([chief, led], application.clock.now())
        changed = rights_changed(transaction, "inspectors", [], ["insp-1"])
        assert changed.given == {"insp-1": ("-superior",)}
        assert needs_two(transaction, changed)


def test_a_role_that_is_taken_and_anything_an_administrator_loses_is_for_two() -> None:
    application = small_application()
    with application.store.write() as transaction:
        changed = rights_changed(transaction, "people", [], [CLERK])
        assert changed.of(CLERK) == ("-role:clerk", "-section:one", "-staff")
        assert needs_two(transaction, changed)
        guest = RegisterEntry("people", "guest", "无角色", None, {"status": "active"})
        transaction.registers.put([guest], application.clock.now())
        changed = rights_changed(transaction, "people", [], ["guest"])
        assert not needs_two(transaction, changed)
        name_administrators(transaction, [KEEPER, "guest"])
        assert needs_two(transaction, changed)


def test_two_administrators_stay_where_there_were_two() -> None:
    application = small_application()
    with application.store.write() as transaction:
        known = {one.id: one for one in transaction.registers.all("people")}
        left = replace(known[CLERK], data={"status": "left"})

        def why(put: list[RegisterEntry], remove: list[str]) -> object:
            return why_too_few_administrators(transaction, "people", put, remove)

        assert why([left], [KEEPER]) is None
        name_administrators(transaction, [KEEPER, CLERK, OTHER])
        assert why([left], []) is None
        assert why([], [KEEPER]) is None
        assert "不足 2 人" in str(why([left], [KEEPER]))
        # Somebody an inspectors register also has still works here.
        also = RegisterEntry("inspectors", CLERK, "经办人01", "one", {"status": "active"})
        transaction.registers.put([also], application.clock.now())
        assert why([left], [KEEPER]) is None
        # One who is there alone never was two.
        name_administrators(transaction, [KEEPER, "absent"])
        assert why([], [KEEPER]) is None


def test_who_has_left_gives_nothing_but_passes_on_whom_they_were_led_by() -> None:
    left = entry("people", status="left", superior=KEEPER, recusals=["x"])
    assert rights_of(CLERK, [left]) == Rights(superior=KEEPER, recused=frozenset({"x"}))
    assert rights_of(CLERK, []) == Rights()


@pytest.mark.parametrize("kind", RECUSING)
@pytest.mark.parametrize("status", ["active", "on_leave", "left"])
def test_a_recusal_is_taken_away_by_two_whether_the_person_is_there_or_not(kind: str, status: str) -> None:
    application = small_application()
    with application.store.write() as transaction:
        before = RegisterEntry(kind, "away", "某", "one", {"status": status, "recusals": ["o-1", "o-2"]})
        transaction.registers.put([before], application.clock.now())
        for put, remove in (
            ([replace(before, data={"status": status, "recusals": ["o-2"]})], []),
            ([replace(before, data={"status": status})], []),
            ([], ["away"]),
        ):
            changed = rights_changed(transaction, kind, put, remove)
            assert "-recusals" in changed.given["away"]
            assert needs_two(transaction, changed)
        more = replace(before, data={"status": status, "recusals": ["o-1", "o-2", "o-3"]})
        assert rights_changed(transaction, kind, [more], []).people == []


def test_a_former_code_a_recusal_names_is_taken_from_the_register_by_two() -> None:
    application = small_application()
    with application.store.write() as transaction:
        firm = RegisterEntry("objects", "new", "甲", None, {"former_ids": ["old", "older"]})
        expert = RegisterEntry("experts", "expert-1", "专家", None, {"recusals": ["old"]})
        transaction.registers.put([firm, expert], application.clock.now())

        def lost(put: list[RegisterEntry], remove: list[str]) -> list[str]:
            changed = rights_changed(transaction, "objects", put, remove)
            assert needs_two(transaction, changed) is bool(changed.people)
            return changed.people

        assert lost([replace(firm, data={"former_ids": ["older"]})], []) == ["expert-1"]
        assert lost([], ["new"]) == ["expert-1"]
        assert lost([replace(firm, data={"former_ids": ["old"]})], []) == []
        assert lost([replace(firm, id="newest", data={"former_ids": ["new", "old"]})], ["new"]) == []
        assert lost([replace(firm, id="old", data={})], ["new"]) == []
