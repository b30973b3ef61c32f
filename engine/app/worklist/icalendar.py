"""Deadlines as an iCalendar feed (RFC 5545): one all-day entry for each task, with an id that stays the same.

A calendar program that reads the feed again moves an entry whose deadline has moved, because its UID is that of the
case and the state. Tasks without a deadline are left out: there is no day to put them on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from engine.app.ports.worklist import WorkItem
from engine.kernel.plain_text import visible
from engine.language import Message, say

#: RFC 5545 3.1: a line holds at most 75 octets, without its line break.
_WIDTH = 75


def calendar_feed(found: Iterable[WorkItem], name: Message) -> bytes:
    """Return the feed of these work items under a name; the same items give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Shuangsuiji//Deadlines//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(str(name))}",
    ]
    for item in found:
        lines += _entry(item)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _entry(item: WorkItem) -> Iterator[str]:
    task = item.task
    if task.due_on is None:
        return
    if item.late:
        title = say("【逾期】{task}：{case}", task=task.title, case=task.case_title)
    elif task.provisional:
        title = say("（暂定）{task}：{case}", task=task.title, case=task.case_title)
    else:
        title = say("{task}：{case}", task=task.title, case=task.case_title)
    about = say("案件 {case}", case=task.case)
    yield "BEGIN:VEVENT"
    yield f"UID:{quote(task.case, safe='')}.{quote(task.state, safe='')}@shuangsuiji"
    yield f"DTSTAMP:{_instant(task.opened_at)}"
    yield f"DTSTART;VALUE=DATE:{task.due_on:%Y%m%d}"
    # The end of an all-day entry is the first day it no longer covers.
    yield f"DTEND;VALUE=DATE:{task.due_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(str(title))}"
    yield f"DESCRIPTION:{_text(str(about))}"
    yield f"STATUS:{'TENTATIVE' if task.provisional else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Return a text as a value of type TEXT; control characters, which it cannot carry, are shown as escapes."""
    lines = [visible(line) for line in text.replace("\r\n", "\n").split("\n")]
    escaped = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)
    return "\\n".join(escaped)


def _folded(line: str) -> Iterator[bytes]:
    """Yield a line in pieces of at most 75 octets, each after the first begun by a space; no character is cut."""
    piece = b""
    for character in line:
        # Half a character (a lone surrogate) cannot be written.
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > _WIDTH:
            yield piece
            piece = b" "
        piece += octets
    yield piece
