"""``render`` and ``archive``: documents made for a case, and the manifest of its closing file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.app.draws.document_request import request_for
from engine.app.ports.documents import DocumentError
from engine.app.ports.records import Document
from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


def do_render(context: EffectContext, effect: Effect) -> None:
    """Write a document from its template once the step is in the history, and file it with the case."""
    template: str = effect.arguments["render"]

    def render(case: Case) -> None:
        try:
            render_document(context.uow, case, template)
        except DocumentError as problem:
            raise context.refuse(problem.message) from None

    context.notes.setdefault("rendered", []).append(template)
    context.afterwards.append(render)


def do_archive(context: EffectContext, effect: Effect) -> None:
    """Write into the history what the file of the case holds: digests of its documents, its publications, its head."""
    case, records = context.case, context.uow.transaction.records
    context.notes["archive"] = {
        "documents": {document.id: document.sha256 for document in records.documents(case.id)},
        "publications": [publication.id for publication in records.publications(case_id=case.id)],
        "events": case.rev,
        "head": case.head,
    }


def render_document(uow: UnitOfWork, case: Case, template: str) -> Document | None:
    """Make a document of `case` and keep it; None where the office has no renderer (simulations, tests)."""
    renderer = uow.services.renderer
    if renderer is None:
        return None
    content = renderer.render(request_for(uow, case, template))
    digest = hashlib.sha256(content).hexdigest()
    number = len(uow.transaction.records.documents(case.id)) + 1
    document = Document(
        f"{case.id}/{number}", case.id, template, f"{number:02d}-{template}.html", digest, content, uow.now
    )
    uow.transaction.records.put_document(document)
    return document
