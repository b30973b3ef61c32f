"""JSON Schema (draft-07) for editors, made from the same tables the reader goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.lifecycle.effects import EFFECTS, Argument, EffectKind

_TEXT: Mapping[str, Any] = {"type": ["string", "integer"]}
_NAME: Mapping[str, Any] = {"type": "string"}
_NAMES: Mapping[str, Any] = {"anyOf": [_NAME, {"type": "array", "items": _NAME}]}
_CONDITION: Mapping[str, Any] = {"$ref": "#/definitions/condition"}
_SIMPLE: Mapping[ValueShape, Mapping[str, Any]] = {
    ValueShape.TEXT: _TEXT,
    ValueShape.NAME: _NAME,
    ValueShape.INTEGER: {"type": "integer"},
    ValueShape.BOOLEAN: {"type": "boolean"},
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
    ValueShape.CONDITION: _CONDITION,
    ValueShape.TEXTS: {"type": "object", "additionalProperties": _TEXT},
    ValueShape.TEXT_LIST: {"type": "array", "items": _TEXT},
    ValueShape.CHOICES: {"anyOf": [_NAME, {"type": "object", "additionalProperties": _TEXT}]},
    ValueShape.ANSWER: {"type": ["string", "integer", "boolean", "array", "object"]},
    ValueShape.OUTCOMES: {
        "anyOf": [
            _NAME,
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": _CONDITION,
                    "minProperties": 1,
                    "maxProperties": 1,
                },
            },
        ]
    },
    ValueShape.EFFECTS: {"type": "array", "items": {"$ref": "#/definitions/effect"}},
}
_ARGUMENTS: Mapping[EffectKind, Mapping[str, Any]] = {
    EffectKind.EXPRESSION: {"type": ["string", "integer", "boolean"]},
    EffectKind.EXPRESSIONS: {
        "type": "object",
        "additionalProperties": {"type": ["string", "integer", "boolean"]},
    },
    EffectKind.TEMPLATE: _TEXT,
    EffectKind.WORD: _NAME,
    EffectKind.WORDS: _NAMES,
    EffectKind.AUDIENCE: _NAMES,
    EffectKind.WORKFLOW: _NAME,
    EffectKind.EACH: _NAME,
    EffectKind.PUBLICATION: _NAME,
    EffectKind.FLAG: {"type": "boolean"},
}
_CONDITIONS = ("all", "any", "not", "test", "every", "count")


def json_schema() -> dict[str, Any]:
    """Return one schema for all four kinds of file, keys in English and in Chinese."""
    definitions: dict[str, Any] = {
        _ref(shape): _shape(shape) for shape in SHAPES if shape not in ("field", "code list")
    }
    definitions["code-list"] = {"type": "object", "additionalProperties": _TEXT}
    definitions["field"] = {"anyOf": [{"$ref": "#/definitions/heading"}, _shape("field")]}
    definitions["condition"] = {
        "anyOf": [
            {"type": ["string", "boolean"]},
            *({"$ref": f"#/definitions/{shape}"} for shape in _CONDITIONS),
        ]
    }
    definitions["effect"] = {"anyOf": [_effect(kind) for kind in EFFECTS]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "双随机流程、表单、单位设置与公示网站",
        "anyOf": [{"$ref": f"#/definitions/{kind}"} for kind in ("workflow", "form", "bureau", "site")],
        "definitions": definitions,
    }


def _ref(shape: str) -> str:
    return shape.replace(" ", "-")


def _shape(shape: str) -> dict[str, Any]:
    return _object({name: (_key(key), key.required) for name, key in SHAPES[shape].items()})


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
    item: Mapping[str, Any] = {"$ref": f"#/definitions/{_ref(key.of)}"} if key.of else _CONDITION
    if key.form is ValueShape.PART:
        # `claim:` alone is enough where nothing more is to be said.
        return {"anyOf": [item, {"type": "null"}]}
    if key.form is ValueShape.PARTS:
        if key.of == "milestone":
            item = {"anyOf": [_NAME, item]}
        return {"type": "object", "additionalProperties": item}
    if key.form is ValueShape.LIST:
        return {"type": "array", "items": item}
    return _SIMPLE[key.form]


def _effect(kind: str) -> dict[str, Any]:
    own, others = EFFECTS[kind]
    keys = {kind: (_argument(own), True), "when": (_CONDITION, False)}
    keys.update({name: (_argument(argument), argument.required) for name, argument in others.items()})
    return _object(keys)


def _argument(argument: Argument) -> Mapping[str, Any]:
    if not argument.words:
        return _ARGUMENTS[argument.kind]
    words = {"enum": [*argument.words, *(keywords.WORDS.get(word, word) for word in argument.words)]}
    if argument.kind is EffectKind.WORDS:
        return {"anyOf": [words, {"type": "array", "items": words}]}
    return words
