"""Clocks: the deadlines of single states and those over several; and the policies of a bureau several of them share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.reader.audience import AudienceReader, read_plain_key
from engine.definition.reader.conditions import read_condition
from engine.definition.reader.deadlines.limits import is_on_date, read_date, read_marked, read_on_date
from engine.definition.reader.deadlines.periods import read_length, read_period, read_reminders
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.model.bureau import Bureau, DeadlinePolicy
from engine.lifecycle.model.deadline import ClockRule, Limit, Reminder
from engine.lifecycle.model.key import DefinitionKey
from engine.lifecycle.model.overdue import OVERDUE_ACTS, OVERDUE_KEYS, OverdueStep
from engine.lifecycle.model.workflow import State
from engine.worktime.periods import Beside, Length, OnDay, Period, PeriodUnit, Roll, YearDate
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


def _either(words: Mapping[str, str]) -> str:
    """Return what matches one of some words, in either language."""
    return "|".join(word for pair in words.items() for word in pair)


#: What a state says of its own deadline and is refused without one.
_OF_DEADLINE = (
    "remind",
    "overdue",
    "roll",
    "basis",
    "late_reason",
    "not_later_than",
    "count_first_day",
)


@dataclass(slots=True)
class ClockReader:
    """Reads the clocks of one workflow, and remembers where each is."""

    diagnostics: Diagnostics
    audience: AudienceReader
    names: Names | None
    #: Every clock the workflow declares, those of single states too.
    declared: frozenset[str]
    clocks: dict[str, ClockRule] = field(default_factory=dict)
    places: dict[str, Node] = field(default_factory=dict)
    reminders: list[tuple[str, Reminder, Node]] = field(default_factory=list)
    #: The policy of every clock, for what it does not say itself.
    policy: Node | None = None

    def read_policy(self, node: Node | None) -> None:
        """Read ``policy:`` of the workflow: what its clocks take where they do not say themselves when to remind, or what follows when they are missed."""
        if _names_policy(self.diagnostics, node, self.audience.world.bureau):
            self.policy = node

    def read_own(self, state: str, title: str, part: MappingReader) -> None:
        """Read the deadline of a single state, if it has one."""
        if "deadline" in part.entries:
            self._clock(state, title, frozenset((state,)), part)
            return
        for name in _OF_DEADLINE:
            if name in part.entries:
                self.diagnostics.report(
                    "missing-key",
                    part.key(name),
                    say("有“{key}”而没有“deadline”（时限）", key=name),
                    say("提醒、逾期和依据都属于某个时限"),
                )

    def read_clocks(
        self, node: Node | None, states: Mapping[str, State], state_places: Mapping[str, Node]
    ) -> None:
        """Read ``clocks:``, whose states have been read."""
        diagnostics = self.diagnostics
        for name, key, value in diagnostics.entries(node):
            part = diagnostics.open(value, "clock")
            if part is None:
                continue
            if name in self.clocks:
                diagnostics.report(
                    "duplicate-name",
                    key,
                    say("“{name}”已是环节自己的时限的名字", name=name),
                    say("请给这个时钟换一个编号"),
                )
                continue
            during = self._states(part.value("during"), states, state_places)
            title = diagnostics.read_text(part.value("title")) or name
            self._clock(
                name,
                title,
                during,
                part,
                starts_on=tuple(step for step, _ in diagnostics.read_names(part.value("starts_on"))),
                stops_on=tuple(step for step, _ in diagnostics.read_names(part.value("stops_on"))),
                pauses_in=self._states(part.value("pauses_in"), states, state_places),
            )

    def known(self, clock: str, place: Node) -> bool:
        """Tell whether the workflow declares `clock`; says so where it does not."""
        if clock in self.declared:
            return True
        self.diagnostics.unknown(
            "unknown-clock", place, say("没有时限“{name}”", name=clock), clock, self.declared
        )
        return False

    def _states(
        self, node: Node | None, states: Mapping[str, State], places: Mapping[str, Node]
    ) -> frozenset[str]:
        found = set()
        for state, place in self.diagnostics.read_names(node):
            if state not in places:
                self.diagnostics.unknown(
                    "unknown-state", place, say("没有环节“{name}”", name=state), state, places
                )
                continue
            known = states.get(state)
            if known is not None and known.final:
                self.diagnostics.report(
                    "final-with-task",
                    place,
                    say("“{name}”是终点，时限不会在那里计时", name=state),
                    say("请从 during（期间）里删去"),
                )
            found.add(state)
        return frozenset(found)

    def _clock(
        self,
        name: str,
        title: str,
        during: frozenset[str],
        part: MappingReader,
        *,
        starts_on: tuple[str, ...] = (),
        stops_on: tuple[str, ...] = (),
        pauses_in: frozenset[str] = frozenset(),
    ) -> None:
        diagnostics = self.diagnostics
        own = self._limit(part)
        others = []
        for item in diagnostics.items(part.value("not_later_than")):
            inner = diagnostics.open(item, "limit")
            limit = self._limit(inner) if inner is not None else None
            if inner is not None and limit is not None:
                when = read_condition(diagnostics, inner.value("when"), self.names)
                others.append(limit if when is None else replace(limit, when=when))
        reminders = self._reminders(part.value("remind") or self.policy)
        overdue = self._overdue(part.value("overdue") or self.policy)
        if own is None:
            return
        self.clocks[name] = ClockRule(
            id=name,
            title=title,
            during=during,
            limit=own.length,
            since=own.since,
            basis=own.basis,
            mark=own.mark,
            first_day=own.first_day,
            roll=own.roll,
            not_later_than=tuple(others),
            starts_on=starts_on,
            stops_on=stops_on,
            pauses_in=pauses_in,
            remind=tuple(reminder for reminder, _ in reminders),
            overdue=overdue,
            late_reason=diagnostics.read_flag(part.value("late_reason")),
        )
        self.places[name] = part.key("deadline")
        self.reminders += [(name, reminder, place) for reminder, place in reminders]

    def _limit(self, part: MappingReader) -> Limit | None:
        """Read one limit: how long, counted from what, how, and on what basis."""
        diagnostics = self.diagnostics
        roll = Roll(diagnostics.read_word(part.value("roll"), keywords.ROLLS) or "none")
        first_day = diagnostics.read_flag(part.value("count_first_day"))
        written, mark = read_marked(diagnostics, part.value("deadline"))
        since = read_date(diagnostics, part.value("since"), self.names, say("起算点"))
        length: Length | None
        if is_on_date(written):
            length = OnDay(roll)
            if "since" in part.entries:
                diagnostics.report(
                    "deadline-syntax",
                    part.key("since"),
                    say("“on 日期”（至 日期）就是到期日，没有起算点"),
                    say("请删去 since（起算）"),
                )
            since = read_on_date(diagnostics, written, self.names)
            if since is None:
                return None
        else:
            length = read_length(diagnostics, written, roll) if written is not None else None
        if isinstance(length, Beside) and not self.known(length.clock, part.value("deadline") or part.node):
            return None
        days = isinstance(length, Period) and not length.unit.to_the_second
        if first_day and length is not None and not days:
            diagnostics.report(
                "deadline-syntax",
                part.key("count_first_day"),
                say("只有按日或工作日计的时限才谈得上当日计入"),
            )
        rolls = isinstance(length, (YearDate, OnDay)) or (
            isinstance(length, Period) and length.unit.by_the_calendar
        )
        if "roll" in part.entries and length is not None and not rolls:
            diagnostics.report(
                "deadline-syntax",
                part.key("roll"),
                say("只有按日、月、年计的时限和日期才会遇到休息日"),
                say("请删去 roll（遇休）"),
            )
        if length is None:
            return None
        return Limit(
            length=length,
            since=since,
            basis=diagnostics.read_text(part.value("basis")),
            mark=mark,
            first_day=first_day,
            roll=Roll.NONE if isinstance(length, (YearDate, OnDay)) else roll,
        )

    def _reminders(self, node: Node | None) -> tuple[tuple[Reminder, Node], ...]:
        """Read the reminders of a clock, or those of the policy it names."""
        policy = named_policy(self.diagnostics, node, self.audience.world.bureau)
        if policy is None or node is None:
            return read_reminders(self.diagnostics, node)
        return tuple((reminder, node) for reminder in policy.remind)

    def _overdue(self, node: Node | None) -> tuple[OverdueStep, ...]:
        """Read what follows when a clock is missed, or that of the policy it names."""
        policy = named_policy(self.diagnostics, node, self.audience.world.bureau)
        if policy is None or node is None:
            return tuple(read_overdue(self.diagnostics, node, self.audience.read_key))
        for step in policy.overdue:
            self.audience.check_policy(step, node)
        return policy.overdue


#: ``escalate ROLE``, and ``every PERIOD`` where that is said again.
_ESCALATE = re.compile(
    rf"(?:{_either(keywords.ESCALATE)})[ ]+(?P<role>\S+)(?:[ ]+(?:{_either(keywords.EVERY)})[ ]*(?P<every>.+))?"
)


def _piece(node: ScalarNode, said: re.Match[str], group: str) -> ScalarNode | None:
    """Return a part of what a node says as a node of its own, at its own place."""
    text = said.group(group)
    if text is None:
        return None
    if not node.plain or node.line != node.end_line:
        return replace(node, text=text, value=text)
    start = node.column + said.start(group)
    return replace(node, text=text, value=text, column=start, end_column=start + len(text))


#: Reads what is written under one key: the audience of a workflow, or names as they stand.
KeyReader = Callable[[DefinitionKey, "Node | None"], Any]
_NOTIFY = OVERDUE_KEYS["notify"][1]


def read_policies(diagnostics: Diagnostics, node: Node | None) -> dict[str, DeadlinePolicy]:
    """Read ``policies:`` of a bureau."""
    found = {}

    def as_written(key: DefinitionKey, value: Node | None) -> Any:
        return read_plain_key(diagnostics, key, value)

    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "policy")
        if part is None:
            continue
        reminders = tuple(reminder for reminder, _ in read_reminders(diagnostics, part.value("remind")))
        found[name] = DeadlinePolicy(
            reminders, tuple(read_overdue(diagnostics, part.value("overdue"), as_written))
        )
    return found


def _names_policy(diagnostics: Diagnostics, node: Node | None, bureau: Bureau | None) -> bool:
    """Tell whether the policy written at ``policy:`` is one of the bureau; says so where it is not."""
    name = diagnostics.read_name(node)
    policies: Mapping[str, DeadlinePolicy] = bureau.policies if bureau is not None else {}
    if name is None or node is None:
        return False
    if name not in policies:
        _no_policy(diagnostics, node, name, policies)
    return name in policies


def _no_policy(
    diagnostics: Diagnostics, node: Node, name: str, policies: Mapping[str, DeadlinePolicy]
) -> None:
    hint = did_you_mean(name, policies) or say("请在单位设置的 policies（逾期办法）里添加，或在此写明")
    diagnostics.report("unknown-name", node, say("单位设置里没有逾期办法“{name}”", name=name), hint)


def named_policy(diagnostics: Diagnostics, node: Node | None, bureau: Bureau | None) -> DeadlinePolicy | None:
    """Return the policy a single word names; None where something else is written. Says so where there is none."""
    if not isinstance(node, ScalarNode) or node.value is None or not node.text.replace("_", "a").isalpha():
        return None
    policies: Mapping[str, DeadlinePolicy] = bureau.policies if bureau is not None else {}
    if node.text in policies:
        return policies[node.text]
    if node.text in keywords.ON_THE_DAY:
        return None
    _no_policy(diagnostics, node, node.text, policies)
    return DeadlinePolicy()


def read_overdue(diagnostics: Diagnostics, node: Node | None, read_key: KeyReader) -> list[OverdueStep]:
    """Read ``overdue:``: how long after the deadline -> what follows."""
    found = []
    if isinstance(node, SequenceNode):
        message = say("逾期以后各写“多久: 做什么”，不写成列表")
        hint = say("如 overdue: {at once: [section_chief], 3 working days: escalate leading_office}")
        diagnostics.report("wrong-shape", node, message, hint)
        return []
    for _, key, value in diagnostics.entries(node, names=False):
        at_once = keywords.word(key.text, keywords.AT_ONCE) is not None
        after = Period(0, PeriodUnit.WORKING_DAYS) if at_once else read_period(diagnostics, key, least=1)
        if diagnostics.blank(value):
            diagnostics.report("missing-value", key, say("“{key}”后面没有内容", key=key.text))
            continue
        step = _overdue_step(diagnostics, key, value, after, read_key)
        if step is not None:
            found.append(step)
    return found


def _overdue_step(
    diagnostics: Diagnostics, key: Node, value: Node, after: Period | None, read_key: KeyReader
) -> OverdueStep | None:
    """Read what follows after one period: whom to notify, ``escalate ROLE``, or a part that says more."""
    if isinstance(value, ScalarNode) and (said := _ESCALATE.fullmatch(value.text)) is not None:
        role, every = (_piece(value, said, group) for group in ("role", "every"))
        chain = read_key(OVERDUE_KEYS["escalate"][1], role)
        again = read_key(OVERDUE_KEYS["every"][1], every)
        return (
            OverdueStep(after=after, escalation_chain=chain, every=again)
            if after is not None and chain
            else None
        )
    if not isinstance(value, MappingNode):
        notify = read_key(_NOTIFY, value)
        return OverdueStep(after=after, notify=notify) if after is not None and notify else None
    step = diagnostics.open(value, "overdue")
    if step is None:
        return None
    values = {filled: read_key(spec, step.value(name)) for name, (filled, spec) in OVERDUE_KEYS.items()}
    if step.entries.keys().isdisjoint(OVERDUE_ACTS):
        diagnostics.report(
            "missing-key",
            key,
            say("逾期后没有写通知谁"),
            say("请写 notify（通知）、escalate（升级）或 reassign（转办）"),
        )
    return OverdueStep(after=after, **values) if after is not None else None
