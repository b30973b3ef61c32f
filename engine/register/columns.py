"""What a register's file may hold: columns with their titles and types, rows made of several columns, a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.kernel.clean_text import folded

_BRACKETED = re.compile(r"\([^()]*\)$")


class CellType(StrEnum):
    """What one cell of a column holds, and so what `Entry.data` keeps for it."""

    #: A unified social credit code, a registration number, or another id; kept as text.
    OBJECT_ID = "object_id"
    #: ``[A-Za-z0-9_-]{1,64}``, kept as text.
    ID = "id"
    #: Several object ids in one cell, kept as a sorted list.
    IDS = "ids"
    #: One line of text.
    TEXT = "text"
    #: Text that may have several lines.
    LONG_TEXT = "long_text"
    #: Numbers of certificates and the like: half-width, without look-alike characters.
    PRINTABLE = "printable"
    #: Kept as ISO text, ``2024-04-20``.
    DATE = "date"
    INTEGER = "integer"
    #: Kept as text the definition language reads exactly: ``5%``, ``1/20``, ``0.05``.
    RATIO = "ratio"
    PHONE = "phone"
    EMAIL = "email"
    BOOLEAN = "boolean"
    #: One of the column's own choices, kept as its code.
    CHOICE = "choice"
    CHOICES = "choices"
    #: Texts in one cell, kept as a list without repeats, in the order written.
    LIST = "list"
    #: One code of a list the bureau keeps (sections, roles); its title is understood too.
    CODE = "code"
    CODES = "codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterColumn:
    """One column of a register."""

    id: str
    #: The title an export shows.
    title: str
    type: CellType
    #: Other titles offices write.
    also: tuple[str, ...] = ()
    required: bool = False
    #: code -> the words for it; the first word is the one an export shows.
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The list of the bureau (``sections``, ``roles``) a code column takes its codes from.
    codes: str | None = None
    least: int | None = None
    #: Of numbers the greatest value, of texts how many characters, of dates the last year that is not unusual.
    most: int | None = None
    #: The code that holds where the cell is empty.
    default: str | None = None
    #: Titles under which an id must be a credit code or a 15-digit registration number, folded.
    code_only_under: frozenset[str] = frozenset()
    #: Column -> codes: the cell must be filled when that column holds one of them.
    needed_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Of dates: the last day on which something holds, such as a licence.
    expires: bool = False
    #: Read only by the section of the entry, the person it is of, whoever maintains the register, and supervision.
    private: bool = False
    #: Names a person, or says where one is found, though it may be read and published: it is kept apart from the history and
    #: forgotten at its term. What is private is so without this.
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A row of a list in `Entry.data` that is made of several columns: a licence, a rating."""

    #: The key of the list in the data, such as ``ratings``.
    into: str
    #: key of the row -> column it comes from.
    parts: Mapping[str, str]
    #: Keys whose values do not come from the file, such as the scheme of a rating.
    fixed: Mapping[str, str] = field(default_factory=dict)
    #: The part without which there is no row; None: any part makes a row.
    needs: str | None = None
    #: The part that takes the name of the file where the file says nothing.
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words every register shares: what means empty, yes and no, and what is passed over."""

    empty: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    open_ended: frozenset[str]
    ignore: frozenset[str]
    separators: tuple[str, ...]
    legal_forms: tuple[str, ...]


#: Longer texts are the title of no column, whatever is left of them once they are folded.
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to read one kind of file into one register."""

    kind: str
    title: str
    columns: Mapping[str, RegisterColumn]
    lists: Mapping[str, ListRow]
    words: Words
    #: Folded title -> column.
    headers: Mapping[str, str]
    #: Column -> folded value as written -> value as the column's type reads it.
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Column -> value for every row, for what the file leaves unsaid.
    fixed: Mapping[str, str] = field(default_factory=dict)
    #: Folded titles that are passed over in silence.
    ignore: frozenset[str] = frozenset()
    encoding: str | None = None
    sheet: str | None = None
    #: SHA-256 of the file it was read from; empty for one that comes with the product.
    sha256: str = ""

    def column_of(self, header: str) -> str | None:
        """Return the column a header means; marks of required fields, spaces and a bracketed unit do not matter."""
        if len(header) > LONGEST_TITLE:
            return None
        title = fold(header)
        return self.headers.get(title) or self.headers.get(_BRACKETED.sub("", title))

    def passed_over(self, header: str) -> bool:
        """Tell whether a header is known to carry nothing."""
        return len(header) <= LONGEST_TITLE and fold(header) in self.ignore


def fold(text: str) -> str:
    """Return what headers and words are compared by: NFKC, without case, white space, what nobody sees, ``*`` and a last colon."""
    return folded(text).replace("*", "").rstrip(":")
