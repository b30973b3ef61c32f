"""Row statements in SQL, and the digests of the rows as they are stored: the statements."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import NullType, TupleType

from engine.store.row_parts import TABLES
from engine.store.sql.building import at_most, bind
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import COPY, metadata, row_statement

if TYPE_CHECKING:
    from engine.app.ports.audit.statements import Key

_WRITTEN = ("kind", "events", "rows", "hash")
ADD = PreparedStatement(
    insert(row_statement).values({name: bind(row_statement, name) for name in _WRITTEN}), *_WRITTEN
)
#: Whoever is given a position on a server holds this lock with others until the transaction has ended; `settled` asks for
#: it alone. The number is any that nothing else here uses.
POSITIONS = 20190129
_HELD = select(func.pg_advisory_xact_lock_shared(literal_column(str(POSITIONS), BigInteger))).cte("held")
ADD_ON_SERVER = PreparedStatement(
    insert(row_statement).from_select(
        _WRITTEN, select(*(bind(row_statement, name) for name in _WRITTEN)).select_from(_HELD)
    ),
    *_WRITTEN,
)
OF = PreparedStatement(
    at_most(
        select(row_statement)
        .where(row_statement.c.position > bind(row_statement, "position"))
        .order_by(row_statement.c.position),
        bindparam("most", type_=Integer),
    ),
    "position",
    "most",
)
#: Those in which one of three patterns is. A pattern may fit others too: whoever asks reads what they name.
ABOUT = PreparedStatement(
    at_most(
        select(row_statement)
        .where(
            row_statement.c.position > bind(row_statement, "position"),
            or_(
                row_statement.c.events.like(bind(row_statement, "events")),
                row_statement.c.rows.like(bind(row_statement, "rows")),
                row_statement.c.rows.like(bind(row_statement, "rows", "below")),
            ),
        )
        .order_by(row_statement.c.position),
        bindparam("most", type_=Integer),
    ),
    "position",
    "events",
    "rows",
    "below",
    "most",
)
LAST = PreparedStatement(at_most(select(row_statement.c.position).order_by(row_statement.c.position.desc())))
COUNT = PreparedStatement(
    select(func.count()).where(row_statement.c.position <= bind(row_statement, "position")), "position"
)
_LIMIT = bindparam("most", type_=Integer)


@cache
def first_rows(table: str) -> PreparedStatement:
    """Return the query for the first rows of a table, in the order of their keys."""
    return PreparedStatement(at_most(_ordered(table), _LIMIT), "most")


@cache
def next_rows(table: str) -> PreparedStatement:
    """Return the query for the rows of a table after a key."""
    names = TABLES[table].key
    after = tuple_(*(bind(metadata.tables[table], name) for name in names))
    return PreparedStatement(at_most(_ordered(table).where(key(table) > after), _LIMIT), *names, "most")


@cache
def is_number(table: str, name: str) -> bool:
    """Tell whether a column holds numbers."""
    return isinstance(metadata.tables[table].c[name].type, Integer)


def _ordered(table: str) -> Select[*tuple[Any, ...]]:
    return rows(table).order_by(*(metadata.tables[table].c[name] for name in TABLES[table].key))


def key(table: str) -> Any:
    """Return the key of a table, as the columns it is made of."""
    return tuple_(*(metadata.tables[table].c[name] for name in TABLES[table].key))


def is_one_of(table: str, keys: Sequence[Key]) -> ColumnElement[bool]:
    """Return the condition that a row has one of these keys, whose values are handed to the driver as they are.

    By its own rule SQLAlchemy would take the kind of the first value of each column for that of all others.
    """
    kinds = TupleType(*(NullType() for _ in TABLES[table].key))
    found: ColumnElement[bool] = key(table).in_(bindparam("keys", list(keys), type_=kinds, expanding=True))
    return found


def of_case(table: str, case: str) -> Select[*tuple[Any, ...]]:
    """Return the query for the rows of a table that belong to a case, as `rows_as_stored` has them."""
    name = TABLES[table].case
    if name is None:
        raise ValueError(table)
    return rows_as_stored(table).where(metadata.tables[table].c[name] == case)


def rows_as_stored(table: str) -> Select[*tuple[Any, ...]]:
    """Return the query for the rows of a table, of which nothing makes flags: SQLite keeps any value in their columns."""
    flags = [column.name for column in metadata.tables[table].c if isinstance(column.type, Boolean)]
    query = rows(table)
    stored = [
        type_coerce(one, Integer).label(one.name) if one.name in flags else one
        for one in query.selected_columns
    ]
    return query.with_only_columns(*stored)


def rows(table: str) -> Select[*tuple[Any, ...]]:
    """Return the query for the rows of a table as they are stored."""
    # Named one by one: a later program may have added columns.
    columns = metadata.tables[table].c
    query = select(*(columns[name] for name in TABLES[table].columns))
    # What a copy is a copy of is no part of what is copied.
    return query.where(columns["name"] != literal_column(f"'{COPY}'")) if table == "setting" else query
