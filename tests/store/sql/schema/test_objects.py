"""Objects are described by the same words from both databases, and what differs is told once."""

from __future__ import annotations

from engine.store.sql.schema.objects import column_words, differences, index_words, parts_of


def test_both_databases_write_a_condition_otherwise() -> None:
    one = index_words("a", ["b"], unique=False, predicate="status = 'open' AND b IS NOT NULL")
    assert one == index_words(
        "a", ["b"], unique=False, predicate="((status = 'open'::text) AND (b IS NOT NULL))"
    )
    assert one != index_words("a", ["b"], unique=True, predicate="status = 'open' AND b IS NOT NULL")
    assert index_words("a", ["b", "c"], unique=True, other="key") == "a(b,c) unique key"


def test_texts_are_compared_as_they_are_and_comments_are_no_blanks() -> None:
    one = index_words("a", ["b"], unique=False, predicate="status = 'open'")
    others = ("status = 'OPEN'", "status = ' open'", "status = 'open' -- x", "/* */ status = 'open'")
    assert one == index_words("a", ["b"], unique=False, predicate="\"STATUS\"\n='open'")
    assert all(index_words("a", ["b"], unique=False, predicate=other) != one for other in others)
    assert column_words("text", required=True, default="' a l l'") == "text not null default  a l l"
    assert column_words("text", required=True, default="'it''s'::text") == "text not null default it's"
    assert list(parts_of("a = 'x(y) -- z'::character varying")) == ["a", "=", "'x(y) -- z'"]


def test_a_default_is_written_with_and_without_its_type() -> None:
    seen = {column_words("TEXT", required=True, default=one) for one in ("all", "'all'", "'all'::text")}
    assert seen == {"text not null default all"}
    assert column_words("text", required=False, default=None, other="key 1") == "text key 1"


def test_of_a_table_that_is_gone_its_columns_are_not_told_too() -> None:
    expected = {("table", "a"): "", ("column", "a.b"): "text", ("index", "c"): "a(b)"}
    present = {("index", "c"): "a(b) unique", ("view", "d"): "d: CREATE"}
    assert [(one.kind, one.name, one.seen, one.expected) for one in differences(expected, present)] == [
        ("index", "c", "a(b) unique", "a(b)"),
        ("table", "a", None, ""),
        ("view", "d", "d: CREATE", None),
    ]
