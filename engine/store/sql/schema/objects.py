"""What a schema consists of, in words both databases are described by, and what differs between two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from engine.app.ports.audit.statements import SchemaDifference

#: Kind and name of an object (of a column with its table) -> the words it is described by.
Objects: TypeAlias = "Mapping[tuple[str, str], str]"

#: The table with the revision of the schema, which the program of the revisions makes.
VERSION = "alembic_version"
#: What `PRAGMA index_xinfo` and `pg_get_expr` write otherwise than each other: blanks, brackets, quotes around names, types.
_SPELLING = re.compile(r'::\w+|[\s()"]')


def index_words(
    table: str, columns: Sequence[str], *, unique: bool, predicate: str = "", other: str = ""
) -> str:
    """Return the words an index is described by. `other` is whatever an index of this program has none of."""
    words = [f"{table}({','.join(columns)})", "unique" if unique else "", other]
    if predicate:
        words.append("where " + _SPELLING.sub("", predicate).lower())
    return " ".join(word for word in words if word)


def column_words(type_: str, *, required: bool, default: str | None, other: str = "") -> str:
    """Return the words a column is described by."""
    words = [type_.lower(), "not null" if required else "", other]
    if default is not None:
        words.append("default " + _SPELLING.sub("", default).strip("'"))
    return " ".join(word for word in words if word)


def differences(expected: Objects, present: Objects) -> Iterator[SchemaDifference]:
    """Yield what is there and should not be, what is missing, and what is otherwise than it should be; columns only of tables that are as expected."""
    odd = {name for kind, name in expected.keys() ^ present.keys() if kind == "table"}
    for kind, name in sorted(expected.keys() | present.keys()):
        seen, right = present.get((kind, name)), expected.get((kind, name))
        if seen != right and not (kind == "column" and name.rpartition(".")[0] in odd):
            yield SchemaDifference(kind, name, seen, right)
