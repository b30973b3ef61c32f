"""What a field is called by other versions than that of its case."""

from __future__ import annotations

from typing import Any

from walk_factories import process_of

from engine.lifecycle.migration.former_names import (
    NO_NAMES,
    FieldNames,
    kept_name,
    named,
    under_all_names,
    with_names_of,
)
from engine.lifecycle.model.workflow import Workflow


def version(facts: str, columns: str = "r: {title: 列, type: integer}") -> Workflow:
    return process_of(
        f"""
        workflow: w
        title: 件
        about: none
        initial: s
        start: {{by: clerk, form: note}}
        fields: [{facts}]
        states:
          s: {{title: 始, for: clerk, no deadline: 无}}
          z: {{title: 完, final: true}}
        transitions: [{{do: fin, title: 完, from: s, to: z}}]
        """,
        f"""
        form: note
        title: 记录
        fields:
          - list: {{title: 清单, type: list, columns: [{columns}]}}
        """,
    ).workflow


def names_of(*versions: Workflow) -> FieldNames:
    found = NO_NAMES
    for one in versions:
        found = with_names_of(found, one)
    return found


FIRST = version("a: {title: 甲, type: integer}, b: {title: 乙, type: integer}")
SECOND = version(
    "n: {title: 甲, type: integer, id: a}, b: {title: 乙, type: integer}",
    "s: {title: 列, type: integer, id: r}",
)
#: The name of one field is given to another.
THIRD = version("m: {title: 甲, type: integer, id: a}, a: {title: 乙, type: integer, id: b}")


def test_nothing_is_known_where_nothing_was_renamed() -> None:
    assert names_of(FIRST) == {}


def test_names_are_gathered_over_the_versions_by_place() -> None:
    assert names_of(FIRST, SECOND) == {"case": {"n": "a"}, "note.list": {"s": "r"}}
    assert names_of(FIRST, SECOND, THIRD)["case"] == {"n": "a", "m": "a", "a": "b"}
    # Called again what it is kept under: the name is no other field's any more.
    assert names_of(FIRST, THIRD, SECOND)["case"] == {"m": "a", "n": "a"}
    assert names_of(SECOND, FIRST)["case"] == {"n": "a"}


def test_values_under_all_their_names() -> None:
    names = names_of(FIRST, SECOND)
    rows: list[Any] = [{"r": 1}, {}]
    assert under_all_names("case", {"a": 1, "b": 2}, names) == {"a": 1, "n": 1, "b": 2}
    assert under_all_names("note", {"list": rows}, names) == {"list": [{"r": 1, "s": 1}, {}]}
    assert under_all_names("other", {"a": 1}, names) == {"a": 1}


def test_a_name_given_to_another_field_means_that_one() -> None:
    names = names_of(FIRST, SECOND, THIRD)
    assert under_all_names("case", {"a": 1, "b": 2}, names) == {"a": 2, "n": 1, "m": 1, "b": 2}
    # It has no value: that of another field is not its.
    assert under_all_names("case", {"a": 1}, names) == {"n": 1, "m": 1}


def test_which_field_a_name_means() -> None:
    names = names_of(FIRST, SECOND, THIRD)
    for one in (FIRST, SECOND, THIRD):
        assert kept_name(one, "n", names) == kept_name(one, "m", names) == "a"
        assert kept_name(one, "a", names) == kept_name(one, "b", names) == "b"
        assert kept_name(one, "unknown", names) == "unknown"
        fields = one.fields.values()
        found = [named(fields, name, names["case"]) for name in ("n", "m", "a", "b")]
        assert [each.name if each is not None else None for each in found] == ["a", "a", "b", "b"]
        assert named(fields, "unknown", names["case"]) is None
