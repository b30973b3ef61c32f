"""The office hours of a bureau (办公时间), with the seasons in which they differ."""

from __future__ import annotations

import re
from datetime import date, time

from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.language import say
from engine.worktime.periods import Season
from engine.yamltext.nodes import Node

_SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_DAY = re.compile(r"(\d\d)-(\d\d)|(\d{1,2})月(\d{1,2})日")


def read_office_hours(diagnostics: Diagnostics, node: Node | None) -> tuple[Season, ...]:
    """Read the hours of a working day: seasons first, those of the rest of the year last; empty when not written."""
    part = diagnostics.open(node, "office hours") if node is not None else None
    if part is None:
        return ()
    found = []
    for item in diagnostics.items(part.value("seasons")):
        season = diagnostics.open(item, "season")
        if season is None:
            continue
        first, last = _day(diagnostics, season, "from"), _day(diagnostics, season, "to")
        spans = _spans(diagnostics, season)
        if first and last and spans:
            found.append(Season(spans, first, last))
    usual = _spans(diagnostics, part)
    return (*found, Season(usual)) if usual else ()


def _spans(diagnostics: Diagnostics, part: MappingReader) -> tuple[tuple[time, time], ...]:
    spans: list[tuple[time, time]] = []
    for item in diagnostics.one_or_many(part.value("hours")):
        text = diagnostics.read_text(item)
        if text is None:
            continue
        span = _span(text)
        if span is None or span[0] >= span[1]:
            diagnostics.report(
                "wrong-shape",
                item,
                say("此处应是一段办公时间，实为“{seen}”", seen=text),
                say('写法如 "09:00-12:00"，先早后晚'),
            )
        elif spans and span[0] < spans[-1][1]:
            diagnostics.report(
                "wrong-shape", item, say("“{seen}”与前一段重叠或在其之前", seen=text), say("请按先后排列")
            )
        else:
            spans.append(span)
    return tuple(spans)


def _span(text: str) -> tuple[time, time] | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    try:
        return time.fromisoformat(found[1]), time.fromisoformat(found[2])
    except ValueError:
        return None


def _day(diagnostics: Diagnostics, part: MappingReader, key: str) -> tuple[int, int] | None:
    text = diagnostics.read_text(part.value(key))
    if text is None:
        return None
    found = _DAY.fullmatch(text)
    if found is not None:
        month, day = int(found[1] or found[3]), int(found[2] or found[4])
        try:
            # A leap year: a season may begin or end on 29 February.
            date(2024, month, day)
        except ValueError:
            pass
        else:
            return month, day
    diagnostics.report(
        "wrong-shape",
        part.value(key) or part.node,
        say("此处应是月日，实为“{seen}”", seen=text),
        say('写法如 "06-01"'),
    )
    return None
