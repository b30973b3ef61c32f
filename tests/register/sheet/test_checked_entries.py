"""Entries that are kept packed are those that were put in."""

from __future__ import annotations

import pytest

from engine.register.sheet.checked_entries import CheckedEntry, KeptEntries, packed, unpacked

ENTRIES = (
    CheckedEntry(
        "objects", "b", "示例“甲”\n公司", "fire", {"employees": 12, "tags": ["a", None], "own": True}
    ),
    CheckedEntry("objects", "a", "\U00020bb7\u0301", None, {"address": "一号", "ratings": [{"date": None}]}),
    CheckedEntry("objects", "c", "half \ud800 of a character"),
)


def kept(*entries: CheckedEntry) -> KeptEntries:
    lines = {entry.id: packed(row, entry) for row, entry in enumerate(entries, 2)}
    return KeptEntries("objects", lines, tuple(lines))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_what_was_packed_is_unpacked(entry: CheckedEntry) -> None:
    assert unpacked("objects", entry.id, packed(7, entry)) == (7, entry)


def test_a_row_without_an_entry_has_its_number() -> None:
    assert unpacked("objects", "a", packed(1_048_576, None)) == (1_048_576, None)


def test_they_are_a_sequence_in_the_order_they_came_in() -> None:
    entries = kept(*ENTRIES)
    assert entries == ENTRIES
    assert [entries] == [ENTRIES]
    assert (len(entries), entries[0], entries[-1]) == (3, ENTRIES[0], ENTRIES[2])
    assert entries[1:] == ENTRIES[1:]
    assert entries != ENTRIES[:2]
    assert entries != ENTRIES[::-1]
    assert (ENTRIES[1] in entries, [*entries, *ENTRIES]) == (True, [*ENTRIES, *ENTRIES])
    with pytest.raises(IndexError):
        entries[3]


def test_only_those_that_count_are_there() -> None:
    lines = {"a": packed(2, ENTRIES[1]), "b": packed(3, None)}
    entries = KeptEntries("objects", lines, ("a",))
    assert entries == (ENTRIES[1],)
    assert repr(entries) == f"KeptEntries([{ENTRIES[1]!r}])"
    with pytest.raises(KeyError):
        KeptEntries("objects", lines, ("b",))[0]


def test_whoever_keeps_them_has_each_usual_text_once() -> None:
    made = [CheckedEntry("objects", str(row), "示例", "第一科", {"district": "示例区"}) for row in range(3)]
    first, *others = kept(*made)
    assert all(one.section is first.section for one in others)
    assert all(one.data["district"] is first.data["district"] for one in others)
