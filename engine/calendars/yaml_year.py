"""Calendars in YAML: a year as typed from the notice (or as shipped), and a bureau's own closures.

A year::

    year: 2027                                   # 年份
    title: 2027年节假日安排                        # 名称, optional
    source: 国务院办公厅关于2027年部分节假日安排的通知  # 来源, optional
    holidays: {春节: 2027-02-05..2027-02-11}      # 放假: name -> days, or day -> name
    workdays: [2027-02-20]                       # 上班
    confirmed:                                   # 确认, written when a year with unusual days is taken up
      2027-02-03: {rule: weekday_worked, by: registrar, reason: 通知第二条}

Closures and openings of the bureau itself (``local.yaml``)::

    closures: {2027-03-01: 办公楼停电检修}          # 停办
    openings: {2027-03-06: 补班}                  # 加开
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from engine.calendars.unusual import unusual_rules
from engine.calendars.year import (
    MAX_NAME_LENGTH,
    CalendarProblem,
    DayRange,
    build_year,
    days_of,
    is_name,
    line,
    ranges,
)
from engine.language import Message, say
from engine.worktime.calendar import Override, UnusualDay, YearData
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

_YEAR_KEYS = {
    "year": "year", "年份": "year",
    "title": "title", "名称": "title",
    "source": "source", "来源": "source",
    "holidays": "holidays", "放假": "holidays",
    "workdays": "workdays", "上班": "workdays",
    "confirmed": "confirmed", "确认": "confirmed",
}  # fmt: skip
_LOCAL_KEYS = {"closures": "closures", "停办": "closures", "openings": "openings", "加开": "openings"}


class _Reader:
    """One file: its top keys, and the problems met so far."""

    def __init__(self, file: str, content: bytes, keys: Mapping[str, str]) -> None:
        self.file = file
        self.problems: list[CalendarProblem] = []
        self.values: dict[str, Node] = {}
        source = read_source(file, content)
        for problem in source.problems:
            self.problems.append(CalendarProblem(file, line(problem.line), "", problem.message, problem.hint))
        if isinstance(source.root, MappingNode):
            self._take(source.root, keys)
        elif not self.problems:
            self.report(None, "", say("文件应为“键: 值”"), _known(keys))

    def _take(self, root: MappingNode, keys: Mapping[str, str]) -> None:
        for key, value in root.texts():
            name = keys.get(key.text)
            if name is None:
                self.report(key, key.text, say("没有这个键"), _known(keys))
            elif name in self.values:
                self.report(key, key.text, say("同一内容的中文键和英文键都写了"), say("请只留一个"))
            else:
                self.values[name] = value

    def report(self, node: Node | None, seen: str, expected: Message, fix: Message | None = None) -> None:
        place = line(node.line) if node is not None else None
        self.problems.append(CalendarProblem(self.file, place, seen, expected, fix))

    def text(self, name: str) -> str:
        node = self.values.get(name)
        if node is None:
            return ""
        if isinstance(node, ScalarNode):
            return node.text.strip()
        self.report(node, "", say("“{key}”应为一行文字", key=name))
        return ""

    def scalars(self, node: Node) -> Iterator[ScalarNode]:
        """Yield a single value, or the values of a list."""
        items = node.items if isinstance(node, SequenceNode) else (node,)
        for item in items:
            if isinstance(item, ScalarNode):
                yield item
            else:
                self.report(item, "", say("应为日期或一段日期"), say("请写成 2027-02-05..2027-02-11"))

    def pairs(self, name: str, example: Message) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield the entries of a mapping."""
        node = self.values.get(name)
        if isinstance(node, MappingNode):
            yield from node.texts()
        elif node is not None and not (isinstance(node, ScalarNode) and node.value is None):
            self.report(node, "", say("“{key}”应为“键: 值”", key=name), example)


def read_year(
    file: str, content: bytes, *, ask: bool = False
) -> tuple[YearData | None, tuple[CalendarProblem, ...]]:
    """Return the year a YAML file holds, or None and every problem of the file.

    With `ask` unusual days are left to whoever takes up the year, and what the file itself calls confirmed counts for
    nothing.
    """
    reader = _Reader(file, content, _YEAR_KEYS)
    year = _year(reader)
    title, source = reader.text("title"), reader.text("source")
    entries = [*_holidays(reader), *_workdays(reader)]
    confirmed = list(_confirmed(reader))
    if ask:
        # Years that are in use already are not judged again: a deployment would not open any more.
        for one in entries:
            if one.off and one.name and not is_name(one.name):
                message = say("放假的名称最多 {most} 字，只写看得见的字", most=MAX_NAME_LENGTH)
                reader.problems.append(CalendarProblem(file, one.place, one.text, message))
    if year is None:
        return None, tuple(reader.problems)
    data, problems = build_year(
        file, year, title, source, entries, confirmed=() if ask else confirmed, ask=ask
    )
    if reader.problems:
        return None, (*reader.problems, *problems)
    return data, problems


def read_local(file: str, content: bytes) -> tuple[tuple[Override, ...], tuple[CalendarProblem, ...]]:
    """Return the closures and openings a YAML file holds, and every problem of the file."""
    reader = _Reader(file, content, _LOCAL_KEYS)
    found: dict[str, list[Override]] = {"closures": [], "openings": []}
    for name, overrides in found.items():
        for key, value in reader.pairs(name, say("请写成 2027-03-01: 原因")):
            days = days_of(key.text)
            reason = value.text.strip() if isinstance(value, ScalarNode) else ""
            if days is None:
                reader.report(key, key.text, say("应为一个日期或一段日期"), say("请写成 2027-03-01: 原因"))
            elif not reason:
                reader.report(key, key.text, say("应写明原因"), say("请写成 2027-03-01: 原因"))
            else:
                overrides += [Override(day, name == "openings", reason) for day in days]
                _clash(reader, key, found)
    return (*found["closures"], *found["openings"]), tuple(reader.problems)


def year_as_yaml(data: YearData) -> str:
    """Return a year as the text of a file that `read_year` reads back the same."""
    lines = [f"year: {data.year}", f"title: {_quoted(data.title)}", f"source: {_quoted(data.source)}"]
    lines.append("holidays:" if data.holidays else "holidays: {}")
    lines += [f"  {day}: {_quoted(name)}" for day, name in sorted(data.holidays.items())]
    lines.append("workdays:" if data.workdays else "workdays: []")
    lines += [f"  - {text}" for text in ranges(data.workdays)]
    if data.confirmed:
        lines.append("confirmed:")
    lines += [
        f"  {one.day}: {{rule: {one.rule}, by: {_quoted(one.by)}, reason: {_quoted(one.reason)}}}"
        for one in data.confirmed
    ]
    return "\n".join(lines) + "\n"


def _year(reader: _Reader) -> int | None:
    node = reader.values.get("year")
    fix = say("请写成 year: 2027")
    if node is None:
        if not reader.problems:
            reader.report(None, "", say("没有写年份"), fix)
        return None
    value = node.value if isinstance(node, ScalarNode) else None
    if type(value) is int:
        return value
    reader.report(node, node.text if isinstance(node, ScalarNode) else "", say("年份应为一个整数"), fix)
    return None


def _holidays(reader: _Reader) -> Iterator[DayRange]:
    """Yield the days off, whichever way round they are written."""
    for key, value in reader.pairs("holidays", say("请写成 春节: 2027-02-05..2027-02-11")):
        if key.text[:1].isdigit():
            name = value.text.strip() if isinstance(value, ScalarNode) else ""
            if name:
                yield DayRange(key.text, line(key.line), True, name)
            else:
                reader.report(key, key.text, say("应写明是什么假"), say("请写成 2027-01-01: 元旦"))
        else:
            for node in reader.scalars(value):
                yield DayRange(node.text, line(node.line), True, key.text.strip())


def _workdays(reader: _Reader) -> Iterator[DayRange]:
    node = reader.values.get("workdays")
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        return
    for item in reader.scalars(node):
        yield DayRange(item.text, line(item.line), False, "")


def _confirmed(reader: _Reader) -> Iterator[UnusualDay]:
    example = say("请写成 2027-02-03: {rule: weekday_worked, by: 编号, reason: 理由}")
    for key, value in reader.pairs("confirmed", example):
        days = days_of(key.text)
        words = (
            {name.text: node.text for name, node in value.texts() if isinstance(node, ScalarNode)}
            if isinstance(value, MappingNode)
            else {}
        )
        rule = unusual_rules().get(words.get("rule", ""))
        if (
            days is None
            or len(days) != 1
            or rule is None
            or not rule.confirm
            or not words.get("by")
            or not words.get("reason")
        ):
            reader.report(key, key.text, say("应写明日期、规则、确认人和理由"), example)
        else:
            yield UnusualDay(days[0], rule.id, words["reason"], words["by"])


def _clash(reader: _Reader, key: ScalarNode, found: Mapping[str, list[Override]]) -> None:
    closed = {override.day for override in found["closures"]}
    both = sorted(closed & {override.day for override in found["openings"]})
    if both:
        expected = say("{day} 不能既停办又加开", day=both[0].isoformat())
        reader.report(key, key.text, expected, say("请只留一处"))


def _known(keys: Mapping[str, str]) -> Message:
    return say("可用的键：{keys}", keys=list(keys))


def _quoted(text: str) -> str:
    # A JSON string is a double-quoted YAML scalar, but for characters YAML takes for line breaks or refuses.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
