"""The decision core: what a command does to a case, or every reason why it may not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.kernel.refusal import Refusal
from engine.lifecycle.advance import advance
from engine.lifecycle.case import Case
from engine.lifecycle.command import (
    Acknowledge,
    Actor,
    AddSigner,
    Advance,
    Approve,
    Claim,
    Command,
    DropSigner,
    Extend,
    Reassign,
    Resume,
    Return,
    Suspend,
    Urge,
    Void,
    Withdraw,
)
from engine.lifecycle.decision import Decision
from engine.lifecycle.permission import acts_for
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import Outcome, conditions
from engine.lifecycle.verbs import (
    approve as approval,
)
from engine.lifecycle.verbs import (
    holding as verbs,
)
from engine.lifecycle.verbs import (
    moves,
)
from engine.lifecycle.verbs import (
    sign as signing,
)
from engine.lifecycle.verbs import (
    urge as pressing,
)

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
    notes: dict[str, Any] = {}
    decided: Command = command
    if isinstance(command, Approve):
        asked = approval.judge(process, case, command)
        if isinstance(asked, Refusal):
            return asked
        notes["asked"] = asked["by"]
        if not command.granted:
            return _verb_decision(approval.denied(case, command, asked), command, notes)
        decided = approval.granted(command, asked)
    outcome = _verb(process, case, decided, now)
    if isinstance(outcome, Refusal):
        return outcome
    verb = process.state(case.state).verbs.get(_NAMES.get(type(decided), ""))
    reason = getattr(decided, "reason", None)
    missing = conditions(process, case, verb, decided.actor, reason, now, facts or {})
    if missing:
        return Refusal(case.id, outcome[1], tuple(missing))
    if isinstance(command, Approve):
        kind, title, change, notices = outcome
        outcome = kind, title, replace(change, asked={command.verb: None}), notices
    elif (waits := approval.needs_approval(process, case, command)) is not None:
        outcome = approval.ask(process, case, waits, command)
    principal = _principal_of(process, case, command.actor, verb.by if verb else ())
    if principal:
        notes["for"] = principal
    return _verb_decision(outcome, decided, notes)


_NAMES: Mapping[type, str] = {
    Claim: "claim",
    Reassign: "reassign",
    Extend: "extend",
    Suspend: "suspend",
    Resume: "resume",
    Return: "return",
    Withdraw: "withdraw",
    Urge: "urge",
    Void: "void",
    AddSigner: "add_signer",
    DropSigner: "drop_signer",
}


def _verb_decision(outcome: Outcome, command: Command, notes: Mapping[str, Any]) -> Decision | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    kind, title, change, notices = outcome
    reason = getattr(command, "reason", None)
    return Decision(
        kind=kind,
        step=kind.value,
        title=title,
        change=change,
        reason=reason,
        notices=tuple(notices),
        notes=notes,
        # Who urges does not mean tomorrow.
        urgent=isinstance(command, Urge),
    )


def _principal_of(process: Process, case: Case, actor: Actor, audience: Sequence[str]) -> str | None:
    return acts_for(process, case, actor, audience or process.state(case.state).audience)


def _verb(process: Process, case: Case, command: Command, now: datetime) -> Outcome:
    match command:
        case Extend():
            return verbs.extend(process, case, command, now)
        case Suspend():
            return verbs.suspend(process, case, command)
        case Resume():
            return verbs.resume(process, case, command, now)
        case Return():
            return moves.send_back(process, case, command, now)
        case Withdraw():
            return moves.withdraw(process, case, command, now)
        case Void():
            return moves.void(process, case, command)
        case Advance() | Approve():
            raise TypeError(type(command).__name__)
        case _:
            return _about_people(process, case, command)


def _about_people(
    process: Process,
    case: Case,
    command: Claim | Reassign | Urge | Acknowledge | AddSigner | DropSigner,
) -> Outcome:
    match command:
        case Claim():
            return verbs.claim(process, case, command)
        case Reassign():
            return verbs.reassign(process, case, command)
        case Urge():
            return pressing.urge(process, case, command)
        case Acknowledge():
            return pressing.acknowledge(process, case, command)
        case AddSigner():
            return signing.add_signer(process, case, command)
        case DropSigner():
            return signing.drop_signer(process, case, command)
