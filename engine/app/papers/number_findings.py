"""Numbers that are not in their order: gaps, given out of order or dated before an earlier one, used twice; and those typed that no paper has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.app.ports.papers import NumberStatus, PaperNumber
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.value import named_value

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case

#: So many numbers of one gap are named.
MAX_NAMED = 20
#: In the number of a paper the year stands behind this sign; without it nothing is looked for.
BRACKET = "〔"
_NUMBER = re.compile(r"[^\s，。；、：（）()《》“”]{0,40}〔(\d{4})〕\d{1,9}号")


class OrderFault(StrEnum):
    """What is not in order with a number."""

    GAP = "gap"
    OUT_OF_ORDER = "out of order"
    EARLIER_DAY = "earlier day"
    REPEATED = "repeated"


@named_value
class NumberFinding:
    """One thing that is not in order: what, the number as printed (of a gap the first), and a sentence on it."""

    fault: OrderFault
    series: str
    year: int
    text: str
    message: Message

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "fault": self.fault.value,
            "series": self.series,
            "year": self.year,
            "text": self.text,
            "message": str(self.message),
        }


def numbers_not_in_order(numbers: Iterable[PaperNumber]) -> list[NumberFinding]:
    """Return what is not in order with numbers, by series and year; those used twice may be of two series."""
    by_series: dict[tuple[str, int], list[PaperNumber]] = {}
    by_text: dict[str, list[PaperNumber]] = {}
    for one in numbers:
        by_series.setdefault((one.series, one.year), []).append(one)
        if one.status is NumberStatus.GIVEN:
            by_text.setdefault(one.text, []).append(one)
    found: list[NumberFinding] = []
    for key in sorted(by_series):
        series = sorted(by_series[key], key=lambda one: one.number)
        found += [*_gaps(series), *_given_early(series), *_earlier_days(series)]
    return found + [_repeated(several) for several in by_text.values() if len(several) > 1]


def _finding(fault: OrderFault, of: PaperNumber, message: Message) -> NumberFinding:
    return NumberFinding(fault=fault, series=of.series, year=of.year, text=of.text, message=message)


def _gaps(series: Sequence[PaperNumber]) -> list[NumberFinding]:
    """Return the numbers below the highest that no paper has, and those nothing at all is known of."""
    highest = max((one.number for one in series if one.status is not NumberStatus.OPEN), default=0)
    skipped = [one for one in series if one.status is NumberStatus.OPEN and one.number < highest]
    known = {one.number for one in series}
    missing = [number for number in range(1, highest) if number not in known]
    found = []
    if skipped:
        texts = [one.text for one in skipped[:MAX_NAMED]]
        message = say("空号 {count} 个：{texts}；以后的文书先用这些号", count=len(skipped), texts=texts)
        found.append(_finding(OrderFault.GAP, skipped[0], message))
    if missing:
        shown = [str(number) for number in missing[:MAX_NAMED]]
        message = say("缺 {count} 个序号，没有任何记录：{numbers}", count=len(missing), numbers=shown)
        found.append(_finding(OrderFault.GAP, series[0], message))
    return found


def _given_early(series: Sequence[PaperNumber]) -> list[NumberFinding]:
    return [
        _finding(
            OrderFault.OUT_OF_ORDER,
            one,
            say("{number} 不按次序给出；理由：{reason}", number=one.text, reason=one.reason or "-"),
        )
        for one in series
        if one.out_of_order and one.status is not NumberStatus.OPEN
    ]


def _earlier_days(series: Sequence[PaperNumber]) -> list[NumberFinding]:
    dated = [one for one in series if one.on is not None]
    return [
        _finding(
            OrderFault.EARLIER_DAY,
            later,
            say(
                "{number} 的日期 {on} 早于前一号 {before} 的 {day}",
                number=later.text,
                on=str(later.on),
                before=earlier.text,
                day=str(earlier.on),
            ),
        )
        for earlier, later in pairwise(dated)
        if earlier.on is not None and later.on is not None and later.on < earlier.on
    ]


def _repeated(several: Sequence[PaperNumber]) -> NumberFinding:
    papers = [one.paper or f"{one.series} {one.number}" for one in several]
    message = say(
        "{number} 用了 {count} 次：{papers}", number=several[0].text, count=len(several), papers=papers
    )
    return _finding(OrderFault.REPEATED, several[0], message)


def unknown_numbers(
    transaction: Transaction, case: Case, lines: Iterable[tuple[str, str]]
) -> tuple[RefusalReason, ...]:
    """Return a remark for each number in `lines` (title and text) that no paper of the bureau has, that is void, or of another firm's paper.

    The number of a paper of somebody else may be typed, so nothing is refused.
    """
    found = {
        (title, match.group(), int(match.group(1)))
        for title, text in lines
        if BRACKET in text
        for match in _NUMBER.finditer(text)
    }
    remarks = []
    for title, number, year in sorted(found):
        given = [one for one in transaction.papers.numbers(year) if number.endswith(one.text)]
        message = _remark(transaction, case, title, number, given)
        if message is not None:
            remarks.append(RefusalReason("number", message))
    return tuple(remarks)


def _remark(
    transaction: Transaction, case: Case, title: str, number: str, given: Sequence[PaperNumber]
) -> Message | None:
    words = {"title": title, "number": number}
    in_force = [one for one in given if one.status is not NumberStatus.VOID and one.paper is not None]
    if not in_force:
        if any(one.status is NumberStatus.VOID for one in given):
            return say("“{title}”里的文号“{number}”已经作废，请核对", **words)
        return say(
            "“{title}”里的文号“{number}”不是本局给出的：是本局文书的，请核对；外单位的，照原件填写", **words
        )
    paper = transaction.papers.get(in_force[-1].paper or "")
    of = None if paper is None else transaction.cases.get(paper.case)
    firms = {str(case.subject.get("id") or ""), str((of.subject if of else {}).get("id") or "")}
    known = transaction.registers.some("objects", sorted(firms)).values()
    # A firm that got a new code is the same firm.
    if "" not in firms and len(firms) > 1 and not any(firms <= set(one.codes) for one in known):
        return say("“{title}”里的文号“{number}”是对另一单位的文书，请核对", **words)
    return None
