"""What a format may name: the facts, forms, codes and registers its rows are read of, with their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.definition.names import FAILED_ROW, FOUND_ITEM, PERSON, SUBJECT
from engine.definition.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Type,
    ValueKind,
    coded,
    list_of,
    record,
    type_of,
)
from engine.exchange.formats import RowsOf, RowSource
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.migration.former_names import CASE, NO_NAMES, FieldNames
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Workflow
from engine.register.columns import CellType
from engine.register.profile import built_in

#: The register a firm of a case is looked up in.
OBJECTS = "objects"
_BUREAU = record({"id": TEXT, "title": TEXT})
_CLOCK = record({"running": BOOLEAN, "due_on": DATE, "late": BOOLEAN})
#: What a measure of the year is in a row.
_MEASURE = record(
    dict.fromkeys(
        (
            *("year", "id", "title", "part", "whole", "percent", "target", "reached", "short", "sentence"),
            *("planned_part", "planned_whole", "planned_percent"),
        ),
        ANY,
    )
)
#: What a row of a check is beside its answer: which these are is known when the form is filled.
_ROW = record({"answer": coded(ROW_ANSWERS)}, more=True)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What formats are held against: the processes by id, and what is known around them."""

    workflows: Mapping[str, Workflow]
    #: section -> its title; None: not known here.
    sections: Mapping[str, str] | None = None
    #: register -> columns a profile of the deployment adds to those as shipped.
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: process -> what its fields are called by any of its versions.
    former: Mapping[str, FieldNames] = field(default_factory=dict)

    def with_version(self, workflow: Workflow) -> KnownNames:
        """Return the same with another version of a process."""
        return replace(self, workflows={**self.workflows, workflow.id: workflow})


def names_of_rows(rows: RowSource, known: KnownNames) -> dict[str, Type]:
    """Return the names the values and conditions of rows may use; of rows of cases those of any of the processes.

    Processes that are not known have no part in it.
    """
    if rows.kind is RowsOf.MEASURES:
        return {"measure": _MEASURE, "bureau": _BUREAU, "today": DATE}
    if rows.kind is RowsOf.REGISTER:
        return {"entry": _entry(rows.of, known), "bureau": _BUREAU, "today": DATE}
    flows = [known.workflows[name] for name in (rows.of, *rows.more) if name in known.workflows]
    facts, forms = _facts(flows, known), _forms(flows, known)
    answered = {name: kind for form in forms.values() for name, kind in form.columns.items()}
    return {
        "case": record({**facts, **_every_case(flows, known)}),
        "forms": record(forms),
        "subject": SUBJECT,
        "entry": _entry(OBJECTS, known),
        "clocks": record({name: _CLOCK for flow in flows for name in flow.clocks}),
        "inspectors": list_of(_both(PERSON, _entry("inspectors", known))),
        "parent": _parent(flows, known),
        "publication": record(_united(answered, facts, {"published_on": DATE, "title": TEXT})),
        "papers": record({name: TEXT for flow in flows for name in _papers(flow)}),
        "bureau": _BUREAU,
        "today": DATE,
    }


def item_of(each: Type, known: KnownNames) -> Type:
    """Return the type of ``item``, where there is a row for each entry of a list."""
    found = record({**FOUND_ITEM.columns, "id": TEXT, "position": NUMBER})
    one = each.item if each.kind is ValueKind.LIST and each.item is not None else ANY
    if one.vague:
        return ANY
    return _both(one if one.kind is ValueKind.RECORD else _entry("items", known), found)


def _every_case(flows: Iterable[Workflow], known: KnownNames) -> dict[str, Type]:
    flows = tuple(flows)
    return {
        **dict.fromkeys(("id", "title", "subject", "parent", "opened_by"), TEXT),
        "opened_on": DATE,
        "workflow": coded({flow.id: flow.title for flow in flows}),
        "state": coded({name: state.title for flow in flows for name, state in flow.states.items()}),
        "section": TEXT if known.sections is None else coded(known.sections),
    }


def _facts(flows: Iterable[Workflow], known: KnownNames) -> dict[str, Type]:
    return _united(
        *(_columns(flow.fields.values(), CASE, known.former.get(flow.id, NO_NAMES)) for flow in flows)
    )


def _forms(flows: Iterable[Workflow], known: KnownNames) -> dict[str, Type]:
    found: dict[str, Type] = {}
    for flow in flows:
        for name, form in flow.forms.items():
            columns = _columns(form.fields, name, known.former.get(flow.id, NO_NAMES))
            if form.rows:
                columns["rows"] = record({row.id: _ROW for row in form.rows})
            # Answers to a form may be handed in with those of item forms, which have failed rows.
            columns |= {"problems": list_of(FAILED_ROW), "problem_count": NUMBER, "items": ANY}
            found[name] = _either(found[name], record(columns)) if name in found else record(columns)
    return found


def _columns(fields: Iterable[Field], place: str, former: FieldNames) -> dict[str, Type]:
    """Return the types of fields by what they are kept under, called in their file, and called by other versions."""
    found: dict[str, Type] = {}
    kept = {one.name: _field(one, f"{place}.{one.name}", former) for one in fields}
    for name, under in former.get(place, {}).items():
        if under in kept:
            found[name] = kept[under]
    for one in fields:
        found[one.name] = found[one.written] = kept[one.name]
    return found


def _field(asked: Field, place: str, former: FieldNames) -> Type:
    found = replace(type_of(asked), kept_as=None)
    if not asked.columns:
        return found
    return list_of(record(_columns(asked.columns, place, former)))


def _parent(flows: Iterable[Workflow], known: KnownNames) -> Type:
    """Return the type of the case above: of the processes that start one of these, or where none does of any."""
    wanted = {flow.id for flow in flows}
    every = list(known.workflows.values())
    above = [one for one in every if not wanted.isdisjoint(_started(one))] or every
    answers = [form.columns for form in _forms(above, known).values()]
    own = dict.fromkeys(("id", "title", "parent"), TEXT)
    return record({**_united(*answers, _facts(above, known)), **own})


def _started(workflow: Workflow) -> set[str]:
    effects = (effect for step in workflow.transitions for effect in step.then)
    return {str(effect.arguments.get("start")) for effect in effects if effect.kind == "start"}


def _papers(workflow: Workflow) -> set[str]:
    effects = (effect for step in workflow.transitions for effect in step.then)
    return {str(effect.arguments.get("render")) for effect in effects if effect.kind == "render"}


def _entry(kind: str, known: KnownNames) -> Type:
    profile = built_in(kind)
    columns: dict[str, Type] = dict.fromkeys(("id", "name", "section"), TEXT)
    columns |= dict.fromkeys((made.into for made in profile.lists.values()), ANY)
    columns |= dict.fromkeys(known.columns.get(kind, ()), ANY)
    for name, column in profile.columns.items():
        words = {code: said[0] for code, said in column.choices.items()}
        columns[name] = coded(words) if column.type is CellType.CHOICE and words else ANY
    return record(columns)


def _united(*several: Mapping[str, Type]) -> dict[str, Type]:
    found: dict[str, Type] = {}
    for columns in several:
        for name, kind in columns.items():
            found[name] = _either(found[name], kind) if name in found else kind
    return found


def _both(one: Type, other: Type) -> Type:
    return record(_united(one.columns, other.columns))


def _either(one: Type, other: Type) -> Type:
    """Return the type of what is one of two."""
    if one == other:
        return one
    if one.kind is not other.kind:
        return ANY
    if one.kind is ValueKind.RECORD:
        return _both(one, other)
    if one.kind is ValueKind.LIST and one.item is not None and other.item is not None:
        return list_of(_either(one.item, other.item))
    if one.choices is not None and other.choices is not None:
        return coded({**one.choices, **other.choices})
    return ANY
