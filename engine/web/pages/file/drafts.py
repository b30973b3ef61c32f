"""What somebody has typed for a step and not handed in: kept when they ask for it, and by the page while they type."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.drafts.drafts import save_draft
from engine.app.queries.cases import form_setting
from engine.app.queries.people.drafts import DraftView, read_draft
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.web.forms.answers import answers_of
from engine.web.forms.notes import closed_notes, has_conditional_notes
from engine.web.forms.shown import shown_answers
from engine.web.rendering import refused, status_of
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.app.queries.cases import StepView, TaskView
    from engine.web.forms.typed import Typed


def draft_of(visit: PageVisit, view: TaskView, step: StepView) -> DraftView | None:
    """Return the viewer's draft for a step."""
    found = read_draft(visit.workbench.application, visit.person, view.case.id, step.id, person=visit.person)
    return None if isinstance(found, Refusal) else found


def mark_of(visit: PageVisit, draft: DraftView | None, *, saved: bool, shown: bool) -> str:
    """Return which draft the writer of a form has seen: the one that is stored, or the one their form began with.

    One that is older than the form is stored but not seen where the form is not `shown` filled in with it: then nothing that is
    typed takes its place unasked.
    """
    if visit.method == "POST" and not saved:
        return visit.typed.one("draft_mark")
    if draft is not None and draft.older is not None and not (saved or shown):
        return ""
    return to_text(draft.draft.saved_at) if draft is not None else ""


def save(visit: PageVisit, view: TaskView, step: StepView, form: Callable[..., Answer]) -> Answer:
    """Keep what was typed, unless another window has kept something else since; `form` shows the form again."""
    by_page = visit.typed.one("do") == "autosave"
    if step.form is None:
        return form()
    answers = answers_of(step.form, step.item_forms, visit.typed)
    outcome = save_draft(
        visit.workbench.application,
        Caller(visit.person),
        visit.person,
        view.case.id,
        step.id,
        answers,
        if_saved_at=visit.typed.one("draft_mark"),
    )
    kept = draft_of(visit, view, step)
    if not isinstance(outcome, Refusal):
        if by_page and kept is not None:
            at = kept.draft.saved_at
            closed = sorted(notes_closed(visit, view, step, visit.typed))
            return as_json(200, saved=visit.workbench.local(at)[-5:], mark=to_text(at), closed=closed)
        return form(saved=True)
    if by_page:
        return as_json(status_of(outcome), wrong=str(outcome.reasons[0].message))
    if kept is None or outcome.reasons[0].code != "conflict":
        return refused(visit, outcome)
    here = dict(shown_answers(visit, step.form, answers, step.item_forms))
    there = dict(shown_answers(visit, step.form, kept.draft.answers, step.item_forms))
    differing = [
        (title, there.get(title, ""), here.get(title, ""))
        for title in dict.fromkeys((*here, *there))
        if there.get(title, "") != here.get(title, "")
    ]
    return form(conflict=differing)


def notes_closed(visit: PageVisit, view: TaskView, step: StepView, typed: Typed) -> Collection[str]:
    """Return the places of the notes of a step that are not shown by what is typed."""
    if step.form is None or not has_conditional_notes((step.form, *step.item_forms)):
        return ()
    setting = form_setting(visit.workbench.application, visit.person, view.case.id, step.id)
    if setting is None or isinstance(setting, Refusal):
        return ()
    answers = answers_of(step.form, step.item_forms, typed)
    return closed_notes(step.form, step.item_forms, answers, setting.scope, setting.held)


def as_json(status: int, **body: str | list[str]) -> Answer:
    """Return an answer for the program of the page."""
    data = json.dumps(body, ensure_ascii=False).encode()
    return Answer(body=data, status=status, type="application/json; charset=utf-8")
