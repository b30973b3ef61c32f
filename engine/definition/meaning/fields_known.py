"""What is known of the names conditions of a workflow use: their fields, and whether they may be empty."""

from __future__ import annotations

from collections.abc import Collection

from engine.definition.meaning.domains import FieldOf, MayBeMissing, Path
from engine.definition.meaning.names_read import Fact
from engine.lifecycle.expressions.expression import ExpressionNode
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Workflow

#: Where a case is.
STATE: Path = ("case", "state")


def fields_of(workflow: Workflow | None, form: Form | None, states: Collection[str] = ()) -> FieldOf:
    """Return what finds the field of a name in the conditions of a step that fills in `form` and leaves `states`."""

    def field_of(path: Path) -> Field | None:
        if path == STATE and workflow is not None and states:
            titles = {name: workflow.states[name].title for name in workflow.states if name in states}
            return Field(name="state", title="", type=FieldType.CHOICE, choices=titles)
        if len(path) == 2 and path[0] == "form" and form is not None:
            return form.field(path[1])
        if workflow is None:
            return None
        if len(path) == 3 and path[0] == "forms" and path[1] in workflow.forms:
            return workflow.forms[path[1]].field(path[2])
        if len(path) == 2 and path[0] == "case":
            return workflow.fields.get(path[1])
        return None

    return field_of


def always_asked(form: Form | None) -> list[ExpressionNode]:
    """Return what must hold of the answers of a form whatever they are: its constraints, and those of answers that are never missing."""
    if form is None:
        return []
    found = [one.that.expression.node for one in form.constraints]
    for asked in form.fields:
        if asked.constraints and asked.required and asked.relevant is None:
            found += [one.that.expression.node for one in asked.constraints]
    return found


def never_missing(_: Path) -> bool:
    """Nothing is missing: for conditions that are judged by the answers given."""
    return False


def missing_unless(surely: Collection[Fact], field_of: FieldOf) -> MayBeMissing:
    """Return what tells whether a name may be empty where `surely` is set on every way."""

    def may_be_missing(path: Path) -> bool:
        if path[0] == "forms" and len(path) == 3:
            asked = field_of(path)
            sure = ("forms", path[1]) in surely and asked is not None
            if not sure or asked is None:
                return True
            return asked.computed is None and (not asked.required or asked.relevant is not None)
        if path[0] == "case" and field_of(path) is not None:
            return ("case", path[1]) not in surely
        if path[0] == "form":
            asked = field_of(path)
            return asked is not None and asked.computed is None and not asked.required
        return False

    return may_be_missing
