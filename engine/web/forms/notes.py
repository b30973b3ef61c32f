"""Which notes of a form are shown: those whose condition holds by what is typed now, as on every other face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.lifecycle.expressions.expression import Scope
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.forms.relevance import relevant_now
from engine.lifecycle.model.form import FieldType, Form


def has_conditional_notes(forms: Sequence[Form]) -> bool:
    """Tell whether any of the forms has a note that is not always shown."""
    return any(_conditional(form) for form in forms)


def closed_notes(
    form: Form,
    item_forms: Sequence[Form],
    given: Mapping[str, Any],
    scope: Scope,
    held: Mapping[str, Any] | None = None,
) -> frozenset[str]:
    """Return the places of the notes whose condition does not hold by the answers `given`; places as refusals name them.

    `scope` and `held` are those of `read_answers`: answers with something wrong are seen by no condition.
    """
    kept, _ = read_answers(form, item_forms, given, scope, held)
    closed = {name for name in _conditional(form) if not _holds(form, name, {**scope, "form": kept})}
    items = kept.get("items", {})
    for item in item_forms:
        inside = {**scope, "form": items.get(item.id, {})}
        closed |= {f"items.{item.id}.{name}" for name in _conditional(item) if not _holds(item, name, inside)}
    return frozenset(closed)


def _conditional(form: Form) -> list[str]:
    return [one.name for one in form.fields if one.type is FieldType.NOTE and one.relevant is not None]


def _holds(form: Form, name: str, scope: Scope) -> bool:
    return relevant_now(next(one for one in form.fields if one.name == name), scope)
