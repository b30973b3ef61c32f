"""When a task is due, in words: colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class DueWords:
    """What a list says of a due date, and how it is marked."""

    text: Message
    #: ``late``, ``soon``, ``later`` or ``none``: the class of the mark.
    mark: str


def due_words(days_left: int | None, late: bool) -> DueWords:
    """Return the words for so many working days that are left."""
    if days_left is None:
        return DueWords(say("没有时限"), "none")
    if late:
        days = max(1, abs(days_left))
        return DueWords(say("已逾期 {days} 个工作日", days=days), "late")
    if days_left == 0:
        return DueWords(say("今天到期"), "soon")
    if days_left == 1:
        return DueWords(say("还有 1 个工作日"), "soon")
    mark = "soon" if days_left <= 3 else "later"
    return DueWords(say("还有 {days} 个工作日", days=days_left), mark)
