"""``render`` and ``archive``: documents made for a case, and the manifest of its closing file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.documents import NoDocument, render_document
from engine.lifecycle.case import Case
from engine.lifecycle.model import Effect

if TYPE_CHECKING:
    from engine.app.execution.execute import Doing


def do_render(doing: Doing, effect: Effect) -> None:
    """Write a document from its template once the step is in the history, and file it with the case."""
    template: str = effect.arguments["render"]

    def render(case: Case) -> None:
        try:
            render_document(doing.turn, case, template)
        except NoDocument as problem:
            raise doing.refuse(problem.message) from None

    doing.notes.setdefault("rendered", []).append(template)
    doing.afterwards.append(render)


def do_archive(doing: Doing, effect: Effect) -> None:
    """Write into the history what the file of the case holds: digests of its documents, its publications, its head."""
    case, records = doing.case, doing.turn.unit.records
    doing.notes["archive"] = {
        "documents": {document.id: document.sha256 for document in records.documents(case.id)},
        "publications": [publication.id for publication in records.publications(case_id=case.id)],
        "events": case.rev,
        "head": case.head,
    }
