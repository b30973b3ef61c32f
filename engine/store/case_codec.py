"""Cases and their histories as rows. A module of its own: listing tasks does not load what a case is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.kernel.instants import from_text
from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import Event
from engine.lifecycle.forms.personal import KeptTexts, read_back, without_texts
from engine.lifecycle.forms.signature import Signing
from engine.store.codec import Row, from_json, instant, stamp, to_json

#: What pauses are kept in.
_TICK = timedelta(microseconds=1)


class _ClocksText:
    """The JSON of the clocks written last: the cases of one batch share theirs, and rendering them is half a row."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        #: Both in one place, so that threads never see one without the other.
        self._last: tuple[Mapping[str, RunningClock], str] = ({}, "")

    def __call__(self, clocks: Mapping[str, RunningClock]) -> str:
        """Return the canonical JSON of `clocks`; equal ones have one text, and those of a batch are the same objects."""
        seen, text = self._last
        if clocks is not seen and clocks != seen:
            text = to_json({name: clock.as_json() for name, clock in clocks.items()})
            self._last = (clocks, text)
        return text


_clocks_text = _ClocksText()


def case_body(case: Case) -> str:
    """Return what a case carries besides its columns, as JSON; what is empty is left out."""
    body: dict[str, Any] = {}
    if case.subject:
        body["subject"] = case.subject
    if case.fields:
        body["fields"] = case.fields
    if case.forms:
        body["forms"] = case.forms
    if case.parties:
        body["parties"] = case.parties
    if case.opened_by:
        body["opened_by"] = case.opened_by
    if case.signing:
        body["signing"] = {step: signing.as_json() for step, signing in case.signing.items()}
    if case.held or case.last_at is not None:
        body |= _times(case)
    if case.to_review:
        body["to_review"] = case.to_review
    if case.personal is not None:
        # The texts stand once, apart from the rest of the row, so that they can go without it.
        whole = without_texts(body | _seldom(case))
        return to_json({**whole, "personal": case.personal.as_json()})
    if case.asked or case.branches or case.copies or case.entrusted:
        return to_json(body | _seldom(case))
    rest = to_json(body)
    if not case.clocks:
        return rest
    # "clocks" is the first of the names but those of `_seldom`, so the text is the one canonical text.
    return f'{{"clocks":{_clocks_text(case.clocks)}{"," if body else ""}{rest[1:]}'


def _seldom(case: Case) -> dict[str, Any]:
    """Return what most cases do not have, with the clocks."""
    found: dict[str, Any] = {
        "asked": case.asked,
        "branches": case.branches,
        "copies": case.copies,
        "entrusted": case.entrusted,
    }
    found["clocks"] = {name: clock.as_json() for name, clock in case.clocks.items()}
    return {name: value for name, value in found.items() if value}


def _times(case: Case) -> dict[str, Any]:
    """Return the pauses of a case, and the instant of its last event where it is none of its columns."""
    times: dict[str, Any] = {"held": case.held // _TICK} if case.held else {}
    if case.last_at is not None:
        times["last_at"] = stamp(case.last_at)
    return times


def case_row(case: Case) -> Row:
    """Return the columns of a case."""
    opened = stamp(case.opened_at)
    return (
        case.id,
        case.workflow,
        case.version,
        case.state,
        case.rev,
        case.head,
        case.parent,
        case.section,
        case.subject.get("id"),
        case.title,
        opened,
        # A new case has entered its first state at the instant it was opened: the same text serves twice.
        opened if case.entered_at is case.opened_at else stamp(case.entered_at),
        None if case.closed_at is None else stamp(case.closed_at),
        None if case.suspended_at is None else stamp(case.suspended_at),
        case.assignee,
        case_body(case),
    )


#: What `case_carried` gives.
CARRIED = ("rev", "head", "suspended_at", "assignee", "body")
#: What may change while a case keeps its version; the index of what it is about is not written anew.
MOVED = ("state", "rev", "head", "entered_at", "closed_at", "suspended_at", "assignee", "body")


def case_carried(case: Case) -> Row:
    """Return the columns that change while a case stays where it is."""
    return (case.rev, case.head, instant(case.suspended_at), case.assignee, case_body(case))


def case_of(row: Sequence[Any]) -> Case:
    """Return the case of its columns."""
    body = from_json(row[15])
    personal = KeptTexts.from_json(body["personal"]) if "personal" in body else None
    if personal is not None:
        body = read_back(body, personal)
    parties = body.get("parties")
    clocks = body.get("clocks")
    signing = body.get("signing")
    opened = from_text(row[10])
    return Case(
        id=row[0],
        workflow=row[1],
        version=row[2],
        state=row[3],
        rev=row[4],
        head=row[5],
        parent=row[6],
        section=row[7],
        title=row[9],
        opened_at=opened,
        entered_at=opened if row[11] == row[10] else from_text(row[11]),
        closed_at=None if row[12] is None else from_text(row[12]),
        suspended_at=None if row[13] is None else from_text(row[13]),
        assignee=row[14],
        opened_by=body.get("opened_by"),
        held=body.get("held", 0) * _TICK,
        subject=body.get("subject", {}),
        fields=body.get("fields", {}),
        forms=body.get("forms", {}),
        parties={name: tuple(people) for name, people in parties.items()} if parties else {},
        clocks={name: RunningClock.from_json(clock) for name, clock in clocks.items()} if clocks else {},
        signing={step: Signing.from_json(one) for step, one in signing.items()} if signing else {},
        asked=body.get("asked", {}),
        branches=body.get("branches", {}),
        copies=body.get("copies", {}),
        entrusted=body.get("entrusted"),
        to_review=body.get("to_review", {}),
        personal=personal,
        last_at=from_text(body["last_at"]) if "last_at" in body else None,
    )


def event_row(event: Event) -> Row:
    """Return the columns of an event."""
    return (
        event.stream,
        event.seq,
        stamp(event.at),
        event.actor,
        event.kind,
        event.text or to_json(event.body),
        event.previous,
        event.hash,
    )
