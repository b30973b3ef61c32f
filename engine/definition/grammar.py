"""Which keys each part of a file has and how each is written. The reader and the JSON Schema both follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.definition import keywords


class Form(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NAME = "name"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    #: One of `words`.
    WORD = "word"
    #: One or several names.
    NAMES = "names"
    PERIOD = "period"
    DEADLINE = "deadline"
    REMINDERS = "reminders"
    EXPRESSION = "expression"
    CONDITION = "condition"
    #: A part with keys of its own, `of` in `SHAPES`.
    PART = "part"
    #: name -> a part
    PARTS = "parts"
    #: a list of parts
    LIST = "list"
    #: name -> text
    TEXTS = "texts"
    #: a list of texts
    TEXT_LIST = "text list"
    #: The name of a code list, or code -> text.
    CHOICES = "choices"
    #: A list of effects.
    EFFECTS = "effects"
    #: An answer: whatever the type of the field takes.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a part."""

    form: Form
    required: bool = False
    #: PART, PARTS, LIST: the shape of the part.
    of: str = ""
    words: Mapping[str, str] | None = None


def _text(required: bool = False) -> Key:
    return Key(Form.TEXT, required)


_CLOCK: Mapping[str, Key] = {
    "basis": _text(),
    "roll": Key(Form.WORD, words=keywords.ROLLS),
    "remind": Key(Form.REMINDERS),
    "overdue": Key(Form.LIST, of="overdue"),
    "late_reason": Key(Form.BOOLEAN),
    "count_first_day": Key(Form.BOOLEAN),
    "not_later_than": Key(Form.LIST, of="limit"),
}

_CASE_FIELD: Mapping[str, Key] = {
    "name": Key(Form.NAME, True),
    "title": _text(True),
    "type": Key(Form.WORD, True, words=keywords.TYPES),
    "help": _text(),
    "basis": _text(),
    "unit": _text(),
    "public": Key(Form.BOOLEAN),
    "choices": Key(Form.CHOICES),
    "least": Key(Form.INTEGER),
    "most": Key(Form.INTEGER),
    "columns": Key(Form.LIST, of="column"),
}
_COLUMN: Mapping[str, Key] = {**_CASE_FIELD, "required": Key(Form.BOOLEAN), "example": Key(Form.ANSWER)}
_VERB: Mapping[str, Key] = {
    "by": Key(Form.NAMES),
    "basis": _text(),
    "require": Key(Form.LIST, of="requirement"),
}
#: Verbs that may be asked for first.
_ASKED: Mapping[str, Key] = {**_VERB, "approve": Key(Form.NAMES)}

SHAPES: Mapping[str, Mapping[str, Key]] = {
    "workflow": {
        "workflow": Key(Form.NAME, True),
        "title": _text(True),
        "about": Key(Form.WORD, True, words=keywords.ABOUT),
        "help": _text(),
        "basis": _text(),
        "initial": Key(Form.NAME, True),
        "start": Key(Form.PART, of="start"),
        "parties": Key(Form.TEXTS),
        "fields": Key(Form.LIST, of="case field"),
        "states": Key(Form.PARTS, True, of="state"),
        "clocks": Key(Form.PARTS, of="clock"),
        "transitions": Key(Form.LIST, True, of="transition"),
        "verbs": Key(Form.PART, of="verbs"),
    },
    "start": {"by": Key(Form.NAMES, True), "form": Key(Form.NAME)},
    "state": {
        "title": _text(True),
        "for": Key(Form.NAMES),
        "final": Key(Form.BOOLEAN),
        "help": _text(),
        "deadline": Key(Form.DEADLINE),
        **_CLOCK,
        "verbs": Key(Form.PART, of="verbs"),
    },
    "clock": {
        "title": _text(True),
        "during": Key(Form.NAMES, True),
        "deadline": Key(Form.DEADLINE, True),
        "since": Key(Form.EXPRESSION),
        "starts_on": Key(Form.NAMES),
        "stops_on": Key(Form.NAMES),
        "pauses_in": Key(Form.NAMES),
        "help": _text(),
        **_CLOCK,
    },
    "limit": {
        "deadline": Key(Form.DEADLINE, True),
        "since": Key(Form.EXPRESSION),
        "roll": Key(Form.WORD, words=keywords.ROLLS),
        "count_first_day": Key(Form.BOOLEAN),
        "basis": _text(),
    },
    "overdue": {
        "after": Key(Form.PERIOD, True),
        "notify": Key(Form.NAMES),
        "escalate": Key(Form.NAMES),
        "every": Key(Form.PERIOD),
        "urgent": Key(Form.BOOLEAN),
        "reassign": Key(Form.NAME),
    },
    "transition": {
        "do": Key(Form.NAME, True),
        "title": _text(True),
        "from": Key(Form.NAMES, True),
        "to": Key(Form.NAME),
        "by": Key(Form.NAMES),
        "form": Key(Form.NAME),
        "item_forms": Key(Form.BOOLEAN),
        "reason": Key(Form.BOOLEAN),
        "require": Key(Form.LIST, of="requirement"),
        "warn": Key(Form.LIST, of="requirement"),
        "when": Key(Form.CONDITION),
        "then": Key(Form.EFFECTS),
        "automatic": Key(Form.BOOLEAN),
        "join": Key(Form.PART, of="join"),
        "sign": Key(Form.PART, of="sign"),
        "after": Key(Form.PERIOD),
        "help": _text(),
    },
    "requirement": {"that": Key(Form.CONDITION, True), "else": _text(True), "basis": _text()},
    "join": {"workflow": Key(Form.NAME, True), "reached": Key(Form.NAMES)},
    "verbs": {
        "claim": Key(Form.PART, of="claim"),
        "reassign": Key(Form.PART, of="reassign"),
        "extend": Key(Form.PART, of="extend"),
        "suspend": Key(Form.PART, of="suspend"),
        "resume": Key(Form.PART, of="resume"),
        "return": Key(Form.PART, of="return"),
        "withdraw": Key(Form.PART, of="withdraw"),
        "urge": Key(Form.PART, of="urge"),
        "void": Key(Form.PART, of="void"),
        "add_signer": Key(Form.PART, of="add_signer"),
        "drop_signer": Key(Form.PART, of="drop_signer"),
    },
    "claim": _VERB,
    "reassign": {**_VERB, "among": Key(Form.NAMES)},
    "extend": {
        **_ASKED,
        "clock": Key(Form.NAME),
        "most": Key(Form.PERIOD),
        "times": Key(Form.INTEGER),
    },
    "suspend": {**_ASKED, "pauses": Key(Form.NAMES)},
    "resume": _VERB,
    "return": {**_ASKED, "to": Key(Form.NAMES), "keep_clocks": Key(Form.BOOLEAN)},
    "withdraw": _VERB,
    "urge": {**_VERB, "times": Key(Form.INTEGER), "receipt": Key(Form.BOOLEAN)},
    "void": {**_ASKED, "to": Key(Form.NAME, True), "with_children": Key(Form.BOOLEAN)},
    "add_signer": {**_VERB, "among": Key(Form.NAMES)},
    "drop_signer": _VERB,
    "sign": {"mode": Key(Form.TEXT, True), "by": Key(Form.NAMES, True)},
    "form": {
        "form": Key(Form.NAME, True),
        "title": _text(True),
        "help": _text(),
        "basis": _text(),
        "fields": Key(Form.LIST, of="field"),
        "rows": Key(Form.LIST, of="row"),
        "constraints": Key(Form.LIST, of="requirement"),
    },
    "case field": _CASE_FIELD,
    "column": _COLUMN,
    "field": {
        **_COLUMN,
        "relevant": Key(Form.CONDITION),
        "computed": Key(Form.EXPRESSION),
        "constraint": Key(Form.LIST, of="requirement"),
    },
    "heading": {"section": _text(True), "help": _text()},
    "row": {
        "id": Key(Form.NAME, True),
        "title": _text(True),
        "points": _text(True),
        "basis": _text(True),
        "method": _text(),
    },
    "bureau": {
        "bureau": Key(Form.NAME, True),
        "title": _text(True),
        "timezone": _text(True),
        "notify_at": _text(True),
        "office_hours": Key(Form.PART, of="office hours"),
        "sections": Key(Form.TEXTS, True),
        "roles": Key(Form.PARTS, True, of="role"),
        "targets": Key(Form.TEXTS),
        "measures": Key(Form.PARTS, of="measure"),
        "milestones": Key(Form.PARTS, of="milestone"),
        "ratings": Key(Form.PARTS, of="rating"),
        "codes": Key(Form.PARTS, of="code list"),
        "help": _text(),
    },
    "office hours": {"hours": Key(Form.TEXT_LIST, True), "seasons": Key(Form.LIST, of="season")},
    "season": {"from": _text(True), "to": _text(True), "hours": Key(Form.TEXT_LIST, True)},
    "role": {"title": _text(True), "scope": Key(Form.WORD, True, words=keywords.SCOPES)},
    "measure": {
        "title": _text(True),
        "part": Key(Form.PART, True, of="tally"),
        "whole": Key(Form.PART, True, of="tally"),
    },
    "tally": {
        "register": Key(Form.NAME),
        "cases": Key(Form.NAME),
        "publications": Key(Form.NAME),
        "forms": Key(Form.NAMES),
        "field": Key(Form.NAME),
        "distinct": Key(Form.BOOLEAN),
        "on_time": Key(Form.BOOLEAN),
    },
    "milestone": {"by": Key(Form.DEADLINE, True), "roll": Key(Form.WORD, words=keywords.ROLLS)},
    "rating": {"title": _text(True), "classes": Key(Form.TEXT_LIST, True)},
    "all": {"all": Key(Form.LIST, True)},
    "any": {"any": Key(Form.LIST, True)},
    "not": {"not": Key(Form.CONDITION, True)},
    "test": {
        "field": Key(Form.EXPRESSION, True),
        "op": Key(Form.WORD, True, words=keywords.OPERATORS),
        "value": Key(Form.TEXT),
        "other": Key(Form.EXPRESSION),
    },
    "every": {"every": Key(Form.EXPRESSION, True), "where": Key(Form.CONDITION, True)},
    "count": {
        "count": Key(Form.EXPRESSION, True),
        "where": Key(Form.CONDITION),
        "op": Key(Form.WORD, True, words=keywords.OPERATORS),
        "value": Key(Form.INTEGER),
        "other": Key(Form.EXPRESSION),
    },
}
