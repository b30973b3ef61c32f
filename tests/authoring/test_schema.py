"""The schema for editors: both spellings of every key, what is required, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.authoring.schema import json_schema
from engine.definition.grammar import SHAPES
from engine.definition.keywords import KEYS
from engine.definition.short.words_alone import ALONE
from engine.lifecycle.effects import EFFECTS

SCHEMA = json_schema()
PARTS: dict[str, Any] = SCHEMA["definitions"]


def _anywhere(part: Any) -> list[Any]:
    """Return a part of the schema and every part within it."""
    within = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [part, *(below for one in within for below in _anywhere(one))]


def references(value: Any) -> set[str]:
    """Return every part a schema refers to."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(references(inner) for inner in value))
    return set()


def test_a_file_is_one_of_the_kinds() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert references(SCHEMA["anyOf"]) == {
        f"#/definitions/{kind}" for kind in ("workflow", "form", "bureau", "site", "articles")
    }


def test_every_part_that_is_referred_to_is_there() -> None:
    assert {reference.removeprefix("#/definitions/") for reference in references(SCHEMA)} <= set(PARTS)


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"field", "code list"}))
def test_a_part_takes_the_keys_of_the_reader_in_both_languages(shape: str) -> None:
    part = PARTS[shape.replace(" ", "-")]
    spellings = {spelling for key in SHAPES[shape] for spelling in (key, *KEYS.get(key, ()))}
    alone = {word for pair in ALONE.get(shape, ("", {}))[1].items() for word in pair}
    assert set(part["properties"]) == spellings | alone
    assert part["additionalProperties"] is False
    required = [{spelling["required"][0] for spelling in needed["anyOf"]} for needed in part.get("allOf", ())]
    assert required == [{name, *KEYS.get(name, ())} for name, key in SHAPES[shape].items() if key.required]


def test_a_key_is_described_by_its_other_spelling() -> None:
    properties = PARTS["workflow"]["properties"]
    assert properties["title"] == {"type": ["string", "integer"], "description": "名称"}
    assert properties["名称"] == {"type": ["string", "integer"], "description": "title"}


def test_a_field_may_be_a_heading_and_a_condition_one_line() -> None:
    field = PARTS["field"]
    assert "type" in field["properties"]
    assert field["properties"]["when"]["type"] == ["string", "boolean"]
    assert {"$ref": "#/definitions/heading"} in [one for part in PARTS.values() for one in _anywhere(part)]
    assert PARTS["code-list"]["additionalProperties"] == {"type": ["string", "integer"]}


def test_every_effect_has_its_arguments_and_words() -> None:
    facts = EFFECTS["paper"][1]["becomes"].words
    effects = {
        next(word for word in (*EFFECTS, *facts) if word in one["properties"]): one
        for one in PARTS["effect"]["anyOf"]
    }
    assert len(PARTS["effect"]["anyOf"]) == len(EFFECTS) + len(facts)
    assert {"served", "已送达", "on", "note", "when"} <= set(effects["served"]["properties"])
    draw = effects["draw"]["properties"]
    assert draw["draw"]["enum"][:2] == ["objects", "inspectors"]
    freeze = effects["freeze"]["properties"]["freeze"]["anyOf"]
    assert freeze[1] == {"type": "array", "items": freeze[0]}
    notify = next(one for one in PARTS["effect"]["anyOf"] if "message" in one["properties"])
    needed = [{s["required"][0] for s in one["anyOf"]} for one in notify["allOf"]]
    assert [("notify" in names, "message" in names) for names in needed] == [(True, False), (False, True)]


def test_a_verb_without_more_words_may_stand_alone() -> None:
    word, part, listed = PARTS["state"]["properties"]["verbs"]["anyOf"]
    assert {"withdraw", "撤回"} <= set(word["enum"])
    assert part == {"$ref": "#/definitions/verbs"}
    assert listed == {"type": "array", "items": {"anyOf": [word, part]}}


def test_what_follows_a_missed_deadline_stands_under_its_period() -> None:
    overdue = next(one for one in PARTS["state"]["properties"]["overdue"]["anyOf"] if "properties" in one)
    assert set(overdue["properties"]) == {"at once", "当即"}
    (pattern,) = overdue["patternProperties"]
    for period in ("3 working days", "3个工作日", "1 day"):
        assert re.fullmatch(pattern, period)
    assert re.fullmatch(pattern, "soon") is None
