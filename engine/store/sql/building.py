"""What statements are built from with SQLAlchemy Core: parameters of the type of a column, and the INSERTs of each dialect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    insert,
    literal_column,
    null,
)

from engine.store.sql.compiling import Inserting
from engine.store.sql.prepared import PreparedStatement

Columns: TypeAlias = "tuple[Any, ...]"

#: The number 1 written into a statement; a Python number would become a parameter.
ONE = literal_column("1", Integer)
NOUGHT = literal_column("0", Integer)


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(table.c.keys())


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def bind(table: Table, column: str, name: str | None = None) -> BindParameter[Any]:
    """Return a parameter of the type of a column."""
    return bindparam(name or column, type_=table.c[column].type)


def _values(table: Table) -> dict[str, BindParameter[Any]]:
    return {name: bind(table, name) for name in _columns(table)}


def at_most(query: Select[*Columns], most: ColumnElement[int] = ONE) -> Select[*Columns]:
    """Return `query` with a limit, of one row by default; the offset is written out, else it is a parameter."""
    return query.limit(most).offset(NOUGHT)


def insert_new(table: Table) -> PreparedStatement:
    """Return the INSERT that leaves a row alone whose key is taken; the count of rows tells."""

    def build(insert: Inserting) -> ClauseElement:
        made: ClauseElement = (
            insert(table).values(_values(table)).on_conflict_do_nothing(index_elements=_keys(table))
        )
        return made

    return PreparedStatement(build, *_columns(table))


def insert_plain(table: Table) -> PreparedStatement:
    """Return the INSERT that fails where a key is taken."""
    return PreparedStatement(insert(table).values(_values(table)), *_columns(table))


def insert_or_replace(table: Table, *, reset: Sequence[str] = ()) -> PreparedStatement:
    """Return the INSERT that replaces a row whose key is taken; the columns `reset` are not given and become NULL."""
    given = [name for name in _columns(table) if name not in reset]

    def build(insert: Inserting) -> ClauseElement:
        statement = insert(table).values({name: bind(table, name) for name in given})
        rest = {name: statement.excluded[name] for name in given if name not in _keys(table)}
        made: ClauseElement = statement.on_conflict_do_update(
            index_elements=_keys(table), set_={**rest, **dict.fromkeys(reset, null())}
        )
        return made

    return PreparedStatement(build, *given)
