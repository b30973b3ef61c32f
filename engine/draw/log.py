"""The log of draws: one JSON line per act, each with the hash of the line before it.

A chain shows that nothing inside it was changed, but whoever has the database could write a new one. Only lines up to
a head that somebody outside has (an anchor) are proven; `anchored_until` says which those are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.draw.commitment import NO_HEAD
from engine.draw.field_types import typed
from engine.kernel.canonical_json import canonical_json, read_canonical
from engine.kernel.instants import to_text
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

KINDS = ("commit", "entropy", "reveal", "draw", "remove", "replace", "void", "publish", "refused")
_KEYS = ("actor", "at", "body", "hash", "kind", "previous", "seq")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a log. `at` is UTC text; `body` always has ``batch_id`` and ``draw_no``."""

    seq: int
    at: str
    actor: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    hash: str


def append_entry(
    lines: Sequence[str], kind: str, body: Mapping[str, Any], at: datetime, actor: str, after: str = NO_HEAD
) -> tuple[str, ...]:
    """Return `lines` with one more, which is never of before the last one, whatever the clock says.

    `at` must be aware (ValueError); `after` is the head an empty log goes on from.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of log entry: {kind}")
    entry = {
        "seq": len(lines) + 1,
        "at": max([to_text(at), *(str(read_canonical(line)["at"]) for line in lines[-1:])]),
        "actor": actor,
        "kind": kind,
        "body": dict(body),
        "previous": head(lines) if lines else after,
    }
    entry["hash"] = _hash(entry)
    return (*lines, canonical_json(entry))


def head(lines: Sequence[str]) -> str:
    """Return the hash of the last line, or 64 zeros for an empty log."""
    return str(read_canonical(lines[-1])["hash"]) if lines else NO_HEAD


def read_log(lines: Sequence[str]) -> tuple[tuple[LogEntry, ...], list[RefusalReason]]:
    """Return the entries of a log and everything that breaks its chain."""
    entries: list[LogEntry] = []
    problems: list[RefusalReason] = []
    for number, line in enumerate(lines, 1):
        try:
            value = read_canonical(line)
            if tuple(sorted(value)) != _KEYS or not isinstance(value["body"], dict):
                raise ValueError(line)
            entry = LogEntry(**value)
            if not typed(entry):
                raise TypeError(line)
        except (ValueError, TypeError, AttributeError, RecursionError):
            problems.append(_at(number, say("不是规范的日志行")))
            continue
        if entry.hash != _hash({key: item for key, item in value.items() if key != "hash"}):
            problems.append(_at(number, say("内容与哈希不符：该行写入后被改动")))
        if entry.seq != number:
            problems.append(_at(number, say("序号为 {seen}：中间有缺失或次序被改", seen=entry.seq)))
        if entries and entry.previous != entries[-1].hash:
            problems.append(_at(number, say("所记前一行的哈希不符：前一行被改、被删或被插入")))
        if entry.kind not in KINDS:
            problems.append(_at(number, say("不认识的日志类别“{kind}”", kind=str(entry.kind))))
        if entries and str(entry.at) < str(entries[-1].at):
            problems.append(_at(number, say("时间 {at} 早于前一行", at=str(entry.at))))
        entries.append(entry)
    return tuple(entries), problems


def story_problems(entries: Iterable[LogEntry]) -> list[RefusalReason]:
    """Return where the acts do not follow the protocol.

    A batch is committed to once per draw number, before its entropy; it is drawn once; the next draw number needs
    the last one voided with a reason, and fresh entropy.
    """
    problems: list[RefusalReason] = []
    state: dict[tuple[Any, Any], set[str]] = {}
    used: dict[tuple[Any, Any], tuple[Any, Any]] = {}
    for entry in entries:
        key = (str(entry.body.get("batch_id")), entry.body.get("draw_no"))
        if type(key[1]) is not int:
            problems.append(_at(entry.seq, say("没有写明批次号和次号")))
            continue
        seen = state.setdefault(key, set())
        word = entry.kind if entry.kind != "draw" else f"draw {entry.body.get('stage')}"
        if entry.kind == "commit":
            number = key[1]
            if word in seen:
                problems.append(_at(entry.seq, say("同一次抽取承诺了两次")))
            if number > 1 and "void" not in state.get((key[0], number - 1), set()):
                problems.append(_at(entry.seq, say("第 {no} 次抽取之前，上一次抽取没有作废", no=number)))
        elif entry.kind in ("entropy", "draw", "remove", "replace", "reveal") and "commit" not in seen:
            problems.append(_at(entry.seq, say("承诺之前就有“{kind}”", kind=word)))
        if word in ("entropy", "draw objects", "draw people", "void") and word in seen:
            problems.append(_at(entry.seq, say("“{kind}”做了两次：一次承诺只能抽一次", kind=word)))
        if "void" in seen and entry.kind not in ("refused", "publish"):
            problems.append(_at(entry.seq, say("作废之后又有“{kind}”", kind=word)))
        if entry.kind == "void" and not entry.body.get("reason"):
            problems.append(_at(entry.seq, say("作废没有写明理由")))
        if entry.kind == "entropy":
            again = used.setdefault((key[0], str(entry.body.get("entropy"))), key)
            if again != key:
                problems.append(_at(entry.seq, say("重抽用了与上一次相同的随机串")))
        seen.add(word)
    return problems


def anchored_until(entries: Iterable[LogEntry], anchors: Iterable[str]) -> int:
    """Return the number of the last entry whose hash is among `anchors`, heads known from outside; 0 for none."""
    known = set(anchors)
    return max((entry.seq for entry in entries if entry.hash in known), default=0)


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _at(number: int, message: Message) -> RefusalReason:
    return RefusalReason("log", say("日志第 {number} 行：{message}", number=number, message=message))
