"""The history of signed heads: the keys in their order, each head that was kept, and the time stamps that came for it.

All of it is in one stream, so that it is certain which key was in force when a head was signed. A key is announced
with a signature of the key before it; where that one was lost, the announcement says so and who agreed to it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.kernel.append_only_tree import GrowingTree
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.instants import to_text

if TYPE_CHECKING:
    from engine.lifecycle.chain import Event

STREAM = "head"
#: The kinds of its entries.
KEY, HEAD, STAMP = "key", "head", "stamp"
#: Why a key was announced.
FIRST, CHANGED, LOST = "first", "changed", "lost"
KEY_FORMAT = "shuangsuiji-head-key/1"
#: Of a head: the number of the entry that announced its key.
KEY_ENTRY = "key_entry"
#: Entries fetched at a time, and those among which the newest head is looked for.
ENTRIES, NEWEST = 200, 20


@dataclass(frozen=True, slots=True)
class HeadKey:
    """A public key heads are signed with, from the entry `seq` of the history on."""

    number: int
    key: str
    why: str
    previous: str | None
    #: Of the key before, over `key_text`; None where that one was lost, or there was none.
    signature: str | None
    at: str
    seq: int
    #: Whether a second person agreed, and whether there was none.
    confirmed: bool = False
    single_handed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values. Nobody is named: they are for the public."""
        return {
            "number": self.number,
            "key": self.key,
            "why": self.why,
            "previous": self.previous,
            "signature": self.signature,
            "time": self.at,
            "confirmed": self.confirmed,
            "single_handed": self.single_handed,
        }


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head that was kept: the root over the first `size` statements, and what the next one starts from."""

    number: int
    day: str
    size: int
    root: str
    at: str
    #: The position of its last statement.
    position: int
    #: The roots of the perfect subtrees of its tree, so that the next head reads only what is new.
    subtrees: tuple[str, ...]
    #: The consistency proof from the head before.
    proof: tuple[str, ...]
    key: str | None
    signature: str | None
    seq: int

    def tree(self) -> GrowingTree:
        """Return the tree the next head grows from. Raises ValueError where the entry holds none."""
        return GrowingTree(self.size, [bytes.fromhex(one) for one in self.subtrees])

    def as_json(self, bureau: str) -> dict[str, Any]:
        """Return what is given to outsiders."""
        return {
            "number": self.number,
            "day": self.day,
            "size": self.size,
            "root": self.root,
            "time": self.at,
            "key": self.key,
            "signature": self.signature,
            "proof": list(self.proof),
            "bureau": bureau,
        }


@dataclass(frozen=True, slots=True)
class HeadHistory:
    """Everything the history holds, oldest first."""

    keys: tuple[HeadKey, ...] = ()
    heads: tuple[KeptHead, ...] = ()
    #: Number of a head -> the response of an authority, in DER.
    stamps: Mapping[int, bytes] = field(default_factory=dict)
    #: Numbers of the entries that cannot be read.
    unreadable: tuple[int, ...] = ()

    @property
    def key(self) -> HeadKey | None:
        """Return the key in force."""
        return self.keys[-1] if self.keys else None

    @property
    def last(self) -> KeptHead | None:
        """Return the newest head."""
        return self.heads[-1] if self.heads else None

    def key_of(self, head: KeptHead) -> HeadKey | None:
        """Return the key that was in force when a head was kept."""
        return next((one for one in reversed(self.keys) if one.seq < head.seq), None)

    def head(self, number: int) -> KeptHead | None:
        """Return the head of a number."""
        return next((one for one in self.heads if one.number == number), None)


def read_history(reading: Reading) -> HeadHistory:
    """Return the whole history of signed heads."""
    keys, heads, unreadable = list[HeadKey](), list[KeptHead](), list[int]()
    stamps = dict[int, bytes]()
    pages = pages_of(
        lambda seq: page_of(reading).events.of(STREAM, after=seq, limit=ENTRIES),
        0,
        attrgetter("seq"),
        ENTRIES,
    )
    for page in pages:
        for event in page:
            try:
                _take(event, keys, heads, stamps)
            except JSON_ERRORS:
                unreadable.append(event.seq)
    return HeadHistory(tuple(keys), tuple(heads), stamps, tuple(unreadable))


def read_newest(reading: Reading) -> HeadHistory:
    """Return the newest key and head, with what came after that head: as much as the next head needs, however many there are.

    Where the newest head does not say where its key was announced, as those of earlier programs do not, the whole history.
    """
    end = page_of(reading).events.last(STREAM)
    after = max(end.seq - NEWEST, 0) if end else 0
    recent = page_of(reading).events.of(STREAM, after=after) if after else []
    heads = [one for one in recent if one.kind == HEAD]
    if not heads or KEY_ENTRY not in heads[-1].body:
        return read_history(reading)
    keys, kept, stamps = list[HeadKey](), list[KeptHead](), dict[int, bytes]()
    at = heads[-1].body[KEY_ENTRY]
    announced = [] if at > after else page_of(reading).events.of(STREAM, after=at - 1, limit=1)
    try:
        for event in (*announced, *(one for one in recent if one.kind == KEY or one is heads[-1])):
            _take(event, keys, kept, stamps)
    except JSON_ERRORS:
        return read_history(reading)
    return HeadHistory(tuple(keys), tuple(kept))


def _take(event: Event, keys: list[HeadKey], heads: list[KeptHead], stamps: dict[int, bytes]) -> None:
    if event.kind == KEY:
        keys.append(_key(event))
    elif event.kind == HEAD:
        heads.append(_head(event))
    elif event.kind == STAMP:
        stamps[int(event.body["number"])] = base64.b64decode(event.body["token"], validate=True)


def key_text(bureau: str, previous: str, key: str) -> bytes:
    """Return what the key before signs to announce the next one."""
    return f"{KEY_FORMAT}\n{bureau}\n{previous}\n{key}\n".encode()


def origin(bureau: str) -> str:
    """Return the name of the log of a bureau."""
    return f"shuangsuiji/{bureau}"


def checkpoint(bureau: str, size: int, root: str, at: str) -> bytes:
    """Return the text that is signed: a checkpoint of C2SP tlog-checkpoint, whose fourth line is the time."""
    encoded = base64.b64encode(bytes.fromhex(root)).decode()
    return f"{origin(bureau)}\n{size}\n{encoded}\n{at}\n".encode()


def signed_note(bureau: str, head: KeptHead) -> bytes:
    """Return the checkpoint with its signature (C2SP signed-note); without one where the head has none."""
    text = checkpoint(bureau, head.size, head.root, head.at)
    if head.key is None or head.signature is None:
        return text
    name = origin(bureau)
    public = bytes.fromhex(head.key)
    known = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    signed = base64.b64encode(known + bytes.fromhex(head.signature)).decode()
    return text + " ".join(("\n\u2014", name, signed)).encode() + b"\n"


def _key(event: Event) -> HeadKey:
    body = event.body
    return HeadKey(
        int(body["number"]),
        _hex(body["key"], 64),
        str(body["why"]),
        body["previous"],
        body["signature"],
        to_text(event.at),
        event.seq,
        confirmed=bool(body.get("confirmed_by")),
        single_handed=body.get("single_handed") is True,
    )


def _head(event: Event) -> KeptHead:
    body = event.body
    return KeptHead(
        int(body["number"]),
        str(body["day"]),
        int(body["size"]),
        _hex(body["root"], 64),
        str(body["time"]),
        int(body["position"]),
        _hashes(body["subtrees"]),
        _hashes(body["proof"]),
        None if body["key"] is None else _hex(body["key"], 64),
        None if body["signature"] is None else _hex(body["signature"], 128),
        event.seq,
    )


def _hashes(found: Sequence[Any]) -> tuple[str, ...]:
    return tuple(_hex(one, 64) for one in found)


def _hex(text: Any, digits: int) -> str:
    """Return a text of so many hexadecimal digits. Raises ValueError for anything else."""
    if len(str(text)) != digits or bytes.fromhex(str(text)).hex() != text:
        raise ValueError(text)
    return str(text)
