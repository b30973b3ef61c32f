"""The schema of an SQLite database, and the one this program makes there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import dropwhile
from typing import Any, TypeAlias

from engine.store.sql.schema.objects import COMMENT, VERSION, Objects, column_words, index_words, parts_of

#: Runs a query with its parameters and returns the rows.
Ask: TypeAlias = "Callable[..., Sequence[Any]]"

#: Tables of SQLite's own; no others may have such names.
OWN_TABLES = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
#: Texts, names and comments in the text of a table.
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/""", re.DOTALL)
#: What may be said of a table or a column, and no pragma says.
_RULES = ("CHECK", "REFERENCES", "COLLATE", "CONFLICT", "GENERATED")


@cache
def expected() -> Objects:
    """Return what this program's tables are in SQLite."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from engine.store.sql.tables import metadata

    driver = sqlite3.connect(":memory:")
    try:
        metadata.create_all(create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool))
        driver.execute(f"CREATE TABLE {VERSION} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        return present(lambda query, *values: driver.execute(query, values).fetchall())
    finally:
        driver.close()


def present(ask: Ask) -> Objects:
    """Return what is in a database, by five queries however many tables there are.

    Of virtual tables, which have no page of their own, nothing more is asked: the program they are kept by may not be here.
    """
    found: dict[tuple[str, str], str] = {}
    stored = {
        row[0]: row[1:]
        for row in ask("SELECT name, wr, strict, type FROM pragma_table_list WHERE schema = 'main'")
    }
    objects = ask("SELECT type, name, tbl_name, sql FROM sqlite_master")
    for kind, name, table, text in objects:
        if (kind == "table" and name in OWN_TABLES) or (kind == "index" and text is None):
            continue
        if kind == "table":
            found[kind, name] = _table_words(stored.get(name, ()), str(text))
        elif kind != "index":
            found[kind, name] = f"{table}: {text}"
    texts = {name: text for kind, name, _, text in objects if kind == "index"}
    return {**found, **_columns(ask), **_indexes(ask, texts), **_numbers(ask)}


def _numbers(ask: Ask) -> Objects:
    """Return the two numbers of the file that programs may set as they like, where they are set: this one does not."""
    ((version, application),) = ask(
        "SELECT v.user_version, a.application_id FROM pragma_user_version v, pragma_application_id a"
    )
    numbers = {"user_version": version, "application_id": application}
    return {("pragma", name): str(number) for name, number in numbers.items() if number}


def _table_words(stored: Sequence[Any], text: str) -> str:
    """Return how a table is stored, and which kinds of rules its text has."""
    without_rowid, strict, kind = stored or (0, 0, "?")
    own = set(re.findall(r"\w+", _QUOTED.sub(" ", text).upper()))
    words = [
        "" if kind == "table" else str(kind),
        "without rowid" if without_rowid else "",
        "strict" if strict else "",
    ]
    return " ".join(word for word in (*words, *(rule.lower() for rule in _RULES if rule in own)) if word)


def _columns(ask: Ask) -> Objects:
    rows = ask(
        'SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden'
        " FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' AND m.rootpage > 0"
    )
    return {
        ("column", f"{table}.{name}"): column_words(
            kind,
            required=bool(required),
            default=default,
            other=" ".join((f"key {place}" if place else "", f"hidden {hidden}" if hidden else "")).strip(),
        )
        for table, name, kind, required, default, place, hidden in rows
        if table not in OWN_TABLES
    }


def _indexes(ask: Ask, texts: Mapping[str, str | None]) -> Objects:
    rows = ask(
        'SELECT m.name, l.name, l."unique", x.name, x."desc", x.coll'
        " FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x"
        " WHERE m.type = 'table' AND m.rootpage > 0 AND l.origin <> 'pk' AND x.key ORDER BY l.name, x.seqno"
    )
    columns: dict[tuple[str, str, int], list[tuple[Any, ...]]] = {}
    for table, name, unique, *column in rows:
        columns.setdefault((table, name, unique), []).append(tuple(column))
    found: dict[tuple[str, str], str] = {}
    for (table, name, unique), parts in columns.items():
        other = (
            f"{'desc ' if falling else ''}{'' if order == 'BINARY' else order}" for _, falling, order in parts
        )
        found["index", name] = index_words(
            table,
            [str(column) for column, _, _ in parts],
            unique=bool(unique),
            predicate=_predicate(texts.get(name) or ""),
            other=" ".join(one for one in (*other, _comment(texts.get(name) or "")) if one),
        )
    return found


def _predicate(text: str) -> str:
    """Return the condition of an index; empty where it has none."""
    return " ".join(list(dropwhile(lambda part: part != "where", parts_of(text)))[1:])


def _comment(text: str) -> str:
    """Return the word for a comment in the text of an index: those of this program have none."""
    return COMMENT if f"({COMMENT})" in parts_of(text) else ""
