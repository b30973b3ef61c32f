"""``render`` and ``archive``: documents made for a case, and its closing file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.lifecycle.case import Case
from engine.lifecycle.model import Effect
from engine.office.rows import Document

if TYPE_CHECKING:
    from engine.office.carrying import Doing


def do_render(doing: Doing, effect: Effect) -> None:
    """Write a document from its template once the step is in the history, and file it with the case."""
    template: str = effect.arguments["render"]

    def render(case: Case) -> None:
        from engine.office.documents import render_document

        turn = doing.turn
        content = render_document(turn, case, template)
        digest = hashlib.sha256(content).hexdigest()
        number = case.rev
        turn.unit.records.put_document(
            Document(
                f"{case.id}/{template}/{number}",
                case.id,
                template,
                f"{template}-{number}.html",
                digest,
                content,
                turn.now,
            )
        )

    doing.notes.setdefault("rendered", []).append(template)
    doing.afterwards.append(render)


def do_archive(doing: Doing, effect: Effect) -> None:
    """Write the manifest of the case: digests of every document and publication, and the head of its history."""
    turn, case = doing.turn, doing.case
    records = turn.unit.records
    doing.notes["archive"] = {
        "documents": {document.id: document.sha256 for document in records.documents(case.id)},
        "publications": [publication.id for publication in records.publications(case_id=case.id)],
        "events": case.rev,
        "head": case.head,
    }
