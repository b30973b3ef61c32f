"""Checking the histories: whole chains, and cases that are what their histories say they are.

All of them are read in the order in which they are stored, a page of events at a time, so that short ones cost no
statement each. Bounded in memory: one page, and one number for every case. What whole chains cannot show,
because somebody made them anew, `engine.app.audit.verify_seals` shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from json import JSONDecoder
from operator import ge
from typing import Any

from engine.app.audit.finding import AuditFinding, day_of
from engine.app.history.paged_reading import Reading, page_of
from engine.app.history.replay import PAGE, after_event, begin, in_history, other_facts
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.instants import from_text, to_text
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import GENESIS, Event, StoredEvent, canonical, digest, event_of
from engine.lifecycle.forms.personal import FORGOTTEN_TEXTS, TEXTS_DIGEST, texts_unlike

#: Events fetched at a time, in a reading transaction of their own.
ROWS = 400
#: Missing numbers of a workflow that are named; of more only how many.
NAMED = 1000
#: No bureau gives as many numbers.
MOST = 100_000_000
#: How the history of a case begins.
_STARTED = EventKind.STARTED.value


#: Returns a value and where its text ends, without the calls that look for blanks around it.
_scan: Callable[[str, int], tuple[Any, int]] = vars(JSONDecoder())["scan_once"]
_sha256 = hashlib.sha256


def _chains(reading: Reading) -> Iterator[AuditFinding]:
    numbers = _Numbers(page_of(reading))
    walk: Walk | None = None
    place, cases = ("", 0), 0
    while True:
        transaction = page_of(reading, anew=True)
        rows = transaction.events.stored(place, ROWS)
        ended = list[Walk]()
        for row in rows:
            if walk is None or walk.stream != row[0]:
                if walk is not None:
                    ended.append(walk)
                walk = Walk(row[0])
            walk.take(row)
        if rows:
            place = (rows[-1][0], rows[-1][1])
        # A page that is not full ends the last history, as this transaction sees it.
        whole = len(rows) < ROWS
        if whole and walk is not None:
            ended.append(walk)
        present = PresentCases(transaction, [one.stream for one in ended])
        cases += present.count
        for one in ended:
            numbers.saw(one.stream)
            yield from one.ended(present)
        if whole:
            break
    if page_of(reading).cases.count(CaseFilter()) != cases:
        # Some have no history, or were begun meanwhile.
        for found in _without_history(reading):
            numbers.saw(found.stream)
            yield found
    yield from numbers.missing()


def verify_stream(reading: Reading, stream: str) -> Iterator[AuditFinding]:
    """Yield what is wrong with one history, and with the case it belongs to."""
    walk = Walk(stream)
    while True:
        transaction = page_of(reading)
        rows = transaction.events.stored((stream, walk.place), PAGE)
        own = [row for row in rows if row[0] == stream]
        for row in own:
            walk.take(row)
        if len(own) < PAGE:
            yield from walk.ended(PresentCases(transaction, [stream]))
            return


class PresentCases:
    """The cases of these names as they are now, and how many there are."""

    def __init__(self, transaction: Transaction, names: Sequence[str]) -> None:
        self._cases: dict[str, Case] = {}
        self._unreadable: set[str] = set()
        try:
            self._cases = transaction.cases.many(names) if names else {}
        except JSON_ERRORS:
            for name in names:
                try:
                    case = transaction.cases.get(name)
                except JSON_ERRORS:
                    self._unreadable.add(name)
                else:
                    self._cases.update({} if case is None else {name: case})
        self.count = len(self._cases) + len(self._unreadable)

    def of(self, name: str) -> Case | None:
        """Return the case of a name. Raises ValueError where its row cannot be read."""
        if name in self._unreadable:
            raise ValueError(name)
        return self._cases.get(name)


class Walk:
    """One pass along a history, from its begin or from an entry that is relied on: is the chain whole, and which case does it make?"""

    def __init__(self, stream: str, after: Event | None = None) -> None:
        self.stream = stream
        self.seq = after.seq if after else 0
        self.head = after.hash if after else GENESIS
        #: The number of the last row, whatever is wrong with it.
        self.place = self.seq
        #: The text of the instant of the last entry.
        self._at = to_text(after.at) if after else ""
        #: Whether the history begins as those of cases do.
        self.begun = False
        self.broken = False
        #: Whether an entry could not be read: what follows it is not looked at.
        self._unread = False
        self.case: Case | None = None
        self._found = list[AuditFinding]()
        #: The entries with personal texts beside them, or that say that these were destroyed.
        self._texts = list[tuple[int, Mapping[str, Any]]]()

    @property
    def day(self) -> str:
        """Return the day of the last entry walked past."""
        try:
            return day_of(from_text(self._at))
        except JSON_ERRORS:
            return "-"

    def take(self, row: StoredEvent) -> None:
        """Walk past the next row of the history."""
        stream, seq, at, actor, kind, text, previous, hashed = row
        self.place = seq
        if self._unread:
            return
        event: Event | None = None
        try:
            if (
                seq == self.seq + 1
                and previous == self.head
                and hashed
                == _sha256(f"{previous}\n{stream}\n{seq}\n{at}\n{actor}\n{kind}\n{text}".encode()).hexdigest()
            ):
                if self.case is not None or (seq == 1 and kind == _STARTED):
                    event = event_of(row)
                else:
                    _readable(at, text)
            else:
                event = event_of(row)
                self._wrong(event)
        except (*JSON_ERRORS, StopIteration):
            self.broken = self._unread = True
            self._add(self.seq + 1, self.day, say("该条读不出来：写入后被改动"))
            return
        self.seq, self.head, self._at = seq, hashed, at
        if event is None or self.broken:
            return
        try:
            self._evolve(event)
        except JSON_ERRORS:
            self.broken, self.case = True, None
            self._add(seq, self.day, say("该条的内容不成其为一条记录"))

    def ended(self, present: PresentCases) -> Iterator[AuditFinding]:
        """Yield what is wrong with the history that was walked along, and with its case as it is now."""
        yield from self._found
        try:
            case = present.of(self.stream)
        except ValueError:
            yield AuditFinding(self.stream, self.seq, self.day, say("案件现状读不出来：该行被改动"))
            return
        if self.broken:
            return
        if self.seq == 0:
            if case is not None:
                message = say("案件没有任何历史：历史被整体删除")
                yield AuditFinding(self.stream, 0, day_of(case.opened_at), message)
            return
        if case is None:
            if self.begun:
                message = say("有历史而没有案件现状：案件的行被删除")
                yield AuditFinding(self.stream, self.seq, self.day, message)
            return
        try:
            found = list(self._differing(case))
        except JSON_ERRORS:
            found = [AuditFinding(self.stream, self.seq, self.day, say("案件现状读不出来：该行被改动"))]
        yield from found

    def _differing(self, case: Case) -> Iterator[AuditFinding]:
        if case.rev != self.seq or case.head != self.head:
            message = say(
                "案件现状停在第 {rev} 条，历史有 {seen} 条：末尾被删或被加", rev=case.rev, seen=self.seq
            )
            # Where the end is gone the last entry that is left can still be trusted, and no day after it.
            yield AuditFinding(self.stream, min(case.rev, self.seq), self.day, message)
            return
        for number in texts_unlike(self._texts, case.personal):
            message = say("第 {number} 条的个人信息不是写入时的：与该条所记的摘要不符", number=number)
            yield AuditFinding(self.stream, number, self.day, message)
        case = in_history(case)
        differing = [] if self.case is None else other_facts(self.case, case)
        if differing:
            message = say("案件现状与历史不符：{fields}", fields=differing)
            yield AuditFinding(self.stream, self.seq, self.day, message)

    def _wrong(self, event: Event) -> None:
        found: list[Message] = []
        if event.seq != self.seq + 1:
            found.append(
                say(
                    "应为第 {expected} 条，实为第 {seen} 条：中间有缺失或次序被改",
                    expected=self.seq + 1,
                    seen=event.seq,
                )
            )
        if event.previous != self.head:
            found.append(say("所记前一条的哈希与前一条不符：前一条被改、被删或被插入"))
        if not self._as_hashed(event):
            found.append(say("内容与哈希不符：该条在写入后被改动"))
        for message in found:
            self.broken = True
            self._add(event.seq, day_of(event.at), message)

    def _add(self, seq: int, day: str, message: Message) -> None:
        self._found.append(AuditFinding(self.stream, seq, day, message))

    @staticmethod
    def _as_hashed(event: Event) -> bool:
        """Tell whether the hash of an event is that of its parts; its text as it is stored is tried first."""
        parts = (event.stream, event.seq, event.at, event.actor, event.kind)
        return (event.text != "" and event.hash == digest(*parts, event.text, event.previous)) or (
            event.hash == digest(*parts, canonical(event.body), event.previous)
        )

    def _evolve(self, event: Event) -> None:
        if TEXTS_DIGEST in event.body or FORGOTTEN_TEXTS in event.body:
            self._texts.append((event.seq, event.body))
        if event.seq == 1:
            self.begun = event.kind == _STARTED
            self.case = begin(event) if self.begun else None
        elif self.case is not None:
            self.case = after_event(self.case, event)


def _readable(at: str, text: str) -> None:
    """Raise ValueError or StopIteration where an instant or the body of an entry is none."""
    from_text(at)
    if _scan(text, 0)[1] != len(text):
        raise ValueError(text)


def _last_number(transaction: Transaction, workflow: str) -> int:
    """Return the number the last case of a workflow was given; -1 where what is stored is none."""
    try:
        return int(transaction.cases.last_number(workflow))
    except JSON_ERRORS:
        return -1


def _without_history(reading: Reading) -> Iterator[AuditFinding]:
    """Yield the cases whose history is gone, comparing a page of them with the histories of the same names."""
    after = ""
    while page := _cases(transaction := page_of(reading), after or None):
        last: object = page[-1].id
        names = transaction.events.streams(after=after)
        # What is no text comes after all texts.
        known = set(takewhile(partial(ge, last), names) if isinstance(last, str) else names)
        for case in page:
            if case.id not in known:
                yield AuditFinding(
                    case.id, 0, day_of(case.opened_at), say("案件没有任何历史：历史被整体删除")
                )
        after = page[-1].id


def _cases(transaction: Transaction, after: str | None) -> list[Case]:
    try:
        return transaction.cases.find(CaseFilter(), limit=PAGE, after=after)
    except JSON_ERRORS:
        # A row that cannot be read is reported where its history is checked.
        return []


class _Numbers:
    """Running numbers of cases without a gap: a missing one is a case that was taken out with its history."""

    def __init__(self, transaction: Transaction) -> None:
        try:
            workflows = {str(version.workflow) for version in transaction.definitions.versions()}
        except JSON_ERRORS:
            # A version that cannot be read is reported where its row is checked.
            workflows = set()
        #: Of each workflow the number its last case was given. What is none, or more than any bureau gives, is a row that
        #: was changed, and is reported as one.
        self._last = {
            workflow: last
            for workflow in workflows
            if 0 <= (last := _last_number(transaction, workflow)) < MOST
        }
        #: workflow -> one byte for each number; far smaller than a set of them.
        self._seen = {workflow: bytearray(last + 1) for workflow, last in self._last.items()}

    def saw(self, stream: object) -> None:
        if not isinstance(stream, str):
            return
        workflow, _, number = stream.rpartition("-")
        seen = self._seen.get(workflow)
        if seen is None or not (number.isascii() and number.isdecimal() and len(number) < 19):
            return
        if int(number) < len(seen):
            seen[int(number)] = 1

    def missing(self) -> Iterator[AuditFinding]:
        for workflow, seen in sorted(self._seen.items()):
            number, named = seen.find(0, 1), 0
            while number != -1:
                if named == NAMED:
                    message = say("另有 {count} 号没有案件", count=seen.count(0, number))
                    yield AuditFinding(workflow, 0, "-", message)
                    break
                named += 1
                message = say(
                    "案件编号发到第 {last} 号，没有这一号：整件案件被删除", last=self._last[workflow]
                )
                yield AuditFinding(f"{workflow}-{number}", 0, "-", message)
                number = seen.find(0, number + 1)
