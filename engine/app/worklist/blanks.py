"""The blanks a paper would print, were the step that makes it taken now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.draws.document_request import request_for
from engine.app.ports.documents import BlankFinder, DocumentError

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.workflow import Transition
    from engine.lifecycle.process import Process


def blanks_of(
    uow: UnitOfWork, process: Process, case: Case, step: Transition, renderer: BlankFinder
) -> tuple[str, ...]:
    """Return what the papers of a step ask for and the case has no answer to, by titles of form and field.

    What the form of the step itself asks is no blank: it is about to be answered.
    """
    found: dict[str, None] = {}
    for effect in step.then:
        kind = effect.arguments.get("render")
        if kind is None:
            continue
        try:
            missing = renderer.missing(request_for(uow, case, str(kind)))
        except DocumentError:
            # A template that cannot be used refuses the step in its own words.
            continue
        for form_id, name in missing:
            form = process.workflow.forms.get(form_id)
            field = form.field(name) if form is not None else None
            if form is None or field is None or form_id == step.form:
                continue
            if field.relevant is not None and form_id not in case.forms:
                # Whether it is asked at all is not known yet.
                continue
            if field.required or form_id not in case.forms:
                found[f"{form.title}·{field.title}"] = None
    return tuple(found)
