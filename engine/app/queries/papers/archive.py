"""归档: what the file of a case lacks, and everything it leaves for a package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.audit.packages.row_statements import REGISTERS, rows_unlike
from engine.app.draws.records import record_of
from engine.app.draws.v2.kits import public_files, slip_of
from engine.app.history.case_records import case_unlike, records_said, records_unlike
from engine.app.history.replay import history
from engine.app.papers.completeness import piece_states
from engine.app.papers.form_versions import altered_sentences, form_histories
from engine.app.papers.signing import signature_states
from engine.app.ports.case_file import Addressee, CaseFile, PieceState
from engine.app.services import Services
from engine.app.session.scope import own_scope
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.kit import kit_files
from engine.draw.refused import DrawRefused
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.chain import canonical
from engine.lifecycle.forms.in_words import people_in

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process

__all__ = ["Addressee", "CaseFile", "PieceState", "check_archive", "read_archive", "read_case_file"]


@query("document.read")
def check_archive(context: QueryContext, case_id: str) -> Sequence[PieceState] | Refusal:
    """Return the pieces the file of a case must hold, in the order of filing, with what is missing of each now."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    pieces = _pieces(context, case)
    if unlike := tuple(rows_unlike(context.transaction, case.id, case.parent)):
        number, title = len(pieces) + 1, str(say("与写入时核对"))
        pieces.append(PieceState(number=number, title=title, needed=True, missing=unlike))
    return pieces


@query("document.read")
def read_archive(
    context: QueryContext, case_id: str, addressee: Addressee = Addressee.OFFICE
) -> CaseFile | Refusal:
    """Return everything a case leaves for the archive; of the draw the public kit, for a firm its own slip."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    transaction = context.transaction
    process = context.source.definitions.get(transaction, case.workflow, case.version)
    left = _left_by(transaction, process, case)
    forms = process.workflow.forms
    signatures = signature_states(transaction, case, left.events, holder=context.source)
    papers = transaction.papers.of_case(case_id)
    said = records_said(left.events)
    names = _names(transaction, process, case, {one.signature.person for one in signatures})
    return replace(
        left,
        papers=papers,
        unlike=(
            *case_unlike(case, left.events),
            *records_unlike(said, case, left.documents, papers, left.publications),
            *rows_unlike(transaction, case_id, case.parent, names),
        ),
        forms=forms,
        states={name: state.title for name, state in process.workflow.states.items()},
        names=names,
        pieces=_pieces(context, case),
        draw=_draw(transaction, case, addressee),
        signatures=signatures,
        altered=tuple(altered_sentences(form_histories(left.events, case), forms).values()),
        timezone=process.bureau.timezone,
    )


@query("document.read")
def read_case_file(context: QueryContext, case_id: str) -> CaseFile | Refusal:
    """Return the history of a case, its documents, what was published of it, its kept files, and nothing beside."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    transaction = context.transaction
    process = context.source.definitions.get(transaction, case.workflow, case.version)
    return _left_by(transaction, process, case)


def _left_by(transaction: Transaction, process: Process, case: Case) -> CaseFile:
    return CaseFile(
        case,
        process.workflow.title,
        list(history(transaction, case.id)),
        transaction.records.documents(case.id),
        transaction.records.publications(case_id=case.id),
        transaction.papers.files(case.id),
    )


def _pieces(context: QueryContext, case: Case) -> list[PieceState]:
    source = context.source
    services = Services(source.store, source.clock, source.definitions, files=source.files)
    uow = UnitOfWork(services, context.transaction, context.now)
    return piece_states(uow, case, own_scope(uow, case, context.viewer))


def _draw(transaction: Transaction, case: Case, addressee: Addressee) -> Mapping[str, bytes]:
    """Return what proves the draw a case comes from; empty where there is none or nothing is drawn yet."""
    row = transaction.records.draw(case.id) or (
        transaction.records.draw(case.parent) if case.parent else None
    )
    if row is None or row.status not in ("objects_drawn", "complete"):
        return {}
    try:
        if addressee is Addressee.FIRM:
            subject = case.subject.get("id")
            slip = slip_of(row, str(subject)) if row.public and subject else None
            return {} if slip is None else {"slip.json": canonical(slip).encode()}
        return public_files(transaction, row) if row.public else kit_files(record_of(row))
    except DrawRefused:
        return {}


def _names(transaction: Transaction, process: Process, case: Case, signed_by: set[str]) -> dict[str, str]:
    ids = {person for people in case.parties.values() for person in people}
    for name, answers in case.forms.items():
        form = process.workflow.forms.get(name)
        if form is not None:
            ids |= people_in(form, answers)
    ids |= signed_by
    names: dict[str, str] = {}
    for kind in REGISTERS:
        missing = sorted(ids - names.keys())
        if missing:
            names |= {entry.id: entry.name for entry in transaction.registers.some(kind, missing).values()}
    return names
