"""Checking the histories: whole chains, and cases that are what their histories say they are.

Bounded in memory: one page of one history at a time, and one number for every case. What whole chains cannot show,
because somebody made them anew, `engine.app.audit.verify_seals` shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice, takewhile
from operator import ge

from engine.app.audit.finding import AuditFinding, day_of
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.history.replay import PAGE, _after, begin
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import GENESIS, Event, canonical, digest

#: Names of histories fetched at a time.
STREAMS = 1000

#: What a row that somebody wrote by hand may make its reader raise.
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


def _chains(reading: Reading) -> Iterator[AuditFinding]:
    numbers = _Numbers(page_of(reading))
    for stream in _streams(reading):
        numbers.saw(stream)
        yield from verify_stream(reading, stream)
    for found in _without_history(reading):
        numbers.saw(found.stream)
        yield found
    yield from numbers.missing()


def _streams(reading: Reading) -> Iterator[str]:
    def fetch(after: str) -> list[str]:
        return list(islice(page_of(reading).events.streams(after=after), STREAMS))

    for names in pages_of(fetch, "", str, STREAMS):
        yield from names


def verify_stream(reading: Reading, stream: str) -> Iterator[AuditFinding]:
    """Yield what is wrong with one history, and with the case it belongs to."""
    walk = _Walk(stream)
    yield from walk.through(reading)
    transaction = walk.read_last
    try:
        case = transaction.cases.get(stream)
    except _UNREADABLE:
        yield AuditFinding(stream, walk.seq, walk.day, say("案件现状读不出来：该行被改动"))
        return
    if walk.broken:
        return
    if walk.seq == 0:
        if case is not None:
            yield AuditFinding(stream, 0, day_of(case.opened_at), say("案件没有任何历史：历史被整体删除"))
        return
    if case is None:
        if walk.begun:
            yield AuditFinding(stream, walk.seq, walk.day, say("有历史而没有案件现状：案件的行被删除"))
        return
    if case.rev != walk.seq or case.head != walk.head:
        message = say(
            "案件现状停在第 {rev} 条，历史有 {seen} 条：末尾被删或被加", rev=case.rev, seen=walk.seq
        )
        # Where the end is gone the last entry that is left can still be trusted, and no day after it.
        yield AuditFinding(stream, min(case.rev, walk.seq), walk.day, message)
        return
    forged = walk.case is not None and case.opened_by not in (None, walk.case.opened_by)
    if walk.case is not None and (walk.case != case or forged):
        differing = [
            name
            for name in Case.__dataclass_fields__
            if getattr(walk.case, name) != getattr(case, name) and (name != "opened_by" or forged)
        ]
        message = say("案件现状与历史不符：{fields}", fields=differing)
        yield AuditFinding(stream, walk.seq, walk.day, message)


class _Walk:
    """One pass along a history: is the chain whole, and which case does it make?"""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.seq = 0
        self.head = GENESIS
        self._at: datetime | None = None
        #: Whether the history begins as those of cases do.
        self.begun = False
        self.broken = False
        self._ended = False
        self.case: Case | None = None
        #: The transaction in which the history was seen to end: the case as it is there is the one it must make.
        self.read_last: Transaction

    @property
    def day(self) -> str:
        """Return the day of the last entry walked past."""
        return "-" if self._at is None else day_of(self._at)

    def through(self, reading: Reading) -> Iterator[AuditFinding]:
        while page := self._page(reading):
            for event in page:
                yield from self._wrong(event)
                self.seq, self.head, self._at = event.seq, event.hash, event.at
                try:
                    self._evolve(event)
                except _UNREADABLE:
                    self.broken, self.case = True, None
                    yield AuditFinding(self.stream, event.seq, self.day, say("该条的内容不成其为一条记录"))
            if self._ended:
                return
        if page is None:
            self.broken = True
            yield AuditFinding(self.stream, self.seq + 1, self.day, say("该条读不出来：写入后被改动"))

    def _page(self, reading: Reading) -> list[Event] | None:
        """Return the next events, None where the very next cannot be read."""
        transaction = self.read_last = page_of(reading)
        self._ended = False
        try:
            page = transaction.events.of(self.stream, after=self.seq, limit=PAGE)
            # A page that is not full ends the history, as this transaction sees it.
            self._ended = len(page) < PAGE
            return page
        except _UNREADABLE:
            pass
        # One of the page cannot be read: take them singly up to that one, which ends the walk.
        try:
            return transaction.events.of(self.stream, after=self.seq, limit=1)
        except _UNREADABLE:
            return None

    def _wrong(self, event: Event) -> Iterator[AuditFinding]:
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
            yield AuditFinding(self.stream, event.seq, day_of(event.at), message)

    @staticmethod
    def _as_hashed(event: Event) -> bool:
        """Tell whether the hash of an event is that of its parts; its text as it is stored is tried first."""
        parts = (event.stream, event.seq, event.at, event.actor, event.kind)
        return (event.text != "" and event.hash == digest(*parts, event.text, event.previous)) or (
            event.hash == digest(*parts, canonical(event.body), event.previous)
        )

    def _evolve(self, event: Event) -> None:
        if self.broken:
            return
        if event.seq == 1:
            self.begun = event.kind == EventKind.STARTED.value
            self.case = begin(event) if self.begun else None
        elif self.case is not None:
            self.case = _after(self.case, event)


def _without_history(reading: Reading) -> Iterator[AuditFinding]:
    """Yield the cases whose history is gone, comparing a page of them with the histories of the same names."""
    after = ""
    while page := _cases(transaction := page_of(reading), after or None):
        last = page[-1].id
        known = set(takewhile(partial(ge, last), transaction.events.streams(after=after)))
        for case in page:
            if case.id not in known:
                yield AuditFinding(
                    case.id, 0, day_of(case.opened_at), say("案件没有任何历史：历史被整体删除")
                )
        after = last


def _cases(transaction: Transaction, after: str | None) -> list[Case]:
    try:
        return transaction.cases.find(CaseFilter(), limit=PAGE, after=after)
    except _UNREADABLE:
        # A row that cannot be read is reported where its history is checked.
        return []


class _Numbers:
    """Running numbers of cases without a gap: a missing one is a case that was taken out with its history."""

    def __init__(self, transaction: Transaction) -> None:
        try:
            workflows = {version.workflow for version in transaction.definitions.versions()}
        except _UNREADABLE:
            # A version that cannot be read is reported where its row is checked.
            workflows = set()
        self._last = {workflow: transaction.cases.last_number(workflow) for workflow in workflows}
        #: workflow -> one byte for each number; far smaller than a set of them.
        self._seen = {workflow: bytearray(last + 1) for workflow, last in self._last.items()}

    def saw(self, stream: str) -> None:
        workflow, _, number = stream.rpartition("-")
        seen = self._seen.get(workflow)
        if seen is not None and number.isascii() and number.isdecimal() and int(number) < len(seen):
            seen[int(number)] = 1

    def missing(self) -> Iterator[AuditFinding]:
        for workflow, seen in sorted(self._seen.items()):
            number = seen.find(0, 1)
            while number != -1:
                message = say(
                    "案件编号发到第 {last} 号，没有这一号：整件案件被删除", last=self._last[workflow]
                )
                yield AuditFinding(f"{workflow}-{number}", 0, "-", message)
                number = seen.find(0, number + 1)
