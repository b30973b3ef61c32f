"""Forms as schemas of the description."""

from __future__ import annotations

from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.web.api.description import description


def test_a_form_as_a_schema() -> None:
    fields = tuple(
        Field(
            name=kind.name,
            title=kind.value,
            type=kind,
            required=True,
            choices={"a": "甲"} if "CHOICE" in kind.name else {},
        )
        for kind in FieldType
    )
    rows = (CheckRow(id="r", title="事项", points="", basis=""),)
    schema = description([Form(id="f", title="表", fields=fields, rows=rows)])["components"]["schemas"][
        "form_f"
    ]
    assert schema["properties"]["CHOICE"]["enum"] == ["a"]
    assert schema["properties"]["INTEGER"]["type"] == "integer"
    assert set(schema["properties"]) == {kind.name for kind in FieldType} | {"rows"}
