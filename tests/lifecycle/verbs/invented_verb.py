"""标记: a verb that is not in the product; `test_table` puts this file into a copy of it."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbArgument, VerbSpec
from engine.value import named_value


@named_value
class Mark(Command):
    """标记 a task with a number of stars."""

    stars: int


def mark(process: Process, case: Case, command: Mark, _now: datetime) -> Outcome:
    """Note the stars, and tell those the task is for."""
    verb, reasons = check_verb(process, case, MARK, command)
    if verb is not None and command.stars > (verb.value("most_stars") or 0):
        reasons.append(
            RefusalReason("limit", say("最多 {most} 颗星", most=verb.value("most_stars")), verb.basis)
        )
    if verb is None or reasons:
        return Refusal(case.id, MARK.title, tuple(reasons))
    told = say("“{case}”被标记 {stars} 颗星", case=case.title, stars=command.stars)
    audience = process.state(case.state).audience
    return EventKind.RECORDED, MARK.title, Change(), tuple((name, told) for name in audience)


MARK = VerbSpec(
    word="mark",
    title=term("标记"),
    command=Mark,
    decide=mark,
    event=EventKind.RECORDED,
    help=say("标记案件。"),
    note=say("星数有限"),
    happened=say("案件被标记"),
    reason=ReasonRule.OPTIONAL,
    arguments=(VerbArgument(name="stars", kind=ArgumentKind.INTEGER),),
    keys={
        "most_stars": DefinitionKey(
            kind=KeyKind.INTEGER, chinese="最多星数", sentence=say("最多 {value} 颗星")
        )
    },
    sentence=say("可由{who}标记"),
    bulk=True,
)
