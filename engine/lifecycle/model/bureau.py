"""The bureau: its roles, sections, code lists, measures and hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from engine.lifecycle.measure_rules import MeasureRule, StatisticsTable, SupervisionRow
from engine.lifecycle.model.deadline import Reminder
from engine.lifecycle.model.draw_policy import DrawPolicy
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.paper_series import PaperPolicy
from engine.lifecycle.model.people.incompatible import IncompatibleRoles, IncompatibleSteps
from engine.lifecycle.model.untouched import Untouched
from engine.value import named_value, value
from engine.worktime.periods import Season, YearDate


@value
class Role:
    """角色: a duty people of the bureau hold, in their own section or for the whole bureau."""

    id: str
    title: str
    #: True: whoever holds it may act only on cases of their own section.
    by_section: bool


@value
class DeadlinePolicy:
    """逾期办法: reminders and steps of being late with a name. Whom it names is known only where it is used."""

    remind: tuple[Reminder, ...] = ()
    overdue: tuple[OverdueStep, ...] = ()


@named_value
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
    #: The rows of the supervision report; empty: those that come with the product.
    supervision: Mapping[str, SupervisionRow] = field(default_factory=dict)
    #: The tables of statistics; empty: those that come with the product.
    statistics: Mapping[str, StatisticsTable] = field(default_factory=dict)
    milestones: Mapping[str, YearDate] = field(default_factory=dict)
    #: rating scheme -> (title, classes from best to worst)
    ratings: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    #: code list -> code -> text
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: What one person may not hold, and may not do on one case, together.
    incompatible_roles: tuple[IncompatibleRoles, ...] = ()
    incompatible_on_a_case: tuple[IncompatibleSteps, ...] = ()
    #: What is the same for all draws of the bureau.
    draw: DrawPolicy = field(default_factory=DrawPolicy)
    #: 文号: the series papers are numbered by.
    papers: PaperPolicy = field(default_factory=PaperPolicy)
    #: 无人过问: what becomes of a task nobody has touched; None: nothing.
    untouched: Untouched | None = None
    #: 列组: columns several lists have
    column_groups: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    #: 逾期办法: reminders, and what follows when a deadline is missed, for several deadlines
    policies: Mapping[str, DeadlinePolicy] = field(default_factory=dict)
    #: 英文: a text of the file -> its English, where the bureau has written it.
    english: Mapping[str, str] = field(default_factory=dict)
