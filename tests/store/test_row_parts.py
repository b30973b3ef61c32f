"""Every table says in one place which of its columns are stated, and which are not, for which reason."""

from __future__ import annotations

from engine.store.row_parts import PART, PARTS, TABLES, chained, reasons
from engine.store.sql.tables import metadata


def test_the_columns_are_those_of_the_tables_in_their_order() -> None:
    assert TABLES.keys() | chained().keys() == metadata.tables.keys()
    for name, table in TABLES.items():
        assert table.columns == tuple(metadata.tables[name].c.keys()), name
        assert table.key == tuple(column.name for column in metadata.tables[name].primary_key), name
        assert table.columns[: len(table.key)] == table.key, name


def test_parts_name_their_columns_and_the_place_of_each() -> None:
    part = PART["outbox.status"]
    assert (part.table, part.columns, part.key) == ("outbox", ("id", "status", "sent_at"), 1)
    assert [TABLES["outbox"].columns[place] for place in part.places] == list(part.columns)
    assert PARTS["outbox"][0].name == "outbox"
    assert (PART["task"].case, PART["outbox"].case) == (0, None)


def test_no_table_is_left_out_whole_and_each_column_left_out_has_a_reason() -> None:
    for name, parts in PARTS.items():
        assert any(len(part.columns) > part.key for part in parts), name
    left_out = {(name, column) for name, table in TABLES.items() for column in table.left_out}
    assert reasons().keys() == left_out | {("row_statement", "position")}
    assert all(str(reason) for reason in reasons().values())


def test_bytes_and_the_digest_of_them_in_one_row_are_held_against_each_other() -> None:
    table = TABLES["definition_source"]
    right = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert table.consistent((right, b""))
    assert not table.consistent((right, b" "))
    assert TABLES["setting"].consistent(("a", "1"))
