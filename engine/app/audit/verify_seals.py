"""Checking against the seals, those in the store and those that were given away.

In the store a seal names every history that had grown. Whoever changes an old entry and makes the chain anew has to
change the seals as well, all of them from that day on; then the roots differ from those outsiders hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.app.audit.finding import AuditFinding, day_of
from engine.app.audit.seals import (
    DRAW,
    HASH_PREFIX,
    PUBLIC_LOG,
    PUBLICATION,
    SEALED,
    STREAM,
    Leaf,
    SealedTree,
    draw_leaf,
    entries,
    hash_prefixes_of,
    leaf_of,
    leaves_of,
    public_log_leaf,
    publication_leaf,
    row_of,
    seal_of,
    sealed_tree_of,
    seals,
)
from engine.app.history.paged_reading import Reading, page_of
from engine.app.ports.records import Seal
from engine.app.ports.store import Transaction
from engine.kernel.budget import SEALS, read_json
from engine.kernel.refusal import NextAction
from engine.language import Message, say

FORMAT = "shuangsuiji-seal/1"
#: A longer file of seals is none.
MAX_BYTES = 2_000_000_000

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class SealFileError(Exception):
    """A file holds no seals; `message` says what is wrong with it, `next` what is wanted instead."""

    def __init__(self, message: Message, action: NextAction | None = None) -> None:
        super().__init__(message.text)
        self.message = message
        self.next = action


@dataclass(frozen=True, slots=True)
class Outside:
    """What outsiders hold: the seals up to a day and, in an export, all leaves of the last one."""

    seals: tuple[Seal, ...]
    leaves: tuple[Leaf, ...] = ()


def verify_seals(reading: Reading) -> Iterator[AuditFinding]:
    """Yield everything that is no longer as it was sealed."""
    ledger, broken = SealedTree(), set[str]()
    try:
        now = _Present(reading)
        for event in entries(reading):
            if event.seq > now.sealed_until:
                # Sealed since: what it covers may be newer than what is held against it here.
                break
            for head in leaves_of(event):
                before = ledger.of(head.name)
                if head.name not in broken and (finding := now.against(head, before, day_of(event.at))):
                    broken.add(head.name)
                    yield finding
                ledger.put(head)
            if event.kind == SEALED and seal_of(event).root != ledger.tree.root():
                message = say("封存的根与所列的各条不符：封存记录被改动")
                yield AuditFinding(STREAM, event.seq, day_of(event.at), message)
    except _UNREADABLE:
        yield AuditFinding(STREAM, 1, "-", say("封存记录读不出来：写入后被改动"))


def verify_outside(reading: Reading, outside: Outside) -> Iterator[AuditFinding]:
    """Yield where the store differs from what was given away: the first seal that does, and every leaf."""
    own = {seal.number: seal for seal in seals(reading)}
    for held in outside.seals:
        mine = own.get(held.number)
        if mine == held:
            continue
        if mine is None:
            message = say("第 {number} 号封存已不在库中：封存记录被删除", number=held.number)
        else:
            message = say(
                "第 {number} 号封存的根与公布的不符（公布 {held}，库中 {mine}）：历史被整体重写",
                number=held.number,
                held=held.root,
                mine=mine.root,
            )
        yield AuditFinding(STREAM, held.entry, held.day, message)
        break
    if outside.leaves and outside.seals:
        now = _Present(reading)
        day = outside.seals[-1].day
        for head in outside.leaves:
            if finding := now.against(head, None, day):
                yield finding


def read_outside(content: bytes) -> Outside:
    """Read an exported file, or the list of seals from the public site. Raises SealFileError."""
    try:
        body = read_json(content, SEALS)
        if body["format"] != FORMAT:
            raise ValueError(body["format"])
        listed = tuple(Seal.from_json(one) for one in body["seals"])
        heads = tuple(map(leaf_of, body.get("heads", ())))
    except _UNREADABLE:
        raise SealFileError(say("不是封存文件"), NextAction("give_seal_file")) from None
    if heads and listed:
        ledger = SealedTree()
        for head in heads:
            ledger.put(head)
        if ledger.tree.root() != listed[-1].root:
            raise SealFileError(say("文件里所列的各条算不出文件里的根：文件本身被改动，请换一份"))
    return Outside(listed, heads)


def export(transaction: Transaction, upto: Seal) -> dict[str, Any]:
    """Return all seals up to one, and all its leaves in their order: what to hand to somebody outside."""
    held = [seal.as_json() for seal in seals(transaction) if seal.number <= upto.number]
    marks: dict[str, list[str]] = {}
    for event in entries(transaction):
        for head in leaves_of(event) if event.seq <= upto.entry else ():
            marks.setdefault(head.name, []).append(head.marks)
    heads = [
        row_of(replace(head, marks="".join(marks[head.name])))
        for head in sealed_tree_of(transaction, upto.entry).leaves
    ]
    return {**published(held), "heads": heads}


def published(held: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the list of seals as the public site shows it."""
    return {"format": FORMAT, "seals": list(held)}


class _Present:
    """What the store holds now, asked for one leaf at a time."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        transaction = page_of(reading)
        last = transaction.events.last(STREAM)
        #: The newest entry of the seals: what they cover up to here is there to be held against them.
        self.sealed_until = last.seq if last else 0
        self._draws = {draw_leaf(row).name: row for row in transaction.records.draws() if not row.public}
        self._log = transaction.records.log_lines()
        # Publications and draws are few beside histories, and only their digests stay.
        self._publications = {
            head.name: (head, publication_leaf(found, as_published=True).hash)
            for found in transaction.records.publications()
            for head in (publication_leaf(found),)
        }

    def against(self, head: Leaf, before: Leaf | None, day: str) -> AuditFinding | None:
        """Return what is wrong with a sealed leaf; `before` is its last sealed state, which still holds."""
        if head.name.startswith(PUBLICATION):
            return self._publication(head, day)
        if head.name.startswith(DRAW):
            return self._draw(head, day)
        return self._stream(head, before.seq if before else 0, day)

    def _stream(self, head: Leaf, good: int, day: str) -> AuditFinding | None:
        try:
            found = page_of(self._reading).events.of(head.name, after=head.seq - 1, limit=1)
        except _UNREADABLE:
            found = []
        if found and (found[0].seq, found[0].hash) == (head.seq, head.hash):
            return None
        now = page_of(self._reading).events.hashes(head.name, after=good)
        if not now and not good:
            message = say("{day} 封存时有 {count} 条，现在一条也没有：整体被删除", day=day, count=head.seq)
            return AuditFinding(head.name, 1, day, message)
        first = good + 1 + _alike(hash_prefixes_of(now), head.marks)
        since = min(self._day(head.name, first) or day, day)
        if first <= head.seq and good + len(now) < head.seq and first == good + len(now) + 1:
            message = say(
                "{day} 封存时有 {count} 条，现在只有 {seen} 条：末尾被删除",
                day=day,
                count=head.seq,
                seen=good + len(now),
            )
        elif head.marks or good + 1 == head.seq:
            message = say("与 {day} 的封存不符：该条被改写、插入或删除，链条也被重做", day=day)
        else:
            message = say(
                "第 {first} 至 {last} 条与 {day} 的封存不符：其中有被改写的，链条也被重做",
                first=first,
                last=head.seq,
                day=day,
            )
        return AuditFinding(head.name, first, since, message)

    def _day(self, name: str, seq: int) -> str | None:
        """Return the day of an entry, where it is there and can be read."""
        try:
            found = page_of(self._reading).events.of(name, after=seq - 1, limit=1)
        except _UNREADABLE:
            return None
        return day_of(found[0].at) if found else None

    def _publication(self, head: Leaf, day: str) -> AuditFinding | None:
        found = self._publications.get(head.name)
        if found is None:
            return AuditFinding(head.name, head.seq, day, say("封存过的公示不见了：公示记录被删除"))
        now, as_published = found
        if now.seq < head.seq:
            return AuditFinding(head.name, head.seq, day, say("封存时已撤回，现在没有撤回：公示记录被改动"))
        if head.hash != (now.hash if now.seq == head.seq else as_published):
            return AuditFinding(
                head.name, head.seq, day, say("公示内容与 {day} 的封存不符：公示记录被改动", day=day)
            )
        return None

    def _draw(self, head: Leaf, day: str) -> AuditFinding | None:
        if head.name == PUBLIC_LOG:
            if len(self._log) < head.seq or public_log_leaf(self._log, head.seq).hash != head.hash:
                message = say("抽取日志与 {day} 的封存不符：日志被改动", day=day)
                return AuditFinding(head.name, head.seq, day, message)
            return None
        row = self._draws.get(head.name)
        if row is None:
            return AuditFinding(head.name, head.seq, day, say("封存过的抽取不见了：抽取记录被删除"))
        if draw_leaf(row).seq < head.seq or draw_leaf(row, head.seq).hash != head.hash:
            return AuditFinding(
                head.name, head.seq, day, say("抽取日志与 {day} 的封存不符：日志被改动", day=day)
            )
        return None


def _alike(now: str, sealed: str) -> int:
    """Return how many entries in a row still have their marks."""
    both = min(len(now), len(sealed))
    place = next((at for at in range(both) if now[at] != sealed[at]), both)
    return place // HASH_PREFIX
