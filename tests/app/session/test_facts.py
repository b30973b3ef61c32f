from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from visit_bureau import unit, visit_bureau

from engine.app.ports.records import DrawRow, RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.session.facts import REGISTERS, facts_for, item_lacks, people_facts, person_rows
from engine.lifecycle.command import SYSTEM, Actor, Advance

ASKING = """
workflow: asking
title: 核对
about: none
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true, open_children: leave}}
transitions:
  - {do: plain, title: 直接办结, from: open, to: closed}
  - do: people
    title: 看人员
    from: open
    to: closed
    require: [{that: length(inspectors) >= 1, else: 没有人员, basis: 示例}]
  - do: registers
    title: 看名录
    from: open
    to: closed
    require: [{that: registers.inspectors.rows >= 1, else: 名录为空, basis: 示例}]
  - do: drawn
    title: 看抽取
    from: open
    to: closed
    require: [{that: draw.no >= 0, else: 没有抽取, basis: 示例}]
  - {do: start, title: 派件, from: open, to: open, then: [{start: visit, title: 检查}]}
  - {do: hold, title: 承诺, from: open, then: [{commit: draw, pool: objects, ratios: 10%, inspectors: 2}]}
  - do: children
    title: 看子件
    from: open
    to: closed
    require: [{that: children.visit.open == 0, else: 子件未结, basis: 示例}]
"""
NO_DRAW: dict[str, object] = {"no": 0, "objects": 0, "inspectors": []} | dict.fromkeys(
    ("committed", "drawn", "complete", "embargoed", "revealed", "spoiled", "lapsed"), False
)


def test_only_what_a_step_looks_at_is_fetched() -> None:
    bureau = visit_bureau(ASKING)
    case_id = bureau.start("asking", parties={"inspectors": ("insp-2", "nobody")})
    bureau.take(case_id, "start")
    case = bureau.case(case_id)
    anna = Actor("anna", "north")
    with unit(bureau) as uow:
        process = uow.process(case)
        found = {
            step: facts_for(uow, process, case, Advance(step=step, actor=anna))
            for step in ("plain", "people", "registers", "drawn", "children")
        }
        assert found["plain"] == {}
        assert set(found["people"]["people"]) == {"insp-2"}
        assert found["drawn"] == {"draw": NO_DRAW}
        # Only the kinds of children a step names.
        assert found["children"]["children"] == {"visit": {"total": 1, "open": 1, "in": {"open": 1}}}
        assert set(facts_for(uow, process, case, None)) == {"people", "draw", "registers", "children"}


def test_registers_are_counted() -> None:
    bureau = visit_bureau(ASKING)
    case = bureau.case(bureau.start("asking"))
    left = RegisterEntry("inspectors", "insp-9", "检查员9", "north", {"status": "left"})
    with bureau.store.write() as transaction:
        transaction.registers.put([left], bureau.clock.now())
    bureau.clock.advance(timedelta(days=3))
    with unit(bureau) as uow:
        command = Advance(step="registers", actor=Actor("anna"))
        registers = facts_for(uow, uow.process(case), case, command)["registers"]
    assert set(registers) == set(REGISTERS)
    # Of the section of the case: one in office there, and what has no label.
    own = {"own": 3, "unlabelled": 3, "unclaimed": 0, "in_force": []}
    assert registers["inspectors"] == {
        "rows": 4,
        "active": 3,
        "updated_on": "2024-09-02",
        "age_days": 3,
        **own,
    }
    none = {"rows": 0, "active": 0, "own": 0, "unlabelled": 0, "unclaimed": 0, "in_force": []}
    assert registers["objects"] == {**none, "updated_on": None, "age_days": None}


def test_items_in_force_are_those_that_can_be_inspected_today() -> None:
    bureau = visit_bureau(ASKING)
    case = bureau.case(bureau.start("asking"))
    whole = {"basis": "劳动法 第五十条", "form": "check"}
    items = {
        "X1": whole,
        "X2": {**whole, "form": ""},
        "X3": {"form": "check"},
        "X4": {**whole, "status": "retired"},
        "X5": {**whole, "valid_to": "2024-09-01"},
        "X6": {**whole, "valid_from": "2024-09-01", "valid_to": "2024-09-02"},
        "X7": {**whole, "valid_from": "2025-01-01"},
    }
    entries = [RegisterEntry("items", name, name, "north", data) for name, data in items.items()]
    with bureau.store.write() as transaction:
        transaction.registers.put(entries, bureau.clock.now())
    with unit(bureau) as uow:
        command = Advance(step="registers", actor=Actor("anna"))
        registers = facts_for(uow, uow.process(case), case, command)["registers"]
    assert registers["items"]["in_force"] == ["X1", "X6"]
    assert [len(item_lacks(one, "2024-09-02")) for one in entries] == [0, 1, 1, 1, 1, 0, 1]


def test_a_draw_in_words() -> None:
    bureau = visit_bureau(ASKING)
    case = bureau.case(bureau.start("asking"))
    seen = {}
    with unit(bureau) as uow:
        for status in ("committed", "objects_drawn", "complete", "void"):
            uow.transaction.records.put_draw(DrawRow(case.id, 2, status, {"drawn": 7}, uow.now))
            draw = facts_for(uow, uow.process(case), case, Advance(step="drawn", actor=Actor("a")))["draw"]
            assert (draw["no"], draw["objects"], draw["embargoed"]) == (2, 7, False)
            seen[status] = [draw[name] for name in ("committed", "drawn", "complete", "revealed")]
    assert seen == {
        "committed": [True, False, False, False],
        "objects_drawn": [True, True, False, True],
        "complete": [True, True, True, True],
        "void": [False, False, False, False],
    }


def test_people_of_the_parties_and_who_stands_in() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan", parties={"inspectors": ("insp-1",)}))
    with unit(bureau) as uow:
        process = uow.process(case)
        assert set(people_facts(uow, process, case)["people"]) == {"insp-1"}
        standing_in = Actor("anna", "north", principals=(Actor("anton", "north"),))
        assert set(people_facts(uow, process, case, standing_in)["people"]) == {"anna", "insp-1"}
        visit = bureau.application.definitions.latest(uow.transaction, "visit")
        assert visit is not None
        assert people_facts(uow, visit, case) == {"people": {}}


def test_rows_of_people_by_id() -> None:
    bureau = visit_bureau()
    expert = RegisterEntry("experts", "e-1", "专家1", None, {"field": "安全"})
    with bureau.store.write() as transaction:
        transaction.registers.put([expert], bureau.clock.now())
    with unit(bureau) as uow:
        rows = person_rows(uow, ["carl", "insp-1", "e-1", "nobody"])
    assert {person: (row["name"], row["section"]) for person, row in rows.items()} == {
        "insp-1": ("检查员1", "north"),
        "carl": ("Carl", "north"),
        "e-1": ("专家1", None),
    }
    assert (rows["e-1"]["field"], rows["insp-1"]["cert_valid_to"]) == ("安全", "2030-12-31")


def test_a_register_is_counted_once_until_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = visit_bureau(ASKING)
    case = bureau.case(bureau.start("asking"))
    anna = Actor("anna", "north")

    def asked() -> tuple[int, list[str]]:
        """Ask for the numbers of the registers; return how many inspectors are active, and the registers that were read whole."""
        read: list[str] = []
        with unit(bureau) as uow:
            registers = uow.transaction.registers
            plain = registers.all

            def noting(_: object, kind: str) -> Iterable[RegisterEntry]:
                read.append(kind)
                return plain(kind)

            with monkeypatch.context() as patched:
                patched.setattr(type(registers), "all", noting)
                found = facts_for(uow, uow.process(case), case, Advance(step="registers", actor=anna))
        return found["registers"]["inspectors"]["active"], read

    many, read = asked()
    assert read == list(REGISTERS)
    assert asked() == (many, [])
    new = RegisterEntry("inspectors", "insp-new", "新", "north", {"status": "active"})
    import_entries(bureau.application, "inspectors", [new], SYSTEM, source="test")
    assert asked() == (many + 1, ["inspectors"])
    assert asked() == (many + 1, [])
