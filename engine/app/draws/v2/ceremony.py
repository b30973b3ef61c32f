"""The ceremony of a draw of ssj-draw/2: what the first person types is in the public log before the second types anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.draws.v2.issues import format_results, prefix_of
from engine.app.draws.v2.view import PublicDrawView, public_view
from engine.draw.v2.shapes import wrong
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process


@dataclass(frozen=True, slots=True)
class PublicCeremony:
    """A ceremony that can be held now, or gone on with: `typing` is empty once the first person has typed."""

    case: str
    view: PublicDrawView
    typing: str
    drawing: str
    #: The fields of the second form that are confirmations, each to be answered yes.
    confirmations: tuple[str, ...]

    @property
    def titles(self) -> list[str]:
        """What is typed, in its order: ``ssq:2026031``."""
        return [prefix_of(source) for source in self.view.draw.commitment["sources"]]

    def typed(self, values: Sequence[str]) -> str:
        """Return what somebody typed as both forms take it."""
        return format_results(self.view.draw.commitment["sources"], values)

    @property
    def shares(self) -> int:
        """How many custodians must hand in their share; 0 for a draw without."""
        made = self.view.draw.commitment["custodians"]
        return int(made["threshold"]) if made else 0

    def confirmation(self, values: Sequence[str], shares: Sequence[str] = ()) -> dict[str, Any]:
        """Return what the second person hands in, with the shares of the custodians."""
        given: dict[str, Any] = {"entropy": self.typed(values), **dict.fromkeys(self.confirmations, True)}
        return {**given, "codes": list(shares)} if shares else given


def open_public_ceremony(uow: UnitOfWork, case: Case, row: DrawRow) -> PublicCeremony:
    """Return the ceremony of `case`. Raises `DrawRefused` where none can be held now."""
    process = uow.process(case)
    if row.status in ("void", "lapsed"):
        raise _no(say("“{case}”还没有公布承诺", case=case.id), NextAction("commit_first"))
    if row.status != "committed" or row.record.get("spoiled"):
        message = say("“{case}”第 {number} 次抽取已经抽过或已不能再抽", case=case.id, number=row.number)
        raise _no(message)
    view = public_view(uow.transaction, row)
    typing, drawing = _step(process, case.state, "enter"), _step(process, case.state, "draw")
    if typing and not drawing:
        target = process.manual_steps(case.state)[typing][0].target
        drawing = _step(process, target, "draw") if target else ""
    if not drawing:
        title = process.state(case.state).title
        raise _no(say("“{case}”现处“{state}”，此环节不能举行抽取仪式", case=case.id, state=title))
    return PublicCeremony(case.id, view, typing, drawing, _confirmations(process, drawing))


def _step(process: Process, state: str, effect: str) -> str:
    for step, found in process.manual_steps(state).items():
        if any(one.kind == effect for transition in found for one in transition.then):
            return step
    return ""


def _confirmations(process: Process, step: str) -> tuple[str, ...]:
    from engine.lifecycle.model.form import FieldType

    found = next(one for one in process.workflow.transitions if one.id == step)
    form = process.workflow.forms.get(found.form or "")
    return tuple(field.name for field in (form.fields if form else ()) if field.type is FieldType.BOOLEAN)


def _no(message: Message, next_action: NextAction | None = None) -> Exception:
    refused = wrong("ceremony", message)
    if next_action is not None:
        refused.reasons = (RefusalReason("ceremony", message, next=next_action),)
    return refused
