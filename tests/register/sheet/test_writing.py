"""Writing a register as CSV, and reading the same entries again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.import_result import read_register
from engine.register.profile import KINDS, built_in
from engine.register.sheet.checked_entries import CheckedEntry
from engine.register.sheet.writing import write_csv

LISTS = {"sections": {"wages": "工资股"}, "roles": {"leader": "负责人", "clerk": "经办人"}}


def written(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


@pytest.mark.parametrize("kind", KINDS)
def test_with_no_entries_it_is_a_template(kind: str, tmp_path: Path) -> None:
    assert write_csv(kind, [], tmp_path / "t.csv") == 0
    assert written(tmp_path / "t.csv") == [[column.title for column in built_in(kind).columns.values()]]


def test_codes_and_choices_are_written_as_words(tmp_path: Path) -> None:
    entry = CheckedEntry("people", "p1", "甲", "wages", {"roles": ["leader", "x"], "status": "left"})
    assert write_csv("people", [entry], tmp_path / "p.csv", codes=LISTS) == 1
    titles, row = written(tmp_path / "p.csv")
    found = dict(zip(titles, row, strict=True))
    assert {title: text for title, text in found.items() if text} == {
        "人员编号": "p1", "姓名": "甲", "股室": "工资股", "角色": "负责人；x", "状态": "离岗",
    }  # fmt: skip
    write_csv("people", [entry], tmp_path / "p.csv", profile=built_in("people"))
    assert "wages" in written(tmp_path / "p.csv")[1]


def test_of_several_rows_by_one_scheme_the_last_is_written(tmp_path: Path) -> None:
    profile = built_in("objects")
    made = next(row for row in profile.lists.values() if row.into == "ratings")
    ratings = [
        {**made.fixed, "class": grade, "date": day, "source": "s"}
        for grade, day in (("B", "2025-01-01"), ("A", "2026-01-01"))
    ]
    other = {**dict.fromkeys(made.fixed, "other"), "class": "C", "date": None, "source": "s"}
    entry = CheckedEntry("objects", "c-1", "甲", None, {"ratings": [*ratings, other]})
    write_csv("objects", [entry], tmp_path / "o.csv")
    found = dict(zip(*written(tmp_path / "o.csv"), strict=True))
    assert found[profile.columns[made.parts["class"]].title] == "A"
    assert found[profile.columns[made.parts["date"]].title] == "2026-01-01"


def test_truth_values_are_words(tmp_path: Path) -> None:
    columns = [
        (kind, column)
        for kind in KINDS
        for column in built_in(kind).columns.values()
        if column.type == "boolean"
    ]
    assert columns
    kind, column = columns[0]
    for value, word in ((True, "是"), (False, "否")):
        write_csv(kind, [CheckedEntry(kind, "x1", "甲", None, {column.id: value})], tmp_path / "b.csv")
        assert dict(zip(*written(tmp_path / "b.csv"), strict=True))[column.title] == word


names = st.text(st.sampled_from('甲乙丙a,"'), min_size=2, max_size=6).filter(lambda text: "'" not in text)


@given(
    st.dictionaries(
        st.sampled_from(["p1", "p2", "p3"]),
        st.tuples(names, st.none() | st.just("wages"), st.lists(st.sampled_from(["leader", "clerk"]), unique=True), st.sampled_from(["active", "left"])),
        min_size=1,
    )
)  # fmt: skip
@settings(max_examples=25)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    people: dict[str, tuple[str, str | None, list[str], str]],
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.csv"
    entries = tuple(
        CheckedEntry("people", key, name, section, {**({"roles": roles} if roles else {}), "status": status})
        for key, (name, section, roles, status) in people.items()
    )
    assert write_csv("people", entries, path, codes=LISTS) == len(entries)
    found = read_register("people", path, codes=LISTS)
    assert found.importable() == entries, [str(problem) for problem in found.problems]
