"""草稿: saving and discarding what a person has typed for a step, whether or not it could be handed in.

Nobody else reads or changes a draft. Nothing of it is entered into a history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.access.case_access import case_to_act_on
from engine.app.access.command import CommandContext, command
from engine.app.people.definition_draft import is_definition
from engine.app.ports.records import Draft
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.worklist.form_setting import forms_of_version
from engine.kernel.instants import to_text
from engine.language import say
from engine.lifecycle.forms.answers import with_rows_in_full

__all__ = ["discard_draft", "save_draft"]

#: Somebody who has more of them has forgotten them.
MAX_DRAFTS = 500


@command("draft.change", about="person")
def save_draft(
    context: CommandContext,
    person: str,
    case_id: str,
    step: str,
    answers: Mapping[str, Any],
    if_saved_at: str | None = None,
    version: int | None = None,
) -> bool:
    """Keep `answers` for a step of a case; they need not be sound or complete. Returns True.

    Refused where the case has no such step now, or the step asks nothing. With `if_saved_at` (the instant of the draft
    the person has seen, "" for none) also where another draft was saved since, from another window.

    `version` is that of the definition whose form was filled in. Where the case goes by another one now, the draft is kept
    as one of that version: it is met again as an older one, never as answers to the form as it is now.
    """
    uow = UnitOfWork(context.services, context.transaction, context.now)
    case, _ = case_to_act_on(uow, case_id, person, step)
    process = uow.process(case)
    found = process.manual_steps(case.state).get(step) if case.open else None
    if found is None or found[0].form is None:
        message = say("“{case}”现在没有要填表单的步骤“{step}”，无从存草稿", case=case_id, step=step)
        raise context.refusal("draft", message)
    drafts = context.transaction.drafts
    kept = drafts.get(person, case_id, step)
    if if_saved_at is not None and kept is not None and to_text(kept.saved_at) != if_saved_at:
        raise context.refusal(
            "conflict",
            say("这份草稿已在另一个窗口里存过，没有用这里的内容代替它")
            if (kept.version, kept.entered_at) == (case.version, case.entered_at)
            else say("您先前存的旧草稿还在，没有用这里的内容代替它"),
        )
    if kept is None and sum(not is_definition(one) for one in drafts.of(person)) >= MAX_DRAFTS:
        raise context.refusal("draft", say("草稿已有 {most} 份，请先删去不用的", most=MAX_DRAFTS))
    form = found[0].form
    if version is not None and version != case.version:
        forms = forms_of_version(context.services, context.transaction, case, step, version)
        if forms is None or forms.form is None:
            message = say("第 {version} 版流程的步骤“{step}”没有表单，无从存草稿", version=version, step=step)
            raise context.refusal("draft", message)
        form = forms.form.id
    drafts.put(
        Draft(
            person=person,
            case=case_id,
            step=step,
            form=form,
            version=version or case.version,
            state=case.state,
            entered_at=case.entered_at,
            answers=with_rows_in_full(answers),
            saved_at=context.now,
        )
    )
    context.recorded = True
    return True


@command("draft.change", about="person")
def discard_draft(context: CommandContext, person: str, case_id: str, step: str) -> bool:
    """Remove a draft; tell whether there was one."""
    context.recorded = True
    return context.transaction.drafts.drop(person, case_id, step)
