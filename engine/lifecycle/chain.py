"""The history of a case is a chain: every event carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
import json.encoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, TypeAlias

from engine.kernel.instants import from_text, to_text
from engine.language import DefinedText, Message, say
from engine.value import value

#: What the first event of a chain names as the one before it.
GENESIS = "0" * 64


@value
class Event:
    """One entry of an append-only history. `stream` is the case (or register, draw, …) it belongs to."""

    stream: str
    seq: int
    at: datetime
    actor: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    hash: str
    #: The canonical text of `body`, where whoever made the event has it at hand; "" elsewhere.
    text: str = field(default="", compare=False, repr=False)

    @property
    def title(self) -> str:
        """Return what was done or tried: the title of a case that starts, else a text of its definition; "" without one."""
        if self.kind == "recomputed":
            return str(say("放假安排变动，重算期限"))
        title = str(self.body.get("title") or self.body.get("attempt") or "")
        return title if self.kind == "started" else DefinedText(title)


#: The columns of an event as they are stored, in the order of the fields of `Event`: instant and body are texts.
StoredEvent: TypeAlias = "Sequence[Any]"

_from_json = json.JSONDecoder().decode


def event_of(row: StoredEvent) -> Event:
    """Return the event of its columns. Raises ValueError and its like where somebody wrote them by hand."""
    return Event(
        row[0], row[1], from_text(row[2]), row[3], row[4], _from_json(row[5]), row[6], row[7], row[5]
    )


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def _ready_encoder() -> Callable[[Any, int], Iterable[str]] | None:
    """Return the encoder `JSONEncoder` would otherwise make anew for every value; it takes more than half its time."""
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return None
    basestring: Any = getattr(json.encoder, "encode_basestring", None)
    ready: Callable[[Any, int], Iterable[str]] = make(
        None, _ENCODER.default, basestring, None, ":", ",", True, False, False
    )
    return ready


_READY = _ready_encoder()
#: Yields the pieces of the canonical text of a value (its second argument is 0), without a call of Python where it can.
ready_encoder: Callable[[Any, int], Iterable[str]] = _READY or (lambda value, _: [_ENCODER.encode(value)])


def canonical(value: Any) -> str:
    """Return `value` as JSON in one shape only: sorted keys, no spaces, no floats, no escapes beyond JSON's."""
    return "".join(_READY(value, 0)) if _READY is not None else _ENCODER.encode(value)


def digest(stream: str, seq: int, at: datetime, actor: str, kind: str, body: str, previous: str) -> str:
    """Return the SHA-256 of an event, over its parts in this order, each on a line of its own.

    `body` is the canonical JSON text. JSON text holds no line breaks, and ids hold none either, so the
    lines cannot be shifted against each other.
    """
    text = f"{previous}\n{stream}\n{seq}\n{to_text(at)}\n{actor}\n{kind}\n{body}"
    return hashlib.sha256(text.encode()).hexdigest()


def follow(
    stream: str,
    seq: int,
    at: datetime,
    actor: str,
    kind: str,
    body: Mapping[str, Any],
    previous: str,
    text: str | None = None,
) -> Event:
    """Return the event number `seq` (from 1) that follows the one whose hash is `previous`.

    `text` is the canonical text of `body`, where the caller has it at hand.
    """
    if text is None:
        text = canonical(body)
    hashed = digest(stream, seq, at, actor, kind, text, previous)
    return Event(stream, seq, at, actor, kind, body, previous, hashed, text)


def breaks(events: Iterable[Event]) -> Iterator[tuple[int, Message]]:
    """Yield (seq, what is wrong) for every place where the events of one stream do not form a whole chain."""
    previous, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            yield (
                event.seq,
                say(
                    "应为第 {expected} 条，实为第 {seen} 条：中间有缺失或次序被改",
                    expected=expected,
                    seen=event.seq,
                ),
            )
        if event.previous != previous:
            yield event.seq, say("所记前一条的哈希与前一条不符：前一条被改、被删或被插入")
        right = digest(
            event.stream, event.seq, event.at, event.actor, event.kind, canonical(event.body), event.previous
        )
        if event.hash != right:
            yield event.seq, say("内容与哈希不符：该条在写入后被改动")
        previous, expected = event.hash, event.seq + 1
