"""The public log of a bureau over all its draws: one canonical JSON line for each act, the leaves of one tree.

Lines are only ever added. Order is that of `seq`; `at` is the clock or the time of the line before, whichever is later, and
`behind` says by how many seconds the clock was behind. Persons are named by role or pseudonym, never by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.sealing import root_of
from engine.draw.v2.shapes import (
    DIGEST,
    ID,
    LOT,
    Either,
    day,
    filled,
    instant,
    matching,
    misfit,
    number,
    one_of,
    read_shaped,
    require_shape,
    text,
)
from engine.kernel.canonical_json import canonical_json
from engine.kernel.instants import from_text, to_text
from engine.kernel.refusal import RefusalReason
from engine.language import say

_SHA = matching(DIGEST)
SHARE = {"name": filled, "index": number, "share": _SHA}
#: Kind of line -> the shape of its body.
BODIES: Mapping[str, Any] = {
    "commit": {
        "commitment": _SHA,
        "batch_id": matching(ID),
        "draw_no": number,
        "known_from": day,
        "known_on": day,
        "draw_by": day,
        "anchor": one_of("signed", "none"),
        "second": text,
    },
    "anchor": {
        "size": number,
        "root": _SHA,
        "party": filled,
        "key": _SHA,
        "at": instant,
        "signature": lambda value: isinstance(value, str) and len(value) == 128 and _SHA(value[:64]) and _SHA(value[64:]),
    },
    "typed": {"commitment": _SHA, "sha256": _SHA},
    "entropy": {"commitment": _SHA, "values": [filled]},
    "shares": {"commitment": _SHA, "shares": [SHARE]},
    "objects": {"commitment": _SHA, "sha256": _SHA},
    "remove": {"commitment": _SHA, "lot": matching(LOT), "reason": filled, "evidence": _SHA, "second": filled},
    # Before 2026-11-30 a digest without a key, which was found again by trying where few people could go to few objects.
    "people": Either({"commitment": _SHA, "hmac_sha256": _SHA}, {"commitment": _SHA, "sha256": _SHA}),
    "replace": {"commitment": _SHA, "sha256": _SHA, "second": filled},
    "void": {"commitment": _SHA, "reason": filled, "evidence": _SHA, "second": filled},
    "lapse": {"commitment": _SHA},
    "note": {"commitment": _SHA, "subject": filled, "sha256": _SHA},
}  # fmt: skip
LINE = {
    "seq": number,
    "at": instant,
    "behind": number,
    "by": filled,
    "kind": one_of(*BODIES),
    "body": lambda value: isinstance(value, Mapping),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `body` is of the shape of its kind."""

    seq: int
    at: str
    behind: int
    by: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublicLog:
    """The lines as texts and as values. `append` and `read` make it; both give equal logs for equal lines."""

    bureau: str
    texts: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @classmethod
    def read(cls, bureau: str, data: bytes) -> PublicLog:
        """Return the log in the bytes of ``log.jsonl``. Raises `DrawRefused` for a line that is none."""
        written = data.decode()
        texts = tuple(written.removesuffix("\n").split("\n")) if written else ()
        lines = tuple(_read_line(place, line) for place, line in enumerate(texts, 1))
        return cls(bureau, texts, lines)

    def append(self, kind: str, body: Mapping[str, Any], now: datetime, by: str) -> PublicLog:
        """Return the log with one more line. Raises `DrawRefused` for a body that is not of its kind."""
        require_shape(body, BODIES[kind], say("日志“{kind}”的内容", kind=kind))
        at, behind = to_text(now), 0
        if self.lines and at < self.lines[-1].at:
            gap = from_text(self.lines[-1].at) - from_text(at)
            behind = gap.days * 86400 + gap.seconds + (gap.microseconds > 0)
            at = self.lines[-1].at
        line = Line(len(self.lines) + 1, at, behind, by, kind, dict(body))
        made = {name: getattr(line, name) for name in LINE}
        require_shape(made, LINE, say("日志行"))
        return PublicLog(self.bureau, (*self.texts, canonical_json(made)), (*self.lines, line))

    def root(self, size: int | None = None) -> str:
        """Return the root of the tree over the first `size` lines, or over all."""
        return root_of(self.texts if size is None else self.texts[:size])

    def head_text(self, party: str, size: int, at: str) -> str:
        """Return the text an outside party signs at `at` over the first `size` lines."""
        return f"ssj-draw-head/2\n{self.bureau}\n{party}\n{size}\n{self.root(size)}\n{at}\n"

    def continues(self, size: int, root: str) -> bool:
        """Whether the log goes on from a head: what an outside party asks before it signs the next."""
        return size <= len(self.lines) and self.root(size) == root

    def of(self, commitment: str, *kinds: str) -> list[Line]:
        """Return the lines of one commitment, of some kinds or of all."""
        return [
            line
            for line in self.lines
            if line.body.get("commitment") == commitment and (not kinds or line.kind in kinds)
        ]

    def as_bytes(self) -> bytes:
        """Return the bytes of ``log.jsonl``."""
        return "".join(f"{line}\n" for line in self.texts).encode()


def _read_line(place: int, written: str) -> Line:
    title = say("日志第 {number} 行", number=place)
    value = read_shaped(written, LINE, title)
    line = Line(**value)
    if misfit(line.body, BODIES[line.kind]) is not None or line.seq != place:
        refuse_if(
            [
                RefusalReason(
                    "log", say("日志第 {number} 行：{message}", number=place, message=say("内容或序号不对"))
                )
            ]
        )
    return line
