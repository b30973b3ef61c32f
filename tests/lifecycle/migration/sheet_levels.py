"""Every place at which something can be answered, as a workflow with one question there and a case that has answered it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from engine.lifecycle.case import Case
from engine.lifecycle.migration.carried_case import CarriedCase, carried_case
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.lifecycle.model.workflow import Transition, Workflow

NOW = datetime(2024, 9, 2, tzinfo=UTC)
KEY = Field(name="key", title="何事", type=FieldType.TEXT)


@dataclass(frozen=True)
class Level:
    """A place of a question: in which sheet, and in how many lists one within the other."""

    sheet: str
    depth: int

    @property
    def key(self) -> str:
        """Return what its questions are called in a `RenameMap`, without their own name."""
        return ".".join((KEYS[self.sheet], *["list"] * self.depth))

    @property
    def place(self) -> str:
        """Return what its questions are called in moves, without their own name."""
        return ".".join((PLACES[self.sheet], *["list"] * self.depth))


#: sheet -> its form in a `RenameMap`, and in moves.
KEYS = {"form": "sheet", "item": "it", "branch": "side", "fact": "case"}
PLACES = {"form": "sheet", "item": "sheet.items.it", "branch": "branches.look", "fact": "case"}
LEVELS = [Level(sheet, depth) for sheet in KEYS for depth in (0, 1, 2)]


def workflow(level: Level, *asked: Field, rows: Mapping[str, tuple[CheckRow, ...]] | None = None) -> Workflow:
    """Return a workflow with these questions at a level; `rows`: the check rows of a sheet."""
    for _ in range(level.depth):
        columns = (KEY, *asked)
        asked = (Field(name="list", title="清单", type=FieldType.LIST, columns=columns),)
    own = {name: asked if level.sheet == name else () for name in KEYS}
    there = rows or {}
    forms = {
        KEYS[name]: Form(id=KEYS[name], title=f"{name}表", fields=(KEY, *own[name]), rows=there.get(name, ()))
        for name in ("form", "item", "branch")
    }
    steps = (
        Transition(
            id="finish", title="办结", sources=("open",), target="done", form="sheet", item_forms=True
        ),
        Transition(id="look", title="看", sources=("open",), target=None, form="side", branch=True),
    )
    facts = {one.name: one for one in own["fact"]}
    return cast("Workflow", SimpleNamespace(forms=forms, fields=facts, transitions=steps))


def case(level: Level, answers: Mapping[str, Any], **beside: Any) -> Case:
    """Return a case that has answered at a level; `beside`: what else a sheet holds."""
    given = dict(answers)
    for _ in range(level.depth):
        # The second row answers nothing but what it is about.
        given = {"list": [{"key": "甲", **given}, {"key": "乙"}]}
    own = {name: given if level.sheet == name else {} for name in KEYS}
    sheets: dict[str, dict[str, Any]] = {
        name: {"key": "甲", **own[name], **beside.get(name, {})} for name in ("form", "item", "branch")
    }
    said = {"by": "anna", "at": "x", "on": "2024-09-02", "answers": sheets["branch"]}
    return Case(
        id="check-1",
        workflow="check",
        version=1,
        state="open",
        rev=1,
        head="",
        title="示例",
        section="north",
        opened_at=NOW,
        entered_at=NOW,
        fields=own["fact"],
        forms={"sheet": {**sheets["form"], "items": {"it": sheets["item"]}}},
        branches={"look": said},
    )


def after(one: Case, found: CarriedCase) -> Case:
    """Return a case as it is once it has gone."""
    forms = {name: answers for name, answers in {**one.forms, **found.forms}.items() if answers is not None}
    branches = {name: said for name, said in {**one.branches, **found.branches}.items() if said is not None}
    facts = {name: value for name, value in one.fields.items() if name not in found.without} | found.facts
    return replace(one, forms=forms, branches=branches, fields=facts)


def sheet_of(level: Level, one: Case) -> Mapping[str, Any]:
    """Return the answers of the sheet of a level."""
    if level.sheet == "fact":
        return one.fields
    if level.sheet == "branch":
        return cast("Mapping[str, Any]", one.branches["look"]["answers"])
    found = one.forms["sheet"]
    return cast("Mapping[str, Any]", found["items"]["it"]) if level.sheet == "item" else found


def answered(level: Level, one: Case) -> Mapping[str, Any]:
    """Return what is answered at a level, in the first row of its lists."""
    found = sheet_of(level, one)
    for _ in range(level.depth):
        found = found["list"][0]
    return found


def carried(
    level: Level, old: Workflow, new: Workflow, one: Case, renames: RenameMap | None = None
) -> tuple[CarriedCase, Case]:
    """Return what becomes of a case, and how it is then."""
    found = carried_case(old, new, one, renames or RenameMap())
    return found, after(one, found)


def leaves(value: Any) -> list[Any]:
    """Return every value in answers, however deep."""
    if isinstance(value, Mapping):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in leaves(one)]
    return [value]
