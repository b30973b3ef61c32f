"""Draws: listed, shown, verified, their kits and anchors, and what a draw would give before it is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from engine.app.access.identity_use_case import before_access
from engine.app.access.query import QueryContext, QuerySource, query
from engine.app.access.visible_case import visible_case
from engine.app.draws.v2 import stored
from engine.app.draws.v2.anchoring import signatures
from engine.app.draws.v2.ceremony import PublicCeremony, open_public_ceremony
from engine.app.draws.v2.kits import public_files
from engine.app.draws.v2.view import PublicDrawView, PublicReport, public_report, public_view
from engine.app.draws.view import DrawSummary, DrawView, summary_of, view_of
from engine.app.people.directory import find_actor
from engine.draw.refused import DrawRefused
from engine.draw.v2.heads import head_file
from engine.kernel.digests import Digests
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.draws.anchors import Anchor
    from engine.app.draws.ceremony import Ceremony
    from engine.app.draws.forecast import BatchForecast
    from engine.app.draws.ticket_check import HandCheck
    from engine.app.ports.records import Document, DrawRow
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.draw.record import DrawRecord
    from engine.draw.verification import Report

#: Characters of the digest of a commitment that are shown in a meeting room, and that open what is public of its draw.
CODE_LENGTH = 32

__all__ = [
    "Anchor",
    "BatchForecast",
    "Ceremony",
    "DrawSummary",
    "DrawView",
    "HandCheck",
    "PublicCeremony",
    "PublicDraw",
    "PublicDrawView",
    "PublicReport",
    "anchor_request",
    "draw_kit",
    "filed_minutes",
    "firm_slip",
    "forecast_draw",
    "hand_check",
    "list_anchors",
    "list_draws",
    "open_ceremony",
    "public_draw",
    "show_draw",
    "trial_draw",
    "verify_draw",
]


@query("draw.read")
def list_draws(context: QueryContext) -> Sequence[DrawSummary]:
    """Return all draws of cases the viewer sees, void ones too."""
    rows = context.transaction.records.draws()
    cases = {name: context.transaction.cases.get(name) for name in {row.case for row in rows}}
    if context.limited:
        rows = [row for row in rows if (case := cases[row.case]) is not None and context.lists(case)]
    return [summary_of(row, case.title if (case := cases[row.case]) is not None else "") for row in rows]


@query("draw.read")
def show_draw(
    context: QueryContext, batch: str, number: int | None = None
) -> DrawView | PublicDrawView | Refusal:
    """Return one draw of a batch, the last without `number`; one of ssj-draw/1 before the reveal without list and codes."""
    row = _draw_row(context, batch, number)
    try:
        if isinstance(row, Refusal):
            return row
        return public_view(context.transaction, row) if row.public else view_of(row)
    except DrawRefused as refused:
        return _refusal(refused)


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """What everybody may see of a draw: commitment, randomness, tickets, what computing it again gives, the public kit."""

    case: str
    number: int
    status: str
    digests: Digests
    rule: Message
    entropy: str
    tickets: Sequence[str]
    report: PublicReport
    #: Name -> bytes; empty before anything is drawn.
    kit: Mapping[str, bytes]


@before_access("draw.public")
def public_draw(source: QuerySource, batch: str, number: int, code: str) -> PublicDraw | None:
    """Return what is public of a draw of ssj-draw/2, for whoever has the digest of its commitment; None for anybody else."""
    with source.store.read() as transaction:
        row = transaction.records.draw(batch, number)
        if row is None or not row.public:
            return None
        try:
            view = public_view(transaction, row)
            if not compare_digest(code.encode(), view.digests.sha256[:CODE_LENGTH].encode()):
                return None
            report = public_report(transaction, row)
        except DrawRefused:
            return None
        try:
            kit = public_files(transaction, row)
        except DrawRefused:
            kit = {}
    tickets = [visit.ticket for visit in view.visits]
    return PublicDraw(
        row.case, row.number, row.status, view.digests, view.rule, view.entropy, tickets, report, kit
    )


@query("draw.read")
def draw_kit(context: QueryContext, batch: str, number: int | None = None) -> Mapping[str, bytes] | Refusal:
    """Return the files of the verification kit for everybody, name -> bytes; of ssj-draw/1 with those of the anchors."""
    from engine.app.draws.anchors import anchor_files
    from engine.app.draws.records import record_of
    from engine.draw.kit import kit_files

    row = _draw_row(context, batch, number)
    if isinstance(row, Refusal):
        return row
    try:
        if row.public:
            return public_files(context.transaction, row)
        record = record_of(row)
        return {**kit_files(record), **anchor_files(context.transaction, record, row.case)}
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.slip")
def firm_slip(
    context: QueryContext, batch: str, object_id: str, number: int | None = None
) -> Mapping[str, object] | Refusal:
    """Return the slip of one firm: its own row of the roster, and where it stands in the public one."""
    from engine.app.draws.v2.kits import slip_of

    row = _draw_row(context, batch, number)
    if isinstance(row, Refusal):
        return row
    if not row.public:
        return _old(row)
    try:
        found = slip_of(row, object_id)
        context.shows_personal(f"{batch}/{object_id}", ("roster",), 1)
        return found
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.read")
def verify_draw(
    context: QueryContext, batch: str, number: int | None = None, *, anchors: Sequence[str] = ()
) -> tuple[Sequence[Anchor], Report | PublicReport] | Refusal:
    """Return the anchors filed for a draw, and the report of recomputing it; `anchors` are further log heads."""
    from engine.app.draws.anchors import anchors_of
    from engine.app.draws.records import record_of
    from engine.draw.verification import verify

    row = _draw_row(context, batch, number)
    if isinstance(row, Refusal):
        return row
    try:
        if row.public:
            return (), public_report(context.transaction, row)
        record = record_of(row)
        filed = anchors_of(context.transaction, record, row.case)
        return filed, verify(record, anchors=[*anchors, *(one.head for one in filed)])
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.read")
def list_anchors(context: QueryContext, batch: str, number: int | None = None) -> Sequence[Anchor] | Refusal:
    """Return the anchors of a draw, oldest first."""
    from engine.app.draws.anchors import anchors_of
    from engine.app.draws.records import record_of

    row = _draw_row(context, batch, number)
    try:
        if not isinstance(row, Refusal) and row.public:
            return signatures(stored.read_log(context.transaction))
        return row if isinstance(row, Refusal) else anchors_of(context.transaction, record_of(row), row.case)
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.read")
def anchor_request(context: QueryContext, batch: str, number: int | None = None) -> str | Refusal:
    """Return the text that is to be signed or time-stamped outside the bureau."""
    from engine.app.draws.anchors import anchor_text
    from engine.app.draws.records import record_of

    row = _draw_row(context, batch, number)
    try:
        if not isinstance(row, Refusal) and row.public:
            return head_file(stored.read_log(context.transaction))
        return row if isinstance(row, Refusal) else anchor_text(record_of(row))
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.read")
def hand_check(
    context: QueryContext, batch: str, object_id: str, number: int | None = None
) -> HandCheck | Refusal:
    """Return one ticket with all that is needed to compute it by hand."""
    from engine.app.draws.ticket_check import hand_check_of

    row = _draw_row(context, batch, number)
    try:
        return row if isinstance(row, Refusal) else hand_check_of(row, object_id)
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.read")
def filed_minutes(
    context: QueryContext, batch: str, document_ids: Sequence[str]
) -> Sequence[Document] | Refusal:
    """Return the minutes with these ids that are filed with a case."""
    from engine.app.draws.minutes import TEMPLATE

    case = visible_case(context, batch)
    if isinstance(case, Refusal):
        return case
    found = context.transaction.records.documents(batch)
    return [one for one in found if one.kind == TEMPLATE and one.id in document_ids]


@query("draw.forecast")
def forecast_draw(
    context: QueryContext, batch: str, simulations: int | None = None
) -> BatchForecast | Refusal:
    """Return what the draw of a batch would give now; `simulations` is the number of dummy draws."""
    from engine.app.draws.forecast import forecast

    case = visible_case(context, batch)
    try:
        return case if isinstance(case, Refusal) else forecast(_reading(context), case, simulations)
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.forecast")
def trial_draw(context: QueryContext, batch: str, digits: str) -> DrawRecord | Refusal:
    """Return the record of a trial with `digits` as its dice. Nothing of it is stored."""
    from engine.app.draws.trial import trial

    case = visible_case(context, batch)
    try:
        return case if isinstance(case, Refusal) else trial(_reading(context), case, digits, "trial")
    except DrawRefused as refused:
        return _refusal(refused)


@query("draw.ceremony")
def open_ceremony(context: QueryContext, case_id: str, witness: str) -> Ceremony | PublicCeremony | Refusal:
    """Return the ceremony of a case that is committed to and not yet drawn.

    Who may take its steps is asked when they are taken; what is shown before is the published commitment. Who may not
    file the minutes, which end a ceremony, is refused here: afterwards there would be a draw without minutes.
    """
    from engine.app.draws import ceremony

    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    if find_actor(context.transaction, witness) is None:
        message = say("名录中没有“{person}”这个人", person=witness)
        return Refusal(None, "", (RefusalReason("unknown-person", message, next=NextAction("list_staff")),))
    try:
        row = context.transaction.records.draw(case_id)
        opened: Ceremony | PublicCeremony
        if row is not None and row.public:
            opened = open_public_ceremony(_reading(context), case, row)
        else:
            opened = ceremony.open_ceremony(_reading(context), case)
    except DrawRefused as refused:
        return _refusal(refused)
    denied = context.why_denied("draw.minutes")
    return opened if denied is None else Refusal(None, "", (denied,))


def _reading(context: QueryContext) -> UnitOfWork:
    """Return a unit of work on the reading transaction, for functions that look things up through one."""
    from engine.app.services import Services
    from engine.app.session.unit_of_work import UnitOfWork

    source = context.source
    services = Services(source.store, source.clock, source.definitions)
    return UnitOfWork(services, context.transaction, context.now)


def _draw_row(context: QueryContext, batch: str, number: int | None) -> DrawRow | Refusal:
    # One answer for a case there is not, one of another section, and one without a draw: it tells nobody which.
    if isinstance(visible_case(context, batch), Refusal):
        return _unknown_draw(batch)
    return context.transaction.records.draw(batch, number) or _unknown_draw(batch)


def _unknown_draw(batch: str) -> Refusal:
    message = say("“{batch}”没有抽取记录", batch=batch)
    return Refusal(None, "", (RefusalReason("draw", message, next=NextAction("list_draws")),))


def _old(row: DrawRow) -> Refusal:
    message = say("“{batch}”是按 ssj-draw/1 抽取的，没有这一项", batch=row.case)
    return Refusal(None, "", (RefusalReason("draw", message),))


def _refusal(refused: DrawRefused) -> Refusal:
    return Refusal(None, "", refused.reasons)
