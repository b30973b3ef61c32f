"""Taking a step: its form, all errors at once, the answers to check and what will happen, then the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.queries.cases import form_setting, show_case, step_forms
from engine.kernel.refusal import Refusal, RefusalReason
from engine.lifecycle.forms.answers import UNANSWERED, read_answers
from engine.web.forms.answers import PREFIX, answers_of
from engine.web.forms.filled import typed_of
from engine.web.forms.kept import keep_chosen
from engine.web.forms.questions import questions_of
from engine.web.forms.shown import shown_answers
from engine.web.pages.file import drafts, other_version
from engine.web.pages.file.evidence import small_copies
from engine.web.pages.lists.place import list_address, neighbours, place_query
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.app.queries.cases import StepView, TaskView
    from engine.app.queries.people.drafts import DraftView
    from engine.web.forms.questions import Question
    from engine.web.forms.typed import Typed


#: What is sent to take a step whose answers were checked.
_CONFIRMING = ("confirm", "confirm-next")


def show(visit: PageVisit) -> Answer:
    """Ask, check, and take a step of a case."""
    application, person = visit.workbench.application, visit.person
    case_id, step_id = visit.parts["case"], visit.parts["step"]
    confirmed = _confirmed(visit)
    if confirmed is not None and not isinstance(confirmed, Refusal):
        return _done(visit, confirmed)
    view = show_case(application, person, case_id, as_person=person, renderer=_blank_finder(visit))
    if isinstance(view, Refusal):
        return refused(visit, view)
    step = next((one for one in view.steps if one.id == step_id), None)
    if step is None:
        # The case has moved on, or there is no such step: the refusal says who was faster.
        outcome = confirmed or application.advance(case_id, step_id, person, dry_run=True)
        typed = other_version.typed_for_nothing(visit, view, step_id)
        return refused(visit, outcome, typed) if isinstance(outcome, Refusal) else go_to("cases", case_id)
    if other_version.is_other(visit, view):
        return other_version.shown_again(
            visit, view, step, lambda *found, **more: _form(visit, view, step, *found, **more)
        )
    if confirmed is not None:
        return _form(visit, view, step, confirmed)
    if visit.method == "GET":
        return _opened(visit, view, step)
    # The page that is shown next names the files chosen in this one: by then their bytes are kept.
    titles = {f.name: f.title for f in step.form.fields} if step.form else {}
    if wrong := keep_chosen(visit, view, titles):
        return _form(visit, view, step, Refusal(case_id, step.title, tuple(wrong)))
    do = visit.typed.one("do")
    if do in ("save", "autosave"):
        return drafts.save(visit, view, step, lambda **more: _form(visit, view, step, **more))
    if do == "edit" or do.startswith("rows:"):
        return _form(visit, view, step)
    answers = _answers(visit, step)
    reason = visit.typed.one("reason").strip() or None
    confirming = visit.typed.one("do") in _CONFIRMING
    outcome = application.advance(
        case_id,
        step_id,
        person,
        answers,
        reason=reason,
        request_id=visit.typed.one("request_id") or None if confirming else None,
        dry_run=not confirming,
        if_version=other_version.version_typed(visit),
    )
    if isinstance(outcome, Refusal):
        return _form(visit, view, step, outcome)
    if confirming:
        return _done(visit, outcome)
    return _check(visit, view, step, answers, outcome)


def _confirmed(visit: PageVisit) -> CommandResult | Refusal | None:
    """Take a step whose answers were checked before; None where that is not what is asked, or files came with it.

    What is around the step is not looked at: it is shown where the step is refused.
    """
    if visit.method != "POST" or visit.typed.one("do") not in _CONFIRMING or visit.typed.files:
        return None
    application, person = visit.workbench.application, visit.person
    case, step = visit.parts["case"], visit.parts["step"]
    forms = step_forms(application, person, case, step)
    if forms is None or isinstance(forms, Refusal):
        return None
    answers = None
    if forms.form is not None:
        answers = answers_of(forms.form, forms.item_forms, visit.typed)
    return application.advance(
        case,
        step,
        person,
        answers,
        reason=visit.typed.one("reason").strip() or None,
        request_id=visit.typed.one("request_id") or None,
        if_version=other_version.version_typed(visit),
    )


def _done(visit: PageVisit, outcome: CommandResult) -> Answer:
    """Send on to the receipt, or to the next case of the list."""
    case = visit.parts["case"]
    if visit.typed.one("do") == "confirm-next" and (following := neighbours(visit)[1]) is not None:
        return Answer(status=303, headers={"Location": f"{following}&done={case}-{outcome.rev}"})
    return go_to("cases", case, "receipt", query=place_query(visit, number=str(outcome.rev)))


def receipt(visit: PageVisit) -> Answer:
    """Say what was done, under which number, and what comes next."""
    application, person = visit.workbench.application, visit.person
    view = show_case(application, person, visit.parts["case"], as_person=person)
    following = neighbours(visit)[1]
    around: dict[str, Any] = {"following": following, "list_of": list_address(visit)}
    if isinstance(view, Refusal):
        # A step may take the case out of one's sight: that it was done is said all the same.
        return page(visit, "receipt.html", view=None, number=visit.query.get("number", ""), **around)
    return page(visit, "receipt.html", view=view, number=visit.query.get("number", ""), **around)


def _answers(visit: PageVisit, step: StepView) -> Mapping[str, Any] | None:
    if step.form is None:
        return None
    return answers_of(step.form, step.item_forms, visit.typed)


def _blank_finder(visit: PageVisit) -> Any:
    """Return what finds the blanks of papers, where the deployment makes papers."""
    renderer = visit.workbench.application.renderer
    return renderer if hasattr(renderer, "missing") else None


def _opened(visit: PageVisit, view: TaskView, step: StepView) -> Answer:
    """Show the form as it is first met: with what the person has saved of it, where that is still for this step."""
    kept = drafts.draft_of(visit, view, step)
    if kept is None or step.form is None or (kept.older is not None and visit.query.get("older") != "1"):
        return _form(visit, view, step, draft=kept)
    typed = typed_of(step.form, step.item_forms, kept.draft.answers, visit.workbench.zone)
    moved = other_version.of_draft(visit, view, step, kept.draft.version, kept.draft.answers)
    return _form(visit, view, step, draft=kept, typed=typed, moved=moved)


def _form(
    visit: PageVisit,
    view: TaskView,
    step: StepView,
    refusal: Refusal | None = None,
    *,
    draft: DraftView | None = None,
    typed: Typed | None = None,
    saved: bool = False,
    conflict: Sequence[tuple[str, str, str]] = (),
    moved: other_version.FormsBeside | None = None,
) -> Answer:
    reasons: tuple[RefusalReason, ...] = refusal.reasons if refusal else ()
    shown = typed if typed is not None else _with_more_rows(visit)
    others = tuple(view.process.workflow.forms.values())
    groups = []
    if step.form:
        closed = drafts.notes_closed(visit, view, step, shown)
        groups = questions_of(step.form, step.item_forms, shown, reasons, others, closed)
    draft = draft or drafts.draft_of(visit, view, step)
    return page(
        visit,
        "step.html",
        status=status_of(refusal) if refusal else 200,
        view=view,
        step=step,
        groups=groups,
        reasons=reasons,
        earlier=view.answers,
        pictures=small_copies(view.files),
        reason=visit.typed.one("reason"),
        people=people_asked(visit, groups),
        draft=draft,
        restored=typed is not None,
        saved=saved,
        conflict=conflict,
        moved=moved,
        # Of a form that was sent it is the draft its writer has seen that counts.
        draft_mark=drafts.mark_of(
            visit,
            draft,
            saved=saved or bool(conflict) or (moved is not None and moved.kept),
            shown=typed is not None,
        ),
    )


def _with_more_rows(visit: PageVisit) -> Any:
    """Return what was typed, with three rows more in the list whose button was used."""
    from engine.web.forms.typed import Typed

    do = visit.typed.one("do")
    if not do.startswith("rows:"):
        return visit.typed
    name = f"{do.removeprefix('rows:')}.count"
    seen = visit.typed.one(name)
    count = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 6 else 0
    return Typed({**visit.typed.texts, name: [str(count + 3)]}, visit.typed.files)


def people_asked(visit: PageVisit, groups: Sequence[Any]) -> list[tuple[str, str]]:
    """Return the people a question may name, where one asks for somebody."""
    wanted = {"person", "area"}
    if not any(question.control in wanted for group in groups for question in group.questions):
        return []
    from engine.app.queries.people.persons import list_people

    found = list_people(visit.workbench.application, visit.person)
    return (
        [] if isinstance(found, Refusal) else [(one.actor.id, one.actor.name) for one in found if one.active]
    )


def _check(
    visit: PageVisit,
    view: TaskView,
    step: StepView,
    answers: Mapping[str, Any] | None,
    outcome: CommandResult,
) -> Answer:
    shown = shown_answers(visit, step.form, answers or {}, step.item_forms) if step.form else []
    left = _left_empty(visit, view, step, answers)
    process = view.process
    state = process.state(outcome.state)
    return page(
        visit,
        "check.html",
        view=view,
        step=step,
        shown=shown,
        # What is asked here is not handed through unseen as well.
        pairs=[pair for pair in visit.typed.pairs(PREFIX) if pair[0] not in {one.name for one in left}],
        left=left,
        reason=visit.typed.one("reason"),
        outcome=outcome,
        next_state=state,
        next_people=[process.title_of(name) for name in state.audience],
        effects=_effects(view, step),
        request_id=visit.workbench.request_id(),
        following=neighbours(visit)[1],
    )


def _left_empty(
    visit: PageVisit, view: TaskView, step: StepView, answers: Mapping[str, Any] | None
) -> list[Question]:
    """Return what asks for the reason of each question that should have been answered and was not."""
    forms = (step.form, *step.item_forms) if step.form is not None else ()
    if step.form is None or not any(asked.recommended for form in forms for asked in form.fields):
        return []
    setting = form_setting(visit.workbench.application, visit.person, view.case.id, step.id)
    if setting is None or isinstance(setting, Refusal):
        return []
    kept, _ = read_answers(step.form, step.item_forms, answers or {}, setting.scope, setting.held)
    left = {f"{UNANSWERED}.{name}" for name in kept.get(UNANSWERED, ())}
    for item, given in kept.get("items", {}).items():
        left |= {f"items.{item}.{UNANSWERED}.{name}" for name in given.get(UNANSWERED, ())}
    groups = questions_of(step.form, step.item_forms, visit.typed)
    asked = [one.why for group in groups for one in group.questions if one.why is not None]
    return [one for one in asked if one.place in left]


def _effects(view: TaskView, step: StepView) -> list[str]:
    """Return the kinds of the effects of a step, each once: ``publish``, ``render``, ``notify``, …"""
    found = view.process.manual_steps(view.case.state).get(step.id, ())
    return list(dict.fromkeys(one.kind for transition in found for one in transition.then))
