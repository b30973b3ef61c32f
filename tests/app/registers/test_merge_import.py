"""What a file brings to its register: columns it does not have stay, lists keep the rows it says nothing of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_fixtures import register_file

from engine.app.ports.records import RegisterEntry
from engine.app.registers import import_entries
from engine.app.registers.import_check import mark_of
from engine.app.registers.import_entries import (
    BroughtEntries,
    KeptRegister,
    count_changes,
    plan_entries,
    register_before,
)
from engine.app.registers.merge_import import (
    RegisterFile,
    after_import,
    checked,
    lookalikes,
    merge_import,
    with_labels,
)
from engine.store.memory import MemoryStore

FIRM, NEW = "910000000000001", "910000000000002"
LICENCE = {"name": "办学许可证", "number": "示例许1号", "authority": "示例局", "valid_to": "2030-01-01"}
CREDIT = {"scheme": "credit", "class": "D", "date": "2024-01-01", "source": "原来的文件"}
INTEGRITY = {"scheme": "integrity", "class": "A", "date": "2024-02-01", "source": "原来的文件"}


def entry(**data: object) -> RegisterEntry:
    return RegisterEntry("objects", FIRM, "示例公司", "one", {"status": "active", **data})


def objects(folder: Path, text: str, **how: bool) -> RegisterFile:
    return register_file(folder, "objects", text, **how)


def test_a_column_the_file_does_not_have_is_left_as_it_was(tmp_path: Path) -> None:
    before = {FIRM: entry(labels=["建筑业"], status="cancelled", phone="13900000001")}
    file = objects(tmp_path, f"编号,企业名称,联系电话\n{FIRM},示例新名公司,13900000002\n")
    merged = merge_import(before, file)
    (made,) = merged.entries
    assert (made.name, made.section) == ("示例新名公司", "one")
    assert dict(made.data) == {"labels": ["建筑业"], "status": "cancelled", "phone": "13900000002"}
    assert set(merged.kept) == {"分类标签", "登记状态", "责任股室"}
    assert before[FIRM].name == "示例公司", "nothing is changed"


def test_what_the_file_says_is_taken_even_where_it_is_empty(tmp_path: Path) -> None:
    before = {FIRM: entry(labels=["建筑业"])}
    file = objects(tmp_path, f"编号,企业名称,责任股室,分类标签,登记状态\n{FIRM},示例公司,two,,存续\n")
    merged = merge_import(before, file)
    (made,) = merged.entries
    assert (made.section, made.data.get("labels"), merged.kept) == ("two", None, ())


def test_a_new_entry_is_taken_as_the_file_gives_it(tmp_path: Path) -> None:
    file = objects(tmp_path, f"编号,企业名称\n{NEW},示例二公司\n")
    merged = merge_import({FIRM: entry()}, file)
    assert [(one.id, one.kind, one.name, one.section) for one in merged.entries] == [
        (NEW, "objects", "示例二公司", None)
    ]
    assert merged.kept == ()


def test_of_a_list_the_file_changes_the_rows_it_speaks_of(tmp_path: Path) -> None:
    before = {FIRM: entry(ratings=[CREDIT, INTEGRITY], licences=[LICENCE])}
    file = objects(tmp_path, f"编号,企业名称,信用风险等级,信用风险等级日期\n{FIRM},示例公司,A,2025-01-01\n")
    merged = merge_import(before, file)
    (made,) = merged.entries
    ratings = {row["scheme"]: (row["class"], row["date"]) for row in made.data["ratings"]}
    assert ratings == {"integrity": ("A", "2024-02-01"), "credit": ("A", "2025-01-01")}
    assert made.data["licences"] == [LICENCE]
    assert {"守法诚信等级", "许可证名称"} <= set(merged.kept)
    assert "信用风险等级" not in merged.kept


def test_a_list_that_is_empty_on_both_sides_is_left_out(tmp_path: Path) -> None:
    merged = merge_import(
        {FIRM: entry()}, objects(tmp_path, f"编号,企业名称,信用风险等级\n{FIRM},示例公司,\n")
    )
    assert "ratings" not in merged.entries[0].data
    assert "licences" not in merged.entries[0].data


def test_the_register_afterwards(tmp_path: Path) -> None:
    before = {FIRM: entry()}
    text = f"编号,企业名称\n{NEW},示例二公司\n"
    merged = merge_import(before, objects(tmp_path, text))
    assert sorted(after_import(before, merged, objects(tmp_path, text))) == [FIRM, NEW]
    assert sorted(after_import(before, merged, objects(tmp_path, text, remove_missing=True))) == [NEW]
    assert list(before) == [FIRM]


def test_lookalikes_are_those_the_file_has_to_do_with(tmp_path: Path) -> None:
    third = RegisterEntry("objects", "910000000000003", "示例公司", None, {})
    before = {FIRM: entry(), third.id: third}
    nothing_new = objects(tmp_path, f"编号,企业名称,责任股室\n{FIRM},示例公司,one\n")
    assert lookalikes(before, merge_import(before, nothing_new), nothing_new) == ()
    file = objects(tmp_path, f"编号,企业名称\n{NEW},示例公司\n")
    merged = merge_import(before, file)
    assert [group.ids for group in lookalikes(before, merged, file)] == [(FIRM, NEW, third.id)]
    other = objects(tmp_path, f"编号,企业名称\n{NEW},示例另一公司\n")
    # Those two were alike before; the file says nothing of them.
    assert lookalikes(before, merge_import(before, other), other) == ()


def test_what_a_request_asks_for_does_not_depend_on_what_was_agreed(tmp_path: Path) -> None:
    text = f"编号,企业名称\n{NEW},示例二公司\n"
    asked = objects(tmp_path, text).as_json()
    assert {name: asked[name] for name in ("source", "skip_bad", "remove_missing")} == {
        "source": "objects.csv",
        "skip_bad": False,
        "remove_missing": False,
    }
    assert asked["columns"] == ["id", "name"]
    agreed = objects(tmp_path, text, agreed_removals=frozenset({FIRM}))  # type: ignore[arg-type] # of the file
    assert agreed.as_json() == asked
    assert objects(tmp_path, text.replace("二", "三")).as_json()["entries"] != asked["entries"]
    assert objects(tmp_path, text, remove_missing=True).as_json() != asked


def test_labels_are_added_once_and_in_order() -> None:
    labelled = with_labels(entry(labels=["甲", "乙"]), ["丙", "甲", "丙"], ["乙"])
    assert labelled.data["labels"] == ["甲", "丙"]
    assert "labels" not in with_labels(entry(labels=["甲"]), [], ["甲"]).data
    assert with_labels(entry(), ["甲"], []).data["status"] == "active"


def test_an_entry_as_reading_a_file_gives_it() -> None:
    found = checked(entry(phone="13900000001"))
    assert (found.kind, found.id, found.name, found.section) == ("objects", FIRM, "示例公司", "one")
    assert found.data["phone"] == "13900000001"


def test_a_section_the_file_does_not_name_stays(tmp_path: Path) -> None:
    text = "编号,姓名,角色\nclerk-1,经办人01,clerk\n"
    before = {"clerk-1": RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]})}
    merged = merge_import(before, register_file(tmp_path, "people", text))
    assert merged.entries[0].section == "one"
    assert "股室" in "".join(merged.kept)
    named = register_file(tmp_path, "people", "编号,姓名,股室,角色\nclerk-1,经办人01,two,clerk\n")
    assert merge_import(before, named).entries[0].section == "two"


LABELS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)


@given(LABELS, LABELS, LABELS)
def test_labels_are_added_and_taken_away(held: list[str], add: list[str], remove: list[str]) -> None:
    before = entry(labels=held) if held else entry()
    after = with_labels(before, add, remove)
    assert set(after.data.get("labels", ())) == (set(held) - set(remove)) | set(add)
    assert list(dict.fromkeys(after.data.get("labels", ()))) == list(after.data.get("labels", ()))
    assert "labels" not in after.data or after.data["labels"]
    assert {**after.data, "labels": None} == {**before.data, "labels": None}


@pytest.mark.parametrize("remove_missing", [False, True])
def test_a_large_file_brings_what_a_small_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remove_missing: bool
) -> None:
    """Entries that are packed and made anew are those that are held: merged, compared, counted, marked and stored."""
    held = MemoryStore()
    with held.write() as transaction:
        transaction.registers.put(
            [
                entry(labels=["建筑业"], phone="13900000001"),
                replace(entry(), id="910000000000003", name="示例三公司"),
                RegisterEntry("objects", "910000000000009", "留下的公司", "one", {}),
            ],
            datetime(2026, 3, 2, tzinfo=UTC),
        )
    text = f"编号,企业名称,联系电话\n{FIRM},示例新名公司,13900000002\n{NEW},示例二公司,\n910000000000003,示例三公司,\n910000000000004,示例二公司,\n"
    file = objects(tmp_path, text, remove_missing=remove_missing)
    confirmed = file.reading.confirmed([])
    assert confirmed.entries == file.reading.entries

    def all_of_it() -> list[object]:
        with held.read() as transaction:
            before = register_before(transaction, "objects")
        merged = merge_import(before, file)
        plan = plan_entries("objects", before, merged.entries, source="x", remove_missing=remove_missing)
        return [
            list(before.items()),
            [*merged.entries],
            merged.kept,
            lookalikes(before, merged, file),
            count_changes(before, merged.entries, remove_missing=remove_missing),
            mark_of(before, merged.entries),
            [*plan.put],
            [*plan.put[1:]],
            plan.body,
            file.as_json(),
            list(after_import(before, merged, file).items()),
        ]

    small = all_of_it()
    monkeypatch.setattr(import_entries, "MANY", 0)
    with held.read() as transaction:
        assert isinstance(register_before(transaction, "objects"), KeptRegister)
    assert isinstance(merge_import({}, file).entries, BroughtEntries)
    assert all_of_it() == small
    assert len(small[3]) == 1  # type: ignore[arg-type]
