"""The dictionaries of the in-memory store: undone changes leave rows and indexes as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.memory.undo_log import Groups, KnownGroups, MemoryTable, Sorted, UndoLog
from engine.store.problem import ReadOnlyTransactionError

KEYS = st.integers(0, 9)
ACTS = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 3)), max_size=90)


def build() -> tuple[
    UndoLog, MemoryTable[int, tuple[int, int]], Groups[int, tuple[int, int]], Sorted[int, tuple[int, int]]
]:
    journal = UndoLog()
    groups: Groups[int, tuple[int, int]] = Groups(lambda row: row[1])
    ordered: Sorted[int, tuple[int, int]] = Sorted(lambda row: (row[1], row[0]))
    return (
        journal,
        MemoryTable(journal, groups, ordered, table="task", row=lambda key, value: (key, value)),
        groups,
        ordered,
    )


def act(table: MemoryTable[int, tuple[int, int]], acts: list[tuple[int, int | None]]) -> None:
    for key, value in acts:
        if value is None:
            table.remove(key)
        else:
            table.put(key, (key, value))


@given(ACTS, ACTS, st.booleans())
def test_going_back_restores_everything(before: list, undone: list, look: bool) -> None:
    journal, table, groups, ordered = build()
    journal.open = True
    act(table, before)
    rows = dict(table.rows)
    mark = journal.mark
    act(table, undone)
    if look:
        # Looking settles what was added; going back must work on both sides of it.
        assert list(ordered.since(())) == sorted((value, key) for key, (_, value) in table.rows.items())
    journal.back_to(mark)
    assert table.rows == rows
    assert list(ordered.since(())) == sorted((value, key) for key, (_, value) in rows.items())
    assert len(ordered) == len(rows)
    for value in range(4):
        assert sorted(groups.of(value)) == sorted(key for key, row in rows.items() if row[1] == value)


@given(ACTS, st.integers(0, 4))
def test_looking_from_a_place_on(acts: list, place: int) -> None:
    journal, table, _, ordered = build()
    journal.open = True
    act(table, acts)
    expected = sorted((value, key) for key, (_, value) in table.rows.items() if value >= place)
    assert list(ordered.since((place,))) == expected


def test_nothing_changes_outside_of_a_writing_unit() -> None:
    _, table, _, _ = build()
    with pytest.raises(ReadOnlyTransactionError):
        table.put(1, (1, 1))
    table.remove(1)
    assert table.rows == {}


def test_what_was_worked_out_of_a_group_is_known_until_one_of_its_rows_changes() -> None:
    log = UndoLog()
    log.open = True
    groups: KnownGroups[int, tuple[int, int]] = KnownGroups(lambda row: row[1])
    table = MemoryTable(log, groups, table="t", row=lambda key, value: (key, *value))
    asked: list[list[int]] = []

    def size(group: int) -> int:
        def work_out(keys: list[int]) -> int:
            asked.append(sorted(keys))
            return len(keys)

        return groups.known(group, "size", work_out)

    table.put(1, (10, 1))
    table.put(2, (20, 2))
    assert [size(1), size(1), size(2)] == [1, 1, 1]
    mark = log.mark
    table.put(3, (30, 1))
    assert [size(1), size(2)] == [2, 1]
    table.put(3, (30, 2))
    assert [size(1), size(2)] == [1, 2]
    log.back_to(mark)
    assert [size(1), size(2)] == [1, 1]
    table.remove(1)
    assert [size(1), size(2)] == [0, 1]
    assert groups.groups() == [2]
    assert asked == [[1], [2], [1, 3], [1], [2, 3], [1], [2], []]
