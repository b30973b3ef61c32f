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
#: The parts of an expression: a text, a comment, a name in quotes, the type of a value, a word, a sign.
_PART = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))|"(?P<name>(?:[^"]|"")*)"|(?P<type>::[\w\[\] ]*\w)"""
    r"""|(?P<word>\w+)|(?P<sign>[^\s()])""",
    re.DOTALL,
)
#: How a comment is described: what is hidden in one is not looked for.
COMMENT = "comment"


def index_words(
    table: str, columns: Sequence[str], *, unique: bool, predicate: str = "", other: str = ""
) -> str:
    """Return the words an index is described by. `other` is whatever an index of this program has none of."""
    words = [f"{table}({','.join(columns)})", "unique" if unique else "", other]
    if predicate:
        words.append(" ".join(["where", *parts_of(predicate)]))
    return " ".join(word for word in words if word)


def parts_of(expression: str) -> Iterator[str]:
    """Yield the parts of an expression but for what two databases write otherwise: blanks, brackets, quotes around names, types.

    Texts are kept as they are, words in small letters; a comment is named and not passed over.
    """
    for found in _PART.finditer(expression):
        if found["text"] is not None:
            yield found["text"]
        elif found["comment"] is not None:
            yield f"({COMMENT})"
        elif found["type"] is None:
            yield (found["name"] or found["word"] or found["sign"] or "").lower()


def column_words(type_: str, *, required: bool, default: str | None, other: str = "") -> str:
    """Return the words a column is described by."""
    words = [type_.lower(), "not null" if required else "", other]
    if default is not None:
        parts = list(parts_of(default))
        # One text is written with and without its quotes; what is in it is compared as it is.
        if default.startswith("'") and len(parts) == 1:
            parts = [default[1 : default.rindex("'")].replace("''", "'")]
        words.append("default " + " ".join(parts))
    return " ".join(word for word in words if word)


def differences(expected: Objects, present: Objects) -> Iterator[SchemaDifference]:
    """Yield what is there and should not be, what is missing, and what is otherwise than it should be; columns only of tables that are as expected."""
    odd = {name for kind, name in expected.keys() ^ present.keys() if kind == "table"}
    for kind, name in sorted(expected.keys() | present.keys()):
        seen, right = present.get((kind, name)), expected.get((kind, name))
        if seen != right and not (kind == "column" and name.rpartition(".")[0] in odd):
            yield SchemaDifference(kind, name, seen, right)
