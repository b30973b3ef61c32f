"""A file of a register against what is held: what it does not speak of stays, lookalikes are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from register_desk import register_file

from engine.app.ports.records import RegisterEntry
from engine.app.registers.merge_import import (
    MergeResult,
    after_import,
    checked,
    lookalikes,
    merge_import,
    with_labels,
)

CODE = "91990102MA3W55JQ6H"
OTHER = "91990102MA3WFR6T21"
HEAD = "统一社会信用代码,企业名称"
LICENCE = {"name": "劳务派遣许可", "number": "P-1", "authority": "示例局", "valid_to": "2027-01-01"}


def known(name: str = "示例甲公司", section: str | None = None, **data: object) -> RegisterEntry:
    return RegisterEntry("objects", CODE, name, section, {"status": "active", **data})


def test_columns_a_file_does_not_have_stay_as_they_were(tmp_path: Path) -> None:
    before = {CODE: known(labels=["重点"], employees=7, licences=[LICENCE])}
    file = register_file(tmp_path, "objects", f"{HEAD},职工人数\n{CODE},示例甲公司,9\n{OTHER},示例乙公司,3\n")
    merged = merge_import(before, file)
    found = {entry.id: entry for entry in merged.entries}
    assert found[CODE].data["labels"] == ["重点"]
    assert found[CODE].data["employees"] == 9
    assert found[CODE].data["licences"] == [LICENCE]
    assert found[OTHER].data["employees"] == 3
    assert "licences" not in found[OTHER].data
    assert "职工人数" not in merged.kept
    assert {"分类标签", "许可证编号"} <= set(merged.kept)


def test_of_a_list_only_the_rows_the_file_has_are_replaced(tmp_path: Path) -> None:
    credit = {"scheme": "credit", "class": "A", "date": "2025-01-01", "source": "old"}
    integrity = {"scheme": "integrity", "class": "B", "date": "2025-01-01", "source": "old"}
    file = register_file(tmp_path, "objects", f"{HEAD},信用风险等级\n{CODE},示例甲公司,C\n")
    merged = merge_import({CODE: known(ratings=[credit, integrity])}, file)
    rows = merged.entries[0].data["ratings"]
    assert [(row["scheme"], row["class"]) for row in rows] == [("integrity", "B"), ("credit", "C")]


def test_a_section_the_file_does_not_name_stays(tmp_path: Path) -> None:
    text = "编号,姓名,角色\nclerk-1,经办人01,clerk\n"
    before = {"clerk-1": RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]})}
    merged = merge_import(before, register_file(tmp_path, "people", text))
    assert merged.entries[0].section == "one"
    assert "股室" in "".join(merged.kept)
    named = register_file(tmp_path, "people", "编号,姓名,股室,角色\nclerk-1,经办人01,two,clerk\n")
    assert merge_import(before, named).entries[0].section == "two"


def test_what_is_missing_goes_only_where_asked_for(tmp_path: Path) -> None:
    file = register_file(tmp_path, "objects", f"{HEAD}\n{OTHER},示例乙公司\n")
    before = {CODE: known()}
    merged = merge_import(before, file)
    assert set(after_import(before, merged, file)) == {CODE, OTHER}
    assert set(after_import(before, merged, replace(file, remove_missing=True))) == {OTHER}


def test_a_file_is_the_same_request_whatever_was_agreed_to(tmp_path: Path) -> None:
    file = register_file(tmp_path, "objects", f"{HEAD}\n{OTHER},示例乙公司\n")
    body = file.as_json()
    assert (body["source"], body["skip_bad"], body["remove_missing"]) == ("objects.csv", False, False)
    assert {"id", "name"} <= set(body["columns"])
    assert replace(file, agreed_removals=frozenset({CODE})).as_json() == body
    assert replace(file, skip_bad=True).as_json() != body
    other = register_file(tmp_path, "objects", f"{HEAD}\n{OTHER},示例丙公司\n")
    assert other.as_json()["entries"] != body["entries"]


def test_lookalikes_are_those_with_something_new(tmp_path: Path) -> None:
    text = f"{HEAD},注册地址\n{CODE},示例甲有限公司,示例路1号\n{OTHER},示例甲有限公司,示例路1号\n"
    file = register_file(tmp_path, "objects", text)
    merged = merge_import({}, file)
    (group,) = lookalikes({}, merged, file)
    assert set(group.ids) == {CODE, OTHER}
    settled = {entry.id: entry for entry in merged.entries}
    assert lookalikes(settled, merged, file) == ()
    assert lookalikes({}, MergeResult((), ()), file) == ()


LABELS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)


@given(LABELS, LABELS, LABELS)
def test_labels_are_added_and_taken_away(held: list[str], add: list[str], remove: list[str]) -> None:
    before = known(labels=held) if held else known()
    after = with_labels(before, add, remove)
    assert set(after.data.get("labels", ())) == (set(held) - set(remove)) | set(add)
    assert list(dict.fromkeys(after.data.get("labels", ()))) == list(after.data.get("labels", ()))
    assert "labels" not in after.data or after.data["labels"]
    assert {**after.data, "labels": None} == {**before.data, "labels": None}
    assert checked(before).data is before.data
    assert (checked(before).kind, checked(before).id) == ("objects", CODE)
