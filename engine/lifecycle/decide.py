"""The decision core: what a command does to a case, or every reason why it may not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.kernel.refusal import Refusal
from engine.lifecycle.advance import advance
from engine.lifecycle.case import Case
from engine.lifecycle.command import Advance, Command, InformedCommand
from engine.lifecycle.decision import Decision, Outcome
from engine.lifecycle.permission import acts_for
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import conditions
from engine.lifecycle.verbs import approve as approval
from engine.lifecycle.verbs.approve import Approve
from engine.lifecycle.verbs.spec import VerbSpec
from engine.lifecycle.verbs.table import BY_COMMAND, VERBS

__all__ = ["Decision", "decide"]


def decide(
    process: Process, case: Case, command: Command, now: datetime, facts: Mapping[str, Any] | None = None
) -> Decision | Refusal:
    """Return what `command` does to `case` at `now`, or every reason why it may not be done.

    Looks at nothing but its arguments. `now` is an aware datetime. `facts` are what the conditions of a verb may ask
    for; those of a step come with the command.
    """
    if isinstance(command, Advance):
        return advance(process, case, command, now)
    spec = BY_COMMAND[type(command)]
    notes: dict[str, Any] = {}
    decided: Command = command
    if isinstance(command, Approve):
        asked = approval.judge(process, case, command)
        if isinstance(asked, Refusal):
            return asked
        notes |= {"asked": asked["by"], **approval.content_of(asked)}
        if principal := acts_for(process, case, command.actor, _approvers(process, case, command.verb)):
            notes["for"] = principal
        if not command.granted:
            return _decision(spec, spec.decide(process, case, command, now), command, notes)
        spec = VERBS[command.verb]
        decided = approval.granted(spec, command, asked)
    if isinstance(decided, InformedCommand):
        decided = replace(decided, facts=facts or {})
    outcome = spec.decide(process, case, decided, now)
    if isinstance(outcome, Refusal):
        return outcome
    verb = process.state(case.state).verbs.get(spec.word)
    missing = conditions(process, case, verb, decided.actor, decided.reason, now, facts or {})
    if missing:
        return Refusal(case.id, outcome[1], tuple(missing))
    if isinstance(command, Approve):
        kind, title, change, notices = outcome
        outcome = kind, title, replace(change, asked={**change.asked, command.verb: None}), notices
    elif verb is not None and approval.needs_approval(spec, verb, command):
        outcome = approval.ask(
            process, case, spec, verb, command, approval.contents(process, case, spec, outcome)
        )
        notes |= approval.content_of({} if isinstance(outcome, Refusal) else outcome[2].asked.get(verb.id))
    audience = (verb.by if verb else ()) or process.state(case.state).audience
    if not isinstance(command, Approve) and (principal := acts_for(process, case, command.actor, audience)):
        notes["for"] = principal
    return _decision(spec, outcome, decided, notes)


def _approvers(process: Process, case: Case, verb: str) -> tuple[str, ...]:
    """Return who approves what was asked for by a verb."""
    found = process.state(case.state).verbs.get(verb)
    return found.approve if found is not None else ()


def _decision(
    spec: VerbSpec, outcome: Outcome, command: Command, notes: Mapping[str, Any]
) -> Decision | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    kind, title, change, notices = outcome
    return Decision(
        kind=kind,
        step=kind.value,
        title=title,
        change=change,
        reason=command.reason,
        notices=tuple(notices),
        notes=notes,
        urgent=spec.urgent,
    )
