"""Documents filed with a case, and previews of templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.draws.document_request import request_for
from engine.app.ports.documents import DocumentError, DocumentRequest
from engine.app.ports.records import Document
from engine.app.services import Services
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.documents import Renderer
    from engine.lifecycle.model.form import Form

#: Papers of a draw: before there is one, they say nothing.
_MINUTES = "draw_minutes"
_OF_A_DRAW = ("commitment", _MINUTES)

__all__ = [
    "Document",
    "DocumentRequest",
    "Renderer",
    "list_documents",
    "preview_document",
    "read_document",
]


@query("document.read")
def list_documents(context: QueryContext, case_id: str) -> Sequence[Document] | Refusal:
    """Return the documents of a case, oldest first."""
    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    note_answers(context, found)
    return context.transaction.records.documents(case_id)


@query("document.read")
def read_document(context: QueryContext, document_id: str) -> Document | Refusal:
    """Return one document, by its id (``CASE/NUMBER``)."""
    case_id = document_id.rpartition("/")[0]
    # One answer for a case there is not, one of another section, and one without this document.
    case = visible_case(context, case_id)
    if not isinstance(case, Refusal):
        for one in context.transaction.records.documents(case_id):
            if one.id == document_id:
                note_answers(context, case)
                return one
    reason = RefusalReason(
        "document",
        say("没有文书“{document}”", document=document_id),
        next=NextAction("list_documents", {"case": case_id}),
    )
    return Refusal(None, "", (reason,))


@query("document.read")
def preview_document(
    context: QueryContext, case_id: str, template: str, renderer: Renderer
) -> bytes | Refusal:
    """Return a document made of a template for a case as it is now. It is not filed.

    A paper of another process about a firm is printed with what this case has of the firm; what only the other process
    asks is blank, to be written in by hand.
    """
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    source = context.source
    services = Services(source.store, source.clock, source.definitions)
    uow = UnitOfWork(services, context.transaction, context.now)
    request = request_for(uow, case, template)
    if template in _OF_A_DRAW:
        row = context.transaction.records.draw(case.id)
        if row is None:
            message = say("“{batch}”没有抽取记录", batch=case.id)
            return Refusal(None, "", (RefusalReason("document", message),))
        if template == _MINUTES:
            from engine.app.draws.minutes import stated_of, with_stated

            request = with_stated(request, stated_of(uow, case, row))
    try:
        return renderer.render(request)
    except DocumentError as problem:
        wrong = problem
    if case.subject:
        try:
            return renderer.render(_with_all_forms(context, request))
        except DocumentError:
            # It asks for what no process has: the first sentence says what.
            pass
    return Refusal(None, "", (RefusalReason("document", wrong.message),))


def _with_all_forms(context: QueryContext, request: DocumentRequest) -> DocumentRequest:
    """Return the request with the forms of every published process beside those of its own."""
    transaction, definitions = context.transaction, context.source.definitions
    forms: dict[str, Form] = {}
    for name in definitions.workflows(transaction):
        process = definitions.latest(transaction, name)
        if process is not None:
            forms |= process.workflow.forms
    workflow = replace(request.workflow, forms={**forms, **request.workflow.forms})
    return replace(request, workflow=workflow)
