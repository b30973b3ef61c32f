"""The append-only histories in SQL: the statements."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ClauseElement,
    Integer,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
    column,
    exists,
    func,
    select,
    tuple_,
    values,
)

from engine.store.sql.building import ONE, at_most, bind, insert_new, insert_plain
from engine.store.sql.compiling import Inserting
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import event

_NAMES = tuple(event.c.keys())
BEGIN, ADD = insert_new(event), insert_plain(event)


def _follow(insert: Inserting) -> ClauseElement:
    """Build the INSERT that does something only where the event before is the newest of its stream."""
    before = event.alias("before")
    row = select(*(bind(event, name).label(name) for name in _NAMES)).where(
        exists(
            select(ONE)
            .select_from(before)
            .where(
                before.c.stream == bind(event, "stream", "of"),
                before.c.seq == bind(event, "seq", "before"),
                before.c.hash == bind(event, "hash", "head"),
            )
        )
    )
    # The next number being free makes the event before the newest.
    made: ClauseElement = (
        insert(event).from_select(_NAMES, row).on_conflict_do_nothing(index_elements=["stream", "seq"])
    )
    return made


FOLLOW = PreparedStatement(_follow, *_NAMES, "of", "before", "head")
OF = PreparedStatement(
    at_most(
        select(event)
        .where(event.c.stream == bind(event, "stream"), event.c.seq > bind(event, "seq"))
        .order_by(event.c.seq),
        bindparam("most", type_=Integer),
    ),
    "stream",
    "seq",
    "most",
)
LAST = PreparedStatement(
    at_most(select(event).where(event.c.stream == bind(event, "stream")).order_by(event.c.seq.desc())),
    "stream",
)
HASH = PreparedStatement(
    select(event.c.hash).where(event.c.stream == bind(event, "stream"), event.c.seq == bind(event, "seq")),
    "stream",
    "seq",
)
HASHES = PreparedStatement(
    select(event.c.hash)
    .where(event.c.stream == bind(event, "stream"), event.c.seq > bind(event, "seq"))
    .order_by(event.c.seq),
    "stream",
    "seq",
)
STORED = PreparedStatement(
    at_most(
        select(event)
        .where(tuple_(event.c.stream, event.c.seq) > tuple_(bind(event, "stream"), bind(event, "seq")))
        .order_by(event.c.stream, event.c.seq),
        bindparam("most", type_=Integer),
    ),
    "stream",
    "seq",
    "most",
)
#: How many names of streams are fetched at a time.
PAGE = 1000


@cache
def newest(count: int) -> PreparedStatement:
    return PreparedStatement(select(*newest_hashes(count)), *(f"stream_{number}" for number in range(count)))


def newest_hashes(count: int) -> list[ScalarSelect[str]]:
    """Return the hash of the newest event of so many streams, ``stream_0`` and so on, as columns of a query."""
    return [
        at_most(
            select(event.c.hash)
            .where(event.c.stream == bind(event, "stream", f"stream_{number}"))
            .order_by(event.c.seq.desc())
        ).scalar_subquery()
        for number in range(count)
    ]


@cache
def hashes_at(count: int) -> PreparedStatement:
    # A list of pairs after IN makes SQLite read every row; a table of them is looked up in the key.
    binds = tuple((f"stream_{number}", f"seq_{number}") for number in range(count))
    pairs = [(bind(event, "stream", stream), bind(event, "seq", seq)) for stream, seq in binds]
    wanted = values(column("stream", Text), column("seq", Integer), name="wanted").data(pairs).cte("wanted")
    own = and_(event.c.stream == wanted.c.stream, event.c.seq == wanted.c.seq)
    query = select(event.c.stream, event.c.seq, event.c.hash).select_from(wanted.join(event, own))
    return PreparedStatement(query, *(name for pair in binds for name in pair))


def last_hashes(after: str) -> Select[str, int, str]:
    newest = (
        select(event.c.stream, func.max(event.c.seq, type_=Integer).label("seq"))
        .where(event.c.stream > after)
        .group_by(event.c.stream)
        .order_by(event.c.stream)
        .limit(PAGE)
        .subquery()
    )
    own = and_(event.c.stream == newest.c.stream, event.c.seq == newest.c.seq)
    return (
        select(event.c.stream, event.c.seq, event.c.hash)
        .select_from(newest.join(event, own))
        .order_by(event.c.stream)
    )


def streams(prefix: str, after: str) -> Select[str]:
    """Return the query for a page of names of streams from `prefix` on that come after `after`."""
    query = select(event.c.stream).distinct().order_by(event.c.stream).limit(PAGE)
    return query.where(
        event.c.stream > after if not isinstance(after, str) or after >= prefix else event.c.stream >= prefix
    )


def count(kind: str | None) -> Select[int]:
    """Return the query that counts events (of one kind)."""
    query = select(func.count(type_=Integer)).select_from(event)
    return query if kind is None else query.where(event.c.kind == kind)
