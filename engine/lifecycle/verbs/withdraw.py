"""撤回: one's own last step, answer to a branch, signature or request is taken back. Pure, as `decide` is."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ENGINE, Actor, CasePath, Command, LastStep
from engine.lifecycle.decision import Outcome
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import check_verb, find
from engine.lifecycle.verbs.asking.ask import ASK, going_on
from engine.lifecycle.verbs.spec import Need, ReasonRule, VerbSpec
from engine.value import named_value

#: Effects that a step taken back leaves nothing of outside the case.
_INWARD = frozenset({"set", "assign", "notify", "copy_to"})


@named_value
class Withdraw(Command):
    """撤回: take one's own signature, answer to a branch or last step back."""

    passage: CasePath = field(default_factory=CasePath)


def withdraw(process: Process, case: Case, command: Withdraw, now: datetime) -> Outcome:
    """Take back what one has asked for, one's own signature or answer to a branch, or one's own last step while nobody else has acted."""
    title = WITHDRAW.title
    # Who may is decided by who took the step; `by` narrows it.
    verb, reasons = check_verb(process, case, WITHDRAW, command, anybody=True)
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    asked = _taken_back(process, case, command.actor, now)
    if asked is not None:
        return asked
    unsigned = {
        step: replace(
            signing,
            signed=tuple(s for s in signing.signed if s.person != command.actor.id),
            others_done=signing.others_done and command.actor.id in signing.after,
        )
        for step, signing in case.signing.items()
    }
    changed = {step: signing for step, signing in unsigned.items() if signing != case.signing[step]}
    if changed:
        # With the last signature goes what was signed.
        cleared = {
            step: signing if signing.signed else replace(signing, answers=None)
            for step, signing in changed.items()
        }
        return EventKind.WITHDRAWN, title, Change(signing=cleared), ()
    said = _own_answer(process, case, command.actor)
    if said is not None:
        return EventKind.WITHDRAWN, title, Change(branches={said: None}), ()
    last = command.passage.last
    why = _not_back(process, case, command, last)
    if why is not None or last is None:
        return Refusal(
            case.id, title, (RefusalReason("state", why or say("没有可以撤回的步骤"), verb.basis),)
        )
    before = last.before
    touched = {name: before.fields.get(name) for name in _touched(case, last)}
    from engine.lifecycle.deadlines.resumed_clocks import clocks_put_back

    back = replace(case, state=before.state, fields={**case.fields, **touched})
    scope = make_scope(process, back, command.actor, now, {})
    try:
        clocks = clocks_put_back(process, case, last, command.passage, scope, now)
    except EvaluationError as problem:
        return Refusal(case.id, title, (RefusalReason("clock", problem.message),))
    change = Change(
        state=before.state,
        fields=touched,
        parties={
            name: people
            for name, people in before.parties.items()
            if name in last.parties and case.parties.get(name) != people
        },
        clocks=clocks,
        assignee=before.assignee,
        signing=before.signing,
    )
    message = say(
        "“{case}”的“{step}”已由“{person}”撤回", case=case.title, step=last.title, person=command.actor.id
    )
    return EventKind.WITHDRAWN, title, change, tuple((n, message) for n in process.state(case.state).audience)


def _touched(case: Case, last: LastStep) -> list[str]:
    """Return the facts the last step has changed and that are not as before."""
    return [name for name in last.fields if case.fields.get(name) != last.before.fields.get(name)]


def _set_elsewhere(process: Process, name: str, last: LastStep) -> bool:
    """Tell whether another step than the last one sets a fact, so that what it was before may rest on an answer of before."""
    return any(
        name in effect.arguments["set"]
        for step in process.workflow.transitions
        if step.id != last.step
        for effect in step.then
        if effect.kind == "set" and ABOVE not in effect.arguments
    )


def _own_answer(process: Process, case: Case, actor: Actor) -> str | None:
    """Return the branch of the present state the actor has answered last in this stay; None where there is none.

    What others have answered side by side does not rest on it.
    """
    if not case.branches:
        return None
    from engine.lifecycle.forms.branches import is_answered

    own = [
        branch.id
        for branch in process.branches_of(case.state)
        if is_answered(process, case, branch.id) and case.branches[branch.id]["by"] == actor.id
    ]
    return max(own, key=lambda name: str(case.branches[name]["at"]), default=None)


def _not_back(process: Process, case: Case, command: Withdraw, last: LastStep | None) -> Message | None:
    """Return why the last step cannot be taken back; None if it can."""
    actor, released = command.actor, command.passage.released
    if last is None:
        return say("案件还没有办过可以撤回的步骤")
    if last.actor == ENGINE:
        return say("上一步由系统办理，不能撤回；可由有权的人退回")
    if actor.id != last.actor:
        return say("上一步“{step}”由“{person}”办理，只能由其本人撤回", step=last.title, person=last.actor)
    if last.acted_since is not None:
        return say("“{person}”已接着办理，不能再撤回；可请其退回", person=last.acted_since)
    if released is not None:
        parent, state = released
        return say(
            "“{step}”办后，上级件“{parent}”已据以转入“{state}”，不能撤回；可由有权的人退回或更正",
            step=last.title,
            parent=parent,
            state=state,
        )
    if last.stayed_since is not None:
        return say(
            "“{step}”之后又办了“{later}”，不能撤回“{step}”；可由有权的人退回或更正",
            step=last.title,
            later=last.stayed_since,
        )
    stale = sorted(
        name for name in _touched(case, last) if last.corrected and _set_elsewhere(process, name, last)
    )
    if stale:
        return say(
            "“{step}”之后更正过“{facts}”所依据的答复，不能撤回；可由有权的人退回",
            step=last.title,
            facts=stale,
        )
    if last.returned:
        return None
    steps = process.steps(last.before.state).get(last.step, ())
    outward = sorted({e.kind for t in steps for e in t.then if e.kind not in _INWARD or ABOVE in e.arguments})
    if not steps or outward:
        return say("“{step}”已产生案件之外的结果（{effects}），不能撤回", step=last.title, effects=outward)
    return None


def _taken_back(process: Process, case: Case, actor: Actor, now: datetime) -> Outcome | None:
    """Take back what the actor has asked for themselves and nobody has decided; None where there is nothing."""
    own = {verb: None for verb, asked in case.asked.items() if asked["by"] == actor.id}
    if not own:
        return None
    verbs = [verb for name in own if (verb := find(process, case, name)) is not None]
    notices = [
        (
            name,
            say("“{person}”撤回了“{case}”的{verb}申请", person=actor.id, case=case.title, verb=verb.title),
        )
        for verb in verbs
        for name in (verb.approve or (f"p:{case.asked[verb.id]['to']}",))
    ]
    clocks = going_on(process, case, now) if ASK.word in own else {}
    return EventKind.WITHDRAWN, WITHDRAW.title, Change(asked=own, clocks=clocks), notices


WITHDRAW = VerbSpec(
    word="withdraw",
    title=term("撤回"),
    command=Withdraw,
    decide=withdraw,
    event=EventKind.WITHDRAWN,
    help=say("撤回自己刚办的一步或自己的签名（下一位尚未办理时）。"),
    note=say(
        "只能撤自己刚办的一步，其后谁都没有再办，上级件也没有因此往下走；或撤自己的签名、自己在并行环节所办的一项、自己的申请"
    ),
    happened=say("有人撤回了自己刚办的一步、签名、并行环节里的一项或申请"),
    by_whom=say("本人"),
    needs=(Need.HISTORY, Need.RELEASE),
    reason=ReasonRule.OPTIONAL,
    sentence=say("下一位办理前，可由办理上一步的人撤回"),
)
