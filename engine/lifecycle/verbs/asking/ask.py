"""征询 答复: somebody is asked to correct, complete or answer something, and answers. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.kernel.clean_text import clean
from engine.kernel.instants import from_text, to_text
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Term, say, term
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.permission import belongs, display_names
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import case_obstacles, check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbArgument, VerbSpec
from engine.value import named_value
from engine.worktime.arithmetic import add_period

#: What may be asked for, and what the field calls it.
WANTED: Mapping[str, Term] = {
    "correct": term("更正"),
    "complete": term("补充"),
    "answer": term("答复"),
}


#: What is asked for is this, and so is the verb called by which it is done.
CORRECT = "correct"


@named_value
class Ask(Command):
    """征询: ask `to` to correct, complete or answer something; the reason says what."""

    to: Actor
    what: str | None = None


@named_value
class Reply(Command):
    """答复: say that what was asked has been done; the reason is the answer."""


def ask(process: Process, case: Case, command: Ask, now: datetime) -> Outcome:
    """Put a question to one person; the clocks the definition names stand still until it is answered."""
    verb, reasons = check_verb(process, case, ASK, command)
    if verb is None or reasons:
        return Refusal(case.id, ASK.title, tuple(reasons))
    person, what = command.to.id, command.what or "answer"
    if what not in WANTED:
        message = say("“{what}”不是征询的种类：{known}", what=what, known=list(WANTED))
        return Refusal(case.id, ASK.title, (RefusalReason("argument", message),))
    if ASK.word in case.asked:
        message = say("已在等“{person}”答复，答复以前不能再问", person=case.asked[ASK.word]["to"])
        return Refusal(case.id, ASK.title, (RefusalReason("state", message),))
    audience = verb.among or process.state(case.state).audience
    if person == command.actor.id or not belongs(process, case, command.to, audience):
        who = display_names(process, case, audience)
        message = say("只能问{who}，不能问自己；“{person}”不行", who=who, person=person)
        hint = say("此环节还可以问别人的，请在流程的 ask（征询）下写 among（限于）")
        return Refusal(case.id, ASK.title, (RefusalReason("person", message, verb.basis, hint=hint),))
    due = answer_due(process, now)
    question = {
        "by": command.actor.id,
        "to": person,
        "what": what,
        "reason": clean(command.reason or ""),
        "at": to_text(now),
        # The answer says whether anything was entered in between.
        "rev": str(case.rev),
        **({} if due is None else {"due": due.isoformat()}),
    }
    by_when = "" if due is None else say("在 {day} 前", day=due.isoformat())
    wanted = say(
        "“{person}”请你{by_when}就“{case}”（{id}）{what}：{reason}",
        person=command.actor.name or command.actor.id,
        by_when=by_when,
        case=case.title,
        id=case.id,
        what=WANTED[what],
        reason=command.reason,
    )
    change = Change(asked={ASK.word: question}, clocks=_paused_by_question(process, case, verb.pauses, now))
    return EventKind.QUESTIONED, ASK.title, change, ((f"p:{person}", wanted),)


def answer_due(process: Process, asked_at: datetime) -> date | None:
    """Return the last day for an answer: as long after the question as the bureau lets a task lie untouched; None: it names no such time."""
    rule = process.bureau.untouched
    if rule is None:
        return None
    return add_period(process.time.calendar, asked_at.astimezone(process.time.zone).date(), rule.after)


def reply(process: Process, case: Case, command: Reply, now: datetime) -> Outcome:
    """End the question: whoever was asked has answered, and whoever asked gets the answer.

    Asked for a correction, an answer with nothing corrected or about to be is noted and ends nothing: it ends once whoever
    asked replies to it.
    """
    reasons = case_obstacles(process, case)
    asked = case.asked.get(ASK.word)
    if asked is None:
        reasons.append(RefusalReason("state", say("没有人在等答复")))
        return Refusal(case.id, REPLY.title, tuple(reasons))
    own = {command.actor.id, *(one.id for one in command.actor.principals)}
    agreeing = "answer" in asked and asked["by"] in own
    if not agreeing and asked["to"] not in own:
        message = say("问的是“{person}”，“{actor}”不能答复", person=asked["to"], actor=command.actor.id)
        reasons.append(RefusalReason("not-allowed", message))
    if not clean(command.reason or ""):
        reasons.append(RefusalReason("reason", say("须写明答复的内容")))
    if reasons:
        return Refusal(case.id, REPLY.title, tuple(reasons))
    words = {
        "person": command.actor.name or command.actor.id,
        "case": case.title,
        "id": case.id,
        "what": WANTED[asked["what"]],
        "reason": command.reason,
    }
    if agreeing:
        agreed = say("“{person}”认可了你就“{case}”（{id}）的答复（{what}）：{reason}", **words)
        change = Change(asked={ASK.word: None}, clocks=going_on(process, case, now))
        return EventKind.REPLIED, REPLY.title, change, ((f"p:{asked['to']}", agreed),)
    if asked["what"] == CORRECT and not asked.get("corrected") and CORRECT not in case.asked:
        waits = say(
            "“{person}”就“{case}”（{id}）答复（{what}）：{reason}；自征询以后，本件没有更正过，征询没有结束：不必更正的，由你答复认可；仍须更正的，等其更正",
            **words,
        )
        change = Change(asked={ASK.word: {**asked, "answer": command.reason}})
        return EventKind.REPLIED, REPLY.title, change, ((f"p:{asked['by']}", waits),)
    # Of a question of before nobody noted where it was asked.
    untouched = asked["what"] == "complete" and asked.get("rev") == str(case.rev - 1)
    answered = say(
        "“{person}”已就“{case}”（{id}）答复（{what}）：{reason}{remark}",
        remark=say("；自征询以后，本件没有更正、补充过") if untouched else "",
        **words,
    )
    change = Change(asked={ASK.word: None}, clocks=going_on(process, case, now))
    return EventKind.REPLIED, REPLY.title, change, ((f"p:{asked['by']}", answered),)


def with_correction(case: Case) -> dict[str, Mapping[str, Any] | None]:
    """Return the question of a case that waits for a correction, marked as corrected; empty where there is none."""
    asked = case.asked.get(ASK.word)
    return {} if asked is None or asked["what"] != CORRECT else {ASK.word: {**asked, "corrected": True}}


def going_on(process: Process, case: Case, now: datetime) -> dict[str, RunningClock | None]:
    """Return the clocks a question of the case has stopped as they go on: the time of waiting is given back."""
    asked = case.asked.get(ASK.word)
    if asked is None:
        return {}
    stopped = process.state(case.state).verbs.get(ASK.word)
    still = process.with_those_beside(stopped.pauses if stopped else ())
    clocks: dict[str, RunningClock | None] = {}
    readings = dict(case.clocks)
    for clock in process.clocks:
        running = readings.get(clock.id)
        if running is None or clock.id not in still or running.paused_at != from_text(asked["at"]):
            continue
        # In a version the case went to since, its state may pause it anyway.
        if process.is_paused(clock.id, case.state):
            continue
        moved = process.time.moved_on(clock, running, running.paused_at, now, readings)
        clocks[clock.id] = readings[clock.id] = moved
    return clocks


def _paused_by_question(
    process: Process, case: Case, pauses: tuple[str, ...], now: datetime
) -> dict[str, RunningClock | None]:
    return {
        name: replace(case.clocks[name], paused_at=now, next_at=None)
        for name in process.with_those_beside(pauses)
        if name in case.clocks and case.clocks[name].paused_at is None
    }


ASK = VerbSpec(
    word="ask",
    title=term("征询"),
    command=Ask,
    decide=ask,
    event=EventKind.QUESTIONED,
    help=say("征询：请一个人更正、补充或答复；案件写明自何时起等待。"),
    note=say("一次问一个人；`pauses` 写明的时限停计，没有写明的不停；答复或案件转入别的环节，征询结束"),
    happened=say("向一个人征询，等其更正、补充或答复"),
    by_whom=say("征询的人"),
    reason_help=say("要更正、补充或答复什么"),
    arguments=(
        VerbArgument(name="to", kind=ArgumentKind.PERSON, option=True, help=say("问谁")),
        VerbArgument(
            name="what",
            kind=ArgumentKind.TEXT,
            required=False,
            option=True,
            help=say("请其做什么：correct（更正）、complete（补充）、answer（答复，默认）"),
        ),
    ),
    keys={
        "among": DefinitionKey(kind=KeyKind.AUDIENCE, sentence=say("限于{value}")),
        "pauses": DefinitionKey(kind=KeyKind.CLOCKS, sentence=say("期间停计“{value}”")),
    },
    sentence=say("可由{who}征询"),
    counts_as_acting=False,
)

REPLY = VerbSpec(
    word="reply",
    title=term("答复"),
    command=Reply,
    decide=reply,
    event=EventKind.REPLIED,
    help=say("答复：更正、补充或答复了所征询的；征询的人会得知。"),
    note=say("由被问的人办；停计的时限按等待的时间顺延；要求更正而没有更正的，经征询的人答复认可才结束"),
    happened=say("被问的人作了答复"),
    by_whom=say("被问的人"),
    reason=ReasonRule.REQUIRED,
    reason_help=say("答复的内容"),
    keys=None,
    counts_as_acting=False,
)
