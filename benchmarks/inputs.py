"""What the programs by hand are given before anything is timed: working days, and what the columns are called."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from benchmarks.honest.cells import Layout
from benchmarks.honest.visit import DAYS, REMIND
from benchmarks.honest.workdays import Deadlines
from engine.calendars.load import load_calendar

FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)


def deadlines(*, days: int = DAYS, remind: tuple[int, ...] = REMIND) -> Deadlines:
    """Return the table of deadlines, by the calendar the product is measured with."""
    calendar = load_calendar([])
    return Deadlines(calendar.is_working, calendar.is_provisional, FIRST, LAST, days=days, remind=remind)


def layout() -> Layout:
    """Return what the columns of the register of objects are called and hold."""
    profiles = files("engine.register") / "profiles"
    read: list[Any] = [
        yaml.safe_load((profiles / name).read_text(encoding="utf-8"))
        for name in ("objects.yaml", "words.yaml")
    ]
    return Layout(*read)
