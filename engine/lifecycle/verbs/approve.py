"""批准 不批准: a verb that is asked for first is done when somebody else has approved it (``approve:``). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from engine.kernel.clean_text import clean
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import SOURCE_LANGUAGE, Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ApprovableCommand, CasePath, Command
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.permission import acts_for, belongs
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import case_obstacles, find
from engine.lifecycle.verbs.correct import Correct, kept_values
from engine.lifecycle.verbs.spec import ArgumentKind, Need, ReasonRule, VerbArgument, VerbSpec
from engine.value import named_value
from engine.worktime.periods import Period


@named_value
class Approve(Command):
    """批准 (`granted`) or 不批准 what was asked for by `verb`."""

    verb: str
    granted: bool
    passage: CasePath = field(default_factory=CasePath)


def needs_approval(spec: VerbSpec, verb: Verb | None, command: Command) -> bool:
    """Tell whether somebody must approve `command` first; `verb` is its verb as the state declares it."""
    asks = spec.approvable and verb is not None and bool(verb.approve)
    return asks and not (isinstance(command, ApprovableCommand) and command.granted)


def contents(
    process: Process, case: Case, spec: VerbSpec, decided: tuple[EventKind, str, Change, Any]
) -> str:
    """Return in words what a command that would be allowed (`decided`) changes, for those who decide on it; "" where nothing."""
    _, title, change, _ = decided
    found: list[Message | str] = []
    if title != str(spec.title):
        found.append(title)
    if change.state is not None:
        found.append(say("转到“{state}”", state=process.state(change.state).title))
    for name, clock in (change.clocks or {}).items():
        before = case.clocks.get(name)
        if (
            clock is None
            or before is None
            or (clock.due_on, clock.extended_by) == (before.due_on, before.extended_by)
        ):
            continue
        declared = process.workflow.clocks[name]
        more = clock.extended_by - before.extended_by
        words = {"clock": declared.title, "old": before.due_on.isoformat(), "new": clock.due_on.isoformat()}
        if more > 0:
            period = describe_period(Period(more, declared.unit))
            found.append(say("“{clock}”延长{period}，到期日由 {old} 改为 {new}", period=period, **words))
        else:
            found.append(say("“{clock}”到期日由 {old} 改为 {new}", **words))
    verb = process.state(case.state).verbs.get(spec.word)
    paused = verb.pauses if verb is not None and change.suspended else ()
    if titles := [process.workflow.clocks[name].title for name in paused if name in case.clocks]:
        found.append(say("期间停计：{clocks}", clocks=titles))
    # It is kept with the request, in the language the other entries of the history have.
    return say("{changes}", changes=found).render(SOURCE_LANGUAGE) if found else ""


def ask(
    process: Process, case: Case, spec: VerbSpec, verb: Verb, command: Command, content: str = ""
) -> Outcome:
    """Note what is asked for, and tell those who decide. The command itself would be allowed and changes `content`."""
    if verb.id in case.asked:
        who = [process.title_of(name) for name in verb.approve]
        message = say("已申请{verb}，待{who}决定", verb=spec.title, who=who)
        return Refusal(case.id, spec.title, (RefusalReason("asked", message, verb.basis),))
    words: dict[str, Any] = {"by": command.actor.id, "reason": command.reason}
    principal = acts_for(process, case, command.actor, verb.by or process.state(case.state).audience)
    if principal:
        words["for"] = principal
    for argument in spec.arguments:
        if (value := getattr(command, argument.field)) is not None:
            words[argument.name] = value
    if isinstance(command, Correct):
        words |= kept_values(process, case, command)
    if content:
        words["content"] = content
    actor = command.actor
    said = {
        "person": say("{name}（{id}）", name=actor.name, id=actor.id) if actor.name else actor.id,
        "case": case.title,
        "verb": spec.title,
        "reason": command.reason,
    }
    message = (
        say("“{person}”为“{case}”申请{verb}：{content}；理由：{reason}", content=content, **said)
        if content
        else say("“{person}”为“{case}”申请{verb}：{reason}", **said)
    )
    change = Change(asked={verb.id: words})
    return EventKind.ASKED, spec.title, change, tuple((name, message) for name in verb.approve)


def content_of(asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the history says of the content of a request."""
    return {"content": asked["content"]} if asked and asked.get("content") else {}


def judge(process: Process, case: Case, command: Approve) -> Refusal | Mapping[str, Any]:
    """Return what was asked for, if the actor may decide it."""
    asked = case.asked.get(command.verb)
    title = (APPROVE if command.granted else DENY).title
    reasons = case_obstacles(process, case)
    verb = find(process, case, command.verb)
    if asked is None or verb is None:
        waiting = [_title(process, case, name) for name in case.asked]
        message = (
            say("没有待批准的“{verb}”；待批准：{waiting}", verb=command.verb, waiting=waiting)
            if waiting
            else say("没有待批准的申请")
        )
        return Refusal(case.id, title, (*reasons, RefusalReason("state", message)))
    askers = {asked["by"], asked.get("for")}
    # Who acts for the one who asked may decide in their own right, not in theirs.
    others = tuple(one for one in command.actor.principals if one.id not in askers)
    if command.actor.id in askers or (
        len(others) < len(command.actor.principals)
        and not belongs(process, case, replace(command.actor, principals=others), verb.approve)
    ):
        reasons.append(RefusalReason("not-allowed", say("申请人不能批准自己的申请"), verb.basis))
    elif not belongs(process, case, command.actor, verb.approve):
        who = [process.title_of(name) for name in verb.approve]
        message = say(
            "{verb}由{who}批准，“{actor}”不能办理", verb=verb.title, who=who, actor=command.actor.id
        )
        reasons.append(RefusalReason("not-allowed", message, verb.basis))
    if not command.granted and not clean(command.reason or ""):
        reasons.append(RefusalReason("reason", say("不批准须说明理由")))
    return Refusal(case.id, title, tuple(reasons)) if reasons else asked


def denied(process: Process, case: Case, command: Approve, asked: Mapping[str, Any]) -> Outcome:
    """Note that what was asked for is not granted, and tell who asked."""
    words = {"case": case.title, "verb": _title(process, case, command.verb), "reason": command.reason}
    message = (
        say("“{case}”的{verb}申请未获批准（{content}）：{reason}", content=asked["content"], **words)
        if asked.get("content")
        else say("“{case}”的{verb}申请未获批准：{reason}", **words)
    )
    change = Change(asked={command.verb: None})
    return EventKind.DENIED, DENY.title, change, ((f"p:{asked['by']}", message),)


def granted(spec: VerbSpec, command: Approve, asked: Mapping[str, Any]) -> Command:
    """Return the command of `spec` that was asked for, as the one who approves it gives it."""
    values = {argument.field: asked.get(argument.name) for argument in spec.arguments}
    if Need.HISTORY in spec.needs:
        values["passage"] = command.passage
    return spec.make(actor=command.actor, reason=asked.get("reason"), granted=True, **values)


def decide_request(process: Process, case: Case, command: Approve, _now: datetime) -> Outcome:
    """Deny what was asked for. Granting it is decided by the verb that was asked for: see `decide`."""
    asked = judge(process, case, command)
    return asked if isinstance(asked, Refusal) else denied(process, case, command, asked)


def _title(process: Process, case: Case, name: str) -> str:
    verb = find(process, case, name)
    return verb.title if verb is not None else name


_VERB = VerbArgument(name="verb", kind=ArgumentKind.APPROVABLE)

APPROVE = VerbSpec(
    word="approve",
    title=term("批准"),
    command=Approve,
    decide=decide_request,
    event=None,
    help=say("批准他人提出的延期、挂起、退回或作废。"),
    note=say("申请人和被代为申请的人都不能批准；除申请人外无人可批准的，不予受理"),
    happened=say("申请获批准"),
    needs=(Need.HISTORY,),
    reason=ReasonRule.OPTIONAL,
    arguments=(_VERB,),
    fixed={"granted": True},
    keys=None,
)

DENY = VerbSpec(
    word="deny",
    title=term("不批准"),
    command=Approve,
    decide=decide_request,
    event=EventKind.DENIED,
    help=say("不批准他人提出的延期、挂起、退回或作废。"),
    note=say("申请人会得知理由"),
    happened=say("申请没有获批准"),
    needs=(Need.HISTORY,),
    arguments=(_VERB,),
    fixed={"granted": False},
    keys=None,
)
