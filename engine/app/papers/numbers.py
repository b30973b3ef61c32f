"""Numbers of the series: the next one, one out of order, one made void. All of it in the transaction that writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.app.papers.facts import PaperRefusedError
from engine.app.ports.papers import NumberStatus, PaperNumber
from engine.app.ports.store import Transaction
from engine.language import say
from engine.lifecycle.model.paper_series import PaperPolicy, PaperSeries
from engine.value import named_value

#: How many numbers may be skipped by one that is given out of order.
MAX_SKIPPED = 200


@named_value
class NumberRequest:
    """What is to be numbered: a paper of a series, dated on a day, by whom."""

    policy: PaperPolicy
    series: PaperSeries
    section: str | None
    paper: str
    on: date
    by: str

    @property
    def key(self) -> str:
        """Return what the numbers are kept under."""
        return self.policy.key(self.series, self.section)

    def text(self, number: int) -> str:
        """Return a number as it is printed."""
        return self.policy.text(self.series, self.section, self.on.year, number)


def give_next(transaction: Transaction, wanted: NumberRequest) -> PaperNumber:
    """Give a paper the lowest open number of its series, else the one after the last.

    Raises PaperRefusedError where a section has no word, ConflictError where another transaction was first.
    """
    _check(wanted)
    found = transaction.papers.next_number(wanted.key, wanted.on.year)
    if isinstance(found, PaperNumber):
        given = replace(
            found, status=NumberStatus.GIVEN, paper=wanted.paper, on=wanted.on, by=wanted.by, reason=None
        )
        transaction.papers.set_number(given, NumberStatus.OPEN)
        return given
    given = _given(wanted, found)
    transaction.papers.add_number(given)
    return given


def give_out_of_order(
    transaction: Transaction, wanted: NumberRequest, number: int, reason: str
) -> PaperNumber:
    """Give a paper a number that is not the next one, and keep those skipped open for the papers that follow.

    Raises PaperRefusedError where the number is taken, or where too many would be skipped.
    """
    _check(wanted)
    papers, year = transaction.papers, wanted.on.year
    following = papers.next_number(wanted.key, year)
    expected = following.number if isinstance(following, PaperNumber) else following
    given = replace(_given(wanted, number), out_of_order=number != expected, reason=reason)
    there = papers.number(wanted.key, year, number)
    if there is not None:
        if there.status is not NumberStatus.OPEN:
            raise PaperRefusedError(say("文号“{number}”已用过或已作废，不能再用", number=there.text))
        papers.set_number(given, NumberStatus.OPEN)
        return given
    last = max((one.number for one in papers.numbers(year, wanted.key)), default=0)
    if number < 1 or number - last > MAX_SKIPPED:
        raise PaperRefusedError(
            say(
                "序号 {number} 与现用到的 {last} 相差过大，一次最多跳过 {most} 个",
                number=number,
                last=last,
                most=MAX_SKIPPED,
            )
        )
    for skipped in range(last + 1, number):
        papers.add_number(
            replace(
                _given(wanted, skipped), status=NumberStatus.OPEN, paper=None, on=None, by=None, reason=None
            )
        )
    papers.add_number(given)
    return given


def make_void(transaction: Transaction, paper: str, reason: str) -> PaperNumber | None:
    """Make the number of a paper void; it is kept with the reason. None where the paper has none."""
    found = transaction.papers.number_of(paper)
    if found is None or found.status is NumberStatus.VOID:
        return found
    void = replace(found, status=NumberStatus.VOID, reason=reason)
    transaction.papers.set_number(void, NumberStatus.GIVEN)
    return void


def _given(wanted: NumberRequest, number: int) -> PaperNumber:
    return PaperNumber(
        series=wanted.key,
        year=wanted.on.year,
        number=number,
        text=wanted.text(number),
        status=NumberStatus.GIVEN,
        paper=wanted.paper,
        on=wanted.on,
        by=wanted.by,
    )


def _check(wanted: NumberRequest) -> None:
    if wanted.series.by_section and not wanted.policy.sections.get(wanted.section or ""):
        raise PaperRefusedError(
            say(
                "“{series}”按股室编号，而本件没有股室，或股室“{section}”没有代字",
                series=wanted.series.title,
                section=wanted.section or "-",
            )
        )
    found = wanted.policy.alike(wanted.series, wanted.section)
    if found is not None:
        other, section = found
        raise PaperRefusedError(
            say(
                "“{series}”不能编号：“{other}”会给出同一个文号（“{pattern}”）；请在 bureau.yaml 的 papers 里改成不同的代字或字样，再执行 {command}",
                series=wanted.series.title,
                other=say("{series}（{section}）", series=other.title, section=section)
                if section
                else other.title,
                pattern=other.pattern,
                command="ssj workflow publish",
            )
        )
