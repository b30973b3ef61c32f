"""Starting a case by hand."""

from __future__ import annotations

from engine.app.commands.application import NewCase
from engine.app.queries.cases import register_subject
from engine.app.queries.definitions import list_startable
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.process import Process
from engine.web.forms.answers import answers_of
from engine.web.forms.questions import questions_of
from engine.web.rendering import page, refused, sentence, status_of
from engine.web.visit import Answer, PageVisit, go_to


def choose(visit: PageVisit) -> Answer:
    """List the workflows of which one may start a case."""
    found = list_startable(visit.workbench.application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "start.html", found=found)


def show(visit: PageVisit) -> Answer:
    """Ask for what a new case begins with, and start it."""
    application, person = visit.workbench.application, visit.person
    found = list_startable(application, person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    process = next((one for one in found if one.workflow.id == visit.parts["workflow"]), None)
    if process is None:
        return sentence(
            visit,
            404,
            say("不能启动"),
            say("没有这个流程，或者您不是可以启动它的人。可以启动的列在“新建”里。"),
        )
    if visit.method == "GET" or visit.typed.one("do") != "start":
        return _form(visit, process)
    subject: dict[str, object] = {}
    kind, _, entry = visit.typed.one("about").strip().partition(":")
    if entry:
        known = register_subject(application, person, kind, entry)
        if known is None or isinstance(known, Refusal):
            message = say("名录“{kind}”中没有“{id}”", kind=kind, id=entry)
            return _form(visit, process, Refusal(None, "", (RefusalReason("form", message, field="about"),)))
        subject = dict(known)
    form = process.workflow.start_form
    answers = answers_of(process.form(form), (), visit.typed) if form is not None else None
    outcome = application.start(
        process.workflow.id,
        person,
        NewCase(
            title=visit.typed.one("title").strip(),
            parent=visit.typed.one("under").strip() or None,
            subject=subject,
        ),
        answers,
        request_id=visit.typed.one("request_id") or None,
    )
    if isinstance(outcome, Refusal):
        return _form(visit, process, outcome)
    return go_to("cases", outcome.case, "receipt", query=f"number={outcome.rev}")


def _form(visit: PageVisit, process: Process, refusal: Refusal | None = None) -> Answer:
    form = process.workflow.start_form
    reasons = refusal.reasons if refusal else ()
    return page(
        visit,
        "start_case.html",
        status=status_of(refusal) if refusal else 200,
        process=process,
        groups=questions_of(process.form(form), (), visit.typed, reasons) if form is not None else [],
        reasons=reasons,
        title=visit.typed.one("title"),
        about=visit.typed.one("about"),
        under=visit.typed.one("under") or visit.query.get("under", ""),
        request_id=visit.workbench.request_id(),
    )
