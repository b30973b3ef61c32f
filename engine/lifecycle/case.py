"""A case (件): one running workflow, as a value. Its history makes it: `evolve` applies one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.kernel.instants import from_text, to_text
from engine.lifecycle.forms.personal import KeptTexts
from engine.lifecycle.forms.signature import Signing
from engine.value import named_value


class EventKind(StrEnum):
    """What an entry of the history records."""

    STARTED = "started"
    ADVANCED = "advanced"
    CLAIMED = "claimed"
    REASSIGNED = "reassigned"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    URGED = "urged"
    ACKNOWLEDGED = "acknowledged"
    QUESTIONED = "questioned"
    REPLIED = "replied"
    VOIDED = "voided"
    ENDED = "ended"
    SIGNED = "signed"
    SIGNER_ADDED = "signer_added"
    SIGNER_DROPPED = "signer_dropped"
    ASKED = "asked"
    DENIED = "denied"
    ENTRUSTED = "entrusted"
    HANDED_BACK = "handed_back"
    CIRCULATED = "circulated"
    READ = "read"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    RECOMPUTED = "recomputed"
    REFUSED = "refused"
    RECORDED = "recorded"
    MIGRATED = "migrated"
    REVIEWED = "reviewed"


@named_value
class Pause:
    """A time a clock was paused; every limit gives it back by its own rule and the calendar of the day it is counted on."""

    since: datetime
    until: datetime
    #: By how many units the clock had been extended when it went on: what the limit moved off days off rests on.
    extended: int = 0

    def as_json(self) -> list[Any]:
        """Return plain values, instants in UTC."""
        found: list[Any] = [to_text(self.since), to_text(self.until)]
        return [*found, self.extended] if self.extended else found

    @classmethod
    def from_json(cls, body: Sequence[Any]) -> Pause:
        """Return the pause that `as_json` wrote."""
        return cls(since=from_text(body[0]), until=from_text(body[1]), extended=body[2] if body[2:] else 0)


@named_value
class RunningClock:
    """A deadline that is running on a case."""

    #: When the case entered the states the clock runs in (UTC).
    started_at: datetime
    #: The instant the limit is counted from: `started_at`, or the date the clock's ``since`` gave. Clocks of before
    #: `pauses` was kept have it moved by the pauses they had then.
    counted_from: datetime
    due_on: date
    due_at: datetime
    #: 暂定: the count reaches into a year whose holidays are not published.
    provisional: bool
    #: The number of the step of the schedule that comes next (see `engine.lifecycle.deadlines.schedule`).
    step: int = 0
    #: When that step is due; None: no step is left.
    next_at: datetime | None = None
    #: Extensions granted so far: how many, and how many units in all.
    times_extended: int = 0
    extended_by: int = 0
    #: What its further limits (``not_later_than``) are counted from, in their order.
    others_from: tuple[datetime, ...] = ()
    #: Which limit rules: 0 is the clock's own, the others follow.
    ruling: int = 0
    #: When it began to stand still in a state of ``pauses_in``; None: it runs.
    paused_at: datetime | None = None
    #: Days its limits in months and years end later by for pauses from before `pauses` was kept.
    waited: int = 0
    #: The numbers of its limits that do not hold, because their ``when`` does not.
    left_out: tuple[int, ...] = ()
    #: Due instants it has had before, with the step that came next then: what was announced for them is not announced again.
    announced: tuple[tuple[datetime, int], ...] = ()
    #: The times it was paused, oldest first; none overlaps another.
    pauses: tuple[Pause, ...] = ()
    #: What `as_json` gives, made when it is first asked for: the entry and the case it changes both write it.
    _json: Mapping[str, Any] | None = field(default=None, init=False, compare=False, repr=False)

    def armed(self, step: int, next_at: datetime | None) -> RunningClock:
        """Return the same reading with another next step. By name, because it is done at every reminder."""
        return RunningClock(
            started_at=self.started_at,
            counted_from=self.counted_from,
            due_on=self.due_on,
            due_at=self.due_at,
            provisional=self.provisional,
            step=step,
            next_at=next_at,
            times_extended=self.times_extended,
            extended_by=self.extended_by,
            others_from=self.others_from,
            ruling=self.ruling,
            paused_at=self.paused_at,
            waited=self.waited,
            left_out=self.left_out,
            announced=self.announced,
            pauses=self.pauses,
        )

    def late(self, now: datetime) -> bool:
        """Tell whether the deadline has passed; for a paused clock, had passed when it stopped."""
        return (self.paused_at or now) >= self.due_at

    def as_json(self) -> Mapping[str, Any]:
        """Return plain values, instants in UTC. Not to be changed: whoever asks is given the same."""
        found = self._json
        if found is None:
            found = _clock_json(self)
            object.__setattr__(self, "_json", found)
        return found

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> RunningClock:
        """Return the clock that `as_json` wrote. Cases that began together share one: what was worked out for it serves all."""
        items = tuple(body.items())
        try:
            return _shared_clock(items)
        except TypeError:
            # One that holds a list.
            return _shared_clock.__wrapped__(items)


@lru_cache(maxsize=1024)
def _shared_clock(items: tuple[tuple[str, Any], ...]) -> RunningClock:
    body = dict(items)
    started = from_text(body["started_at"])
    since = body.get("counted_from")
    return RunningClock(
        started_at=started,
        counted_from=from_text(since) if since else started,
        due_on=date.fromisoformat(body["due_on"]),
        due_at=from_text(body["due_at"]),
        provisional=body.get("provisional", False),
        step=body.get("step", 0),
        next_at=from_text(body["next_at"]) if "next_at" in body else None,
        times_extended=body.get("times_extended", 0),
        extended_by=body.get("extended_by", 0),
        others_from=tuple(map(from_text, body["others_from"])) if "others_from" in body else (),
        ruling=body.get("ruling", 0),
        paused_at=from_text(body["paused_at"]) if "paused_at" in body else None,
        announced=tuple((from_text(due), step) for due, step in body["told"]) if "told" in body else (),
        waited=body.get("waited", 0),
        left_out=tuple(body.get("left_out", ())),
        pauses=tuple(map(Pause.from_json, body["pauses"])) if "pauses" in body else (),
    )


def _clock_json(clock: RunningClock) -> Mapping[str, Any]:
    body: dict[str, Any] = {
        "started_at": to_text(clock.started_at),
        "due_on": clock.due_on.isoformat(),
        "due_at": to_text(clock.due_at),
    }
    if clock.counted_from != clock.started_at:
        body["counted_from"] = to_text(clock.counted_from)
    if clock.provisional:
        body["provisional"] = True
    if clock.step:
        body["step"] = clock.step
    if clock.next_at is not None:
        body["next_at"] = to_text(clock.next_at)
    if clock.times_extended:
        body["times_extended"] = clock.times_extended
        body["extended_by"] = clock.extended_by
    if clock.others_from:
        body["others_from"] = [to_text(instant) for instant in clock.others_from]
    if clock.ruling:
        body["ruling"] = clock.ruling
    if clock.paused_at is not None:
        body["paused_at"] = to_text(clock.paused_at)
    if clock.left_out:
        body["left_out"] = list(clock.left_out)
    if clock.announced:
        body["told"] = [[to_text(due), step] for due, step in clock.announced]
    return body | _pauses_json(clock) if clock.pauses or clock.waited else body


def _pauses_json(clock: RunningClock) -> dict[str, Any]:
    found: dict[str, Any] = {"waited": clock.waited} if clock.waited else {}
    if clock.pauses:
        found["pauses"] = [pause.as_json() for pause in clock.pauses]
    return found


@named_value
class Case:
    """One running workflow, pinned to a published version of its definition."""

    id: str
    workflow: str
    version: int
    state: str
    #: How many events the history of the case holds; every write names the one it saw.
    rev: int
    #: Hash of the last event.
    head: str
    title: str
    section: str | None
    opened_at: datetime
    entered_at: datetime
    #: Who opened it. Not compared: cases from before it was kept have it in their history alone.
    opened_by: str | None = field(default=None, compare=False)
    parent: str | None = None
    closed_at: datetime | None = None
    suspended_at: datetime | None = None
    #: How long the case has been suspended since it entered its state, a suspension that still lasts left out.
    held: timedelta = timedelta(0)
    assignee: str | None = None
    #: What the case is about, as it was when the case started: at least ``id``, mostly ``name`` too.
    subject: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: form id -> the latest answers given
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: party -> person ids
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clocks: Mapping[str, RunningClock] = field(default_factory=dict)
    #: step -> its signatures so far; over when the case leaves the state.
    signing: Mapping[str, Signing] = field(default_factory=dict)
    #: verb -> what was asked for and waits for approval: ``by``, ``reason``, and the words of the command.
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: branch -> what was answered last: ``by``, ``at``, ``on`` and ``answers``; ``past`` where the case has moved since.
    branches: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: 委派 of the present task: ``by``, ``to``, ``at``, ``reason``; once it came back ``answer``, ``answered_at``, ``answered_by`` too.
    entrusted: Mapping[str, Any] | None = None
    #: 传阅、抄送: person -> ``by`` and ``at``; once the person has read it ``read_at`` too.
    copies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: ``FORM.FIELD`` or ``case.FACT`` -> what a migration did to the answer (`AnswerChange`), until its holder has looked.
    to_review: Mapping[str, str] = field(default_factory=dict)
    #: The personal texts of all its answers, by id; None: none were ever given. The history does not make them.
    personal: KeptTexts | None = field(default=None, compare=False)
    #: The instant of the last event where that is not the one at which the case entered its state.
    last_at: datetime | None = None

    @property
    def last_event_at(self) -> datetime:
        """Return the instant of the last event."""
        return self.entered_at if self.last_at is None else self.last_at

    @property
    def open(self) -> bool:
        """Tell whether the case has not reached a final state."""
        return self.closed_at is None


@named_value
class Change:
    """What one event changes in a case; everything needed to make the case again from its history."""

    state: str | None = None
    final: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None
    answers: Mapping[str, Any] | None = None
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: clock id -> its new reading; None: the clock stops
    clocks: Mapping[str, RunningClock | None] = field(default_factory=dict)
    #: "" takes the assignee away
    assignee: str | None = None
    suspended: bool | None = None
    #: The case goes to this version; a `state` beside it is another name of the one it is in: nothing begins anew.
    version: int | None = None
    #: With `version`: form -> all its answers from now on; None: the case has none of it any more.
    forms: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    #: With `version`: facts that are kept under another name, or not at all.
    without: tuple[str, ...] = ()
    #: answer -> what was done to it; None: somebody has looked
    to_review: Mapping[str, str | None] = field(default_factory=dict)
    #: step -> its signatures from now on; None: none are asked for any more
    signing: Mapping[str, Signing | None] = field(default_factory=dict)
    #: verb -> what waits for approval; None: it was decided
    asked: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    #: branch -> what was answered; None: the answer was taken back
    branches: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    #: The present task is entrusted to somebody, or has come back.
    entrusted: Mapping[str, Any] | None = None
    #: person -> the copy they were sent, or have read
    copies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; what does not change is left out."""
        body: dict[str, Any] = {}
        if self.state is not None:
            body["state"] = self.state
        if self.final:
            body["final"] = True
        if self.fields:
            body["fields"] = dict(self.fields)
        if self.form is not None:
            body["form"] = self.form
            body["answers"] = dict(self.answers or {})
        if self.parties:
            body["parties"] = {name: list(people) for name, people in self.parties.items()}
        if self.clocks:
            body["clocks"] = {i: clock.as_json() if clock else None for i, clock in self.clocks.items()}
        if self.assignee is not None:
            body["assignee"] = self.assignee
        if self.suspended is not None:
            body["suspended"] = self.suspended
        if self.signing:
            body["signing"] = {step: one.as_json() if one else None for step, one in self.signing.items()}
        if self.asked or self.branches or self.entrusted or self.copies:
            body |= self._seldom()
        return body | self._of_migration() if self.version is not None or self.to_review else body

    def _of_migration(self) -> dict[str, Any]:
        body: dict[str, Any] = {} if self.version is None else {"version": self.version}
        if self.forms:
            body["forms"] = {form: dict(one) if one is not None else None for form, one in self.forms.items()}
        if self.without:
            body["without"] = list(self.without)
        if self.to_review:
            body["to_review"] = dict(self.to_review)
        return body

    def _seldom(self) -> dict[str, Any]:
        asked = {verb: dict(words) if words else None for verb, words in self.asked.items()}
        found = {
            "asked": asked,
            "branches": {branch: dict(said) if said else None for branch, said in self.branches.items()},
            "entrusted": dict(self.entrusted or {}),
            "copies": {person: dict(copy) for person, copy in self.copies.items()},
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Change:
        """Return the change that `as_json` wrote."""
        return cls(
            state=body.get("state"),
            final=body.get("final", False),
            fields=body.get("fields", {}),
            form=body.get("form"),
            answers=body.get("answers"),
            parties={name: tuple(people) for name, people in body.get("parties", {}).items()},
            clocks={
                i: RunningClock.from_json(clock) if clock else None
                for i, clock in body.get("clocks", {}).items()
            },
            assignee=body.get("assignee"),
            suspended=body.get("suspended"),
            version=body.get("version"),
            forms=body.get("forms", {}),
            without=tuple(body.get("without", ())),
            to_review=body.get("to_review", {}),
            signing={
                step: Signing.from_json(one) if one is not None else None
                for step, one in body.get("signing", {}).items()
            },
            asked=body.get("asked", {}),
            branches=body.get("branches", {}),
            entrusted=body.get("entrusted"),
            copies=body.get("copies", {}),
        )


def evolve(
    case: Case, change: Change, at: datetime, rev: int, head: str, personal: KeptTexts | None = None
) -> Case:
    """Return `case` after `change`, which happened at `at` and is event number `rev` with hash `head`.

    `personal` are the personal texts the case keeps from now on; None: those it kept before.
    """
    moved = change.state is not None and change.version is None
    clocks = dict(case.clocks)
    for name, clock in change.clocks.items():
        if clock is None:
            clocks.pop(name, None)
        else:
            clocks[name] = clock
    assignee: str | None = None if moved else case.assignee
    if change.assignee is not None:
        assignee = change.assignee or None
    suspended_at = case.suspended_at
    held = timedelta(0) if moved else case.held
    if change.suspended is not None:
        if case.suspended_at is not None and not change.suspended and not moved:
            held += at - case.suspended_at
        suspended_at = at if change.suspended else None
    # Every field by name: `replace` looks through all of them, and this is done for every entry of every case.
    return Case(
        id=case.id,
        workflow=case.workflow,
        title=case.title,
        section=case.section,
        opened_at=case.opened_at,
        opened_by=case.opened_by,
        parent=case.parent,
        subject=case.subject,
        state=change.state if change.state is not None else case.state,
        version=change.version or case.version,
        rev=rev,
        head=head,
        entered_at=at if moved else case.entered_at,
        closed_at=at if change.final else case.closed_at,
        suspended_at=suspended_at,
        held=held,
        assignee=assignee,
        fields=_fields_after(case.fields, change) if change.fields or change.without else case.fields,
        forms=_forms_after(case.forms, change) if change.form or change.forms else case.forms,
        parties={**case.parties, **change.parties} if change.parties else case.parties,
        clocks=clocks,
        signing=_merged({} if moved else case.signing, change.signing)
        if case.signing or change.signing
        else {},
        asked=_merged({} if moved else case.asked, change.asked) if case.asked or change.asked else {},
        branches=_merged(_past(case.branches) if moved else case.branches, change.branches)
        if case.branches or change.branches
        else {},
        # Whoever else gets the task (转办, an escalation) need not hand it back.
        entrusted=change.entrusted or (None if moved or change.assignee is not None else case.entrusted),
        copies={**case.copies, **change.copies} if change.copies else case.copies,
        to_review=_to_review(case.to_review, change) if case.to_review or change.to_review else {},
        personal=personal or case.personal,
        last_at=None if moved or at == case.entered_at else at,
    )


def _fields_after(before: Mapping[str, Any], change: Change) -> Mapping[str, Any]:
    kept = {name: value for name, value in before.items() if name not in change.without}
    return {**kept, **change.fields}


def _forms_after(before: Mapping[str, Any], change: Change) -> Mapping[str, Any]:
    found = dict(before)
    if change.form:
        found[change.form] = dict(change.answers or {})
    for form, answers in change.forms.items():
        if answers is None:
            found.pop(form, None)
        else:
            found[form] = dict(answers)
    return found


def _past(branches: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Return the answers to branches once the case has moved: a state that is entered again, even at once, asks anew."""
    if not branches:
        return branches
    return {name: said if "past" in said else {**said, "past": True} for name, said in branches.items()}


def _to_review(before: Mapping[str, str], change: Change) -> Mapping[str, str]:
    """Return what is still to be looked at: a form that is handed in again has been."""
    kept = {
        name: what
        for name, what in before.items()
        if change.form is None or not name.startswith(f"{change.form}.")
    }
    return _merged(kept, change.to_review)


def _merged(before: Mapping[str, Any], changed: Mapping[str, Any]) -> Mapping[str, Any]:
    if not changed:
        return before
    return {name: value for name, value in {**before, **changed}.items() if value is not None}
