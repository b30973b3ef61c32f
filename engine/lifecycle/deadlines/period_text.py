"""Periods in words."""

from __future__ import annotations

from collections.abc import Callable

from engine.language import Message, say
from engine.worktime.periods import Period


def describe_period(period: Period) -> Message:
    """Return a period in words."""
    words: dict[str, Callable[[int], Message]] = {
        "working days": lambda n: say("{count} 个工作日", count=n),
        "days": lambda n: say("{count} 日", count=n),
        "months": lambda n: say("{count} 个月", count=n),
        "years": lambda n: say("{count} 年", count=n),
        "hours": lambda n: say("{count} 小时", count=n),
        "office hours": lambda n: say("{count} 个办公小时", count=n),
    }
    return words[period.unit.value](period.count)
