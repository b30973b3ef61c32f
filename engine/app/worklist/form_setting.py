"""What the questions of a step are put with: what their conditions look at, and the answers that cannot be changed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.app.access.query import QuerySource
from engine.app.access.text_check import place_of
from engine.app.people.acting_for import with_principals
from engine.app.ports.store import Transaction
from engine.app.services import Services
from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import translate
from engine.lifecycle.advance import held_answers
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.answers import UNANSWERED
from engine.lifecycle.forms.in_words import shown_answers
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope


@dataclass(frozen=True, slots=True)
class FormSetting:
    """What the conditions of a form see besides ``form``, the answers that are kept as they are, and those not shown."""

    scope: Mapping[str, Any]
    held: Mapping[str, Any]
    hidden: frozenset[str]


def setting_of_form(
    source: QuerySource, transaction: Transaction, now: datetime, case: Case, step: str, person: str
) -> FormSetting | None:
    """Return what the form of a step is filled in with by `person`; None where there is no such step now."""
    uow = UnitOfWork(Services(source.store, source.clock, source.definitions), transaction, now)
    process = uow.process(case)
    found = process.manual_steps(case.state).get(step)
    if found is None:
        return None
    actor = with_principals(uow.people, uow.people.actor(person) or Actor(person), case, now, uow.process)
    command = Advance(step=step, actor=actor)
    scope = make_scope(process, case, actor, now, facts_for(uow, process, case, command))
    return FormSetting(scope, held_answers(case, found[0]), frozenset(found[0].hidden))


def worked_out(
    uow: UnitOfWork, process: Process, case: Case, step: Transition, actor: Actor
) -> list[tuple[str, str]]:
    """Return title and text of what the form of a step works out whatever is answered: whoever gives it sees it before."""
    form = process.workflow.forms.get(step.form or "")
    asked = [
        one
        for one in (form.fields if form is not None else ())
        if one.computed is not None
        and one.name not in step.hidden
        and {path[0] for path in one.computed.names()}.isdisjoint({"form"})
        and any(one.computed.names())
    ]
    if form is None or not asked:
        return []
    facts = facts_for(uow, process, case, Advance(step=step.id, actor=actor))
    scope = make_scope(process, case, actor, uow.now, facts)
    values: dict[str, Any] = {}
    for one in asked:
        with suppress(EvaluationError):
            values[one.name] = one.computed.value(scope) if one.computed is not None else None
    texts = shown_answers(form, values, {}, process.time.zone)
    return [(translate(one.title), texts[one.name]) for one in asked if one.name in texts]


@dataclass(frozen=True, slots=True)
class StepForms:
    """The form of a step, and those of its items."""

    form: Form | None
    item_forms: tuple[Form, ...]


def forms_of_version(
    source: QuerySource, transaction: Transaction, case: Case, step: str, version: int
) -> StepForms | None:
    """Return the forms a step has in a version of the definition of a case, whatever its state; None where it has none."""
    if all(row.number != version for row in transaction.definitions.versions(case.workflow)):
        return None
    process = source.definitions.get(transaction, case.workflow, version)
    found = next((one for one in process.workflow.transitions if one.id == step and one.form), None)
    if found is None:
        return None
    names = source.definitions.item_forms(transaction, case) if found.item_forms else ()
    items = case.fields.get("items") or ()
    known = process.workflow.forms
    return StepForms(
        process.form(str(found.form)),
        tuple(form_of_items(process.form(name), items) for name in names if name in known),
    )


def forms_of_step(source: QuerySource, transaction: Transaction, case: Case, step: str) -> StepForms | None:
    """Return the forms by which the answers to a step are read; None where there is no such step now.

    Of a step that somebody has signed there are none: the others sign what is there.
    """
    process = source.definitions.get(transaction, case.workflow, case.version)
    found = process.manual_steps(case.state).get(step)
    if found is None or not case.open or case.suspended_at is not None:
        return None
    begun = case.signing.get(step)
    if begun is not None and begun.signed and begun.answers is not None:
        return StepForms(None, ())
    names = source.definitions.item_forms(transaction, case) if found[0].item_forms else ()
    items = case.fields.get("items") or ()
    return StepForms(
        process.form(found[0].form) if found[0].form else None,
        tuple(form_of_items(process.form(name), items) for name in names),
    )


def titles_of_answers(
    source: QuerySource, transaction: Transaction, case: Case, step: str
) -> Mapping[str, str]:
    """Return the titles of the questions of a step by the places of their answers (`place_of`)."""
    found = forms_of_step(source, transaction, case, step)
    forms: list[tuple[tuple[str, ...], Form]]
    forms = [((), found.form)] if found is not None and found.form is not None else []
    forms += [(("items", form.id), form) for form in (found.item_forms if found is not None else ())]
    titles: dict[str, str] = {}
    for prefix, form in forms:
        whole = ("answers", *prefix)
        for asked in form.fields:
            titles[place_of((*whole, asked.name))] = translate(asked.title)
            titles[place_of((*whole, UNANSWERED, asked.name))] = translate(asked.title)
            for column in asked.columns:
                titles[place_of((*whole, asked.name, column.name))] = translate(column.title)
        for row in form.rows:
            for part in ("answer", *(one.name for one in ROW_PARTS)):
                titles[place_of((*whole, "rows", row.id, part))] = translate(row.title)
    return titles
