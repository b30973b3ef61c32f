"""What taking a case to another version of its definition brings, or why it cannot go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, Change
from engine.lifecycle.chain import Event
from engine.lifecycle.command import ENGINE, Actor
from engine.lifecycle.forms.signature import Signing
from engine.lifecycle.migration.carried_answers import AnswerMove
from engine.lifecycle.migration.carried_case import carried_case
from engine.lifecycle.migration.carried_clocks import carried_clocks
from engine.lifecycle.migration.rename_map import RenameMap, with_clocks_of_states
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verbs.spec import ArgumentKind
from engine.lifecycle.verbs.table import VERBS


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What changes in a case; with `reasons` it cannot go."""

    change: Change
    moves: tuple[AnswerMove, ...]
    reasons: tuple[RefusalReason, ...]
    #: What is called otherwise, the deadlines of renamed states among it.
    renames: RenameMap


def plan_migration(
    old: Process,
    new: Process,
    case: Case,
    renames: RenameMap,
    now: datetime,
    facts: Mapping[str, Any],
    events: Iterable[Event],
) -> MigrationPlan:
    """Return what changes when `case`, which runs on `old`, goes to `new`.

    It stays where it is: it enters no state, and whoever holds its task holds it. `facts` are what expressions may look at
    besides the case, `events` its history.
    """
    renames = with_clocks_of_states(renames, old.workflow, new.workflow)
    state = renames.states.get(case.state, case.state)
    reasons = list(_why_not(old, new, case, state, renames))
    if state not in new.workflow.states:
        return MigrationPlan(Change(version=new.version), (), tuple(reasons), renames)
    answers = carried_case(old.workflow, new.workflow, case, renames)
    reasons += answers.reasons
    parties = {
        renames.parties[name]: people for name, people in case.parties.items() if name in renames.parties
    }
    as_it_will_be = replace(
        case,
        version=new.version,
        state=state,
        fields={**case.fields, **answers.facts},
        forms=_after(case.forms, answers.forms),
        branches=_after(case.branches, answers.branches),
        parties={**case.parties, **parties},
    )
    scope = make_scope(new, as_it_will_be, Actor(ENGINE), now, facts)
    clocks, problems = carried_clocks(old, new, case, state, renames, now, scope, events)
    reasons += [RefusalReason("clock", problem) for problem in problems]
    change = Change(
        version=new.version,
        state=state if state != case.state else None,
        fields=answers.facts,
        without=tuple(answers.without),
        forms=answers.forms,
        branches=answers.branches,
        parties=parties,
        clocks=clocks,
        signing=_renamed_signing(case, renames),
        asked=_renamed_requests(case, renames),
        to_review={move.name: move.what.value for move in answers.moves},
    )
    return MigrationPlan(change, tuple(answers.moves), tuple(reasons), renames)


def _after(before: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in {**before, **changed}.items() if one is not None}


def _renamed_signing(case: Case, renames: RenameMap) -> dict[str, Signing | None]:
    found: dict[str, Signing | None] = {}
    for step, signing in case.signing.items():
        if step in renames.steps:
            found[step] = None
            found[renames.steps[step]] = signing
    return found


def _renamed_requests(case: Case, renames: RenameMap) -> dict[str, Mapping[str, Any]]:
    """Return what waits for approval and names a deadline, a state or a step that is called otherwise."""
    found: dict[str, Mapping[str, Any]] = {}
    for verb, words in case.asked.items():
        spec = VERBS.get(verb)
        for argument in spec.arguments if spec is not None else ():
            names = _names_of(argument.kind, renames)
            if words.get(argument.name) in names:
                found[verb] = {**found.get(verb, words), argument.name: names[words[argument.name]]}
    return found


def _names_of(kind: ArgumentKind, renames: RenameMap) -> Mapping[str, str]:
    """Return what the ids an argument of this kind can be are called now."""
    if kind is ArgumentKind.CLOCK:
        return renames.clocks
    if kind is ArgumentKind.STATE:
        return renames.states
    return renames.steps if kind is ArgumentKind.STEP else {}


def _why_not(
    old: Process, new: Process, case: Case, state: str, renames: RenameMap
) -> Iterator[RefusalReason]:
    workflow = new.workflow
    called = old.state(case.state).title
    if state not in workflow.states:
        message = say("新版没有环节“{title}”（{state}）；须写明改为哪个环节", title=called, state=state)
        yield RefusalReason(
            "state", message, hint=_likely(old, new, case.state) or did_you_mean(state, workflow.states)
        )
        return
    target = new.state(state)
    if target.final:
        yield RefusalReason("state", say("“{title}”在新版是终点；在办的案件不能就此结束", title=target.title))
    for step in case.signing:
        if renames.steps.get(step, step) not in new.steps(state):
            yield RefusalReason(
                "signed", say("“{step}”正在会签，新版此环节没有这一步；须先签完或撤回", step=step)
            )
    for verb in case.asked:
        if verb not in target.verbs:
            title = old.state(case.state).verbs[verb].title
            yield RefusalReason(
                "asked", say("{verb}的申请待批准，新版此环节不能办；须先批准或驳回", verb=title)
            )
    if case.suspended_at is not None and (problem := _suspension(old, new, case, state, renames)):
        yield RefusalReason("suspended", problem)


def _suspension(old: Process, new: Process, case: Case, state: str, renames: RenameMap) -> Message | None:
    before, after = old.state(case.state).verbs, new.state(state).verbs
    if "resume" not in after:
        return say("案件已挂起，新版此环节不能恢复；须先恢复")
    paused_before = (
        {renames.clocks.get(name, name) for name in before["suspend"].pauses}
        if "suspend" in before
        else set()
    )
    paused_after = set(after["suspend"].pauses) if "suspend" in after else set()
    return None if paused_before == paused_after else say("案件已挂起，新版挂起时停计的时限不同；须先恢复")


def _likely(old: Process, new: Process, state: str) -> Message | None:
    """Return the hint that a state is called otherwise now: one that is new and has the same title."""
    title = old.state(state).title
    same = [
        one.id
        for one in new.workflow.states.values()
        if one.title == title and one.id not in old.workflow.states
    ]
    return say("是不是改名为“{name}”？", name=same[0]) if len(same) == 1 else None
