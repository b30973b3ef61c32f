"""A new calendar year from a file: holiday-cn JSON, CSV from a spreadsheet, or one page of YAML typed by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.calendars.yaml_year import read_year
from engine.calendars.year import CalendarProblem, DayRange, build_year, is_name, line
from engine.kernel.budget import CALENDAR, BudgetExceededError
from engine.kernel.budget import read_json as parse_json
from engine.language import Message, say
from engine.worktime.calendar import YearData

#: What a reader gives: the year, or None and all problems.
Read = tuple[YearData | None, tuple[CalendarProblem, ...]]

#: A larger file is no calendar of one year.
MAX_BYTES = CALENDAR.bytes
#: Characters of the address of a notice, and notices of one year.
_MAX_SOURCE_LENGTH, _MAX_PAPERS = 300, 10

_COLUMNS = {
    "date": "date",
    "日期": "date",
    "name": "name",
    "名称": "name",
    "isoffday": "kind",
    "类型": "kind",
}
_KINDS = {
    "true": True, "1": True, "是": True, "放假": True, "休": True, "休息": True,
    "false": False, "0": False, "否": False, "上班": False, "班": False, "调休": False, "调休上班": False, "补班": False,
}  # fmt: skip


def read_calendar_year(file: str, content: bytes) -> Read:
    """Return the year in a file, read by the end of its name (``.json``, ``.csv``, ``.yaml``); never raises.

    Days that a rule finds unusual are in its `unusual`, for whoever takes it up to confirm.
    """
    if len(content) > MAX_BYTES:
        expected = say("一年的放假安排不会超过 {most} 字节", most=MAX_BYTES)
        return None, (CalendarProblem(file, None, "", expected, say("请核对是否选错了文件")),)
    ending = file.rsplit(".", 1)[-1].lower()
    if ending == "json":
        return read_json(file, content)
    if ending == "csv":
        return read_csv(file, content)
    if ending in ("yaml", "yml"):
        return read_year(file, content, ask=True)
    expected = say("只能读取 .yaml、.json 和 .csv 文件")
    fix = say("请把文件另存为其中一种，或照通知写一页 YAML")
    return None, (CalendarProblem(file, None, ending, expected, fix),)


def read_json(file: str, content: bytes) -> Read:
    """Return the year in the public format of holiday-cn: ``{year, papers, days: [{name, date, isOffDay}]}``."""
    try:
        found = parse_json(content, CALENDAR)
    except UnicodeDecodeError:
        return None, (CalendarProblem(file, None, "", say("文件应为 UTF-8 编码")),)
    except BudgetExceededError as problem:
        return None, (CalendarProblem(file, None, "", problem.message),)
    except json.JSONDecodeError as problem:
        return None, (
            CalendarProblem(file, line(problem.lineno), "", say("不是正确的 JSON"), say("请重新下载")),
        )
    except (RecursionError, ValueError):
        return None, (CalendarProblem(file, None, "", say("不是正确的 JSON"), say("请重新下载")),)
    if not isinstance(found, dict) or not isinstance(found.get("days"), list):
        expected = say("应有 year 和 days 两项（holiday-cn 格式）")
        return None, (
            CalendarProblem(file, None, "", expected, say("请核对是否下载了某一年的文件，如 2027.json")),
        )
    problems: list[CalendarProblem] = []
    year = found.get("year")
    if type(year) is not int:
        return None, (CalendarProblem(file, None, _shown(year), say("year 应为一个整数")),)
    entries = list(_json_entries(file, found["days"], problems))
    papers = found.get("papers")
    named = [paper for paper in papers if isinstance(paper, str)] if isinstance(papers, list) else []
    source = "；".join(paper[:_MAX_SOURCE_LENGTH] for paper in named[:_MAX_PAPERS] if paper.isprintable())
    data, more = (
        build_year(file, year, "", source, entries, ask=True) if entries or not problems else (None, ())
    )
    return (None, (*problems, *more)) if problems else (data, more)


def _json_entries(file: str, days: list[Any], problems: list[CalendarProblem]) -> Iterator[DayRange]:
    for number, day in enumerate(days, 1):
        place = say("days 的第 {number} 项", number=number)
        name, text, off = (
            (day.get("name"), day.get("date"), day.get("isOffDay"))
            if isinstance(day, dict)
            else (None, None, None)
        )
        if isinstance(text, str) and isinstance(name, str) and is_name(name) and isinstance(off, bool):
            yield DayRange(text, place, off, name.strip())
        else:
            expected = say("应有 name（文字）、date（如 2027-02-05）、isOffDay（true 或 false）")
            problems.append(CalendarProblem(file, place, _shown(day), expected))


def read_csv(file: str, content: bytes) -> Read:
    """Return the year in a CSV with the columns ``date,name,isOffDay`` or ``日期,名称,类型`` (放假, 上班).

    UTF-8 or GB18030, comma, semicolon or tab. The year is that of the latest date: a notice is of its own year
    and at most of the December before.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return None, (CalendarProblem(file, None, "", say("文件应为 UTF-8 或 GBK 编码")),)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        return None, (CalendarProblem(file, line(reader.line_num), "", say("不是正确的 CSV")),)
    columns = [_COLUMNS.get(cell.strip().lower(), "") for cell in rows[0][1]] if rows else []
    if sorted(filter(None, columns)) != ["date", "kind", "name"]:
        expected = say("第一行应有三列：日期,名称,类型（或 date,name,isOffDay）")
        return None, (CalendarProblem(file, line(1), head.strip(), expected, say("请补上表头")),)
    problems: list[CalendarProblem] = []
    entries = list(_csv_entries(file, columns, rows[1:], problems))
    years = [
        int(entry.text[:4]) for entry in entries if entry.text[:4].isascii() and entry.text[:4].isdigit()
    ]
    if not years:
        if not problems:
            problems.append(CalendarProblem(file, None, "", say("表头以下应至少有一行日期")))
        return None, tuple(problems)
    data, more = build_year(file, max(years), "", "", entries, ask=True)
    return (None, (*problems, *more)) if problems else (data, more)


def _csv_entries(
    file: str, columns: list[str], rows: list[tuple[int, list[str]]], problems: list[CalendarProblem]
) -> Iterator[DayRange]:
    for number, row in rows:
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        off = _KINDS.get(cells.get("kind", "").lower())
        text = cells.get("date", "").replace("/", "-").replace(".", "-")
        if off is None:
            expected = say("类型应为“放假”或“上班”（isOffDay 为 true 或 false）")
            problems.append(CalendarProblem(file, line(number), cells.get("kind", ""), expected))
        elif off and not is_name(cells.get("name", "")):
            problems.append(CalendarProblem(file, line(number), text, say("放假的日子应写明名称，如“春节”")))
        else:
            yield DayRange(_padded(text), line(number), off, cells.get("name", ""))


def describe_change(old: YearData | None, new: YearData) -> tuple[Message, ...]:
    """Return what `new` changes of `old`, one sentence a day; one sentence that says so when nothing changes."""
    if old is None:
        head = say(
            "新增 {year} 年：放假 {off} 天，调休上班 {worked} 天",
            year=new.year,
            off=len(new.holidays),
            worked=len(new.workdays),
        )
        return (head,)
    days = {*old.holidays, *old.workdays, *new.holidays, *new.workdays}
    found = [message for day in sorted(days) if (message := _changed(day, old, new)) is not None]
    return tuple(found) or (say("{year} 年的安排与现有的相同", year=new.year),)


def _changed(day: date, old: YearData, new: YearData) -> Message | None:
    before, after = _what(day, old), _what(day, new)
    if str(before) == str(after):
        return None
    return say("{day}：原为{before}，改为{after}", day=day.isoformat(), before=before, after=after)


def _what(day: date, data: YearData) -> Message:
    if day in data.holidays:
        return say("放假（{name}）", name=data.holidays[day])
    if day in data.workdays:
        return say("调休上班")
    return say("工作日") if day.weekday() < 5 else say("周末")


def _padded(text: str) -> str:
    """Return ``2027-2-5``, as spreadsheets write it, with its zeros."""
    parts = text.split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        return f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
    return text


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
