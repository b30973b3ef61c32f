"""Checking the histories: whole chains, and cases that are what their histories say they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.language import Message, say
from engine.lifecycle.case import Case, Change, evolve
from engine.lifecycle.chain import Event, breaks
from engine.office.ports import Unit
from engine.office.rows import CaseFilter


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the store that cannot be trusted: which history, from which entry and day on."""

    stream: str
    seq: int
    day: str
    message: Message

    def __str__(self) -> str:
        return str(
            say(
                "{stream} 第 {seq} 条（{day} 起不可信）：{message}",
                stream=self.stream,
                seq=self.seq,
                day=self.day,
                message=self.message,
            )
        )


def verify(unit: Unit) -> Iterator[Finding]:
    """Yield everything wrong with any history, and every case that differs from its own."""
    for stream in unit.events.streams():
        yield from verify_stream(unit, stream)
    yield from _without_history(unit)


def verify_stream(unit: Unit, stream: str) -> Iterator[Finding]:
    """Yield what is wrong with one history, and with the case it belongs to."""
    events = list(history(unit, stream))
    found = False
    for seq, message in breaks(events):
        found = True
        yield Finding(stream, seq, _day(events, seq), message)
    case = unit.cases.get(stream)
    if case is None or found:
        return
    last = events[-1]
    if case.rev != last.seq or case.head != last.hash:
        message = say(
            "案件现状停在第 {rev} 条，历史有 {seen} 条：末尾被删或被加", rev=case.rev, seen=last.seq
        )
        yield Finding(stream, min(case.rev, last.seq), _day(events, min(case.rev, last.seq)), message)
        return
    again = replay(events)
    if again != case:
        differing = [
            name for name in Case.__dataclass_fields__ if getattr(again, name) != getattr(case, name)
        ]
        message = say("案件现状与历史不符：{fields}", fields=differing)
        yield Finding(stream, last.seq, _day(events, last.seq), message)


def history(unit: Unit, stream: str) -> Iterator[Event]:
    """Yield all events of a stream, page by page."""
    after = 0
    while page := unit.events.of(stream, after=after, limit=2000):
        yield from page
        after = page[-1].seq


def replay(events: list[Event]) -> Case:
    """Make a case again from its history."""
    first, *rest = events
    body = first.body
    begun = Change.from_json(body)
    case = Case(
        id=first.stream,
        workflow=body["workflow"],
        version=body["version"],
        state=body["state"],
        rev=1,
        head=first.hash,
        title=body["title"],
        section=body["section"],
        opened_at=first.at,
        entered_at=first.at,
        parent=body["parent"],
        closed_at=first.at if body.get("final") else None,
        subject=body["subject"],
        fields=begun.fields,
        forms={begun.form: begun.answers or {}} if begun.form else {},
        parties=begun.parties,
        clocks={name: clock for name, clock in begun.clocks.items() if clock is not None},
    )
    for event in rest:
        case = evolve(case, Change.from_json(event.body), event.at, event.seq, event.hash)
    return case


def _without_history(unit: Unit) -> Iterator[Finding]:
    known = set(unit.events.streams())
    after: str | None = None
    while page := unit.cases.find(CaseFilter(), limit=5000, after=after):
        for case in page:
            if case.id not in known:
                day = case.opened_at.date().isoformat()
                yield Finding(case.id, 0, day, say("案件没有任何历史：历史被整体删除"))
        after = page[-1].id


def _day(events: list[Event], seq: int) -> str:
    found = next((event for event in events if event.seq >= seq), events[-1] if events else None)
    return found.at.date().isoformat() if found else "-"
