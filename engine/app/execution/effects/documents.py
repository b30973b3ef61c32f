"""``render``, ``paper`` and ``archive``: documents made for a case, what happens to them, the manifest of its closing file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.app.draws.document_request import request_for
from engine.app.history.case_records import publication_digest
from engine.app.papers.completeness import all_missing, piece_states
from engine.app.papers.facts import PaperRefusedError, with_fact
from engine.app.papers.paper import approve, begin, present, today
from engine.app.ports.documents import DocumentError
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.command import FIRM
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext
    from engine.app.session.unit_of_work import UnitOfWork


def do_render(context: EffectContext, effect: Effect) -> None:
    """Make a paper: its number now, its text from the template once the step is in the history."""
    kind: str = effect.arguments["render"]
    context.notes.setdefault("rendered", []).append(kind)
    if context.uow.services.renderer is None:
        return
    draft = effect.arguments.get("as") == "draft"
    try:
        paper = begin(context.uow, context.case, kind, context.actor.id, draft=draft)
    except PaperRefusedError as problem:
        raise context.refuse(problem.message) from None
    _note_number(context, paper)
    # Kept at once: the same step may enter what happened to it, such as its service.
    context.uow.transaction.papers.put(paper)
    context.afterwards.append(_written(context, paper))


def do_paper(context: EffectContext, effect: Effect) -> None:
    """Enter what happened to a paper: approved (and so numbered and written anew), signed, served."""
    uow, kind = context.uow, str(effect.arguments["paper"])
    state = PaperState(effect.arguments["becomes"])
    if uow.services.renderer is None:
        return
    on, note = _day(context, effect), _value(context, effect, "note")
    try:
        paper = present(uow, context.case, kind)
        if paper is None:
            _refuse_void(context, kind)
            # A case that was moved to this version after it had passed the step that makes the paper.
            uow.warnings.append(say("本件没有文书“{kind}”，它的办理没有登记", kind=kind))
            return
        if state is PaperState.APPROVED and paper.fact(state) is not None:
            # It was made anew by command from one that was approved.
            return
        served = paper.fact(PaperState.SERVED)
        if state is PaperState.SERVED and served is not None and served.by == FIRM:
            # The firm has said on its page that it has the paper; the step says how it was sent.
            if on == served.on:
                return
            paper = _without_later_receipt(context, paper, served, on)
            note = say(
                "{note}；企业在网上确认收到：{day}", note=note or "", day=served.on.isoformat()
            ).render("zh_CN")
        elif (
            state is PaperState.SERVED
            and served is not None
            and _was_served_with_a_void_one(uow, context.case)
        ):
            # The step was taken again for another paper of it, which was made void: this one stays served as it was.
            return
        if state is PaperState.APPROVED:
            paper = approve(uow, context.case, paper, context.actor.id, on)
            uow.transaction.papers.put(paper)
            context.afterwards.append(_written(context, paper))
        else:
            text = None if note is None else str(note)
            paper = with_fact(paper, state, on, uow.now, context.actor.id, today=today(uow), note=text)
            uow.transaction.papers.put(paper)
    except PaperRefusedError as problem:
        raise context.refuse(problem.message) from None
    _note_number(context, paper)
    context.notes.setdefault("papers", {})[paper.id] = {"state": state.value, "on": on.isoformat()}


def _was_served_with_a_void_one(uow: UnitOfWork, case: Case) -> bool:
    """Tell whether a paper of a case is void that was served."""
    return any(
        one.state is PaperState.VOID and one.fact(PaperState.SERVED) is not None
        for one in uow.transaction.papers.of_case(case.id)
    )


def _without_later_receipt(
    context: EffectContext, paper: PaperRecord, served: PaperFact, on: date
) -> PaperRecord:
    """Return a paper the firm has confirmed on its page as it was before that, to be served on an earlier day.

    One paper has one day of service. Refuses a later one: it would move what is counted from the day the firm had the paper.
    """
    if on > served.on or paper.facts[-1] != served:
        raise context.refuse(
            say(
                "企业已于 {day} 在网页上确认收到“{paper}”：这一天起它已经送达，期限从这一天起算。请按 {day} 登记；回证所写的日期更早的，按回证登记",
                day=served.on.isoformat(), paper=paper.number or paper.id,
            )
        )  # fmt: skip
    return replace(paper, facts=paper.facts[:-1])


def _refuse_void(context: EffectContext, kind: str) -> None:
    """Refuse a step that needs a paper which was made void with none in its place, with what to do."""
    uow = context.uow
    void = [one for one in uow.transaction.papers.of_case(context.case.id) if one.kind == kind]
    if void:
        old = void[-1]
        message = say(
            "这一步要用的文书“{paper}”已作废（{reason}），还没有重新制作",
            paper=old.number or old.id, reason=old.facts[-1].note or "",
        )  # fmt: skip
        workflow = uow.process(context.case).workflow
        asked = [
            one.basis
            for step in workflow.transitions
            if step.id == context.decision.step
            for one in step.require
            if one.basis
        ]
        basis = asked[0] if asked else workflow.basis
        raise context.refuse(message, basis, NextAction("make_anew", {"paper": old.id}))


def require_complete_at_end(context: EffectContext) -> None:
    """Refuse to end a case whose process files none, where its file lacks something: nothing asks for it later."""
    steps = context.uow.process(context.case).workflow.transitions
    if not any(effect.kind == "archive" for step in steps for effect in step.then):
        _require_complete(context)


def do_archive(context: EffectContext, effect: Effect) -> None:
    """Write into the history what the file of the case holds: digests of its documents, publications and files, its head."""
    case, uow, records = context.case, context.uow, context.uow.transaction.records
    _require_complete(context)
    context.notes["archive"] = {
        "documents": {document.id: document.sha256 for document in records.documents(case.id)},
        "publications": {
            publication.id: publication_digest(publication, as_published=True)
            for publication in records.publications(case_id=case.id)
        },
        "events": case.rev,
        "head": case.head,
    }
    if files := uow.transaction.papers.files(case.id):
        context.notes["archive"]["files"] = {file.id: file.sha256 for file in files}
    day = today(uow)
    for paper in uow.transaction.papers.of_case(case.id):
        if paper.state not in (PaperState.VOID, PaperState.FILED):
            filed = with_fact(paper, PaperState.FILED, day, uow.now, context.actor.id, today=day)
            uow.transaction.papers.put(filed)


def _require_complete(context: EffectContext) -> None:
    """Refuse to file a case whose file lacks something, naming every piece."""
    uow, case, change = context.uow, context.case, context.decision.change
    if change.form is not None:
        # The form of this very step is in the file too.
        case = replace(case, forms={**case.forms, change.form: dict(change.answers or {})})
    states = piece_states(
        uow, case, context.scope, with_papers=uow.services.renderer is not None, given=change.form
    )
    missing = all_missing(states)
    if missing:
        reasons = tuple(
            RefusalReason("archive", message, next=NextAction("check_archive", {"case": case.id}))
            for message in missing
        )
        raise CommandRefused(Refusal(case.id, context.decision.title, reasons))


def render_document(
    uow: UnitOfWork, case: Case, template: str, paper: PaperRecord | None = None
) -> Document | None:
    """Make a document of `case` and keep it; None where the office has no renderer (simulations, tests)."""
    renderer = uow.services.renderer
    if renderer is None:
        return None
    content = renderer.render(request_for(uow, case, template, paper))
    digest = hashlib.sha256(content).hexdigest()
    number = uow.transaction.records.count_documents(case.id) + 1
    document = Document(
        f"{case.id}/{number}", case.id, template, f"{number:02d}-{template}.html", digest, content, uow.now
    )
    uow.transaction.records.put_document(document)
    return document


def _written(context: EffectContext, paper: PaperRecord) -> Callable[[Case], None]:
    """Return what makes the text of a paper once the step is in the history, and keeps both."""

    def write(case: Case) -> None:
        try:
            document = render_document(context.uow, case, paper.kind, paper)
        except DocumentError as problem:
            raise context.refuse(problem.message) from None
        if document is not None:
            now = context.uow.transaction.papers.get(paper.id) or paper
            context.uow.transaction.papers.put(replace(now, document=document.id))

    return write


def _note_number(context: EffectContext, paper: PaperRecord) -> None:
    if paper.number is not None:
        context.notes.setdefault("numbers", {})[paper.id] = paper.number


def _value(context: EffectContext, effect: Effect, name: str) -> Any:
    found = effect.arguments.get(name)
    return found.value(context.scope) if isinstance(found, Expression) else found


def _day(context: EffectContext, effect: Effect) -> date:
    found = _value(context, effect, "on")
    if found is None:
        return today(context.uow)
    try:
        return found if isinstance(found, date) else date.fromisoformat(str(found))
    except ValueError:
        raise context.refuse(say("文书的日期应是日期，实为“{seen}”", seen=str(found))) from None
