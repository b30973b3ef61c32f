"""The ceremony of a draw: its steps, what two people type for them, and whether they typed the same.

Asking the people is the caller's; this module is given what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.draws import records as draws
from engine.draw.commitment import Commitment
from engine.draw.entropy import compose_entropy, same_typing
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused, refuse_if
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A ceremony that can be held now: the first person takes the step `typing`, the second `drawing`."""

    case: Case
    record: DrawRecord
    commitment: Commitment
    typing: str
    drawing: str
    #: The fields of the second form that are confirmations, each to be answered yes.
    confirmations: tuple[str, ...]

    def answers(self, entropy: str, obtained_at: str, source: str, codes: Sequence[str]) -> dict[str, Any]:
        """Return what the first person hands in."""
        given: dict[str, Any] = {"entropy": entropy, "obtained_at": obtained_at, "source": source}
        return {**given, "codes": list(codes)} if codes else given

    def confirmation(self, entropy: str) -> dict[str, Any]:
        """Return what the second person hands in."""
        return {"entropy": entropy, **dict.fromkeys(self.confirmations, True)}

    def entropy(self, first: Mapping[str, str], second: Mapping[str, str]) -> str:
        """Return the entropy two people typed, by source word, in the form both steps take it.

        Raises `DrawRefused` naming where the two differ, or how they miss the committed form.
        """
        refuse_if([problem for word in first for problem in same_typing(first[word], second[word])])
        text = compose_entropy(self.commitment.entropy_sources, first, self.commitment.batch_id)
        return text.rpartition("/batch:")[0]


def open_ceremony(uow: UnitOfWork, case: Case) -> Ceremony:
    """Return the ceremony of `case`. Raises `DrawRefused` unless it is committed to and not yet drawn."""
    from engine.lifecycle.model.form import FieldType

    process = uow.process(case)
    forms = process.workflow.forms
    row = uow.transaction.records.draw(case.id)
    if row is None or row.status == "void":
        raise DrawRefused([_no(case, say("还没有公布承诺"), next_action=NextAction("commit_first"))])
    if row.status != "committed":
        message = say("第 {number} 次抽取已经抽过：一次承诺只能抽一次", number=row.number)
        raise DrawRefused([_no(case, message, say("确需重抽的，先作废并公开理由"))])
    for first, transitions in process.manual_steps(case.state).items():
        form = forms.get(transitions[0].form or "")
        target = transitions[0].target
        if form is None or form.field("entropy") is None or target is None:
            continue
        for second, drawing in process.manual_steps(target).items():
            if any(e.kind == "draw" and e.arguments["draw"] == "objects" for e in drawing[0].then):
                asked = forms.get(drawing[0].form or "")
                yes = tuple(f.name for f in (asked.fields if asked else ()) if f.type is FieldType.BOOLEAN)
                record = draws.record_of(row)
                return Ceremony(case, record, record.parsed, first, second, yes)
    state = process.state(case.state).title
    hint = say("已录入过一次的，先办“两次不一致，重新录入”（retype_entropy）退回，再举行仪式")
    raise DrawRefused([_no(case, say("现处“{state}”，此环节不能举行抽取仪式", state=state), hint)])


def _no(
    case: Case, message: Message, hint: Message | None = None, next_action: NextAction | None = None
) -> RefusalReason:
    text = say("“{case}”{why}", case=case.id, why=message)
    return RefusalReason("ceremony", text, hint=hint, next=next_action)
