from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.store.problem import StoreUnavailableError
from engine.store.sql import copy
from engine.store.sql.store import SqlStore, open_store


@pytest.fixture
def other(empty_database: Path, tmp_path: Path) -> Iterator[SqlStore]:
    shutil.copy(empty_database, tmp_path / "other.db")
    with closing(open_store(tmp_path / "other.db", synchronous="NORMAL")) as found:
        yield found


def test_everything_is_copied_and_comes_to_the_same(store: SqlStore, other: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", ["乙"])
        transaction.definitions.put_texts({"d": b"\x00text"})
    copied: dict[str, int] = {}
    with store.read() as old, other.write() as new:
        assert copy.is_empty(new.connection)
        copy.copy(old.connection, new.connection, copied.__setitem__)
        copy.note_copy(new.connection, {"of": "store"})
        assert copy.sums(old.connection) == copy.sums(new.connection)
        assert not copy.is_empty(new.connection)
    assert {name: count for name, count in copied.items() if count} == {
        "definition_source": 1,
        "setting": 1,
        "row_statement": 1,
    }
    with other.write() as new:
        assert copy.copied_from(new.connection) == '{"of":"store"}'
        copy.in_use(new.connection)
        assert copy.copied_from(new.connection) is None
        assert new.settings.get("a") == ["乙"]
        copy.clear(new.connection)
        assert copy.is_empty(new.connection)


def test_a_row_that_differs_changes_the_sum_of_its_table(store: SqlStore, other: SqlStore) -> None:
    for one, value in ((store, 1), (other, 2)):
        with one.write() as transaction:
            transaction.settings.put("a", value)
    with store.read() as old, other.read() as new:
        before, after = copy.sums(old.connection), copy.sums(new.connection)
    assert [name for name in before if before[name] != after[name]] == [
        "row_statement",
        "setting",
    ]


def test_what_has_moved_can_neither_be_written_nor_opened(store: SqlStore) -> None:
    with store.write() as transaction:
        copy.shut(transaction.connection)
    with pytest.raises(StoreUnavailableError, match="已搬到别处"), store.write() as transaction:
        transaction.settings.put("a", 1)
    with pytest.raises(StoreUnavailableError, match="已搬到别处"):
        open_store(store.where)
