"""Definitions as plain values: what comes of them is what was read, and nothing else can come of any."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from dataclasses import is_dataclass
from datetime import date, time
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import engine.lifecycle.expressions
import engine.lifecycle.model
from engine.definition.compiled.form import CLASSES, MODULES, NotPlainError, made, plain
from engine.definition.library import Loaded, load_paths
from engine.language import DefinedText, Term
from engine.lifecycle.expressions.expression import Call, Literal
from engine.lifecycle.model.workflow import Workflow

ROOT = Path(__file__).resolve().parents[3]
#: Classes of the rooms of definitions that no workflow and no bureau holds.
ELSEWHERE = {
    *("Article", "ArticleTable", "Law", "LawMark"),
    *("CalendarFunction", "DefinitionKey", "DrawFacts", "KeyKind", "StepPlan"),
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_paths([*(ROOT / "workflows").glob("*.yaml"), *(ROOT / "forms").glob("*.yaml")])


def through(value: Any) -> Any:
    return made(json.loads(json.dumps(plain(value), ensure_ascii=False)))


def test_every_standard_definition_comes_back_the_same(loaded: Loaded) -> None:
    assert loaded.bureau is not None
    assert through(loaded.bureau) == loaded.bureau
    for workflow in loaded.workflows.values():
        again = through(workflow)
        assert again == workflow
        assert plain(again) == plain(workflow)
        assert [type(state.title) for state in again.states.values()] == [
            type(state.title) for state in workflow.states.values()
        ]


def test_plain_values_and_their_kinds() -> None:
    for value in (
        None,
        True,
        3,
        "a",
        (1, ("b",)),
        [1, [2]],
        {"a": (1,), "b": {}},
        frozenset({"x", "y"}),
        Fraction(2, 3),
        date(2027, 3, 1),
        time(9, 30),
    ):
        again = through(value)
        assert again == value
        assert type(again) is type(value)
    assert type(through(DefinedText("标题"))) is DefinedText
    assert type(through(Term("办理"))) is Term


def test_what_has_no_plain_form_is_not_kept() -> None:
    for value in (b"bytes", 1.5, object(), Call("length", max, (Literal(1),)), Call("none", len, ())):
        with pytest.raises(NotPlainError):
            plain(value)


@pytest.mark.parametrize(
    "form",
    [
        ["os.system", "true"],
        ["Path", "a"],
        ["builtins.eval", "1"],
        ["call", "eval", "1"],
        ["FieldType", "none"],
        ["Workflow"],
        ["Requirement", 1, 2, 3, 4, 5, 6, 7, 8, 9],
        ["{", "a"],
        [],
    ],
)
def test_nothing_else_is_made(form: list[Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        made(form)


def classes(package: ModuleType) -> dict[str, str]:
    """Return the values and lists of words that the modules of a package define, each with its module."""
    found = {}
    for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(one.name)
        for name, value in vars(module).items():
            if (
                inspect.isclass(value)
                and value.__module__ == one.name
                and (is_dataclass(value) or issubclass(value, Enum))
            ):
                found[name] = one.name
    return found


def test_every_class_of_definitions_is_known() -> None:
    defined = {**classes(engine.lifecycle.model), **classes(engine.lifecycle.expressions)}
    missing = {name: module for name, module in defined.items() if name not in CLASSES and name != "Call"}
    assert set(missing) <= ELSEWHERE, missing
    for module, names in MODULES.items():
        for name in names.split():
            assert getattr(importlib.import_module(module), name).__module__ == module
    assert CLASSES["Workflow"] == Workflow.__module__
