"""What was answered on a case, form by form in the order in which they were last given, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.app.history.replay import with_texts
from engine.language import say
from engine.lifecycle.case import EventKind
from engine.lifecycle.forms.in_words import AnsweredForm, codes_in, lines_of, people_in

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.workflow import Transition
    from engine.lifecycle.process import Process


def answered_forms(
    transaction: Transaction, process: Process, case: Case, events: Iterable[Event]
) -> tuple[AnsweredForm, ...]:
    """Return the forms of a case with their answers in words, those that were given again against what they were before.

    What a migration has put otherwise is shown as it put it; the answers before it were given to another form, and nothing is
    held against them.
    """
    forms = process.workflow.forms
    given: dict[str, list[Event]] = {}
    answered: dict[str, list[Mapping[str, Any]]] = {}
    for event in events:
        name = event.body.get("form")
        if event.kind == EventKind.MIGRATED.value:
            moved = with_texts(event, case.personal).body.get("forms") or {}
            answered.update({form: [answers or {}] for form, answers in moved.items()})
        elif isinstance(name, str) and name in forms:
            given[name] = [*given.pop(name, []), event]
            answers = with_texts(event, case.personal).body.get("answers") or {}
            answered[name] = [*answered.get(name, []), answers]
    zone = ZoneInfo(process.bureau.timezone)
    names = _names(transaction, process, case)
    found = []
    for name, there in given.items():
        form, event, versions = forms[name], there[-1], answered[name]
        earlier = versions[-2] if len(versions) > 1 else None
        lines = lines_of(form, versions[-1], earlier, names, zone, forms)
        blank = AnsweredForm(name, form.title, lines, event.actor, times=len(there))
        found.append(replace(blank, on=event.at.astimezone(zone).date().isoformat()))
    return tuple(found)


def form_to_sign(
    transaction: Transaction, process: Process, case: Case, step: Transition, answers: Mapping[str, Any]
) -> AnsweredForm:
    """Return the form somebody has signed and others have yet to, in words: what they are to sign."""
    forms, zone = process.workflow.forms, ZoneInfo(process.bureau.timezone)
    form, first = process.form(str(step.form)), case.signing[step.id].signed[0]
    lines = lines_of(form, answers, None, _names(transaction, process, case), zone, forms)
    title = str(say("{form}（待其他人签署）", form=form.title))
    found = AnsweredForm(form.id, title, lines, first.person, times=1)
    return replace(found, on=first.at.astimezone(zone).date().isoformat())


def _names(transaction: Transaction, process: Process, case: Case) -> dict[str, str]:
    ids: set[str] = {person for people in case.parties.values() for person in people}
    codes: set[str] = set()
    for name, answers in case.forms.items():
        form = process.workflow.forms.get(name)
        if form is not None:
            ids |= people_in(form, answers)
            codes |= codes_in(form, answers)
    names: dict[str, str] = {}
    for kind in ("people", "inspectors", "experts"):
        missing = sorted(ids - names.keys())
        if missing:
            names |= {entry.id: entry.name for entry in transaction.registers.some(kind, missing).values()}
    if codes:
        known = transaction.registers.some("items", sorted(codes))
        names |= {code: entry.name for code, entry in known.items()}
    return names
