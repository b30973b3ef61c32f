"""The facts of a paper in their order: drafted, approved, numbered, signed, served, filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.language import Message, say

ORDER = tuple(state for state in PaperState if state is not PaperState.VOID)
#: What has to be before: a step may be left out, these may not.
_NEEDED = {
    PaperState.NUMBERED: PaperState.APPROVED,
    PaperState.SIGNED: PaperState.APPROVED,
    PaperState.SERVED: PaperState.APPROVED,
}


class PaperRefusedError(Exception):
    """Something cannot be done with a paper; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def with_fact(
    paper: PaperRecord,
    state: PaperState,
    on: date,
    at: datetime,
    by: str,
    *,
    today: date,
    note: str | None = None,
) -> PaperRecord:
    """Return `paper` after something happened to it on a day. Raises PaperRefusedError where it cannot have.

    A paper without a number may leave out being numbered, one that nobody signs may leave out being signed.
    """
    last = paper.facts[-1]
    called = paper.number or paper.id
    if last.state is PaperState.VOID:
        raise PaperRefusedError(say("文书“{paper}”已作废，不能再办理", paper=called))
    if on > today:
        raise PaperRefusedError(say("“{state}”的日期 {day} 晚于今天", state=state.words, day=on.isoformat()))
    if state is not PaperState.VOID:
        if ORDER.index(state) <= ORDER.index(last.state):
            raise PaperRefusedError(
                say(
                    "文书“{paper}”已经{last}，不能再记“{state}”",
                    paper=called,
                    last=last.state.words,
                    state=state.words,
                )
            )
        needed = _NEEDED.get(state)
        if needed is not None and paper.fact(needed) is None:
            raise PaperRefusedError(
                say(
                    "文书“{paper}”还没有{needed}，不能记“{state}”",
                    paper=called,
                    needed=needed.words,
                    state=state.words,
                )
            )
        if on < last.on:
            raise PaperRefusedError(
                say(
                    "“{state}”的日期 {day} 早于“{last}”的日期 {last_day}",
                    state=state.words,
                    day=on.isoformat(),
                    last=last.state.words,
                    last_day=last.on.isoformat(),
                )
            )
    return replace(paper, facts=(*paper.facts, PaperFact(state, on, at, by, note)))


def dated_on(paper: PaperRecord) -> date:
    """Return the date under the seal: the day the paper was numbered, else that of its draft."""
    fact = paper.fact(PaperState.NUMBERED) or paper.facts[0]
    return fact.on
