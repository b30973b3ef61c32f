"""Which keys each part of a file has and how each is written. The reader and the JSON Schema both follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.definition import keywords
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.overdue import OVERDUE_KEYS
from engine.lifecycle.verbs.spec import VerbSpec
from engine.lifecycle.verbs.table import DECLARED


class ValueShape(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NAME = "name"
    INTEGER = "integer"
    #: A whole number; of a date the word ``today``.
    BOUND = "bound"
    BOOLEAN = "boolean"
    #: One of `words`.
    WORD = "word"
    #: One or several names.
    NAMES = "names"
    PERIOD = "period"
    DEADLINE = "deadline"
    REMINDERS = "reminders"
    #: period -> whom to notify, or a part
    OVERDUE = "overdue"
    #: The words of verbs, and parts with verbs that say more.
    VERBS = "verbs"
    EXPRESSION = "expression"
    CONDITION = "condition"
    #: A part with keys of its own, `of` in `SHAPES`.
    PART = "part"
    #: A part, or in one word what it mostly says: the question signers are named in.
    SIGN = "sign"
    #: A part, or ``WORKFLOW: states``.
    JOIN = "join"
    #: name -> a part
    PARTS = "parts"
    #: a list of parts
    LIST = "list"
    #: a list of ``name: part``, or the name of a group of columns
    FIELDS = "fields"
    #: name -> text
    TEXTS = "texts"
    #: a list of texts
    TEXT_LIST = "text list"
    #: a text of the file -> its English
    ENGLISH = "english"
    #: The name of a code list, or code -> text.
    CHOICES = "choices"
    #: A state, or a list of ``STATE: condition`` that ends with ``else: STATE``; each may say more, `of` in `SHAPES`.
    OUTCOMES = "outcomes"
    #: A list of effects.
    EFFECTS = "effects"
    #: An answer: whatever the type of the field takes.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One key of a part."""

    form: ValueShape
    required: bool = False
    #: PART, PARTS, LIST: the shape of the part.
    of: str = ""
    words: Mapping[str, str] | None = None


def _text(required: bool = False) -> KeySpec:
    return KeySpec(ValueShape.TEXT, required)


_CLOCK: Mapping[str, KeySpec] = {
    "basis": _text(),
    "roll": KeySpec(ValueShape.WORD, words=keywords.ROLLS),
    "remind": KeySpec(ValueShape.REMINDERS),
    "overdue": KeySpec(ValueShape.OVERDUE, of="overdue"),
    "late_reason": KeySpec(ValueShape.BOOLEAN),
    "count_first_day": KeySpec(ValueShape.BOOLEAN),
    "not_later_than": KeySpec(ValueShape.LIST, of="limit"),
}

_CASE_FIELD: Mapping[str, KeySpec] = {
    "title": _text(True),
    "type": KeySpec(ValueShape.WORD, words=keywords.TYPES),
    "id": KeySpec(ValueShape.NAME),
    "help": _text(),
    "basis": _text(),
    "unit": _text(),
    "public": KeySpec(ValueShape.BOOLEAN),
    "choices": KeySpec(ValueShape.CHOICES),
    "min": KeySpec(ValueShape.BOUND),
    "max": KeySpec(ValueShape.BOUND),
    "columns": KeySpec(ValueShape.FIELDS, of="column"),
}
_COLUMN: Mapping[str, KeySpec] = {
    **_CASE_FIELD,
    "optional": KeySpec(ValueShape.BOOLEAN),
    "example": KeySpec(ValueShape.ANSWER),
}
#: What a question is asked by, of a form or of one row.
_QUESTION: Mapping[str, KeySpec] = {
    **_COLUMN,
    "columns": KeySpec(ValueShape.FIELDS, of="row field"),
    "exclusive": KeySpec(ValueShape.TEXT_LIST),
    "offered": KeySpec(ValueShape.LIST, of="offer"),
    "when": KeySpec(ValueShape.CONDITION),
    "computed": KeySpec(ValueShape.EXPRESSION),
    "constraint": KeySpec(ValueShape.LIST, of="requirement"),
}
_STEP: Mapping[str, KeySpec] = {
    "to": KeySpec(ValueShape.OUTCOMES, of="outcome"),
    "by": KeySpec(ValueShape.NAMES),
    "form": KeySpec(ValueShape.NAME),
    "item_forms": KeySpec(ValueShape.BOOLEAN),
    "hidden": KeySpec(ValueShape.NAMES),
    "read_only": KeySpec(ValueShape.NAMES),
    "reason": KeySpec(ValueShape.BOOLEAN),
    "require": KeySpec(ValueShape.LIST, of="requirement"),
    "warn": KeySpec(ValueShape.LIST, of="requirement"),
    "when": KeySpec(ValueShape.CONDITION),
    "then": KeySpec(ValueShape.EFFECTS),
    "automatic": KeySpec(ValueShape.BOOLEAN),
    "join": KeySpec(ValueShape.JOIN, of="join"),
    "sign": KeySpec(ValueShape.SIGN, of="sign"),
    "after": KeySpec(ValueShape.PERIOD),
    "on_expiry": KeySpec(ValueShape.NAME),
    "on_answer": KeySpec(ValueShape.NAME),
    "same_approver": KeySpec(ValueShape.WORD, words=keywords.SAME_APPROVER),
    "help": _text(),
}
_VERB: Mapping[str, KeySpec] = {
    "by": KeySpec(ValueShape.NAMES),
    "basis": _text(),
    "require": KeySpec(ValueShape.LIST, of="requirement"),
}
_WRITTEN: Mapping[KeyKind, ValueShape] = {
    KeyKind.CLOCKS: ValueShape.NAMES,
    KeyKind.CLOCK: ValueShape.NAME,
    KeyKind.PERIOD: ValueShape.PERIOD,
    KeyKind.INTEGER: ValueShape.INTEGER,
    KeyKind.STATES: ValueShape.NAMES,
    KeyKind.STATE: ValueShape.NAME,
    KeyKind.FLAG: ValueShape.BOOLEAN,
    KeyKind.AUDIENCE: ValueShape.NAMES,
    KeyKind.ROLES: ValueShape.NAMES,
    KeyKind.ROLE: ValueShape.NAME,
}


def _spec(key: DefinitionKey) -> KeySpec:
    return KeySpec(_WRITTEN[key.kind], key.required)


def _verb(spec: VerbSpec) -> Mapping[str, KeySpec]:
    asked = {"approve": KeySpec(ValueShape.NAMES)} if spec.approvable else {}
    return {**_VERB, **asked, **{name: _spec(key) for name, key in (spec.keys or {}).items()}}


SHAPES: Mapping[str, Mapping[str, KeySpec]] = {
    "workflow": {
        "workflow": KeySpec(ValueShape.NAME, True),
        "title": _text(True),
        "about": KeySpec(ValueShape.WORD, True, words=keywords.ABOUT),
        "help": _text(),
        "basis": _text(),
        "effective": _text(),
        "initial": KeySpec(ValueShape.NAME),
        "start": KeySpec(ValueShape.PART, of="start"),
        "parties": KeySpec(ValueShape.TEXTS),
        "fields": KeySpec(ValueShape.FIELDS, of="case field"),
        "states": KeySpec(ValueShape.PARTS, True, of="state"),
        "clocks": KeySpec(ValueShape.PARTS, of="clock"),
        "steps": KeySpec(ValueShape.PARTS, of="step of several"),
        "transitions": KeySpec(ValueShape.LIST, of="transition"),
        "policy": KeySpec(ValueShape.NAME),
        "verbs": KeySpec(ValueShape.VERBS, of="verbs"),
        "archive": KeySpec(ValueShape.PART, of="archive rule"),
        "english": KeySpec(ValueShape.ENGLISH),
    },
    "archive rule": {
        "contents": KeySpec(ValueShape.LIST, of="archive piece"),
        "retention": KeySpec(ValueShape.PART, of="retention rule"),
    },
    "archive piece": {
        "title": _text(),
        "paper": KeySpec(ValueShape.NAME),
        "form": KeySpec(ValueShape.NAME),
        "publish": KeySpec(ValueShape.NAME),
        "children": KeySpec(ValueShape.NAME),
        "becomes": KeySpec(ValueShape.WORD, words=keywords.PAPER_FACTS),
        "field": KeySpec(ValueShape.NAME),
        "signed": KeySpec(ValueShape.NAME),
        "party": KeySpec(ValueShape.NAME),
        "when": KeySpec(ValueShape.CONDITION),
        "optional": KeySpec(ValueShape.BOOLEAN),
        "copy": KeySpec(ValueShape.BOOLEAN),
        "basis": _text(),
    },
    "retention rule": {
        "keep": _text(),
        "since": KeySpec(ValueShape.EXPRESSION),
        "main_case": KeySpec(ValueShape.BOOLEAN),
        "notice": _text(),
        "basis": _text(),
    },
    "start": {
        "by": KeySpec(ValueShape.NAMES),
        "form": KeySpec(ValueShape.NAME),
        "then": KeySpec(ValueShape.EFFECTS),
        "on": _text(),
        "every": KeySpec(ValueShape.WORD, words=keywords.CYCLES),
        "for": KeySpec(ValueShape.NAME),
    },
    "state": {
        "title": _text(True),
        "for": KeySpec(ValueShape.NAMES),
        "final": KeySpec(ValueShape.BOOLEAN),
        "help": _text(),
        "deadline": KeySpec(ValueShape.DEADLINE),
        "no deadline": _text(),
        **_CLOCK,
        "verbs": KeySpec(ValueShape.VERBS, of="verbs"),
        "steps": KeySpec(ValueShape.PARTS, of="step"),
        "branches": KeySpec(ValueShape.PARTS, of="branch"),
        "lock": KeySpec(ValueShape.NAME),
        "open_children": KeySpec(ValueShape.WORD, words=keywords.OPEN_CHILDREN),
    },
    "branch": {
        "title": _text(True),
        "for": KeySpec(ValueShape.NAMES, True),
        "form": KeySpec(ValueShape.NAME),
        "when": KeySpec(ValueShape.CONDITION),
        "help": _text(),
    },
    "clock": {
        "title": _text(True),
        "during": KeySpec(ValueShape.NAMES, True),
        "deadline": KeySpec(ValueShape.DEADLINE, True),
        "since": KeySpec(ValueShape.EXPRESSION),
        "starts_on": KeySpec(ValueShape.NAMES),
        "stops_on": KeySpec(ValueShape.NAMES),
        "pauses_in": KeySpec(ValueShape.NAMES),
        "help": _text(),
        **_CLOCK,
    },
    "limit": {
        "deadline": KeySpec(ValueShape.DEADLINE, True),
        "since": KeySpec(ValueShape.EXPRESSION),
        "roll": KeySpec(ValueShape.WORD, words=keywords.ROLLS),
        "count_first_day": KeySpec(ValueShape.BOOLEAN),
        "when": KeySpec(ValueShape.CONDITION),
        "basis": _text(),
    },
    "overdue": {name: _spec(key) for name, (_, key) in OVERDUE_KEYS.items()},
    "transition": {
        "do": KeySpec(ValueShape.NAME, True),
        "title": _text(True),
        "from": KeySpec(ValueShape.NAMES, True),
        **_STEP,
    },
    #: A step of one state, written in it: its name is the key, and it begins there.
    "step": {"title": _text(True), **_STEP},
    #: A step of several states, written beside them: its name is the key.
    "step of several": {"title": _text(True), "from": KeySpec(ValueShape.NAMES, True), **_STEP},
    #: What one of several outcomes says besides its state and its condition.
    "outcome": {
        "title": _text(),
        "require": KeySpec(ValueShape.LIST, of="requirement"),
        "then": KeySpec(ValueShape.EFFECTS),
    },
    "requirement": {"that": KeySpec(ValueShape.CONDITION, True), "else": _text(True), "basis": _text()},
    "join": {"workflow": KeySpec(ValueShape.NAME, True), "reached": KeySpec(ValueShape.NAMES)},
    "verbs": {word: KeySpec(ValueShape.PART, of=word) for word in DECLARED},
    **{word: _verb(spec) for word, spec in DECLARED.items()},
    "sign": {
        "mode": KeySpec(ValueShape.TEXT),
        "by": KeySpec(ValueShape.NAMES),
        "named_in": KeySpec(ValueShape.NAME),
    },
    "form": {
        "form": KeySpec(ValueShape.NAME, True),
        "title": _text(True),
        "help": _text(),
        "basis": _text(),
        "fields": KeySpec(ValueShape.FIELDS, of="field"),
        "rows": KeySpec(ValueShape.FIELDS, of="row"),
        "constraints": KeySpec(ValueShape.LIST, of="requirement"),
        "english": KeySpec(ValueShape.ENGLISH),
    },
    "case field": {**_CASE_FIELD, "to_children": KeySpec(ValueShape.BOOLEAN)},
    "column": _COLUMN,
    "field": {
        **_QUESTION,
        "recommended": KeySpec(ValueShape.BOOLEAN),
        "personal": KeySpec(ValueShape.BOOLEAN),
    },
    "row field": _QUESTION,
    "offer": {"codes": KeySpec(ValueShape.TEXT_LIST, True), "when": KeySpec(ValueShape.CONDITION, True)},
    "heading": {"section": _text(True), "help": _text(), "when": KeySpec(ValueShape.CONDITION)},
    "page heading": {"page": _text(True), "help": _text(), "when": KeySpec(ValueShape.CONDITION)},
    "row": {
        "title": _text(True),
        "points": _text(True),
        "basis": _text(True),
        "method": _text(),
        "items": KeySpec(ValueShape.TEXT_LIST),
    },
    "bureau": {
        "bureau": KeySpec(ValueShape.NAME, True),
        "title": _text(True),
        "timezone": _text(True),
        "notify_at": _text(True),
        "office_hours": KeySpec(ValueShape.PART, of="office hours"),
        "sections": KeySpec(ValueShape.TEXTS, True),
        "roles": KeySpec(ValueShape.PARTS, True, of="role"),
        "targets": KeySpec(ValueShape.TEXTS),
        "measures": KeySpec(ValueShape.PARTS, of="measure"),
        "supervision": KeySpec(ValueShape.PARTS, of="supervision row"),
        "statistics": KeySpec(ValueShape.PARTS, of="statistics table"),
        "milestones": KeySpec(ValueShape.PARTS, of="milestone"),
        "ratings": KeySpec(ValueShape.PARTS, of="rating"),
        "codes": KeySpec(ValueShape.PARTS, of="code list"),
        "incompatible_roles": KeySpec(ValueShape.LIST, of="incompatible roles"),
        "incompatible_on_a_case": KeySpec(ValueShape.LIST, of="incompatible steps"),
        "draw": KeySpec(ValueShape.PART, of="draw policy"),
        "papers": KeySpec(ValueShape.PART, of="paper policy"),
        "column_groups": KeySpec(ValueShape.PARTS, of="column group"),
        "policies": KeySpec(ValueShape.PARTS, of="policy"),
        "untouched": KeySpec(ValueShape.PART, of="untouched"),
        "rules": KeySpec(ValueShape.PARTS, of="rule switch"),
        "help": _text(),
        "english": KeySpec(ValueShape.ENGLISH),
    },
    "rule switch": {
        "severity": KeySpec(ValueShape.WORD, True, words=keywords.SEVERITIES),
        "reason": _text(True),
    },
    "draw policy": {
        "parties": KeySpec(ValueShape.LIST, of="signing party"),
        "lead_days": KeySpec(ValueShape.INTEGER),
        "lapse_days": KeySpec(ValueShape.INTEGER),
        "closed_days": KeySpec(ValueShape.TEXT_LIST),
    },
    "untouched": {"after": KeySpec(ValueShape.PERIOD, True), "escalate": KeySpec(ValueShape.NAMES, True)},
    "paper policy": {
        "agency": _text(True),
        "office": KeySpec(ValueShape.TEXTS),
        "sections": KeySpec(ValueShape.TEXTS),
        "series": KeySpec(ValueShape.PARTS, True, of="paper series"),
    },
    "paper series": {
        "title": _text(True),
        "pattern": _text(True),
        "papers": KeySpec(ValueShape.NAMES, True),
    },
    "signing party": {"title": _text(True), "key": _text(True), "sample": KeySpec(ValueShape.BOOLEAN)},
    "incompatible roles": {"roles": KeySpec(ValueShape.NAMES, True), "basis": _text()},
    "incompatible steps": {
        "workflow": KeySpec(ValueShape.NAME),
        "first": KeySpec(ValueShape.NAMES, True),
        "then": KeySpec(ValueShape.NAMES, True),
        "basis": _text(),
    },
    #: What a row of `ROWS_BY_NAME` says besides.
    "row by name": {"basis": _text()},
    "office hours": {
        "hours": KeySpec(ValueShape.TEXT_LIST, True),
        "seasons": KeySpec(ValueShape.LIST, of="season"),
    },
    "season": {"from": _text(True), "to": _text(True), "hours": KeySpec(ValueShape.TEXT_LIST, True)},
    "policy": {
        "remind": KeySpec(ValueShape.REMINDERS),
        "overdue": KeySpec(ValueShape.OVERDUE, of="overdue"),
    },
    "role": {"title": _text(True), "scope": KeySpec(ValueShape.WORD, words=keywords.SCOPES)},
    "measure": {
        "title": _text(True),
        "part": KeySpec(ValueShape.PART, True, of="tally"),
        "whole": KeySpec(ValueShape.PART, of="tally"),
    },
    "tally": {
        "register": KeySpec(ValueShape.NAME),
        "cases": KeySpec(ValueShape.NAME),
        "publications": KeySpec(ValueShape.NAME),
        "forms": KeySpec(ValueShape.NAMES),
        "field": KeySpec(ValueShape.NAME),
        "distinct": KeySpec(ValueShape.BOOLEAN),
        "on_time": KeySpec(ValueShape.BOOLEAN),
        "where": KeySpec(ValueShape.CONDITION),
        "count": KeySpec(ValueShape.EXPRESSION),
        "sum": KeySpec(ValueShape.EXPRESSION),
        "min": KeySpec(ValueShape.EXPRESSION),
        "max": KeySpec(ValueShape.EXPRESSION),
    },
    "supervision row": {
        "title": _text(True),
        "title_en": _text(),
        "cases": KeySpec(ValueShape.NAME),
        "publications": KeySpec(ValueShape.NAME),
        "draws": KeySpec(ValueShape.NAME),
        "refusals": KeySpec(ValueShape.NAME),
        "only": KeySpec(ValueShape.WORD, words=keywords.STATUSES),
        "where": KeySpec(ValueShape.CONDITION),
        "alike": KeySpec(ValueShape.EXPRESSION),
        "columns": KeySpec(ValueShape.LIST, of="report column"),
    },
    "report column": {
        "title": _text(True),
        "title_en": _text(),
        "value": KeySpec(ValueShape.EXPRESSION, True),
    },
    "statistics table": {
        "title": _text(True),
        "title_en": _text(),
        "cases": KeySpec(ValueShape.NAME, True),
        "groups": KeySpec(ValueShape.PARTS, True, of="statistics group"),
        "columns": KeySpec(ValueShape.PARTS, True, of="statistics column"),
    },
    "statistics group": {
        "title": _text(True),
        "title_en": _text(),
        "value": KeySpec(ValueShape.EXPRESSION, True),
        "by_month": KeySpec(ValueShape.BOOLEAN),
        "names": KeySpec(ValueShape.NAME),
        "every_name": KeySpec(ValueShape.BOOLEAN),
    },
    "statistics column": {
        "title": _text(True),
        "title_en": _text(),
        "where": KeySpec(ValueShape.CONDITION),
        "of_item": KeySpec(ValueShape.CONDITION),
        "part": KeySpec(ValueShape.NAME),
        "whole": KeySpec(ValueShape.NAME),
    },
    "milestone": {
        "by": KeySpec(ValueShape.DEADLINE, True),
        "roll": KeySpec(ValueShape.WORD, words=keywords.ROLLS),
    },
    "rating": {"title": _text(True), "classes": KeySpec(ValueShape.TEXT_LIST, True)},
    "articles": {
        "articles": KeySpec(ValueShape.NAME, True),
        "help": _text(),
        "laws": KeySpec(ValueShape.PARTS, True, of="law"),
    },
    "law": {
        "title": _text(True),
        "title_en": _text(),
        "short": KeySpec(ValueShape.TEXT_LIST),
        "edition": _text(),
        "mark": KeySpec(ValueShape.WORD, words=keywords.LAW_MARKS),
        "articles": KeySpec(ValueShape.PARTS, of="article"),
    },
    "article": {"title": _text(True), "title_en": _text(), "words": _text()},
    "site": {
        "site": KeySpec(ValueShape.NAME, True),
        "help": _text(),
        "private": KeySpec(ValueShape.NAMES),
        "contact": KeySpec(ValueShape.TEXTS),
        "details": KeySpec(ValueShape.NAMES),
        "every_list": KeySpec(ValueShape.PART, of="every page"),
        "every_csv": KeySpec(ValueShape.PART, of="every page"),
        "columns": KeySpec(ValueShape.PARTS, of="page column"),
        "pages": KeySpec(ValueShape.PARTS, True, of="page"),
    },
    "every page": {"first": KeySpec(ValueShape.NAMES), "last": KeySpec(ValueShape.NAMES)},
    "page column": {
        "title": _text(True),
        "title_en": _text(),
        "value": KeySpec(ValueShape.NAMES),
        "format": KeySpec(ValueShape.WORD, words=keywords.FORMATS),
    },
    "page": {
        "title": _text(True),
        "title_en": _text(),
        "help": _text(),
        "help_en": _text(),
        "path": KeySpec(ValueShape.NAME, True),
        "about": KeySpec(ValueShape.WORD, words=keywords.PAGES_ABOUT),
        "list": KeySpec(ValueShape.NAMES, True),
        "csv": KeySpec(ValueShape.NAMES),
        "details": KeySpec(ValueShape.NAMES),
        "link": KeySpec(ValueShape.NAME),
        "sort": KeySpec(ValueShape.NAME),
        "descending": KeySpec(ValueShape.BOOLEAN),
        "all_draws": KeySpec(ValueShape.BOOLEAN),
        "private": KeySpec(ValueShape.NAMES),
        "columns": KeySpec(ValueShape.PARTS, of="page column"),
    },
}
