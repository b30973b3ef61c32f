"""Forms as a definition states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from engine.language import term
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.requirement import Requirement
from engine.value import named_value


class FieldType(StrEnum):
    """Types of form and case fields; `TYPES` in `engine.lifecycle.forms.fields` says what each accepts."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    PERSONS = "persons"
    OBJECT = "object"
    FILE = "file"
    FILES = "files"
    RATIO = "ratio"
    LIST = "list"
    MONEY = "money"
    TIME = "time"
    YES_NO_NA = "yes-no-na"
    PLACE = "place"
    PHOTO = "photo"
    PHOTOS = "photos"
    SIGNATURE = "signature"
    #: A text between the questions; nobody answers it.
    NOTE = "note"


#: The types whose answer is a file, or several.
FILES = (FieldType.FILE, FieldType.FILES, FieldType.PHOTO, FieldType.PHOTOS, FieldType.SIGNATURE)


#: What a question of the type ``yes-no-na`` may be answered with.
YES_NO_NA: Mapping[str, str] = {"yes": term("是"), "no": term("否"), "n/a": term("不适用")}


@named_value
class Offer:
    """Codes of a question that may be chosen only when a condition holds."""

    codes: tuple[str, ...]
    when: Condition


@named_value
class Field:
    """One question of a form, or one fact a case keeps. Fields have no default answer, ever."""

    #: What its answers are kept under; it never changes, so that a field may be called otherwise later.
    name: str
    title: str
    type: FieldType
    #: What the expressions of its file call it, where that is not `name`.
    alias: str | None = None
    required: bool = False
    #: May stay empty, with a warning; the answers keep the reason.
    recommended: bool = False
    help: str | None = None
    basis: str | None = None
    unit: str | None = None
    #: choice / choices: code -> text. Filled from ``codes:`` lists at load.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: choices: codes that stand alone or not at all, such as ``none``.
    exclusive: tuple[str, ...] = ()
    #: Codes that may be chosen under a condition only; a code in none of these may always be.
    offered: tuple[Offer, ...] = ()
    #: Asked only when this holds.
    relevant: Condition | None = None
    constraints: tuple[Requirement, ...] = ()
    #: list: the fields of one row.
    columns: tuple[Field, ...] = ()
    least: int | None = None
    most: int | None = None
    #: May stand on a public page. Fields are private unless they say so.
    public: bool = False
    #: Its answers are of a person: kept beside the history, and destroyed at their term.
    personal: bool = False
    #: A fact of a case its child cases may read, as ``parent.NAME``.
    to_children: bool = False
    #: Worked out from the other answers; never asked.
    computed: Expression | None = None
    page: str | None = None
    section: str | None = None
    #: An answer as it may look, as it would be kept: shown beside the question, used in rehearsals, never filled in.
    example: Any = None

    @property
    def answered(self) -> bool:
        """Tell whether a person answers it: it is neither worked out nor a text between the questions."""
        return self.computed is None and self.type is not FieldType.NOTE

    @property
    def written(self) -> str:
        """Return what the expressions of its file call it."""
        return self.alias or self.name


@named_value
class CheckRow:
    """One line of a check list (检查事项): answered 符合 / 不符合 / 不适用, never by default."""

    id: str
    title: str
    points: str
    basis: str
    method: str | None = None
    #: Items of the register it belongs to: asked only where one of them is an item of the case. Empty: always.
    items: tuple[str, ...] = ()


@named_value
class Form:
    """A form of the form library (表单库)."""

    id: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[CheckRow, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    help: str | None = None
    basis: str | None = None
    #: 英文: a text of the file -> its English, where its author has written it.
    english: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, or None."""
        return next((f for f in self.fields if f.name == name), None)
