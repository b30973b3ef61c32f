"""``start:`` and ``effective:``: who may start a case by hand, when the calendar does, and from which day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.definition import keywords
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.deadlines.periods import read_milestone
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.language import say
from engine.lifecycle.effects import STARTING
from engine.lifecycle.model.calendar_start import CalendarStart, Cycle
from engine.worktime.periods import Roll

if TYPE_CHECKING:
    from engine.definition.reader.steps.transitions import TransitionReader
    from engine.lifecycle.model.workflow import Effect
    from engine.yamltext.nodes import Node


@dataclass(frozen=True, slots=True)
class StartRule:
    """Who may start a case by hand, the form asked for, and the days on which the engine opens one."""

    by: tuple[str, ...] = ()
    form: str | None = None
    calendar: CalendarStart | None = None
    then: tuple[Effect, ...] = ()


def read_start(
    diagnostics: Diagnostics, node: Node | None, audience: AudienceReader, steps: TransitionReader
) -> StartRule:
    """Read ``start:``, which says who starts a case, or on which day."""
    part = diagnostics.open(node, "start") if node is not None else None
    if part is None:
        return StartRule()
    if "by" not in part.entries and "on" not in part.entries:
        diagnostics.report(
            "missing-key",
            part.key("form"),
            say("启动没有写由谁，也没有写哪一天"),
            say("请写 by（谁可办）或 on（日期）"),
        )
    form = steps.read_form(part.value("form"))
    then = steps.effects.read(part.value("then"), steps.with_form(form))
    for effect in then:
        if effect.kind not in STARTING:
            message = say("启动时不能“{kind}”", kind=effect.kind)
            hint = say("启动时只有：{words}", words=list(STARTING))
            diagnostics.report("unknown-effect", part.value("then") or part.node, message, hint)
    return StartRule(audience.read(part.value("by")), form, _calendar(diagnostics, part, audience), then)


def _calendar(
    diagnostics: Diagnostics, part: MappingReader, audience: AudienceReader
) -> CalendarStart | None:
    node = part.value("on")
    if node is None:
        for key in ("every", "for"):
            if key in part.entries:
                diagnostics.report("missing-key", part.key(key), say("有“{key}”而没有“on”（日期）", key=key))
        return None
    if "form" in part.entries:
        diagnostics.report(
            "engine-step",
            part.key("form"),
            say("按日历启动的案件没有人填表"),
            say("请删去 form（表单），由第一个环节的办理来填"),
        )
    day = read_milestone(diagnostics, node, Roll.NONE)
    cycle = diagnostics.read_word(part.value("every"), keywords.CYCLES) or "year"
    roles = audience.read(part.value("for"))
    if not roles:
        diagnostics.report("missing-key", part.key("on"), say("按日历启动的，须写 for（由谁办）：给哪个角色"))
        return None
    if len(roles) > 1:
        diagnostics.report(
            "wrong-shape",
            part.value("for") or part.node,
            say("按日历启动只给一个角色，这里写了 {count} 个：{roles}", count=len(roles), roles=list(roles)),
            say("只写一个；另一个角色要办的，另写一个流程，或写在第一个环节的 for（由谁办）里"),
        )
    return None if day is None else CalendarStart(day.month, day.day, Cycle(cycle), roles[0])


def read_day(diagnostics: Diagnostics, node: Node | None) -> date | None:
    """Read a day such as 2027-01-01."""
    text = diagnostics.read_text(node)
    if text is None or node is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        diagnostics.report(
            "deadline-syntax",
            node,
            say("此处应是一个日期，实为“{seen}”", seen=text),
            say("写法如 2027-01-01"),
        )
        return None
