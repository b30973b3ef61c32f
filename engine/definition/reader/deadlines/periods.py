"""Deadlines, periods, reminders and dates of the year, in English and in Chinese."""

from __future__ import annotations

import re
from datetime import date

from engine.definition.keywords import ON_THE_DAY
from engine.definition.reader.diagnostics import Diagnostics, kind_of
from engine.language import say
from engine.lifecycle.model.deadline import Reminder
from engine.worktime.periods import Beside, Length, Period, PeriodUnit, Roll, YearDate
from engine.worktime.written import PERIOD, UNITS
from engine.yamltext.nodes import Node, ScalarNode

_BEFORE = re.compile(rf"(?:提前)? *{PERIOD.pattern}(?: +before)?")
_YEAR_DATE = re.compile(r"(?:by +(\d\d)-(\d\d)|(\d{1,2})月(\d{1,2})日前?)")
_BESIDE = re.compile(rf"{PERIOD.pattern} +(before|after) +(\w+)")
_BESIDE_CHINESE = re.compile(rf"(\w+?) *([前后]) *{PERIOD.pattern}")
_TODAY = Reminder(Period(0, PeriodUnit.DAYS))


def read_period(diagnostics: Diagnostics, node: Node | None, *, least: int = 0) -> Period | None:
    """Read ``10 working days``; notes a problem when it is not one or counts fewer than `least`."""
    if node is None or diagnostics.blank(node):
        return None
    found = PERIOD.fullmatch(node.text) if isinstance(node, ScalarNode) else None
    if found is None:
        diagnostics.report(
            "deadline-syntax",
            node,
            say("看不懂这段时间：{seen}", seen=kind_of(node)),
            say("写法如 10 working days（10个工作日）、3 days（3日）、24 hours（24小时）"),
        )
        return None
    period = Period(int(found.group(1)), UNITS[found.group(2)])
    if period.count < least:
        diagnostics.report("deadline-syntax", node, say("这段时间至少应为 {least}", least=least))
        return None
    return period


def read_length(diagnostics: Diagnostics, node: Node | None, roll: Roll) -> Length | None:
    """Read a deadline: a period, ``by 10-31`` with its rule for days off, or ``3 days before CLOCK``."""
    if node is None or diagnostics.blank(node):
        return None
    text = node.text if isinstance(node, ScalarNode) else ""
    found = _YEAR_DATE.fullmatch(text)
    if found is not None:
        return _year_date(diagnostics, node, int(found[1] or found[3]), int(found[2] or found[4]), roll)
    if PERIOD.fullmatch(text):
        return read_period(diagnostics, node, least=1)
    if found := _BESIDE.fullmatch(text):
        return Beside(Period(int(found[1]), UNITS[found[2]]), found[4], found[3] == "after")
    if found := _BESIDE_CHINESE.fullmatch(text):
        return Beside(Period(int(found[3]), UNITS[found[4]]), found[1], found[2] == "后")
    diagnostics.report(
        "deadline-syntax",
        node,
        say("看不懂这个时限：{seen}", seen=kind_of(node)),
        say(
            "写法如 20 working days（20个工作日）、3 days（3日）、24 hours（24小时）、8 office hours（8个办公小时）、"
            "3 months（3个月）、2 years（2年）、by 10-31（10月31日前）、on case.inspect_to（至 case.inspect_to）、"
            "5 working days before report_due（report_due 前5个工作日）"
        ),
    )
    return None


def _year_date(diagnostics: Diagnostics, node: Node, month: int, day: int, roll: Roll) -> YearDate | None:
    try:
        # A year without 29 February: a date that does not exist every year is no yearly deadline.
        date(2023, month, day)
    except ValueError:
        diagnostics.report(
            "deadline-syntax", node, say("没有每年都有的 {month} 月 {day} 日", month=month, day=day)
        )
        return None
    return YearDate(month, day, roll)


def read_milestone(diagnostics: Diagnostics, node: Node, roll: Roll) -> YearDate | None:
    """Read a date of the year, with or without ``by``."""
    text = node.text if isinstance(node, ScalarNode) else ""
    found = re.fullmatch(r"(?:by +)?(\d\d)-(\d\d)", text) or re.fullmatch(r"(\d{1,2})月(\d{1,2})日前?", text)
    if found is None:
        diagnostics.report(
            "deadline-syntax",
            node,
            say("此处应是一年中的某日，实为{seen}", seen=kind_of(node)),
            say("写法如 10-31、by 10-31 或 10月31日前"),
        )
        return None
    return _year_date(diagnostics, node, int(found[1]), int(found[2]), roll)


def read_reminders(diagnostics: Diagnostics, node: Node | None) -> tuple[tuple[Reminder, Node], ...]:
    """Read reminders with their places; a bare number takes the unit of the next entry that has one."""
    found: list[tuple[Reminder, Node]] = []
    waiting: list[tuple[int, Node]] = []
    for item in diagnostics.one_or_many(node):
        text = item.text if isinstance(item, ScalarNode) else ""
        if re.fullmatch(r"0|[1-9]\d{0,4}", text):
            waiting.append((int(text), item))
            continue
        if text in ON_THE_DAY:
            found.append((_TODAY, item))
            continue
        written = _BEFORE.fullmatch(text)
        if written is None or not (text.startswith("提前") or text.endswith("before")):
            diagnostics.report(
                "deadline-syntax",
                item,
                say("看不懂这个提醒：{seen}", seen=kind_of(item)),
                say("写法如 3 working days before（提前3个工作日）、on the day（当日）"),
            )
            waiting.clear()
            continue
        unit = UNITS[written.group(2)]
        found += [(Reminder(Period(count, unit)), place) for count, place in waiting]
        waiting.clear()
        found.append((Reminder(Period(int(written.group(1)), unit)), item))
    for count, place in waiting:
        diagnostics.report(
            "deadline-syntax",
            place,
            say("“{count}”没有单位", count=count),
            say("后面须有一项带单位，如 [10, 5, 2 working days before]"),
        )
    return tuple(found)
