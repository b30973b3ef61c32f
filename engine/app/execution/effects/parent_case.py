"""Effects with ``above``: they set, assign, replace and print for the case above what they would for the case of their step.

What the effects of one step do there is one entry of the history of the case above, written once the step is in the history of its own.
Who was replaced there is replaced in the open cases below it too, where the same party has them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.app.history.replay import history
from engine.app.papers.paper import present
from engine.app.session.child_cases import children_in_order
from engine.app.session.effect_context import EffectContext
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.effects import ABOVE, ADDED, BACK, BACK_FROM
from engine.lifecycle.forms.signature import Signing
from engine.lifecycle.migration.former_names import kept_name
from engine.lifecycle.model.workflow import Effect
from engine.lifecycle.scope import make_scope

Handler = Callable[[EffectContext, Effect], None]
#: What a message of this module is about, as the inbox names it.
ABOUT = "notify"


def do_above(context: EffectContext, effect: Effect, handler: Handler) -> None:
    """Do an effect to the case above by the `handler` of its word.

    A fact is set where there is an open case above, and nowhere else; a paper is made anew where there is one. Refuses
    everything else without an open case above.
    """
    upper = context.upper or _begin(context)
    if upper is None:
        if effect.kind == "set":
            return
        raise context.refuse(say("本件没有在办的上级件，不能更换上级件的人员、制作上级件的文书"))
    if effect.kind == "render" and not _is_made(upper, str(effect.arguments["render"])):
        return
    own = (ABOVE, BACK, BACK_FROM)
    arguments = {name: value for name, value in effect.arguments.items() if name not in own}
    if effect.kind == "set":
        # As for a child that is started, here alone it is known what the case above keeps a fact under.
        above = context.uow.process(upper.case).workflow
        names = context.uow.names_of(above.id)
        arguments["set"] = {kept_name(above, name, names): value for name, value in arguments["set"].items()}
    back, states = effect.arguments.get(BACK), effect.arguments.get(BACK_FROM, ())
    if back in context.uow.process(upper.case).workflow.states and upper.case.state in states:
        upper.back = str(back)
    if effect.kind == "set" and ADDED in arguments:
        _take_back_earlier(context.case, upper, effect.arguments["set"])
    try:
        handler(upper, replace(effect, arguments=arguments))
    except CommandRefused as refused:
        # What is refused is the step of the case below.
        raise CommandRefused(replace(refused.refusal, case=context.case.id)) from None


def _take_back_earlier(below: Case, upper: EffectContext, names: Iterable[str]) -> None:
    """Take out of fields of the case above what an earlier step of the case `below` has added: what it adds now takes the place of that."""
    for name in names:
        known, own = upper.fields.get(name, upper.case.fields.get(name)), set[str]()
        if name in upper.fields or not isinstance(known, (list, tuple)):
            # Nothing is there, or the same step has begun it.
            continue
        before = set[str]()
        for event in history(upper.uow.transaction, upper.case.id):
            fields = event.body.get("fields") or {}
            if name in fields:
                now = set(fields[name] or ())
                own = (own | now - before) & now if event.body.get("by_case") == below.id else own & now
                before = now
        upper.fields[name] = [one for one in known if one not in own]


def _is_made(upper: EffectContext, paper: str) -> bool:
    """Tell whether the case above has a paper: one that was never made is not made anew."""
    return upper.uow.services.renderer is not None and present(upper.uow, upper.case, paper) is not None


def _begin(context: EffectContext) -> EffectContext | None:
    """Return what the effects work on in the case above, which will be entered there; None where none is open."""
    parent = context.uow.case(context.case.parent) if context.case.parent else None
    if parent is None or not parent.open:
        return None
    scope = dict(context.scope)
    context.upper = EffectContext(
        context.uow, parent, context.decision, context.actor, scope, context.start_cases
    )
    upper = context.upper
    context.afterwards.append(lambda case: _enter(case, upper))
    return upper


def _enter(below: Case, upper: EffectContext) -> None:
    """Enter in the history of the case above what was done to it by a step of the case `below`."""
    uow, decision, actor = upper.uow, upper.decision, upper.actor
    case = uow.case(upper.case.id) or upper.case
    before, after = _people(case.parties), _people({**case.parties, **upper.parties})
    left, came = before - after, after - before
    clocks = {}
    if upper.back is not None:
        process = uow.process(case)
        scope = make_scope(process, case, actor, uow.now, {})
        clocks = clocks_after(process, case.state, upper.back, uow.now, scope, running=case.clocks)
    change = Change(
        state=upper.back,
        fields=upper.fields,
        parties=upper.parties,
        clocks=clocks,
        assignee="" if upper.back is None and _holds(case, left) else None,
        signing={} if upper.back is not None else dict.fromkeys(_signed_by(case.signing, left)),
    )
    # Whoever acted before takes nothing back over a change of people.
    kind = EventKind.REASSIGNED if upper.parties or upper.back is not None else EventKind.RECORDED
    after_it = uow.record(case, kind.value, actor.id, _body(below, upper, kind), change)
    for act in upper.afterwards:
        act(after_it)
    _tell(uow, after_it, left - {actor.id}, _gone(after_it, decision.title))
    _tell(uow, after_it, came - {actor.id}, _come(after_it, decision.title))
    for party, people in upper.parties.items():
        _replace_below(
            uow, after_it, party, (case.parties.get(party, ()), people), _body(below, upper, kind), actor.id
        )


def _body(below: Case, upper: EffectContext, kind: EventKind) -> dict[str, Any]:
    body: dict[str, Any] = {
        "step": kind.value,
        "title": upper.decision.title,
        "by_case": below.id,
        "by_step": upper.decision.step,
    }
    if upper.decision.reason:
        body["reason"] = upper.decision.reason
    return {**body, "effects": upper.notes} if upper.notes else body


def _replace_below(
    uow: UnitOfWork,
    case: Case,
    party: str,
    teams: tuple[tuple[str, ...], tuple[str, ...]],
    body: Mapping[str, Any],
    by: str,
) -> None:
    """Put the people who came to the party of a case in the place of those who left it, in the open cases below it that have those."""
    before, after = teams
    left = [person for person in before if person not in after]
    came = [person for person in after if person not in before]
    if not left:
        return
    for child in children_in_order(uow, case.id, only_open=True):
        own = child.parties.get(party, ())
        if body["by_case"] != child.id and not set(left).isdisjoint(own):
            kept = tuple(person for person in own if person not in left)
            new = (*kept, *(person for person in came if person not in kept))
            change = Change(
                parties={party: new},
                assignee="" if _holds(child, left) else None,
                signing=dict.fromkeys(_signed_by(child.signing, left)),
            )
            said = {name: value for name, value in body.items() if name != "effects"}
            changed = uow.record(child, EventKind.REASSIGNED.value, by, said, change)
            _tell(uow, changed, set(came) - {by}, _come(changed, str(body["title"])))
        _replace_below(uow, child, party, teams, body, by)


def _people(parties: Mapping[str, Collection[str]]) -> set[str]:
    return {person for people in parties.values() for person in people}


def _holds(case: Case, people: Collection[str]) -> bool:
    """Tell whether one of `people` has the task of a case by name; whoever it is entrusted to has."""
    return case.assignee in people


def _signed_by(signing: Mapping[str, Signing], people: Collection[str]) -> list[str]:
    """Return the steps that wait for signatures and are signed by one of `people`, or name one as a signer."""
    found = []
    for step, one in signing.items():
        named = {
            str(who)
            for value in (one.answers or {}).values()
            if isinstance(value, list)
            for who in value
            if isinstance(who, str)
        }
        if not set(people).isdisjoint({*one.people, *one.added, *named}):
            found.append(step)
    return found


def _tell(uow: UnitOfWork, case: Case, people: Collection[str], text: Message) -> None:
    if people:
        uow.tell(case, sorted(people), text, ABOUT, personal=True)


def _gone(case: Case, step: str) -> Message:
    return say(
        "你不再承办“{case}”（{id}）：“{step}”以后由他人承办，请交接手中的材料",
        case=case.title, id=case.id, step=step,
    )  # fmt: skip


def _come(case: Case, step: str) -> Message:
    return say(
        "你接着承办“{case}”（{id}）：“{step}”。与当事人有应当回避的关系的，请立即申请回避；以前由他人签字的，不用你补签",
        case=case.title, id=case.id, step=step,
    )  # fmt: skip
