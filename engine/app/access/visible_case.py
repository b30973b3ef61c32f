"""A case as a viewer may see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.forms.personal import ids_in, masked, without_texts

if TYPE_CHECKING:
    from engine.app.access.query import QueryContext
    from engine.lifecycle.case import Case


#: The parts of a case that hold what was typed.
_ANSWERS = ("subject", "fields", "forms", "signing", "asked", "branches", "entrusted")
#: The kind of the entry of an attempt that was refused: who made it did not act.
REFUSED = "refused"


def visible_case(context: QueryContext, case_id: str) -> Case | Refusal:
    """Return a case the viewer sees, or the refusal of `unknown_case`."""
    case = context.transaction.cases.get(case_id)
    if case is not None and context.sees(case):
        return case
    context.hidden = None if case is None else case_id
    return unknown_case(case_id)


def note_answers(context: QueryContext, case: Case) -> None:
    """Note that the answer shows the personal answers of a case, where it has any and the viewer does not work on it.

    Whoever works on it is of it, has its task or has acted in it: the history says that already.
    """
    if case.personal is None or not case.personal.texts:
        return
    # Most cases have no personal answers: those load nothing for it.
    from engine.app.history.replay import history
    from engine.app.people.directory import actor_keys, candidate_keys

    viewer = context.viewer.id
    if viewer in (case.assignee, case.opened_by) or any(viewer in one for one in case.parties.values()):
        return
    process = context.source.definitions.get(context.transaction, case.workflow, case.version)
    if case.open and not set(actor_keys(context.viewer)).isdisjoint(candidate_keys(process, case)):
        return
    acted = (event.actor for event in history(context.transaction, case.id) if event.kind != REFUSED)
    if viewer not in acted:
        context.shows_personal(f"cases/{case.id}", _personal_fields(case), 1)


def without_answers(case: Case) -> Case:
    """Return a case as lists have it: with its personal answers masked, so that nobody reads them there unrecorded."""
    if case.personal is None or not case.personal.texts:
        return case
    held = {name: getattr(case, name) for name in _ANSWERS}
    return replace(case, personal=None, **{name: masked(one) for name, one in held.items()})


def _personal_fields(case: Case) -> list[str]:
    """Return which answers of a case are personal, ``form.field``; of other texts of persons that they are there."""
    found = {
        f"{form}.{name}"
        for form, answers in without_texts(case.forms).items()
        for name, value in answers.items()
        if next(ids_in(value), None) is not None
    }
    return sorted(found) or ["personal"]


def unknown_case(case_id: str, attempt: str = "") -> Refusal:
    """Return the refusal of a case there is not, or is not for whoever asks: one answer, which tells nobody which of the two."""
    message = say("没有案件“{case}”，或它属于其他股室", case=case_id)
    if not case_id.isascii():
        from engine.register.confusables import explain

        if wrong := explain(case_id):
            message = say(
                "没有案件“{case}”，或它属于其他股室；编号里有看上去一样、其实不同的字符：{wrong}",
                case=case_id,
                wrong=list(wrong),
            )
    return Refusal(None, attempt, (RefusalReason("case", message, next=NextAction("list_cases")),))
