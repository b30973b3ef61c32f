"""Whether the lines of the public log follow each other as the protocol says, and what became of every commitment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from engine.draw.v2.log import Line, PublicLog
from engine.draw.v2.randomness.sources import day_of
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

#: How many commitments of a bureau may be open at once.
MAX_OPEN = 12
#: Between a commitment and its last day lie no more days than this.
MAX_DAYS = 90

#: What must have happened before a line of a kind; `typed` is asked for the entropy of trials too.
_AFTER = {
    "typed": "commit", "shares": "typed", "entropy": "typed", "objects": "entropy", "remove": "objects",
    "people": "objects", "replace": "people", "void": "commit", "lapse": "commit", "note": "commit",
}  # fmt: skip
#: What may not have happened before.
_BEFORE = {"shares": "entropy", "remove": "people", "lapse": "objects"}
_ONCE = ("entropy", "shares", "objects", "people", "void", "lapse")


@dataclass(slots=True)
class DrawProgress:
    """How far one commitment came."""

    line: Line
    kinds: Counter[str] = field(default_factory=Counter)
    typed_by: str = ""
    typed: str = ""
    last_day: str = ""

    def state(self, today: str) -> str:
        """Return ``void``, ``drawn``, ``lapsed`` or ``open`` on a day."""
        if self.kinds["void"]:
            return "void"
        if self.kinds["objects"]:
            return "drawn"
        return "lapsed" if self.kinds["lapse"] or today > str(self.line.body["draw_by"]) else "open"


def progress_of(log: PublicLog) -> tuple[dict[str, DrawProgress], list[RefusalReason]]:
    """Return how far every commitment came, and every line that does not follow the protocol."""
    found: dict[str, DrawProgress] = {}
    problems: list[RefusalReason] = []
    before: Line | None = None
    for line in log.lines:
        problems += [_at(line, message) for message in _line_faults(line, before, found)]
        _count(line, found)
        before = line
    return found, problems


def _count(line: Line, found: dict[str, DrawProgress]) -> None:
    name = str(line.body.get("commitment", ""))
    if line.kind == "commit":
        found.setdefault(name, DrawProgress(line))
    if name in found:
        one = found[name]
        if line.kind == "typed" and not one.kinds["typed"]:
            one.typed, one.typed_by = str(line.body["sha256"]), line.by
        one.kinds[line.kind] += 1


def _line_faults(line: Line, before: Line | None, found: dict[str, DrawProgress]) -> Iterator[Message]:
    if before is not None and line.at < before.at:
        yield say("时间 {at} 早于前一行", at=line.at)
    if line.body.get("second") == line.by:
        yield say("两人须不是同一人：{by}", by=line.by)
    if line.kind == "commit":
        yield from _commit_faults(line, found)
    elif line.kind == "anchor":
        if not 1 <= line.body["size"] < line.seq:
            yield say("凭据覆盖的行数不对")
    elif (one := found.get(str(line.body["commitment"]))) is None:
        yield say("没有这份承诺")
    else:
        yield from _act_faults(line, one)


def _commit_faults(line: Line, found: dict[str, DrawProgress]) -> Iterator[Message]:
    body, today = line.body, day_of(line.at)
    if body["commitment"] in found:
        yield say("同一承诺登记了两次")
    earlier = [one for one in found.values() if one.line.body["batch_id"] == body["batch_id"]]
    if body["draw_no"] != len(earlier) + 1:
        yield say("次号应为 {number}", number=len(earlier) + 1)
    if earlier and earlier[-1].state(today) not in ("void", "lapsed"):
        yield say("上一次抽取没有作废，也没有逾期失效")
    if sum(one.state(today) == "open" for one in found.values()) >= MAX_OPEN:
        yield say("未抽取的承诺已有 {count} 份，先抽取或作废", count=MAX_OPEN)
    if not today < body["known_from"] <= body["known_on"] <= body["draw_by"]:
        yield say("承诺、开奖、最迟抽取的日子次序不对")
    elif _days_between(today, body["draw_by"]) > MAX_DAYS:
        yield say("最迟抽取日离承诺超过 {count} 天", count=MAX_DAYS)
    if (body["anchor"] == "none") != bool(body["second"]):
        yield say("没有外部凭据的承诺须两人登记")


def _act_faults(line: Line, one: DrawProgress) -> Iterator[Message]:
    kind, today, kinds = line.kind, day_of(line.at), one.kinds
    if kinds["void"] and kind != "note":
        yield say("作废之后又有“{kind}”", kind=kind)
    if (
        not kinds[_AFTER[kind]]
        or (kind in _BEFORE and kinds[_BEFORE[kind]])
        or (kind in _ONCE and kinds[kind])
    ):
        yield say("“{kind}”的次序不对，或做了两次", kind=kind)
    expired = today > str(one.line.body["draw_by"])
    if kind in ("typed", "shares", "entropy", "objects") and (expired or kinds["lapse"]):
        yield say("承诺已逾期失效，又有“{kind}”", kind=kind)
    if kind == "lapse" and not expired:
        yield say("最迟抽取日未过，不能登记失效")
    if kind in ("typed", "entropy") and today < one.line.body["known_on"]:
        yield say("开奖日之前就录入了结果")
    if kind in ("shares", "entropy", "objects") and kinds["typed"] > 1:
        yield say("第二次录入与第一次不同，承诺只能作废")
    if kind == "entropy" and line.by == one.typed_by:
        yield say("两次录入的是同一人")


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _at(line: Line, message: Message) -> RefusalReason:
    return RefusalReason("log", say("日志第 {number} 行：{message}", number=line.seq, message=message))
