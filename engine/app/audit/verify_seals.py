"""Checking against the seals, those in the store and those that were given away.

In the store a seal names every history that had grown. Whoever changes an old entry and makes the chain anew has to
change the seals as well, all of them from that day on; then the roots differ from those outsiders hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.app.audit.finding import AuditFinding, day_of
from engine.app.audit.sealed import SealedTree, sealed_tree_of
from engine.app.audit.seals import (
    DRAW,
    HASH_PREFIX,
    POSITION,
    PUBLIC_LOG,
    PUBLICATION,
    SEALED,
    STREAM,
    SUBTREES,
    Leaf,
    draw_leaf,
    entries,
    hash_prefixes_of,
    is_appended,
    leaf_of,
    leaves_of,
    public_log_leaf,
    publication_leaf,
    row_of,
    seal_of,
    seals,
    tree_of,
)
from engine.app.history.paged_reading import Reading, page_of
from engine.app.ports.records import Publication, Seal
from engine.app.ports.store import Transaction
from engine.kernel.append_only_tree import leaf_hash
from engine.kernel.budget import JSON_ERRORS, SEALS, BudgetExceededError, read_json
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.lifecycle.chain import Event

#: Of a list of seals, and of an export whose leaves were replaced in their places; of one whose leaves were appended.
FORMAT, APPENDED_FORMAT = "shuangsuiji-seal/1", "shuangsuiji-seal/2"
#: Leaves of an export held against the store at a time.
LEAVES = 2000
#: A longer file of seals is none.
MAX_BYTES = 2_000_000_000


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
    #: Whether the leaves were appended.
    appended: bool = False


class _Sealed:
    """What the seals until an entry say: their tree, and how far each name had come."""

    def __init__(self, after: Event | None = None) -> None:
        #: Leaves that were replaced in their places; None once they are appended.
        self._replaced: SealedTree | None = SealedTree() if after is None else None
        self._tree = tree_of(after)
        #: name -> number of its newest leaf
        self.seqs: dict[str, int] = {}
        #: Whether every leaf there is has been taken up.
        self.whole = after is None
        self._position = int(after.body[POSITION]) if after is not None else 0

    def put(self, leaf: Leaf, *, appended: bool) -> None:
        """Take up a leaf."""
        if appended and self._replaced is not None:
            self._replaced = None
            self.seqs.clear()
        self.seqs[leaf.name] = leaf.seq
        if self._replaced is not None:
            self._replaced.put(leaf)
        else:
            self._tree.append(leaf_hash(leaf.leaf.encode()))

    def before(self, leaf: Leaf, *, appended: bool) -> int:
        """Return the number of the leaf before one of the same name; where that was not taken up, what its marks say."""
        if appended and (self._replaced is not None or leaf.name not in self.seqs):
            return 0 if self.whole else leaf.seq - len(leaf.marks) // HASH_PREFIX
        return self.seqs.get(leaf.name, 0)

    def wrong(self, event: Event) -> bool:
        """Tell whether the root an entry of the kind `sealed` holds is another than that of the leaves, or the next could not start from it."""
        seal = seal_of(event)
        if self._replaced is not None:
            return seal.root != self._replaced.tree.root()
        position, self._position = self._position, int(event.body[POSITION])
        return (
            (seal.root, seal.leaves) != (self._tree.root().hex(), self._tree.size)
            or list(event.body[SUBTREES]) != [one.hex() for one in self._tree.subtrees]
            or self._position < position
        )


def verify_seals(reading: Reading, after: Event | None = None) -> Iterator[AuditFinding]:
    """Yield everything that is no longer as it was sealed; with `after`, an entry `sealed` to be relied on, as it was sealed since."""
    broken = set[str]()
    try:
        sealed = _Sealed(after)
        now = _Present(reading)
        for event in entries(reading, after.seq if after else 0):
            if event.seq > now.sealed_until:
                # Sealed since: what it covers may be newer than what is held against it here.
                break
            leaves, appended = list(leaves_of(event)), is_appended(event)
            as_sealed = now.as_sealed(leaves)
            for head in leaves:
                good, finding = sealed.before(head, appended=appended), None
                if head.name in as_sealed:
                    finding = _unlike_before(head, good, day_of(event.at)) if appended else None
                elif head.name not in broken:
                    finding = now.against(head, good, day_of(event.at), appended=appended)
                if finding and head.name not in broken:
                    broken.add(head.name)
                    yield finding
                sealed.put(head, appended=appended)
            if event.kind == SEALED and sealed.wrong(event):
                message = say("封存的根与所列的各条不符：封存记录被改动")
                yield AuditFinding(STREAM, event.seq, day_of(event.at), message)
    except JSON_ERRORS:
        yield AuditFinding(STREAM, 1, "-", say("封存记录读不出来：写入后被改动"))


def _unlike_before(leaf: Leaf, good: int, day: str) -> AuditFinding | None:
    """Return a finding where the marks of a leaf do not reach back to the leaf of the same name before it."""
    if good + len(leaf.marks) // HASH_PREFIX == leaf.seq:
        return None
    message = say("{day} 的封存接不上前一次所封的第 {good} 条：封存记录被改动", day=day, good=good)
    return AuditFinding(leaf.name, good + 1, day, message)


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
        seqs, broken = dict[str, int](), set[str]()
        for at in range(0, len(outside.leaves), LEAVES):
            leaves = outside.leaves[at : at + LEAVES]
            as_sealed = now.as_sealed(leaves)
            for head in leaves:
                good = seqs.get(head.name, 0)
                seqs[head.name] = head.seq
                if head.name in broken or head.name in as_sealed:
                    continue
                if finding := now.against(head, good, day, appended=outside.appended):
                    broken.add(head.name)
                    yield finding


def read_outside(content: bytes) -> Outside:
    """Read an exported file, or the list of seals from the public site. Raises SealFileError."""
    try:
        body = read_json(content, SEALS)
        if body["format"] not in (FORMAT, APPENDED_FORMAT):
            raise ValueError(body["format"])
        appended = body["format"] == APPENDED_FORMAT
        listed = tuple(Seal.from_json(one) for one in body["seals"])
        heads = tuple(map(leaf_of, body.get("heads", ())))
    except BudgetExceededError as problem:
        raise SealFileError(problem.message, NextAction("give_seal_file")) from None
    except JSON_ERRORS:
        raise SealFileError(say("不是封存文件"), NextAction("give_seal_file")) from None
    if heads and listed:
        ledger = SealedTree()
        for head in heads:
            ledger.put(head, appended=appended)
        if ledger.tree.root() != listed[-1].root:
            raise SealFileError(say("文件里所列的各条算不出文件里的根：文件本身被改动，请换一份"))
    return Outside(listed, heads, appended)


def export(transaction: Transaction, upto: Seal) -> dict[str, Any]:
    """Return all seals up to one, and all its leaves in their order: what to hand to somebody outside."""
    held = [seal.as_json() for seal in seals(transaction) if seal.number <= upto.number]
    tree = sealed_tree_of(transaction, upto.entry)
    if tree.appended:
        return {**published(held), "format": APPENDED_FORMAT, "heads": list(map(row_of, tree.leaves))}
    marks: dict[str, list[str]] = {}
    for event in entries(transaction):
        for head in leaves_of(event) if event.seq <= upto.entry else ():
            marks.setdefault(head.name, []).append(head.marks)
    heads = [row_of(replace(head, marks="".join(marks[head.name]))) for head in tree.leaves]
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
        #: Number of the line before the first of `_log`.
        self._log_after, self._log = 0, list[str]()
        self._publications: dict[str, Publication] = {}

    def as_sealed(self, leaves: Sequence[Leaf]) -> set[str]:
        """Return the names of those histories that still have the entries these leaves name."""
        ids = [one.name.removeprefix(PUBLICATION) for one in leaves if one.name.startswith(PUBLICATION)]
        if ids:
            found = page_of(self._reading).records.publications(ids=ids)
            self._publications = {one.id: one for one in found}
        streams = [one for one in leaves if not one.name.startswith((PUBLICATION, DRAW))]
        if not streams:
            return set()
        now = page_of(self._reading).events.hashes_at([(one.name, one.seq) for one in streams])
        wrong = {one.name for one in streams if now.get((one.name, one.seq)) != one.hash}
        return {one.name for one in streams} - wrong

    def against(self, head: Leaf, good: int, day: str, *, appended: bool = False) -> AuditFinding | None:
        """Return what is wrong with a sealed leaf; its name was sealed up to number `good` before, and that still holds."""
        if head.name.startswith(PUBLICATION):
            return self._publication(head, day)
        if head.name == PUBLIC_LOG:
            return self._public_log(head, good if appended else 0, day)
        if head.name.startswith(DRAW):
            return self._draw(head, day)
        return self._stream(head, good, day)

    def _stream(self, head: Leaf, good: int, day: str) -> AuditFinding | None:
        try:
            found = page_of(self._reading).events.of(head.name, after=head.seq - 1, limit=1)
        except JSON_ERRORS:
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
        except JSON_ERRORS:
            return None
        return day_of(found[0].at) if found else None

    def _publication(self, head: Leaf, day: str) -> AuditFinding | None:
        found = self._publications.get(head.name.removeprefix(PUBLICATION))
        if found is None:
            return AuditFinding(head.name, head.seq, day, say("封存过的公示不见了：公示记录被删除"))
        now, as_published = publication_leaf(found), publication_leaf(found, as_published=True).hash
        if now.seq < head.seq:
            return AuditFinding(head.name, head.seq, day, say("封存时已撤回，现在没有撤回：公示记录被改动"))
        if head.hash != (now.hash if now.seq == head.seq else as_published):
            return AuditFinding(
                head.name, head.seq, day, say("公示内容与 {day} 的封存不符：公示记录被改动", day=day)
            )
        return None

    def _public_log(self, head: Leaf, before: int, day: str) -> AuditFinding | None:
        if not self._log:
            # Leaves come in their order: none will ask for an earlier line.
            self._log_after, self._log = before, page_of(self._reading).records.log_lines(before)
        lines = self._log[before - self._log_after : head.seq - self._log_after]
        if public_log_leaf(lines, before) == head:
            return None
        message = say("抽取日志与 {day} 的封存不符：日志被改动", day=day)
        return AuditFinding(head.name, head.seq, day, message)

    def _draw(self, head: Leaf, day: str) -> AuditFinding | None:
        case, _, number = head.name.removeprefix(DRAW).rpartition("/")
        row = page_of(self._reading).records.draw(case, int(number))
        if row is None or row.public:
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
