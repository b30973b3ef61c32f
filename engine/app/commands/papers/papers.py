"""Papers: signed, served, numbered out of order, made void. What a step of a process does to them is in its YAML.

None of these approves a paper: who approves is said by the process.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, command
from engine.app.access.proposals import CONFIRMED_BY, SecondPerson
from engine.app.execution.effects.documents import render_document
from engine.app.execution.void_papers.agreement import found_paper, steps_entering, void_by_two
from engine.app.execution.void_papers.effects import (
    VoidPaper,
    change_of,
    day_made,
    effect_of,
    follow,
    people_of_void,
    state_to_fill,
)
from engine.app.papers.facts import PaperRefusedError, with_fact
from engine.app.papers.numbers import NumberRequest, give_out_of_order
from engine.app.papers.numbers import make_void as void_number
from engine.app.papers.paper import (
    VOID_NOTICE,
    approve,
    begin,
    number_next,
    present,
    today,
    without_effect,
)
from engine.app.papers.paper import void as make_void
from engine.app.ports.documents import DocumentError
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.personal import PersonalText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.lifecycle.case import Case
    from engine.lifecycle.deadlines.served_papers import CountedFromService

#: What may be entered by command: the rest is said by steps.
BY_COMMAND = {"signed": PaperState.SIGNED, "served": PaperState.SERVED}

__all__ = ["PaperRecord", "number_paper", "record_paper", "void_paper"]


@command("paper.record", decode=PaperRecord.from_json)
def record_paper(
    context: CommandContext, paper: str, state: str, on: date | None = None, note: str | None = None
) -> PaperRecord:
    """Enter that a paper was signed or served, on which day (today where none is given) and how."""
    uow, case, found = found_paper(context, paper)
    if state not in BY_COMMAND:
        raise context.refusal("paper", say("可以登记：{states}", states=sorted(BY_COMMAND)))
    _require_no_step(context, uow, case, found, BY_COMMAND[state])
    day = today(uow)
    try:
        changed = with_fact(found, BY_COMMAND[state], on or day, uow.now, context.by, today=day, note=note)
    except PaperRefusedError as problem:
        raise context.refusal("paper", problem.message) from None
    uow.transaction.papers.put(changed)
    # A filing may have waited for this paper alone.
    uow.try_timed_steps_again(case)
    title = say("登记文书“{state}”", state=BY_COMMAND[state].words)
    more: dict[str, object] = {"on": (on or day).isoformat(), "becomes": state}
    if note:
        # It may name whoever received the paper.
        more["note"] = PersonalText(note)
    return _entered(context, uow, case, changed, title.render("zh_CN"), more)


@command("paper.number", decode=PaperRecord.from_json)
def number_paper(context: CommandContext, paper: str, number: int, reason: str) -> PaperRecord:
    """Give a paper that is approved a number which is not the next of its series, and write it anew.

    Nothing is approved by this: a draft is refused, with the step that approves it. A number the paper has from the
    step that approved it is made void and kept; once the paper is signed or served its number stays.
    """
    uow, case, found = found_paper(context, paper)
    policy = uow.process(case).bureau.papers
    series = policy.series_of(found.kind)
    if series is None:
        raise context.refusal("paper", say("文书“{kind}”不在任何文号序列里", kind=found.kind))
    _require_numbering(context, uow, case, found)
    day = today(uow)
    wanted = NumberRequest(
        policy=policy, series=series, section=case.section, paper=found.id, on=day, by=context.by
    )
    try:
        if found.number is not None:
            void_number(uow.transaction, found.id, reason)
        given = give_out_of_order(uow.transaction, wanted, number, reason)
        numbered = replace(found, number=given.text, facts=_without(found, PaperState.NUMBERED))
        numbered = with_fact(numbered, PaperState.NUMBERED, day, uow.now, context.by, today=day, note=reason)
        document = render_document(uow, case, numbered.kind, numbered)
    except (PaperRefusedError, DocumentError) as problem:
        raise context.refusal("paper", problem.message) from None
    if document is not None:
        numbered = replace(numbered, document=document.id)
    uow.transaction.papers.put(numbered)
    more: dict[str, object] = {"reason": PersonalText(reason), "out_of_order": given.out_of_order}
    if found.number is not None:
        more["instead_of"] = found.number
    return _entered(context, uow, case, numbered, "不按次序给文号", more)


def _require_numbering(context: CommandContext, uow: UnitOfWork, case: Case, paper: PaperRecord) -> None:
    """Refuse to number a paper that is not approved, or that is past being numbered."""
    last = paper.facts[-1].state
    if paper.fact(PaperState.APPROVED) is None and last is not PaperState.VOID:
        steps = [step.title for step in steps_entering(uow, case, paper.kind, PaperState.APPROVED)]
        message = (
            say(
                "文书“{paper}”还没有批准，不能编号：编号不代替批准。由流程规定的人办理“{steps}”，批准后再登记手工给出的文号",
                paper=paper.id, steps=list(dict.fromkeys(steps)),
            )
            if steps
            else say("文书“{paper}”还没有批准，不能编号：编号不代替批准", paper=paper.id)
        )  # fmt: skip
        raise context.refusal("paper", message, next_action=NextAction("show_task", {"case": case.id}))
    if last not in (PaperState.APPROVED, PaperState.NUMBERED):
        message = say(
            "文书“{paper}”已经{last}，文号不能再换；要换号，请先作废再重新制作",
            paper=paper.number or paper.id, last=last.words,
        )  # fmt: skip
        raise context.refusal("paper", message)


def _require_no_step(
    context: CommandContext, uow: UnitOfWork, case: Case, paper: PaperRecord, state: PaperState
) -> None:
    """Refuse to enter by hand what a step that the case has not taken yet enters: the step would then be refused."""
    steps = steps_entering(uow, case, paper.kind, state)
    if not steps:
        return
    counted = uow.process(case).counted_from_service.get(paper.kind)
    waits = (
        state is PaperState.SERVED
        and counted is not None
        and case.state in (*counted.served_from, *counted.announced)
    )
    taken = {event.body.get("step") for event in uow.transaction.events.of(case.id)}
    if not waits and not taken.isdisjoint(step.id for step in steps):
        return
    message = say(
        "文书“{paper}”的“{state}”由流程的“{steps}”登记，不另行登记",
        paper=paper.number or paper.id, state=state.words, steps=list(dict.fromkeys(step.title for step in steps)),
    )  # fmt: skip
    raise context.refusal("paper", message, next_action=NextAction("show_task", {"case": case.id}))


def _without(paper: PaperRecord, state: PaperState) -> tuple[PaperFact, ...]:
    return tuple(fact for fact in paper.facts if fact.state is not state)


def _two_agree(
    context: CommandContext, paper: str, reason: str, *, anew: bool = False, back: bool = False
) -> SecondPerson | None:
    """Say who agrees that a paper, and what is void with it, is void; None where nobody relies on it yet, or where it is refused."""
    uow, case, found = found_paper(context, paper)
    counted = uow.process(case).counted_from_service.get(found.kind)
    if found.state is PaperState.VOID or (anew and back):
        return None
    if back and state_to_fill(uow, case, counted) is None:
        return None
    along = _served_along(uow, case, counted, back=back)
    return void_by_two(context, uow, case, [found, *along], reason)


@command("paper.void", decode=PaperRecord.from_json, second=_two_agree)
def void_paper(
    context: CommandContext, paper: str, reason: str, *, anew: bool = False, back: bool = False
) -> PaperRecord:
    """Make a paper and its number void; both are kept with the reason, and the number is not given again.

    One that was signed, served, filed or published is void once a leading person has agreed.
    With `anew` the paper that takes its place is made at once, with the next number, and returned; so is that of one
    that is void already and has none in its place. What was counted from the service of the old one stops, and once there is
    a new one the case goes back to where that is served; what was done before stays. With `back` what the paper says is wrong: the case
    goes back to where its form is filled, and the paper is made, approved and served anew from there. What one step made and another
    served along with it is void with it, for they refer to each other. A notice to whoever it was served on is made.
    Who is concerned gets a message: where the old one was served, whoever served it, the party they are of, whoever has the
    task of the case and the head of the section; else whoever has the task.
    """
    uow, case, found = found_paper(context, paper)
    if anew and back:
        raise context.refusal("paper", say("另行制作（anew）和退回重新填写（back）只能选一个"))
    if not clean(reason):
        raise context.refusal("reason", say("须写明理由"), next_action=NextAction("give_reason"))
    counted = uow.process(case).counted_from_service.get(found.kind)
    gone = found.state is PaperState.VOID
    again = (anew or back) and gone and present(uow, case, found.kind) is None
    if back and (state_to_fill(uow, case, counted) is None or (gone and not again)):
        raise context.refusal("state", _no_way_back(uow, case, found))
    others = _served_along(uow, case, counted, back=back)
    made: PaperRecord | None = None
    try:
        if not again:
            make_void(uow, found, context.by, reason)
        with_it = _make_void_with(context, uow, case, found, reason, others)
        case = uow.case(case.id) or case
        if anew:
            case, made = _made_in_place(uow, case, found, counted, context.by)
    except (PaperRefusedError, DocumentError) as problem:
        raise context.refusal("paper", problem.message) from None
    void = VoidPaper(found, reason, context.by, counted, made, back)
    try:
        change = change_of(uow, case, void)
    except EvaluationError as problem:
        raise context.refusal("clock", problem.message) from None
    served = found.fact(PaperState.SERVED)
    if served is not None:
        _make_notice(uow, case, str(context.agreed.get(CONFIRMED_BY, context.by)))
    more: dict[str, object] = {"reason": PersonalText(reason)}
    title = "作废文书"
    if made is not None:
        title, more["replaces"] = "作废文书，另行制作", found.id
    elif back:
        title = "作废文书，退回重新填写"
    changed = made or uow.transaction.papers.get(found.id) or found
    text = _void_text(uow, case, void, change, with_it)
    return _entered(context, uow, case, changed, title, more, (void, change, text, with_it))


def _made_in_place(
    uow: UnitOfWork, case: Case, old: PaperRecord, counted: CountedFromService | None, by: str
) -> tuple[Case, PaperRecord]:
    """Make the paper in the place of a void one, and those of the papers void with it; returns it with the case, whose form says its day."""
    day = day_made(uow, case, counted)
    if day.form is not None:
        body = {"title": "文书另行制作，日期随之更正", "of": old.id}
        case = uow.record(case, EventKind.CORRECTED.value, by, body, day)
    made = _made_anew(uow, case, old, by)
    for kind in sorted(counted.along if counted is not None and case.state in counted.states else ()):
        lost = without_effect(uow.transaction.papers.of_case(case.id), kind)
        if lost is not None and present(uow, case, kind) is None:
            _made_anew(uow, case, lost, by)
    _make_companions(uow, case, made, by)
    return case, made


def _no_way_back(uow: UnitOfWork, case: Case, paper: PaperRecord) -> Message:
    """Return why a case does not go back to where the form of a paper is filled."""
    return say(
        "“{title}”现处“{state}”，不能为改正文书“{paper}”的内容退回：只在文书待送达，或者办理以它的送达为准的环节，才能退回填写它的环节",
        title=case.title, state=uow.process(case).state(case.state).title, paper=paper.number or paper.id,
    )  # fmt: skip


def _served_along(
    uow: UnitOfWork, case: Case, counted: CountedFromService | None, *, back: bool
) -> list[PaperRecord]:
    """Return the papers that are void with one: made by the same step and served along with it; where its form is filled anew, also what is not served yet."""
    if counted is None or not (back or case.state in counted.states):
        return []
    there = [present(uow, case, kind) for kind in sorted(counted.along)]
    wanted = PaperState.APPROVED if back else PaperState.SERVED
    return [one for one in there if one is not None and one.fact(wanted) is not None]


def _make_void_with(
    context: CommandContext,
    uow: UnitOfWork,
    case: Case,
    paper: PaperRecord,
    reason: str,
    others: Sequence[PaperRecord],
) -> tuple[VoidPaper, ...]:
    """Make papers void with the one they belong to, each with an entry of its own; returns them."""
    found = []
    for one in others:
        because = say(
            "与“{paper}”一并送达，随它作废：{reason}", paper=paper.number or paper.id, reason=reason
        )
        text = because.render("zh_CN")
        make_void(uow, one, context.by, text)
        body = {"title": "作废文书", "paper": one.id, "number": one.number, "reason": PersonalText(text)}
        case = uow.record(case, EventKind.RECORDED.value, context.by, body)
        found.append(VoidPaper(one, text, context.by))
    return tuple(found)


def _void_text(
    uow: UnitOfWork, case: Case, void: VoidPaper, change: Change, with_it: Sequence[VoidPaper]
) -> Message:
    """Return the message about a void paper and those void `with_it`: what stops, and what is to be done."""
    new = void.new
    old = [one.paper.number or one.paper.id for one in (void, *with_it)]
    words: dict[str, object] = {"title": case.title, "old": old}
    if void.paper.fact(PaperState.SERVED) is not None:
        words["effect"] = effect_of(uow, case, void, change)
        if new is not None:
            return say(
                "“{title}”的文书{old}送达后作废，另行制作为{new}：{effect}请送达新的一份并登记送达日期，未登记的不能归档；作废通知书一并送达",
                new=new.number or new.id, **words,
            )  # fmt: skip
        return say(
            "“{title}”的文书{old}送达后作废：{effect}需要的，请重新制作、送达并登记送达日期；作废通知书请送达当事人",
            **words,
        )  # fmt: skip
    words["reason"] = void.reason
    if void.back:
        return say(
            "“{title}”的文书{old}作废（{reason}），退回“{state}”：请改正内容以后重新制作",
            state=uow.process(case).state(change.state or case.state).title, **words,
        )  # fmt: skip
    if new is not None:
        return say(
            "“{title}”的文书{old}作废（{reason}），另行制作为{new}：请用新的一份",
            new=new.number or new.id, **words,
        )  # fmt: skip
    steps = [step.title for step in steps_entering(uow, case, void.paper.kind, PaperState.SERVED)]
    if steps:
        return say(
            "“{title}”的文书{old}作废（{reason}）：“{steps}”要用它，请管文书的人重新制作以后再办理",
            steps=list(dict.fromkeys(steps)), **words,
        )  # fmt: skip
    return say("“{title}”的文书{old}作废（{reason}）：需要的，请管文书的人重新制作", **words)


def _make_notice(uow: UnitOfWork, case: Case, by: str) -> None:
    """Make the notice that tells whoever papers were served on that they are void; one that was not served yet is made again.

    `by` is whoever agreed to that. Of a bureau whose templates have none there is none: whoever acts has to write it.
    """
    if uow.services.renderer is None:
        return
    try:
        # One that was served before tells of other papers, and stays in force.
        draft = replace(begin(uow, case, VOID_NOTICE, by, draft=True), replaces=None)
        paper = approve(uow, case, draft, by, today(uow))
        document = render_document(uow, case, VOID_NOTICE, paper)
    except (DocumentError, PaperRefusedError):
        uow.warnings.append(say("没有制作文书作废通知书：请书面告知受送达人"))
        return
    if document is not None:
        uow.transaction.papers.put(replace(paper, document=document.id))


def _made_anew(uow: UnitOfWork, case: Case, old: PaperRecord, by: str) -> PaperRecord:
    """Make the paper that takes the place of one that is void; a draft stays a draft.

    What was approved stays approved by whoever approved it, on the day they did: whoever makes the paper void does not
    approve the new one.
    """
    made = replace(begin(uow, case, old.kind, by, draft=True), replaces=old.id)
    approved = old.fact(PaperState.APPROVED)
    if approved is not None:
        facts = tuple(fact for fact in old.facts if fact.state in (PaperState.DRAFTED, PaperState.APPROVED))
        made = number_next(uow, case, replace(made, facts=facts), by, today(uow))
    uow.transaction.papers.put(made)
    document = render_document(uow, case, made.kind, made)
    if document is not None:
        made = replace(made, document=document.id)
        uow.transaction.papers.put(made)
    return made


def _make_companions(uow: UnitOfWork, case: Case, paper: PaperRecord, by: str) -> None:
    """Make again what is made along with a paper and names it, such as the receipt of its service; what is signed, served or filed stays."""
    steps = [
        step
        for step in uow.process(case).workflow.transitions
        if any(
            (effect.kind == "render" and effect.arguments["render"] == paper.kind)
            or (
                effect.kind == "paper"
                and effect.arguments["paper"] == paper.kind
                and effect.arguments["becomes"] == PaperState.APPROVED
            )
            for effect in step.then
        )
    ]
    kinds = dict.fromkeys(
        str(effect.arguments["render"])
        for step in steps
        for effect in step.then
        if effect.kind == "render" and effect.arguments["render"] != paper.kind
    )
    for kind in kinds:
        there = present(uow, case, kind)
        if there is None or there.state is not PaperState.APPROVED:
            continue
        again = begin(uow, case, kind, by, draft=False)
        uow.transaction.papers.put(again)
        document = render_document(uow, case, kind, again)
        if document is not None:
            uow.transaction.papers.put(replace(again, document=document.id))


def _entered(
    context: CommandContext,
    uow: UnitOfWork,
    case: Case,
    paper: PaperRecord,
    title: str,
    more: dict[str, object],
    void: tuple[VoidPaper, Change, Message, tuple[VoidPaper, ...]] | None = None,
) -> PaperRecord:
    """Write what was done into the history; of a paper that is `void`, do what comes of it and tell whom it concerns."""
    body = {"title": title, "paper": paper.id, "number": paper.number, **more}
    after = uow.record(case, EventKind.RECORDED.value, context.by, body)
    if void is not None:
        after = _followed(context, uow, case, after, *void)
    uow.flush()
    context.recorded = True
    return paper


def _followed(
    context: CommandContext,
    uow: UnitOfWork,
    before: Case,
    after: Case,
    void: VoidPaper,
    change: Change,
    text: Message,
    with_it: Sequence[VoidPaper],
) -> Case:
    """Enter what a void paper changes in its case, do what comes of it besides, and tell whom it concerns; returns the case."""
    if change != Change():
        title = "文书作废，期限停止"
        if change.state:
            title = "文书作废，退回重新填写" if void.back else "文书作废，退回送达"
        elif void.new is not None:
            title = "文书作废，期限从重新制作起算"
        body = {"title": title, "void": void.paper.id}
        after = uow.record(after, EventKind.RECORDED.value, context.by, body, change)
    served = void.paper.fact(PaperState.SERVED)
    if served is None:
        others = [person for person in uow.holders_of(after) if person != context.by]
    else:
        # Whoever approved it and whoever agreed hear of it, too.
        approved = void.paper.fact(PaperState.APPROVED)
        leading = [approved.by if approved else None, context.agreed.get(CONFIRMED_BY)]
        known = [person for person in people_of_void(uow, after) if person != context.by]
        known += [one for one in leading if one not in (None, context.by) and uow.people.actor(str(one))]
        others = list(dict.fromkeys([*_who_serves(uow, after, served.by), *known]))
    uow.tell(after, others, text, "notify", urgent=served is not None, personal=True)
    follow(uow, before, after, void, with_it)
    return uow.case(after.id) or after


def _who_serves(uow: UnitOfWork, case: Case, served_by: str) -> list[str]:
    """Return whoever served a paper and the parties they are of; where they are of none, all parties, else whom the case belongs to."""
    parties = list(case.parties.values())
    own = [people for people in parties if served_by in people] or parties
    there = uow.people.actor(served_by) is not None
    found = [served_by] * there + [person for people in own for person in people]
    return list(dict.fromkeys(found)) or uow.owners_of(case)
