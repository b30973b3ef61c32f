"""A form that was opened before its case went to another version of the definition: shown beside the form as it is now.

What was typed is answers to the form it was typed into. It is kept as a draft of that version, and nothing of it becomes
an answer to the form of today before the person has seen both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.commands import Caller
from engine.app.commands.drafts.drafts import save_draft
from engine.app.queries.cases import step_forms
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of
from engine.web.forms.kept import keep_chosen
from engine.web.forms.shown import shown_answers
from engine.web.forms.unsent import VERSION_FIELD
from engine.web.pages.file.drafts import as_json, draft_of
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.app.queries.cases import StepForms, StepView, TaskView


@dataclass(frozen=True, slots=True)
class FormsBeside:
    """Answers to a form of another version: (question, as it was answered, as the form of now takes it over)."""

    version: int
    lines: Sequence[tuple[str, str, str]]
    #: They were kept as a draft of that version.
    kept: bool = False


def version_typed(visit: PageVisit) -> int | None:
    """Return the version of the definition whose form was sent; None where the page does not say it."""
    text = visit.typed.one(VERSION_FIELD)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def is_other(visit: PageVisit, view: TaskView) -> bool:
    """Tell whether the form that was sent is of another version than its case goes by now."""
    return visit.method == "POST" and version_typed(visit) not in (None, view.case.version)


def shown_again(visit: PageVisit, view: TaskView, step: StepView, form: Callable[..., Answer]) -> Answer:
    """Keep what was typed as a draft of its version and show both; `form` shows the form of now."""
    version = version_typed(visit) or 0
    application, case = visit.workbench.application, view.case.id
    refusal = application.advance(case, step.id, visit.person, dry_run=True, if_version=version)
    if not isinstance(refusal, Refusal):
        # It went to another version and back meanwhile.
        return form()
    forms = _forms(visit, view, step.id, version)
    if forms is None or forms.form is None:
        return form(refusal)
    by_page = visit.typed.one("do") == "autosave"
    titles = {asked.name: asked.title for asked in forms.form.fields}
    wrong = () if by_page else keep_chosen(visit, view, titles)
    answers = answers_of(forms.form, forms.item_forms, visit.typed)
    outcome = save_draft(
        application,
        Caller(visit.person),
        visit.person,
        case,
        step.id,
        answers,
        if_saved_at=visit.typed.one("draft_mark"),
        version=version,
    )
    kept = None if isinstance(outcome, Refusal) else draft_of(visit, view, step)
    if by_page:
        mark = to_text(kept.draft.saved_at) if kept is not None else visit.typed.one("draft_mark")
        return as_json(409, wrong=str(refusal.reasons[0].message), mark=mark)
    reasons = (*refusal.reasons, *wrong)
    moved = FormsBeside(version, _beside(visit, step, forms, answers), kept is not None)
    return form(Refusal(case, step.title, reasons), moved=moved)


def of_draft(
    visit: PageVisit, view: TaskView, step: StepView, version: int, answers: Mapping[str, Any]
) -> FormsBeside | None:
    """Return a draft of another version beside the form as it is now; None for one of this version."""
    forms = _forms(visit, view, step.id, version) if version != view.case.version else None
    return None if forms is None else FormsBeside(version, _beside(visit, step, forms, answers))


def typed_for_nothing(visit: PageVisit, view: TaskView, step: str) -> list[tuple[str, str]]:
    """Return what was typed for a step that cannot be taken any more, to be read and copied."""
    if visit.method != "POST":
        return []
    forms = _forms(visit, view, step, version_typed(visit) or view.case.version)
    if forms is None or forms.form is None:
        return []
    answers = answers_of(forms.form, forms.item_forms, visit.typed)
    return shown_answers(visit, forms.form, answers, forms.item_forms)


def _forms(visit: PageVisit, view: TaskView, step: str, version: int) -> StepForms | None:
    found = step_forms(visit.workbench.application, visit.person, view.case.id, step, version)
    return None if isinstance(found, Refusal) else found


def _beside(
    visit: PageVisit, step: StepView, forms: StepForms, answers: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    zone = visit.workbench.zone
    there = dict(shown_answers(visit, forms.form, answers, forms.item_forms)) if forms.form else {}
    here: dict[str, str] = {}
    if step.form is not None:
        over = answers_of(step.form, step.item_forms, typed_of(step.form, step.item_forms, answers, zone))
        here = dict(shown_answers(visit, step.form, over, step.item_forms))
    return [(title, there.get(title, ""), here.get(title, "")) for title in dict.fromkeys((*there, *here))]
