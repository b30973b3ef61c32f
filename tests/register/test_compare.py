"""What changed between two registers, how to undo it, and what may be one object twice."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.register.compare import Reason, diff, near_duplicates
from engine.register.sheet.checked_entries import CheckedEntry

ROWS = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["甲", "乙"]), "section": st.sampled_from([None, "market"])},
        optional={"employees": st.integers(0, 3), "labels": st.lists(st.just("餐饮"), max_size=1)},
    ),
)


def entry(entry_id: str, name: str, address: str | None = None) -> CheckedEntry:
    return CheckedEntry("objects", entry_id, name, None, {"address": address} if address else {})


def test_difference() -> None:
    old: dict[str, dict[str, Any]] = {
        "A": {"name": "甲", "employees": 1},
        "B": {"name": "乙"},
        "C": {"name": "丙", "phone": None},
    }
    new: dict[str, dict[str, Any]] = {
        "A": {"name": "甲", "employees": 2},
        "C": {"name": "丙"},
        "D": {"name": "丁"},
    }
    found = diff(old, new)
    assert (found.added, found.removed, found.same) == (("D",), ("B",), 1)
    (change,) = found.changed
    assert (change.id, change.name, dict(change.columns)) == ("A", "甲", {"employees": (1, 2)})
    assert not diff(old, old)


def test_names_that_look_alike_are_one() -> None:
    entries = [
        entry("A", "示例甲（云汀）有限公司"),
        entry("B", "示例甲(云汀)有限公司"),
        entry("C", "示例 ABC 公司"),
        entry("D", "示例АВС公司"),
        entry("E", "示例乙公司"),
    ]
    found = near_duplicates(entries)
    assert [(group.ids, group.reason) for group in found] == [
        (("A", "B"), Reason.NAME),
        (("C", "D"), Reason.NAME),
    ]
    assert "示例甲（云汀）有限公司（A）" in str(found[0])


def test_one_address_and_names_that_differ_in_form() -> None:
    entries = [
        entry("A", "示例甲商贸有限公司", "示例路1号"),
        entry("B", "示例甲商贸有限责任公司", "示例路１号"),
        entry("C", "示例乙商贸有限公司", "示例路1号"),
        entry("D", "示例甲商贸公司", "示例路2号"),
    ]
    (group,) = near_duplicates(entries)
    assert (group.ids, group.reason) == (("A", "B"), Reason.ADDRESS)


@given(st.permutations([entry("A", "甲"), entry("B", "甲"), entry("C", "乙"), entry("D", "乙")]))
def test_the_order_of_entries_does_not_matter(entries: list[CheckedEntry]) -> None:
    assert [group.ids for group in near_duplicates(entries)] == [("A", "B"), ("C", "D")]
