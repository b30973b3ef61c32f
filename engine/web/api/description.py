"""The description of the API (OpenAPI 3.1), made from the table of operations, the verbs and the forms in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine import __version__
from engine.definition.condition_rows.asked_when import asked_when
from engine.language import say
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.verbs.operations import operations
from engine.web.api.operations import OPERATIONS, ApiOperation

_TEXT: Mapping[str, Any] = {"type": "string"}
_NAMES: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
_FILE: Mapping[str, Any] = {
    "type": "object",
    "required": ["name", "sha256"],
    "properties": {"name": {"type": "string"}, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
}
_TYPES: Mapping[FieldType, Mapping[str, Any]] = {
    FieldType.INTEGER: {"type": "integer"},
    FieldType.DECIMAL: {"type": "string", "pattern": r"^-?\d{1,18}(\.\d{1,9})?$"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.DATETIME: {"type": "string", "format": "date-time"},
    FieldType.PERSONS: _NAMES,
    FieldType.FILE: _FILE,
    FieldType.FILES: {"type": "array", "items": _FILE},
    FieldType.LIST: _NAMES,
}
_ANSWER_CODES = (401, 403, 404, 408, 409, 412, 413, 415, 422, 503)


def description(forms: Iterable[Form]) -> dict[str, Any]:
    """Return the whole description; `forms` are those of the definitions in force."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    schemas = {**_schemas(), **{f"form_{form.id}": _form(form) for form in forms}}
    names = sorted(name for name in schemas if name.startswith("form_"))
    schemas["Step"]["properties"]["answers"] = {
        "type": "object",
        "description": " / ".join(names),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "shuangsuiji", "version": __version__},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: ApiOperation) -> dict[str, Any]:
    parts = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parts
    ]
    parameters += [
        {"name": name, "in": "query", "schema": {"type": kind}} for name, kind in one.query.items()
    ]
    if one.writes:
        parameters.append(
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 100}}
        )
        if one.tagged:
            parameters.append({"name": "If-Match", "in": "header", "schema": {"type": "string"}})
    content = {"application/json": {"schema": {"type": "object"}}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    done = "201" if one.id == "start" else "200"
    answers: dict[str, Any] = {done: {"description": "OK", "content": content}}
    answers |= {str(code): {"description": "Problem", "content": problem} for code in _ANSWER_CODES}
    found: dict[str, Any] = {
        "operationId": one.id,
        "summary": str(one.title),
        "parameters": parameters,
        "responses": answers,
    }
    if one.body:
        schema = {"$ref": f"#/components/schemas/{one.body}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _schemas() -> dict[str, dict[str, Any]]:
    verbs = [
        {
            "type": "object",
            "title": operation.name,
            "description": str(operation.help),
            "properties": {a.name: {"type": a.type} for a in operation.arguments}
            | {"dry_run": {"type": "boolean"}},
            "required": [a.name for a in operation.arguments if a.required],
            "additionalProperties": False,
        }
        for operation in operations()
    ]
    reason = {
        "type": "object",
        "required": ["code", "message"],
        "properties": dict.fromkeys(("code", "message", "basis", "clause", "field", "hint"), _TEXT),
    }
    return {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "reasons": {"type": "array", "items": reason},
            },
        },
        "NewCase": {
            "type": "object",
            "required": ["workflow", "title"],
            "additionalProperties": False,
            "properties": {
                "workflow": _TEXT,
                "title": _TEXT,
                "section": _TEXT,
                "about": _TEXT,
                "under": _TEXT,
                "answers": {"type": "object"},
                "dry_run": {"type": "boolean"},
            },
        },
        "Step": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"reason": _TEXT, "dry_run": {"type": "boolean"}},
        },
        "Verb": {"anyOf": verbs},
        "Acknowledge": {
            "type": "object",
            "required": ["ids"],
            "additionalProperties": False,
            "properties": {"ids": _NAMES},
        },
    }


def _form(form: Form) -> dict[str, Any]:
    asked = [one for one in form.fields if one.computed is None]
    properties: dict[str, Any] = {one.name: _field(one, asked_when(form, one)) for one in asked}
    if form.rows:
        row = {
            "type": "object",
            "required": ["answer"],
            "properties": {"answer": {"enum": ["pass", "fail", "n/a"]}, "note": _TEXT},
        }
        properties["rows"] = {"type": "object", "properties": {one.id: row for one in form.rows}}
    return {
        "type": "object",
        "title": form.title,
        "properties": properties,
        "required": [one.name for one in asked if one.required and one.relevant is None],
    }


def _field(asked: Field, when: str = "") -> dict[str, Any]:
    found = dict(_TYPES.get(asked.type, _TEXT))
    if asked.type is FieldType.CHOICE:
        found["enum"] = list(asked.choices)
    elif asked.type is FieldType.CHOICES:
        found = {"type": "array", "items": {"enum": list(asked.choices)}}
    elif asked.columns:
        found = {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {one.name: _field(one) for one in asked.columns if one.answered},
            },
        }
    found["title"] = asked.title
    said = [str(say("只在适用的情形下填写：{when}", when=when))] if when else []
    said += [asked.basis] if asked.basis else []
    if said:
        found["description"] = "\n".join(said)
    return found
