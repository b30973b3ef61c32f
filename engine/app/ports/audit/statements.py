"""Row statements: what each transaction has written, row by row, so that a row changed by other means is found.

Every transaction that writes ends with one statement (several where it is long): which events it appended, and the
digest of every part of a row it wrote. Folded in the order of their positions, statements give the digest each part of
each row must have now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from typing import Protocol

from engine.language import Message
from engine.value import value

#: The values of the columns of the key.
Key = tuple[str | int, ...]

#: How a statement came to be: its transaction wrote the rows, or they were there when statements began.
WRITTEN, TAKEN_OVER = "written", "taken_over"
#: Before the name of a part: the digest is that of the row as it was found when it was written over.
WAS = "was:"
#: Rows and events after which a long transaction states what it has written so far.
MAX_STATED = 2000


def statement_hash(kind: str, events: str, rows: str) -> str:
    """Return the hash of a statement: the SHA-256 of kind, events and rows, each on a line."""
    return hashlib.sha256(f"{kind}\n{events}\n{rows}".encode()).hexdigest()


@value
class RowPart:
    """Columns of a table that share one digest. `name` is the table, or ``TABLE.WHAT`` for columns that change apart.

    `columns` begin with those of the key, of which there are `key`.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    key: int
    #: The places of the columns among those of the table.
    places: tuple[int, ...]
    #: Which value of the key is the case a row belongs to, where one is.
    case: int | None = None


@value
class RowStatement:
    """One statement.

    `events` is a JSON list of ``[stream, first, last, hash of the last]``. `rows` is one of ``[part, key, digest]``, in the
    order in which they were written; without a digest the row was removed, and a key that lacks its last value speaks of all
    rows that share the rest. A part that begins with `WAS` says what the digest was of a row that is then written over. `hash` is `statement_hash` of the three.
    """

    position: int
    kind: str
    events: str
    rows: str
    hash: str


@value
class PresentRow:
    """A row as it is stored now: the digests of its parts, in the order in which they are declared."""

    key: Key
    case: str | None
    digests: tuple[str, ...]
    #: False where the row holds bytes and a digest of them that is another.
    consistent: bool = True


@value
class Coverage:
    """What statements cover, and which columns they leave out, each for a reason."""

    #: Table -> its parts; the first speaks of the whole row.
    parts: Mapping[str, tuple[RowPart, ...]]
    #: Tables whose rows prove each other -> how.
    chained: Mapping[str, Message]
    #: (table, column) -> the reason.
    left_out: Mapping[tuple[str, str], Message]
    #: Tables that hold nothing but what is compared with the schema -> how.
    compared: Mapping[str, Message] = field(default_factory=dict)
    #: Tables that are in the database and not of this program.
    foreign: tuple[str, ...] = ()


@value
class SchemaDifference:
    """Something in the schema of the database that is otherwise than its revision says.

    `kind` is ``table``, ``column``, ``index``, ``view``, ``trigger``, ``version``, or what else the database calls it; the
    name of a column has that of its table before it. `seen` and `expected` are words that describe it, None where there is
    none.
    """

    kind: str
    name: str
    seen: str | None
    expected: str | None


class Statements(Protocol):
    """The row statements, and the digests of the rows as they are."""

    def of(self, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return statements in the order of their positions, from the first after `after`."""
        ...

    def about(self, case: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name a case, as `of` does: in its history, in a key, or in one that begins with it and ``/``.

        There may be others among them.
        """
        ...

    def of_table(self, table: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name rows of a table, as `of` does. There may be others among them."""
        ...

    def last(self) -> int:
        """Return the position of the newest statement, 0 before the first."""
        ...

    def settled(self) -> int:
        """Return the position up to which every statement there will ever be is seen in this transaction, which only reads.

        On a server a statement may be seen before one of a smaller position, whose transaction is still writing. It waits
        for those.
        """
        ...

    def coverage(self) -> Coverage:
        """Return what statements cover."""
        ...

    def tables(self) -> Coverage:
        """Return what statements cover, with every other table there is: each table of the database is in one list."""
        ...

    def decoding_anything(self) -> AbstractContextManager[None]:
        """Let texts that are none be read, with signs no text can be written with, until the context ends."""
        ...

    def is_undecodable(self, problem: BaseException) -> bool:
        """Tell whether a problem is that a text that is stored is none, so that `decoding_anything` helps."""
        ...

    def schema_differences(self) -> Sequence[SchemaDifference]:
        """Return what is otherwise in the database than its revision says; nothing where there is no database."""
        ...

    def index_faults(self) -> Sequence[str]:
        """Return, in words of the database, where its indexes do not lead to all rows and to no others.

        Every row is looked for in every index. Nothing where there is no database, or it cannot be asked for that.
        """
        ...

    def present(self, table: str, *, after: Key | None = None, limit: int = 1000) -> list[PresentRow]:
        """Return rows of a table as they are stored now, in the order of their keys, from the first after `after`."""
        ...

    def some(self, table: str, keys: Sequence[Key]) -> list[PresentRow]:
        """Return the rows with these keys, as they are stored now; unknown keys are left out."""
        ...

    def of_case(self, table: str, case: str) -> list[PresentRow]:
        """Return the rows of a table that belong to a case, as they are stored now. Raises ValueError for a table of no cases."""
        ...
