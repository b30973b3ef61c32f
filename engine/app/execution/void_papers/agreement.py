"""What is taken from papers that others rely on, and from files, is agreed to by a leading person besides whoever does it.

Whoever agrees holds a role of the column `second` of the access table. Where a step that approves such papers is of one of these
roles, nobody lower agrees that it is void.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.case_access import require_visible
from engine.app.access.check import agreeing_roles
from engine.app.access.proposals import DETAILS, SecondPerson
from engine.app.access.table import access_row
from engine.app.papers.paper import find
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.app.access.command import CommandContext
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.workflow import Transition

#: What has happened to a paper on which others rely.
RELIED_ON = (PaperState.SIGNED, PaperState.SERVED, PaperState.FILED)


def found_paper(context: CommandContext, wanted: str) -> tuple[UnitOfWork, Case, PaperRecord]:
    """Return a paper with its case, locked; the same words where there is none and where it is not for who acts."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = find(context.transaction, wanted)
    case = None if found is None else uow.case(found.case)
    if found is None or case is None:
        message = say("没有文书“{paper}”", paper=wanted)
        raise context.refusal("paper", message, next_action=NextAction("list_numbers"))
    require_visible(uow, case, context.actor)
    return uow, case, found


def steps_entering(uow: UnitOfWork, case: Case, kind: str, state: PaperState) -> list[Transition]:
    """Return the steps of the process of a case that enter a state of its papers of a kind."""
    return [
        step
        for step in uow.process(case).workflow.transitions
        if any(
            effect.kind == "paper"
            and effect.arguments.get("paper") == kind
            and effect.arguments.get("becomes") == state
            for effect in step.then
        )
    ]


def void_by_two(
    context: CommandContext, uow: UnitOfWork, case: Case, papers: Iterable[PaperRecord], reason: str
) -> SecondPerson | None:
    """Say who agrees that papers of a case are void; None where none of them was signed, served, filed or published."""
    relied_on = {
        one: so_far
        for one in papers
        if (so_far := _relied_on(uow, case, one)) and one.state is not PaperState.VOID
    }
    if not relied_on or not clean(reason):
        return None
    titles = [
        say("{paper}（{state}）", paper=one.number or one.id, state=so_far)
        for one, so_far in relied_on.items()
    ]
    title = say("作废“{case}”的文书{papers}", case=case.title, papers=titles)
    kinds = dict.fromkeys(one.kind for one in relied_on)
    return _second(context, uow, case, title, reason, kinds)


def destroy_by_two(context: CommandContext, uow: UnitOfWork, case: Case, reason: str) -> SecondPerson | None:
    """Say who agrees that the file of a case is destroyed."""
    if not clean(reason):
        return None
    count = len(context.transaction.papers.files(case.id))
    title = say(
        "销毁“{case}”（{id}）的案卷：附件 {count} 份，不能恢复", case=case.title, id=case.id, count=count
    )
    return _second(context, uow, case, title, reason, ())


def _relied_on(uow: UnitOfWork, case: Case, paper: PaperRecord) -> Message | None:
    """Return the last on account of which others rely on a paper; None where they do not yet."""
    last = next((state for state in reversed(RELIED_ON) if paper.fact(state) is not None), None)
    if last is not None:
        return last.words
    public = uow.transaction.records.publications(case_id=case.id)
    named = paper.number and any(
        one.withdrawn_at is None and paper.number in canonical(one.body) for one in public
    )
    return say("公示") if named else None


def _second(
    context: CommandContext, uow: UnitOfWork, case: Case, title: Message, reason: str, kinds: Iterable[str]
) -> SecondPerson:
    bureau = uow.process(case).bureau
    row = access_row("paper.void" if kinds else "retention.change")
    roles = agreeing_roles(row, bureau)
    lowest = max((_lowest(uow, case, kind, roles) for kind in kinds), default=0)
    return SecondPerson(
        title,
        about=case.id,
        private={DETAILS: reason},
        concerned=(context.by,),
        roles=tuple(
            (role, case.section if bureau.roles[role].by_section else None) for role in roles[lowest:]
        ),
    )


def _lowest(uow: UnitOfWork, case: Case, kind: str, roles: tuple[str, ...]) -> int:
    """Return the place in `roles` of the lowest that approves papers of a kind; 0 where none of them does."""
    process = uow.process(case)
    steps = [
        *steps_entering(uow, case, kind, PaperState.APPROVED),
        *(
            step
            for step in process.workflow.transitions
            for effect in step.then
            if effect.kind == "render"
            and effect.arguments.get("render") == kind
            and not effect.arguments.get("as")
        ),
    ]
    who = {
        name
        for step in steps
        for name in step.by or (one for source in step.sources for one in process.state(source).audience)
    }
    return min((place for place, role in enumerate(roles) if role in who), default=0)
