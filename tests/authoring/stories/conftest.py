"""A stage on the small bureau, with a visit that has just begun."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

import pytest
from small_bureau import BUREAU, ERRAND, NOTE, SHANGHAI, VISIT

from engine.authoring.stories.stage import Stage
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.lifecycle.deadlines.schedule import DeadlineCalculator


@lru_cache(maxsize=1)
def _loaded() -> Loaded:
    found = load_files({"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND})
    assert found.sound
    return found


@pytest.fixture
def small() -> Loaded:
    """Return the definitions of the small bureau."""
    return _loaded()


@pytest.fixture
def stage(small: Loaded) -> Stage:
    """Return a stage on which a visit began on 2024-09-14, a Saturday that is worked."""
    calculator = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    found = Stage.of(small, "visit", calculator, date(2024, 9, 14))
    found.begin({"title": "甲店"})
    return found
