"""Frozen definitions: what `engine.definition` makes of the YAML and the decision core works on.

Everything here is a value. Texts for people (`title`, `message`, `basis`) are as the section wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression


class Unit(StrEnum):
    """The unit a period is counted in; each rule names its own (行政处罚法 85 and others differ)."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    HOURS = "hours"
    #: Hours in which the bureau is open (`Bureau.office_hours`), on working days.
    OFFICE_HOURS = "office hours"

    @property
    def to_the_second(self) -> bool:
        """Tell whether a period of this unit ends at an instant instead of at the end of a day."""
        return self in (Unit.HOURS, Unit.OFFICE_HOURS)


class Roll(StrEnum):
    """What to do with a date of the year that falls on a day off."""

    NONE = "none"
    BACKWARD = "backward"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in one unit. `count` is never negative."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class YearDate:
    """A date of the year (月-日), with the rule for days off. 04-20 in 2024 is a Saturday, so it matters."""

    month: int
    day: int
    roll: Roll = Roll.NONE


@dataclass(frozen=True, slots=True)
class Beside:
    """So long before or after the due day of another clock of the same case."""

    period: Period
    #: The other clock.
    clock: str
    #: True: after it; False: before it.
    after: bool = False


#: How long a deadline is, or by when.
Length = Period | YearDate | Beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of a deadline, with the day it is counted from and its own basis."""

    length: Length
    #: Count from this date instead of the moment the clock starts (an expression that gives a date).
    since: Expression | None = None
    basis: str | None = None
    #: 当日计入: the day it starts on is the first day. Otherwise it is not counted (民法典 第二百零一条).
    first_day: bool = False
    #: A period of calendar days whose last day is a day off (民法典 第二百零三条 moves it forward).
    roll: Roll = Roll.NONE


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step before the due day; a count of 0 means on the day itself."""

    before: Period


@dataclass(frozen=True, slots=True)
class OverdueStep:
    """One step after the due day: tell `notify`, or hand the matter up to `escalate`."""

    after: Period
    notify: tuple[str, ...] = ()
    #: The role the matter is put before (升级督办); it is told, and sees the task in its own list.
    escalate: str | None = None
    #: Repeat every so often until the clock stops; None: once.
    every: Period | None = None
    #: What is told waits neither for office hours nor for the morning's digest.
    urgent: bool = False
    #: The roles above `escalate`, nearest first: each repetition goes one higher, and a post nobody holds is passed.
    above: tuple[str, ...] = ()
    #: The role one holder of which takes the task over (自动转办): the one with the fewest tasks.
    reassign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline that runs while the case is in any state of `during`, and stops when it leaves them.

    A state's own ``deadline:`` is a clock over that one state, with the state's name as its id.
    """

    id: str
    title: str
    during: frozenset[str]
    #: How long, or by which date of the year. The first of `limits`.
    limit: Length
    #: Count from this date instead of the moment the clock starts (an expression that gives a date).
    since: Expression | None = None
    basis: str | None = None
    first_day: bool = False
    roll: Roll = Roll.NONE
    #: 且不晚于: further limits; of all of them the earliest rules.
    not_later_than: tuple[Limit, ...] = ()
    #: Steps that start it, and start it anew; none: it starts on entering `during`.
    starts_on: tuple[str, ...] = ()
    #: Steps that stop it although the case stays in `during`.
    stops_on: tuple[str, ...] = ()
    #: 停计环节: states of `during` in which it stands still.
    pauses_in: frozenset[str] = frozenset()
    remind: tuple[Reminder, ...] = ()
    overdue: tuple[OverdueStep, ...] = ()
    #: A step that stops the clock when it is late must say why.
    late_reason: bool = False
    #: Every limit, the clock's own first. Worked out from the others.
    limits: tuple[Limit, ...] = field(init=False, compare=False, repr=False)
    #: The clocks whose due days this one is counted from. Worked out as well.
    beside: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        own = Limit(
            length=self.limit,
            since=self.since,
            basis=self.basis,
            first_day=self.first_day,
            roll=self.roll,
        )
        limits = (own, *self.not_later_than)
        others = frozenset(limit.length.clock for limit in limits if isinstance(limit.length, Beside))
        object.__setattr__(self, "limits", limits)
        object.__setattr__(self, "beside", others)

    @property
    def unit(self) -> Unit:
        """Return the unit extensions are counted in: that of the clock's own limit, working days for a date."""
        if isinstance(self.limit, Period):
            return self.limit.unit
        return self.limit.period.unit if isinstance(self.limit, Beside) else Unit.WORKING_DAYS

    def basis_of(self, ruling: int) -> str | None:
        """Return the basis of the limit numbered `ruling`, or the clock's own where that one has none."""
        if ruling and ruling <= len(self.not_later_than):
            return self.not_later_than[ruling - 1].basis or self.basis
        return self.basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One condition that must hold, the sentence shown when it does not, and its legal basis."""

    that: Condition
    message: str
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One entry of ``then:``, done in the same transaction as the transition it belongs to.

    `kind` is the word of the language (``set``, ``publish``, ``start``, …); `arguments` holds what was written
    beside it, expressions already compiled. Which arguments a kind takes is in `engine.lifecycle.effects`.
    """

    kind: str
    arguments: Mapping[str, Any]
    when: Condition | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Wait until every child case of `workflow` has reached one of `states` (or any final state)."""

    workflow: str
    states: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """会签、或签: who signs a step before it is taken."""

    #: Parties of the case or roles of the bureau.
    by: tuple[str, ...]
    #: How many of them; None: all (会签). 1 is 或签.
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """办理: one step a person, a clock or the end of all child cases can take."""

    id: str
    title: str
    sources: tuple[str, ...]
    #: None: the case stays in the state it is in (a step that only records something).
    target: str | None
    #: Parties of the case or roles of the bureau that may do it; empty only where `automatic` or `after` is set.
    by: tuple[str, ...] = ()
    form: str | None = None
    #: Ask for the item forms of the case too, beside `form` (一企一表).
    item_forms: bool = False
    require: tuple[Requirement, ...] = ()
    #: Does not stop the step; what it says is shown and kept in the history.
    warn: tuple[Requirement, ...] = ()
    #: Choose this transition only when the condition holds (automatic ones, and several of one name).
    when: Condition | None = None
    then: tuple[Effect, ...] = ()
    #: Taken by the engine at once when `when` holds on entering a source state, or when `join` is met.
    automatic: bool = False
    join: Join | None = None
    #: Taken by the engine when the case has been in the source state for so long.
    after: Period | None = None
    #: The person must say why; the words are kept in the history.
    reason: bool = False
    help: str | None = None
    #: 会签、或签: taken when enough people have signed, each with the same command.
    sign: Sign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What may be done with a task besides its transitions (领取 转办 延期 挂起 恢复 …)."""

    id: str
    by: tuple[str, ...]
    #: extend: which clock, at most how long, how often.
    clock: str | None = None
    most: Period | None = None
    times: int | None = None
    #: suspend: the clocks that stand still meanwhile.
    pauses: tuple[str, ...] = ()
    basis: str | None = None
    #: return: the states a case may go back to (none: all it has passed). void: the final state it goes to.
    to: tuple[str, ...] = ()
    #: return: clocks that start again keep counting from where they once began.
    keep_clocks: bool = False
    #: void: open child cases are voided too; otherwise they stand in the way.
    with_children: bool = False
    #: add_signer: parties or roles the new signer must belong to. reassign: whom the task may go to (none: whom the
    #: state is for).
    among: tuple[str, ...] = ()
    #: urge: whoever is urged is asked to say that they have received it.
    receipt: bool = False
    #: Asked for first, and done when one of these has approved it.
    approve: tuple[str, ...] = ()
    #: What must hold besides, as for a step.
    require: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """环节: where a case can be. A state with `audience` is somebody's task; a final one is the end."""

    id: str
    title: str
    audience: tuple[str, ...] = ()
    final: bool = False
    help: str | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)


class FieldType(StrEnum):
    """Types of form and case fields; `TYPES` in `engine.lifecycle.forms.fields` says what each accepts."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    PERSONS = "persons"
    OBJECT = "object"
    FILE = "file"
    FILES = "files"
    RATIO = "ratio"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form, or one fact a case keeps. Fields have no default answer, ever."""

    name: str
    title: str
    type: FieldType
    required: bool = False
    help: str | None = None
    basis: str | None = None
    unit: str | None = None
    #: choice / choices: code -> text. Filled from ``codes:`` lists at load.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Asked only when this holds.
    relevant: Condition | None = None
    constraints: tuple[Requirement, ...] = ()
    #: list: the fields of one row.
    columns: tuple[Field, ...] = ()
    least: int | None = None
    most: int | None = None
    #: May stand on a public page. Fields are private unless they say so.
    public: bool = False
    #: Worked out from the other answers; never asked.
    computed: Expression | None = None
    section: str | None = None
    #: An answer as it may look, as it would be kept: shown beside the question, used in rehearsals, never filled in.
    example: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One line of a check list (检查事项): answered 符合 / 不符合 / 不适用, never by default."""

    id: str
    title: str
    points: str
    basis: str
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of the form library (表单库)."""

    id: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[CheckRow, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    help: str | None = None
    basis: str | None = None

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, or None."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """流程: a checked definition. A published one never changes; cases are pinned to its version."""

    id: str
    title: str
    about: str
    initial: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    #: Groups of named people bound to one case (parties), with their titles.
    parties: Mapping[str, str] = field(default_factory=dict)
    #: Facts a case keeps beside its forms.
    fields: Mapping[str, Field] = field(default_factory=dict)
    #: Roles that may start a case by hand.
    start_by: tuple[str, ...] = ()
    start_form: str | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    basis: str | None = None
    help: str | None = None

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that may be taken from `state`, in the order they were written."""
        return tuple(t for t in self.transitions if state in t.sources)


@dataclass(frozen=True, slots=True)
class Role:
    """角色: a duty people of the bureau hold, in their own section or for the whole bureau."""

    id: str
    title: str
    #: True: whoever holds it may act only on cases of their own section.
    by_section: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one side of a measure counts in a year: rows of a register, cases of a workflow, or publications."""

    register: str | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRule:
    """指标: a ratio of two counts."""

    id: str
    title: str
    part: Tally
    whole: Tally


@dataclass(frozen=True, slots=True)
class Season:
    """办公时间: the hours of a working day, as (from, to) in local time, and the days of the year they hold for."""

    spans: tuple[tuple[time, time], ...]
    #: First and last (month, day), both included; the last may lie in the next year. None: all the year.
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies in the season."""
        if self.first is None or self.last is None:
            return True
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Bureau:
    """单位: sections, roles, targets, milestones and code lists; everything a bureau sets for itself."""

    id: str
    title: str
    timezone: str
    #: Local time of day, HH:MM, at which reminders counted in days are sent.
    notify_at: str
    sections: Mapping[str, str]
    roles: Mapping[str, Role]
    #: 办公时间: seasons before the hours of the rest of the year, which come last. Empty: not said.
    office_hours: tuple[Season, ...] = ()
    #: name -> ratio as written (``5%``); always read as an exact fraction.
    targets: Mapping[str, str] = field(default_factory=dict)
    #: The measures of the year; a target of the same name says what is to be reached.
    measures: Mapping[str, MeasureRule] = field(default_factory=dict)
    milestones: Mapping[str, YearDate] = field(default_factory=dict)
    #: rating scheme -> (title, classes from best to worst)
    ratings: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    #: code list -> code -> text
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
