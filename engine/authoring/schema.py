"""JSON Schema (draft-07) for editors, made from the same tables the reader goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import KINDS
from engine.definition.short.words_alone import ALONE, ROWS_BY_NAME
from engine.lifecycle.effects import EFFECTS, Argument, EffectKind

_TEXT: Mapping[str, Any] = {"type": ["string", "integer"]}
_NAME: Mapping[str, Any] = {"type": "string"}
_NAMES: Mapping[str, Any] = {"anyOf": [_NAME, {"type": "array", "items": _NAME}]}
#: A mark: its word alone, or with ``true`` or ``false`` behind it.
_MARK: Mapping[str, Any] = {"type": ["boolean", "null"]}
_SIMPLE: Mapping[ValueShape, Mapping[str, Any]] = {
    ValueShape.TEXT: _TEXT,
    ValueShape.NAME: _NAME,
    ValueShape.INTEGER: {"type": "integer"},
    ValueShape.BOUND: {"anyOf": [{"type": "integer"}, {"enum": list(keywords.TODAY)}]},
    ValueShape.BOOLEAN: _MARK,
    ValueShape.NAMES: _NAMES,
    ValueShape.PERIOD: _NAME,
    ValueShape.DEADLINE: {
        "anyOf": [
            _NAME,
            {
                "type": "object",
                "additionalProperties": {"enum": [*keywords.MARKS, *keywords.MARKS.values()]},
                "minProperties": 1,
                "maxProperties": 1,
            },
        ]
    },
    ValueShape.REMINDERS: {"anyOf": [_NAME, {"type": "array", "items": _TEXT}]},
    ValueShape.EXPRESSION: {"type": ["string", "integer", "boolean"]},
    ValueShape.CONDITION: {"type": ["string", "boolean"]},
    ValueShape.TEXTS: {"type": "object", "additionalProperties": _TEXT},
    ValueShape.ENGLISH: {"type": "object", "additionalProperties": _TEXT},
    ValueShape.TEXT_LIST: {"type": "array", "items": _TEXT},
    ValueShape.CHOICES: {"anyOf": [_NAME, {"type": "object", "additionalProperties": _TEXT}]},
    ValueShape.ANSWER: {"type": ["string", "integer", "boolean", "array", "object"]},
    ValueShape.EFFECTS: {"type": "array", "items": {"$ref": "#/definitions/effect"}},
}
_ARGUMENTS: Mapping[EffectKind, Mapping[str, Any]] = {
    EffectKind.VALUE: _SIMPLE[ValueShape.ANSWER],
    #: A name alone takes what has its name in the row, the form or the case.
    EffectKind.VALUES: {
        "type": "object",
        "additionalProperties": {"type": ["string", "integer", "boolean", "array", "object", "null"]},
    },
    EffectKind.ROWS: _NAME,
    EffectKind.TEMPLATE: _TEXT,
    EffectKind.WORD: _NAME,
    EffectKind.WORDS: _NAMES,
    EffectKind.AUDIENCE: _NAMES,
    EffectKind.WORKFLOW: _NAME,
    EffectKind.EACH: _NAME,
    EffectKind.PUBLICATION: _NAME,
    EffectKind.CLOCK: _NAME,
    EffectKind.FLAG: _MARK,
    EffectKind.CHILD: _SIMPLE[ValueShape.CONDITION],
    EffectKind.END: _NAME,
    EffectKind.SOURCE: _NAME,
}
#: The columns of a group.
_SIMPLE_FIELDS: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": {"$ref": "#/definitions/column"},
    },
}
_PERIODS = r"^(0|[1-9]\d{0,4}) ?\D+$"


def json_schema() -> dict[str, Any]:
    """Return one schema for all kinds of file, keys in English and in Chinese."""
    definitions: dict[str, Any] = {_ref(shape): _shape(shape) for shape in SHAPES}
    definitions["code-list"] = {"type": "object", "additionalProperties": _TEXT}
    definitions["column-group"] = _SIMPLE_FIELDS
    facts = EFFECTS["paper"][1]["becomes"].words
    definitions["effect"] = {"anyOf": [*(_effect(kind) for kind in EFFECTS), *map(_paper_fact, facts)]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "双随机流程、表单、单位设置、公示网站与条文表",
        "anyOf": [{"$ref": f"#/definitions/{kind}"} for kind in KINDS],
        "definitions": definitions,
    }


def _ref(shape: str) -> str:
    return shape.replace(" ", "-")


def _shape(shape: str) -> dict[str, Any]:
    made = _object({name: (_key(key), key.required) for name, key in SHAPES[shape].items()})
    if shape in ALONE:
        under, words = ALONE[shape]
        for word in (name for pair in words.items() for name in pair if name not in made["properties"]):
            made["properties"][word] = {"type": "null", "description": f"{under}: {word}"}
    return made


def _object(keys: Mapping[str, tuple[Mapping[str, Any], bool]]) -> dict[str, Any]:
    """Return an object in which each key may be written in either language; required ones in one of them."""
    properties: dict[str, Any] = {}
    required: list[dict[str, Any]] = []
    for name, (value, needed) in keys.items():
        spellings = (name, *keywords.KEYS.get(name, ()))
        for spelling in spellings:
            shown = keywords.KEYS.get(name, (name,))[0]
            properties[spelling] = {**value, "description": shown if spelling == name else name}
        if needed:
            required.append({"anyOf": [{"required": [spelling]} for spelling in spellings]})
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        made["allOf"] = required
    return made


def _key(key: KeySpec) -> Mapping[str, Any]:
    if key.form is ValueShape.WORD:
        words = key.words or {}
        return {"enum": [*words, *words.values()]}
    item: Mapping[str, Any] = {"$ref": f"#/definitions/{_ref(key.of)}"}
    one_way = {
        ValueShape.PART: item,
        ValueShape.SIGN: {"anyOf": [_NAME, item]},
        ValueShape.JOIN: {"anyOf": [item, _by_name(_NAMES)]},
    }
    if key.form in one_way:
        return one_way[key.form]
    if key.form is ValueShape.VERBS:
        verbs: Mapping[str, Any] = {
            "enum": [name for word in SHAPES["verbs"] for name in (word, *keywords.KEYS[word])]
        }
        return {"anyOf": [verbs, item, {"type": "array", "items": {"anyOf": [verbs, item]}}]}
    if key.form is ValueShape.OVERDUE:
        what = {"anyOf": [_NAMES, item]}
        once = {name: what for pair in keywords.AT_ONCE.items() for name in pair}
        steps = {
            "type": "object",
            "properties": once,
            "patternProperties": {_PERIODS: what},
            "additionalProperties": False,
        }
        return {"anyOf": [_NAME, steps]}
    if key.form is ValueShape.PARTS:
        if key.of == "milestone":
            item = {"anyOf": [_NAME, item]}
        return {"type": "object", "additionalProperties": item}
    if key.form is ValueShape.FIELDS:
        named = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": item}
        if key.of == "field":
            headings = [{"$ref": f"#/definitions/{_ref(shape)}"} for shape in ("heading", "page heading")]
            named = {"anyOf": [*headings, named]}
        listed = {"type": "array", "items": named}
        return {"anyOf": [_NAME, listed]} if key.of in ("column", "row field") else listed
    if key.form in (ValueShape.LIST, ValueShape.OUTCOMES):
        return _listed(key, item)
    return _SIMPLE[key.form]


def _listed(key: KeySpec, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a list of parts, of rows that may be written by name, or of outcomes, which may be a single state."""
    if key.form is ValueShape.OUTCOMES:
        outcome = {**_parts_of(key.of), "additionalProperties": {"type": ["string", "boolean"]}}
        more = {"minProperties": 1, "maxProperties": 1 + len(SHAPES[key.of])}
        return {"anyOf": [_NAME, {"type": "array", "items": {**outcome, **more}}]}
    if key.of in ROWS_BY_NAME:
        item = {"anyOf": [item, {**_parts_of("row by name"), "additionalProperties": _NAMES}]}
    return {"type": "array", "items": item}


def _parts_of(shape: str) -> dict[str, Any]:
    """Return an object with the keys of a shape, none of which has to be there."""
    return _object({name: (_key(one), False) for name, one in SHAPES[shape].items()})


def _by_name(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of one key, which is a name of the author's own."""
    return {"type": "object", "additionalProperties": value, "minProperties": 1, "maxProperties": 1}


def _paper_fact(word: str) -> dict[str, Any]:
    """Return the effect that says in one word what a paper becomes: ``served: notice``."""
    others = EFFECTS["paper"][1]
    made = _object(
        {
            "when": (_SIMPLE[ValueShape.CONDITION], False),
            **{name: (_argument(one), False) for name, one in others.items() if name != "becomes"},
        }
    )
    spellings = (word, keywords.WORDS.get(word, word))
    made["properties"] |= {
        one: {"type": "string", "description": f"paper, becomes: {word}"} for one in spellings
    }
    made["allOf"] = [{"anyOf": [{"required": [one]} for one in spellings]}]
    return made


def _effect(kind: str) -> dict[str, Any]:
    own, others = EFFECTS[kind]
    keys = {kind: (_argument(own), True), "when": (_SIMPLE[ValueShape.CONDITION], False)}
    keys.update({name: (_argument(argument), argument.required) for name, argument in others.items()})
    if any(argument.kind is EffectKind.SOURCE for argument in others.values()):
        keys.update({name: (_or_alone(value), needed) for name, (value, needed) in keys.items()})
    return _object(keys)


def _or_alone(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an argument that may stand without a value."""
    return {"anyOf": [value, {"type": "null"}]} if value == _ARGUMENTS[EffectKind.VALUE] else value


def _argument(argument: Argument) -> Mapping[str, Any]:
    if argument is EFFECTS["render"][0]:
        return _NAMES
    if not argument.words:
        return _ARGUMENTS[argument.kind]
    words = {"enum": [*argument.words, *(keywords.WORDS.get(word, word) for word in argument.words)]}
    if argument.kind is EffectKind.WORDS:
        return {"anyOf": [words, {"type": "array", "items": words}]}
    return words
