"""The names expressions may use, with their types: made from the same facts the office puts into the scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definition.expressions import ANYTHING
from engine.definition.symbols import SymbolTable, WorkflowOutline
from engine.definition.types import (
    ANY,
    BOOLEAN,
    DATE,
    EXACT,
    NUMBER,
    SHARE,
    TEXT,
    Type,
    coded,
    list_of,
    record,
)
from engine.lifecycle.effects import REGISTERS
from engine.lifecycle.expressions.draw_facts import DrawFacts
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import FieldType

#: One person of a party.
PERSON = record(
    {
        "id": TEXT,
        "name": TEXT,
        "section": TEXT,
        "cert_no": TEXT,
        "cert_valid_to": DATE,
        "status": TEXT,
        "labels": list_of(TEXT),
        "trained_on": DATE,
    }
)
_PARTS = {part.name: DATE if part.type is FieldType.DATE else TEXT for part in ROW_PARTS}
#: A row that was not found in order.
FAILED_ROW = record({"form": TEXT, "row": TEXT, "title": TEXT, "basis": TEXT, "answer": TEXT, **_PARTS})
#: What was found of one item of a visit, as statistics by item read it.
FOUND_ITEM = record(
    {
        "code": TEXT,
        "section": TEXT,
        "answer": coded(ROW_ANSWERS),
        "problem_count": NUMBER,
        "problems": list_of(FAILED_ROW),
    }
)
_ROW = record({"answer": coded(ROW_ANSWERS), **_PARTS})
#: What a case is about: columns depend on the register the row was frozen from.
SUBJECT = record({"id": TEXT, "name": TEXT}, more=True)
#: One drawn object, or drawn case: what a ``start`` for each of them goes through.
DRAWN = record(
    {
        **dict.fromkeys(("id", "name", "class", "district", "address", "ticket"), TEXT),
        **dict.fromkeys(("labels", "items", "inspectors", "experts"), list_of(TEXT)),
        "position": NUMBER,
    }
)
_REGISTER = record(
    {
        "rows": NUMBER,
        "active": NUMBER,
        "own": NUMBER,
        "unlabelled": NUMBER,
        "unclaimed": NUMBER,
        "updated_on": DATE,
        "age_days": NUMBER,
        # The ids of the items that can be inspected today; of other registers none are listed.
        "in_force": list_of(TEXT),
    }
)
#: The type of what is asked of a draw, by the fact of a case without one.
_KINDS: Mapping[type, Type] = {bool: BOOLEAN, int: NUMBER, list: list_of(TEXT)}
_DRAW_COLUMNS = {name: _KINDS[type(fact)] for name, fact in DrawFacts().values().items()}
_DRAW = record(_DRAW_COLUMNS)
#: Of a workflow that holds no draw.
NO_DRAW = record({})
#: Of a stored version: it was checked when it was published, by the names of its time.
_DRAW_OF_ITS_TIME = record(_DRAW_COLUMNS, more=True)
_READING = record({"running": BOOLEAN, "due_on": DATE, "late": BOOLEAN})


def answers(form: str, world: SymbolTable) -> Type:
    """Return the type of the answers to `form`."""
    found = world.worked_out.get(form)
    if found is None:
        found = world.worked_out[form] = _answers(form, world)
    return found


def _answers(form: str, world: SymbolTable) -> Type:
    outline = world.forms.get(form)
    if outline is None or outline.fields is None:
        return ANY
    columns = dict(outline.fields)
    if outline.rows:
        columns["rows"] = record(dict.fromkeys(outline.rows, _ROW))
    if world.counted(form):
        columns["problems"] = list_of(FAILED_ROW)
        columns["problem_count"] = NUMBER
        columns["items"] = ANY
    return record(columns)


def workflow_names(outline: WorkflowOutline, world: SymbolTable) -> dict[str, Type]:
    """Return the names every expression of a workflow may use; ``form`` and ``it`` come on top."""
    names = _everywhere(world)
    names["case"] = record({**outline.fields, **_case(outline, world)})
    names["forms"] = record({form: answers(form, world) for form in sorted(outline.forms)})
    names["children"] = ANY if world.partial else _children(world)
    if (parent := _parent(outline, world)) is not None:
        names["parent"] = parent
    names["clocks"] = record(dict.fromkeys(sorted(outline.clocks), _READING))
    if not outline.draws and not world.partial:
        names["draw"] = NO_DRAW
    if outline.branches:
        names["branches"] = _branches(outline, world)
    names.update(dict.fromkeys(outline.parties, list_of(PERSON)))
    return names


def _branches(outline: WorkflowOutline, world: SymbolTable) -> Type:
    """Return the type of ``branches``: how many there are, what each has answered, and all of them where rows are asked for."""
    columns: dict[str, Type] = {"total": NUMBER, "open": NUMBER, "done": NUMBER}
    said = {"name": TEXT, "title": TEXT, "done": BOOLEAN, "by": TEXT, "on": DATE}
    for name, form in outline.branches.items():
        columns[name] = record({**said, "answers": answers(form, world) if form else record({})})
    forms = set(outline.branches.values())
    (form,) = forms if len(forms) == 1 else ("",)
    return replace(record(columns), item=record({**said, "answers": answers(form, world) if form else ANY}))


def child_row(child: str, world: SymbolTable) -> Type:
    """Return the type of one child case, which is ``it`` where children are looked at one by one."""
    outline = world.workflows.get(child)
    if outline is None or outline.broken or world.partial:
        return ANY
    own = _case(outline, world)
    columns = {name: own[name] for name in ("id", "title", "state", "section", "subject", "opened_on")}
    forms = record({form: answers(form, world) for form in sorted(outline.forms)})
    papers = record(dict.fromkeys(sorted(world.templates or ()), TEXT), more=world.templates is None)
    return record({**outline.fields, **columns, "open": BOOLEAN, "forms": forms, "papers": papers})


def _children(world: SymbolTable) -> Type:
    """Return the type of ``children``: for each workflow how many there are, and each of them where rows are asked for."""
    found = world.worked_out.get(_OF_CHILDREN)
    if found is None:
        kinds = {}
        for child, outline in sorted(world.workflows.items()):
            states = record(dict.fromkeys(outline.states, NUMBER), more=outline.broken)
            counted = record({"total": NUMBER, "open": NUMBER, "in": states})
            kinds[child] = replace(counted, item=child_row(child, world))
        found = world.worked_out[_OF_CHILDREN] = record(kinds)
    return found


def _parent(outline: WorkflowOutline, world: SymbolTable) -> Type | None:
    """Return the type of ``parent``: what the workflows that start this one let their children read; None for nothing.

    One that is begun by hand below a case may stand below any: what that case does not have is missing.
    """
    if world.partial:
        return ANY
    columns: dict[str, Type] = {}
    for other in world.workflows.values():
        if outline.id in other.starts or (outline.below and other.id != outline.id):
            for name, asked in other.declared.items():
                if asked.to_children:
                    found = other.fields[name]
                    columns[name] = found if columns.get(name, found) == found else ANY
    return record(columns) if columns else None


def form_names(form: str, world: SymbolTable) -> dict[str, Type]:
    """Return the names the expressions of a form may use: parties and fields of any workflow that fills it."""
    names = _everywhere(world)
    users = [workflow for workflow in world.workflows.values() if form in workflow.forms]
    case: dict[str, Type] = {}
    clocks: set[str] = set()
    for workflow in users:
        case.update(workflow.fields)
        clocks |= workflow.clocks
        names.update(dict.fromkeys(workflow.parties, list_of(PERSON)))
    names["case"] = record({**case, **_case(None, world)}, more=world.partial or not users)
    names["forms"] = _every_form(world)
    names["clocks"] = record(dict.fromkeys(sorted(clocks), _READING), more=world.partial or not users)
    names["children"] = ANY if world.partial or not users else _children(world)
    if users and not world.partial and not any(workflow.draws or workflow.broken for workflow in users):
        names["draw"] = NO_DRAW
    if not users:
        # Nobody fills the form yet, so nothing is known of the parties around it.
        for workflow in world.workflows.values():
            names.update(dict.fromkeys(workflow.parties, list_of(PERSON)))
    names["form"] = answers(form, world)
    if world.partial:
        # The parties of workflows that are not here.
        names[ANYTHING] = ANY
    return names


#: No form has these ids, so they can stand beside them.
_ALL = "*"
_EVERYWHERE = "*everywhere"
_OF_CHILDREN = "*children"


def _every_form(world: SymbolTable) -> Type:
    found = world.worked_out.get(_ALL)
    if found is None:
        columns = {form: answers(form, world) for form in sorted(world.forms)}
        found = world.worked_out[_ALL] = record(columns, more=world.partial)
    return found


def _case(outline: WorkflowOutline | None, world: SymbolTable) -> Mapping[str, Type]:
    sections = world.bureau.sections if world.bureau is not None else None
    return {
        "id": TEXT,
        "workflow": TEXT,
        "state": TEXT if outline is None else coded(outline.states),
        "section": TEXT if sections is None else coded(sections),
        "title": TEXT,
        "opened_on": DATE,
        "subject": TEXT,
        "parent": TEXT,
        "opened_by": TEXT,
    }


def _everywhere(world: SymbolTable) -> dict[str, Type]:
    found = world.worked_out.get(_EVERYWHERE)
    if found is None:
        found = world.worked_out[_EVERYWHERE] = record(_worked_out_everywhere(world))
    return dict(found.columns)


def _worked_out_everywhere(world: SymbolTable) -> dict[str, Type]:
    bureau = world.bureau
    roles = TEXT if bureau is None else coded({role.id: role.title for role in bureau.roles.values()})
    section = TEXT if bureau is None else coded(bureau.sections)
    targets = ANY if bureau is None else record(dict.fromkeys(bureau.targets, SHARE))
    kpi = ANY if bureau is None else record(dict.fromkeys(bureau.measures, EXACT))
    return {
        "today": DATE,
        "reason": TEXT,
        "actor": record({"id": TEXT, "name": TEXT, "section": section, "roles": list_of(roles)}),
        "subject": SUBJECT,
        "kpi": kpi,
        "of_subject": ANY if bureau is None else record(dict.fromkeys(bureau.measures, NUMBER)),
        "registers": record(dict.fromkeys(REGISTERS, _REGISTER)),
        "targets": targets,
        "draw": _DRAW_OF_ITS_TIME if world.partial else _DRAW,
    }
