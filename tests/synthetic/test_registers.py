"""Made-up registers: valid, invented, the same every time, and readable by our own import."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.register import uscc
from engine.register.import_result import read_register
from engine.register.profile import KINDS, built_in
from engine.register.sheet.checked_entries import CheckedEntry
from engine.register.sheet.writing import write_csv
from engine.synthetic.registers import (
    sample_inspectors,
    sample_items,
    sample_objects,
    sample_registers,
    sample_sections,
    with_made_up_kinds,
    write_sample,
)

FORMS = {"employment_check", "hr_agency_check", "dispatch_check", "training_school_check"}


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    registers = sample_registers(2024, objects=300)
    assert set(registers) == set(KINDS)
    for path in write_sample(tmp_path / "new", registers):
        reading = read_register(path.stem, path, codes={"sections": sample_sections()})
        assert reading.importable() == registers[path.stem]
        assert reading.ignored_columns == ()


@given(st.integers(), st.integers(1, 60))
def test_objects_are_valid_invented_and_distinct(seed: int, count: int) -> None:
    objects = sample_objects(count, seed)
    assert objects == sample_objects(count, seed)
    assert len({entry.id for entry in objects}) == len({entry.name for entry in objects}) == count
    for entry in objects:
        assert uscc.is_valid(entry.id)
        assert entry.id[2:8] == "990102"
        assert entry.name.startswith("示例")
        assert "示例市示例区" in entry.data["address"]


def test_many_names_do_not_repeat() -> None:
    names = {entry.name for entry in sample_objects(2000, "many")}
    assert len(names) == 2000


def test_seeds_make_different_registers() -> None:
    first, second = ({entry.id for entry in sample_objects(100, seed)} for seed in (1, 2))
    assert not first & second


def test_inspectors_hold_valid_certificates_and_some_recuse_themselves() -> None:
    objects = sample_objects(20, 1)
    inspectors = sample_inspectors(40, 1, year=2025, objects=objects)
    ids = {entry.id for entry in objects}
    assert all(entry.data["cert_valid_to"] >= "2026-12-31" for entry in inspectors)
    recused = [object_id for entry in inspectors for object_id in entry.data.get("recusals", ())]
    assert 0 < len(recused) < 40
    assert set(recused) <= ids
    assert {entry.section for entry in inspectors} <= set(sample_sections())


def test_items_have_a_basis_and_a_form() -> None:
    items = sample_items()
    assert len(items) == 9
    assert {entry.data["form"] for entry in items} == FORMS
    assert all(entry.data["basis"] and entry.data["status"] == "active" for entry in items)
    assert {entry.section for entry in items} <= set(sample_sections())


def test_every_label_an_item_asks_for_is_known_by_two_inspectors() -> None:
    registers = sample_registers(1)
    for item in registers["items"]:
        knowing = [i for i in registers["inspectors"] if set(item.data["labels"]) <= set(i.data["labels"])]
        assert len(knowing) >= 2, item.id


def test_data_are_json_values() -> None:
    for entries in sample_registers(3, objects=20).values():
        for entry in entries:
            assert json.loads(json.dumps(entry.data)) == entry.data
            assert not {"id", "name", "section"} & set(entry.data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_holds_every_column(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    assert write_csv(kind, [], path) == 0
    header = path.read_text(encoding="utf-8-sig").strip().split(",")
    assert len(header) == len(built_in(kind).columns)
    (fault,) = read_register(kind, path).faults
    assert "只有表头" in str(fault)


def test_a_register_without_kinds_gets_some_in_the_shares_of_the_samples() -> None:
    bare = [CheckedEntry("objects", f"E{n}", f"示例{n}", data={"district": "东"}) for n in range(1000)]
    found = with_made_up_kinds(bare, 1)
    assert all(entry.data["pools"][0] == "employer" and entry.data["district"] == "东" for entry in found)
    count = Counter(entry.data["pools"][-1] for entry in found)
    assert set(count) <= set(built_in("objects").columns["pools"].choices)
    assert count["employer"] > 700
    assert min(count[kind] for kind in ("hr_agency", "dispatch", "training_school")) > 20
    assert found == with_made_up_kinds(bare, 1)
