"""Texts of SQLite that are none in UTF-8: what says so, and asking for rows that such a text names.

They are read with signs no text can be written with (surrogates), which the driver takes as no parameter; they are written
into the query as the bytes they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: What SQLite's driver says of a text that is none in UTF-8.
UNDECODABLE = "Could not decode to UTF-8"


def is_undecodable(problem: BaseException) -> bool:
    """Tell whether a problem is that a text of the database is none in UTF-8, or that one was asked for."""
    return isinstance(problem, UnicodeEncodeError) or UNDECODABLE in str(problem)


def with_bytes(query: str, values: Any) -> tuple[str, Any]:
    """Return a query and its parameters, with those no text can be written with as bytes in the query."""
    if not isinstance(values, Sequence) or not any(_is_odd(value) for value in values):
        return query, values
    pieces = query.split("?")
    if len(pieces) != len(values) + 1:
        return query, values
    text, kept = pieces[0], list[Any]()
    for value, piece in zip(values, pieces[1:], strict=True):
        if _is_odd(value):
            text += f"CAST(x'{value.encode('utf-8', _errors(value)).hex()}' AS TEXT){piece}"
        else:
            text += f"?{piece}"
            kept.append(value)
    return text, tuple(kept)


def _is_odd(value: Any) -> bool:
    return (
        isinstance(value, str) and not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value)
    )


def _errors(value: str) -> str:
    """Return how a text is encoded: as it was decoded, or, where no text was decoded to it, as its signs are."""
    return "surrogateescape" if all(not "\ud800" <= sign <= "\udc7f" for sign in value) else "surrogatepass"


class AnyTextCursor:
    """A cursor of the driver that takes any text as a parameter."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def execute(self, query: str, values: Any = ()) -> Any:
        """Run a query; returns the driver's own cursor."""
        return self._cursor.execute(*with_bytes(query, values))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@contextmanager
def asking_for_anything(connection: Connection) -> Iterator[None]:
    """Let queries of SQLAlchemy take any text as a parameter."""
    from sqlalchemy import event

    def before(
        _conn: Any, _cursor: Any, query: str, values: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        return with_bytes(query, values)

    event.listen(connection, "before_cursor_execute", before, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", before)
