"""A format of a workbook: where its rows come from, its columns with their values and code values, what must hold of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.kernel.clean_text import folded
from engine.language import SOURCE_LANGUAGE, current_language
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression

#: Between the texts of a list, where a format says nothing else.
SEPARATOR = "；"


class CellKind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    #: A unified social credit code.
    CREDIT_CODE = "credit code"
    #: Digits alone, kept as a text.
    DIGITS = "digits"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    DECIMAL = "decimal"
    #: Several texts in one cell.
    LIST = "list"


class RowsOf(StrEnum):
    """What the rows of a workbook are."""

    CASES = "cases"
    REGISTER = "register"
    MEASURES = "measures"


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where the rows come from: cases of a workflow (or what is listed in each), entries of a register, measures."""

    kind: RowsOf
    #: The workflow, or the register; empty for measures.
    of: str = ""
    #: Cases that have at least one of these forms.
    forms: tuple[str, ...] = ()
    where: Condition | None = None
    #: One row for each element of this list of the case; in values it is ``item``.
    each: Expression | None = None
    #: Further workflows whose cases are rows too; one that is not published is left out.
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatColumn:
    """One column of a workbook."""

    id: str
    title: str
    kind: CellKind = CellKind.TEXT
    #: Other titles of the same column.
    also: tuple[str, ...] = ()
    required: bool = False
    #: Characters of a text, at most.
    most: int | None = None
    #: How many digits, exactly.
    digits: int | None = None
    #: Digits behind the point, at most.
    decimals: int | None = None
    value: Expression | None = None
    #: In rows of items, what the column says of an item by the answer found of it (``pass``, ``fail``, ``n/a``), where
    #: the visit found problems of some of its items; for other answers `value`.
    by_answer: Mapping[str, str] = field(default_factory=dict)
    #: The same text in every row.
    fixed: str | None = None
    #: Our code -> the platform's.
    codes: Mapping[str, str] = field(default_factory=dict)
    #: Between the texts of a list.
    separator: str = SEPARATOR
    #: How a day is written: ``2024-03-05``, ``2024/3/5`` or ``20240305``.
    written: str = "iso"
    #: Filled in the workbook by a person: nothing of ours says it.
    by_hand: bool = False
    #: Filled by the platform, and brought back with its workbook.
    receipt: bool = False

    def named(self, title: str) -> bool:
        """Tell whether a head line means this column by `title`: without blanks, case and the star of required columns."""
        return folded_title(title) in {folded_title(one) for one in (self.title, self.id, *self.also)}


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What must hold of a row; the condition sees the cells as ``row``."""

    that: Condition
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFormat:
    """One kind of workbook."""

    id: str
    title: str
    title_en: str | None = None
    #: Where the columns were seen, and what to check before it is used.
    source: str = ""
    rows: RowSource
    sheet: str = ""
    #: The columns that tell one row from another.
    key: tuple[str, ...]
    columns: Mapping[str, FormatColumn]
    checks: tuple[RowCheck, ...] = ()
    help: str = ""
    #: SHA-256 of the file of the deployment it was read from; empty for one that comes with the product.
    sha256: str = ""

    @property
    def heading(self) -> str:
        """Return the title in the language of the reader, where it has one."""
        return self.title_en if self.title_en and current_language() != SOURCE_LANGUAGE else self.title

    @property
    def receipts(self) -> tuple[FormatColumn, ...]:
        """Return the columns the platform fills."""
        return tuple(column for column in self.columns.values() if column.receipt)


def folded_title(title: str) -> str:
    """Return a title of a head line as it is compared."""
    return folded(title).strip("*:")
