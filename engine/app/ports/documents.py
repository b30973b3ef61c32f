"""Documents of a case: what a renderer is given, and keeping what it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from engine.app.ports.records import Document, Entry
from engine.language import Message
from engine.lifecycle.case import Case
from engine.lifecycle.model import Bureau, Workflow

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest:
    """Everything a template may use."""

    template: str
    case: Case
    workflow: Workflow
    bureau: Bureau
    people: Sequence[Entry]
    items: Sequence[Entry]
    draw: Mapping[str, Any] | None
    today: date
    number: str


class NoDocument(Exception):
    """A document could not be made; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class Renderer(Protocol):
    """Makes documents of templates."""

    def render(self, request: DocumentRequest) -> bytes:
        """Return the document as UTF-8 HTML. Raises NoDocument."""
        ...


def render_document(turn: Turn, case: Case, template: str) -> Document | None:
    """Make a document of `case` and keep it; None where the office has no renderer (simulations, tests)."""
    renderer = turn.office.renderer
    if renderer is None:
        return None
    content = renderer.render(request_for(turn, case, template))
    digest = hashlib.sha256(content).hexdigest()
    number = len(turn.unit.records.documents(case.id)) + 1
    document = Document(
        f"{case.id}/{number}", case.id, template, f"{number:02d}-{template}.html", digest, content, turn.now
    )
    turn.unit.records.put_document(document)
    return document


def request_for(turn: Turn, case: Case, template: str) -> DocumentRequest:
    """Return what a template is given for `case`."""
    from engine.app.draws.records import public_draw, record_of

    process = turn.process(case)
    registers = turn.unit.registers
    ids = sorted({person for people in case.parties.values() for person in people})
    people: dict[str, Entry] = {}
    for kind in ("inspectors", "people", "experts"):
        missing = [person for person in ids if person not in people]
        people.update(registers.some(kind, missing) if missing else {})
    items = [str(i["code"] if isinstance(i, Mapping) else i) for i in case.fields.get("items") or ()]
    found = registers.some("items", items) if items else {}
    draw = public_draw(turn, case)
    row = turn.unit.records.draw(case.id) if draw else None
    if draw is not None and row is not None:
        draw = {**draw, "excluded": dict(record_of(row).parsed.objects.excluded)}
    return DocumentRequest(
        template=template,
        case=case,
        workflow=process.workflow,
        bureau=process.bureau,
        people=[people[person] for person in ids if person in people],
        items=[found[code] for code in items if code in found],
        draw=draw,
        today=turn.now.astimezone(process.time.zone).date(),
        number=f"{case.id}-{case.rev}",
    )
