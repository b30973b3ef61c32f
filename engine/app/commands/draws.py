"""Anchors, minutes and auditors' kits of a draw. The acts of a draw itself are steps of its case (`Application.advance_by_effect`)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.draws.anchors import Anchor, add_anchor
from engine.app.draws.minutes import Minutes
from engine.app.draws.minutes import file_minutes as file_minutes_of
from engine.app.draws.v2.anchoring import take_signature
from engine.app.draws.v2.kits import auditor_files
from engine.app.ports.documents import DocumentError
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.refused import DrawRefused
from engine.kernel.refusal import NextAction, Refusal
from engine.language import say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.lifecycle.case import Case

__all__ = ["Anchor", "AuditorKit", "Minutes", "file_minutes", "import_anchor", "take_auditor_kit"]


@command("draw.anchor", decode=Anchor.from_json)
def import_anchor(
    context: CommandContext,
    batch: str,
    proof: bytes,
    *,
    name: str,
    by: str,
    number: int | None = None,
    certificates: bytes | None = None,
) -> Anchor:
    """File a proof from outside the bureau with the case; enter it in the log of the draw and the history of the case.

    `by` is who gave the proof, `name` that of its file; `certificates` are the PEM roots a time stamp is checked with.
    """
    uow = UnitOfWork(context.services, context.transaction, context.now)
    _, row = _drawn(context, uow, batch, number)
    try:
        if row.public:
            anchor = take_signature(uow, row, proof, context.by)
        else:
            anchor = add_anchor(
                uow, row, proof, name=name, by=by, actor=context.by, certificates=certificates
            )
    except DrawRefused as refused:
        raise CommandRefused(Refusal(None, "", refused.reasons)) from None
    uow.flush()
    context.recorded = True
    return anchor


@dataclass(frozen=True, slots=True)
class AuditorKit:
    """The files of an auditor's kit, name -> bytes."""

    files: Mapping[str, bytes]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them."""
        return {name: b64encode(content).decode() for name, content in self.files.items()}

    @classmethod
    def from_json(cls, body: Mapping[str, str]) -> AuditorKit:
        """Return the kit `as_json` wrote."""
        return cls({name: b64decode(content) for name, content in body.items()})


@command("draw.audit", decode=AuditorKit.from_json)
def take_auditor_kit(context: CommandContext, batch: str, number: int | None = None) -> AuditorKit:
    """Return the kit that opens every row of a draw of ssj-draw/2; that it was taken is in the history of the case."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    case, row = _drawn(context, uow, batch, number)
    if not row.public:
        message = say("“{batch}”是按 ssj-draw/1 抽取的，核验包只有一种", batch=batch)
        raise context.refusal("draw", message)
    try:
        made = AuditorKit(auditor_files(context.transaction, row))
    except DrawRefused as refused:
        raise CommandRefused(Refusal(None, "", refused.reasons)) from None
    title = say("取走审计用的核验包").text
    uow.record(case, EventKind.RECORDED.value, context.by, {"title": title, "draw": row.number})
    uow.flush()
    context.recorded = True
    return made


@command("draw.minutes", decode=Minutes.from_json)
def file_minutes(context: CommandContext, batch: str) -> Minutes:
    """File the minutes of the last draw with its case; minutes of the same content are filed once."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    case, row = _drawn(context, uow, batch, None)
    try:
        minutes = file_minutes_of(uow, case, row, context.by)
    except DrawRefused as refused:
        raise CommandRefused(Refusal(None, "", refused.reasons)) from None
    except DocumentError as problem:
        raise context.refusal("document", problem.message) from None
    uow.flush()
    return minutes


def _drawn(context: CommandContext, uow: UnitOfWork, batch: str, number: int | None) -> tuple[Case, DrawRow]:
    """Return a case and one of its draws. The case is locked, so that nobody adds to the log at the same moment."""
    case = uow.case(batch)
    if case is not None:
        require_visible(uow, case, context.actor)
    row = context.transaction.records.draw(batch, number)
    if case is None or row is None:
        message = say("“{batch}”没有抽取记录", batch=batch)
        raise context.refusal("draw", message, next_action=NextAction("list_draws"))
    return case, row
