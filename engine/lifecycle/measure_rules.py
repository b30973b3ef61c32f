"""What measures and the supervision report count, as the bureau's YAML declares it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.value import named_value, value

#: The ways a tally makes one number of the values of a field.
RECKONINGS = ("count", "sum", "min", "max")
#: What a supervision row asks of what it counts -> what it may be asked of.
STATUSES: Mapping[str, str] = {
    "overdue": "cases",
    "extended": "cases",
    "suspended": "cases",
    "late": "publications",
    "withdrawn": "publications",
    "void": "draws",
}
#: Means every workflow, kind of publication or draw.
EVERY = "any"


@value
class Tally:
    """What one side of a measure counts in a year: rows of a register, cases of a workflow, or publications."""

    register: str | None = None
    #: The workflow; `EVERY` for the cases of all.
    cases: str | None = None
    publications: str | None = None
    #: cases: only those that have one of these forms.
    forms: tuple[str, ...] = ()
    #: cases: only those in which this boolean field is true.
    field: str | None = None
    #: cases: each subject once, however often it comes up.
    distinct: bool = False
    #: publications: leave out those that came late.
    on_time: bool = False
    #: cases: only those the condition is true of.
    where: Condition | None = None
    #: cases: ``count``, ``sum``, ``min`` or ``max`` of the values at `of`; None: the number of cases.
    reckoning: str | None = None
    of: Expression | None = None

    @property
    def workflow(self) -> str | None:
        """Return the one workflow whose cases are counted; None for those of all."""
        return None if self.cases == EVERY else self.cases


@named_value
class MeasureRule:
    """指标: a ratio of two tallies, or one tally that stands alone."""

    id: str
    title: str
    part: Tally
    whole: Tally | None


@named_value
class ReportColumn:
    """One value shown of every case a row of the supervision report names."""

    title: str
    title_en: str | None
    value: Expression

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title


@named_value
class SupervisionRow:
    """督导报告的一行: which cases, publications or draws of the year it names, out of how many."""

    id: str
    title: str
    title_en: str | None
    #: What is counted: ``cases``, ``publications``, ``draws`` or ``refusals``.
    counted: str
    #: The workflow or the kind of publication; `EVERY` for all of them.
    of: str = EVERY
    #: One of `STATUSES`; None: all of them.
    status: str | None = None
    #: cases: only those the condition is true of.
    where: Condition | None = None
    #: cases: only those whose value is that of another case of the row.
    alike: Expression | None = None
    columns: tuple[ReportColumn, ...] = ()

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title


@named_value
class StatisticsGroup:
    """What a table of statistics is grouped by: a value of each case, or each value of a list."""

    id: str
    title: str
    title_en: str | None
    value: Expression
    #: Days are put together by month.
    by_month: bool = False
    #: The list of the bureau, or ``items``, whose titles are shown for codes.
    names: str | None = None
    #: Every code of `names` has a line, also one of which there is no case.
    whole: bool = False

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title


@named_value
class StatisticsColumn:
    """A column of a table of statistics: how many cases a condition is true of, or the ratio of two such columns."""

    id: str
    title: str
    title_en: str | None
    where: Condition | None = None
    #: By item: what must hold besides of what was found of that item, as ``item``.
    of_item: Condition | None = None
    #: Ids of the columns a ratio is made of; empty: it counts.
    part: str = ""
    whole: str = ""

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title


@named_value
class StatisticsTable:
    """统计表: the cases of one workflow opened in a year, by group."""

    id: str
    title: str
    title_en: str | None
    workflow: str
    groups: Mapping[str, StatisticsGroup]
    columns: Mapping[str, StatisticsColumn]

    def heading(self, english: bool) -> str:
        """Return the heading; the Chinese one where there is no English one."""
        return (self.title_en if english else None) or self.title
