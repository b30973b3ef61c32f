"""Verbs that are asked for first and done when somebody else has approved them (``approve:``). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, Approve, Command, Extend, Return, Suspend, Void
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.permission import acts_for, belongs
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import TITLES, Outcome, case_obstacles, find

#: The verbs that can be asked for, by the command that does them.
ASKABLE: Mapping[type, str] = {Extend: "extend", Suspend: "suspend", Return: "return", Void: "void"}


def needs_approval(process: Process, case: Case, command: Command) -> Verb | None:
    """Return the verb of `command` if somebody must approve it first."""
    name = ASKABLE.get(type(command))
    verb = find(process, case, name) if name else None
    return verb if verb is not None and verb.approve and not getattr(command, "granted", False) else None


def ask(process: Process, case: Case, verb: Verb, command: Command) -> Outcome:
    """Note what is asked for, and tell those who decide. The command itself would be allowed."""
    if verb.id in case.asked:
        who = [process.title_of(name) for name in verb.approve]
        message = say("已申请{verb}，待{who}决定", verb=TITLES[verb.id], who=who)
        return Refusal(case.id, TITLES[verb.id], (RefusalReason("asked", message, verb.basis),))
    reason = getattr(command, "reason", None)
    words: dict[str, Any] = {"by": command.actor.id, "reason": reason}
    principal = acts_for(process, case, command.actor, verb.by or process.state(case.state).audience)
    if principal:
        words["for"] = principal
    if isinstance(command, Extend):
        words.update(count=command.count, **({"clock": command.clock} if command.clock else {}))
    elif isinstance(command, Return):
        words["to"] = command.to
    told = say(
        "“{person}”为“{case}”申请{verb}：{reason}",
        person=command.actor.id,
        case=case.title,
        verb=TITLES[verb.id],
        reason=reason,
    )
    change = Change(asked={verb.id: words})
    return EventKind.ASKED, TITLES[verb.id], change, tuple((name, told) for name in verb.approve)


def judge(process: Process, case: Case, command: Approve) -> Refusal | Mapping[str, Any]:
    """Return what was asked for, if the actor may decide it."""
    asked = case.asked.get(command.verb)
    title = TITLES["approve" if command.granted else "deny"]
    reasons = case_obstacles(process, case)
    verb = find(process, case, command.verb)
    if asked is None or verb is None:
        waiting = [TITLES[name] for name in case.asked]
        message = (
            say("没有待批准的“{verb}”；待批准：{waiting}", verb=command.verb, waiting=waiting)
            if waiting
            else say("没有待批准的申请")
        )
        return Refusal(case.id, title, (*reasons, RefusalReason("state", message)))
    askers = {asked["by"], asked.get("for")}
    # Who stands in for the one who asked may decide in their own right, not in theirs.
    others = tuple(one for one in command.actor.principals if one.id not in askers)
    if command.actor.id in askers or (
        len(others) < len(command.actor.principals)
        and not belongs(process, case, replace(command.actor, principals=others), verb.approve)
    ):
        reasons.append(RefusalReason("not-allowed", say("申请人不能批准自己的申请"), verb.basis))
    elif not belongs(process, case, command.actor, verb.approve):
        who = [process.title_of(name) for name in verb.approve]
        message = say(
            "{verb}由{who}批准，“{actor}”不能办理", verb=TITLES[verb.id], who=who, actor=command.actor.id
        )
        reasons.append(RefusalReason("not-allowed", message, verb.basis))
    if not command.granted and not (command.reason or "").strip():
        reasons.append(RefusalReason("reason", say("不批准须说明理由")))
    return Refusal(case.id, title, tuple(reasons)) if reasons else asked


def taken_back(
    case: Case, actor: Actor, title: str, approvers: Mapping[str, tuple[str, ...]]
) -> Outcome | None:
    """撤回 what the actor has asked for themselves and nobody has decided; None where there is nothing."""
    own = {verb: None for verb, asked in case.asked.items() if asked["by"] == actor.id}
    if not own:
        return None
    notices = [
        (
            name,
            say("“{person}”撤回了“{case}”的{verb}申请", person=actor.id, case=case.title, verb=TITLES[verb]),
        )
        for verb in own
        for name in approvers.get(verb, ())
    ]
    return EventKind.WITHDRAWN, title, Change(asked=own), notices


def denied(case: Case, command: Approve, asked: Mapping[str, Any]) -> Outcome:
    """Note that what was asked for is not granted, and tell who asked."""
    words = {"case": case.title, "verb": TITLES[command.verb], "reason": command.reason}
    told = say("“{case}”的{verb}申请未获批准：{reason}", **words)
    change = Change(asked={command.verb: None})
    return EventKind.DENIED, TITLES["deny"], change, ((f"p:{asked['by']}", told),)


def granted(command: Approve, asked: Mapping[str, Any]) -> Command:
    """Return the command that was asked for, as the one who approves it gives it."""
    actor, reason = command.actor, asked.get("reason")
    if command.verb == "extend":
        return Extend(
            actor=actor, count=asked["count"], clock=asked.get("clock"), reason=reason, granted=True
        )
    if command.verb == "return":
        return Return(actor=actor, to=asked["to"], passage=command.passage, reason=reason, granted=True)
    if command.verb == "suspend":
        return Suspend(actor=actor, reason=reason, granted=True)
    return Void(actor=actor, reason=reason, granted=True)
