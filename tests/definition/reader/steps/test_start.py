"""``start:`` and ``effective:`` in both languages, and what cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from definition_examples import load_example

from engine.lifecycle.model.calendar_start import CalendarStart, Cycle


@pytest.mark.parametrize(
    ("written", "cycle"),
    [
        ("start: {on: 09-01, every: quarter, for: section_chief}\n", Cycle.QUARTER),
        ("启动: {日期: 9月1日, 每隔: 季, 由谁办: section_chief}\n", Cycle.QUARTER),
        ("start: {on: 09-01, for: section_chief}\n", Cycle.YEAR),
    ],
)
def test_a_start_by_the_calendar(written: str, cycle: Cycle) -> None:
    loaded = load_example(written.replace("启动:", "start:"))
    workflow = loaded.workflows["demo"]
    assert workflow.calendar_start == CalendarStart(9, 1, cycle, "section_chief")
    assert workflow.start_by == ()


def test_a_day_of_effect() -> None:
    assert load_example("effective: 2027-01-01\n").workflows["demo"].effective == date(2027, 1, 1)
    assert load_example("").workflows["demo"].effective is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("start: {form: onsite_check}\n", "missing-key"),
        ("start: {by: clerk, every: year}\n", "missing-key"),
        ("start: {on: 09-01}\n", "missing-key"),
        ("start: {on: 02-30, for: section_chief}\n", "deadline-syntax"),
        ("start: {on: 09-01, for: [section_chief, leading_office]}\n", "wrong-shape"),
        ("start: {on: 09-01, every: week, for: section_chief}\n", "unknown-word"),
        ("start: {on: 09-01, for: section_chief, form: onsite_check}\n", "engine-step"),
        ("effective: 2027-13-01\n", "deadline-syntax"),
    ],
)
def test_starts_that_cannot_be(written: str, told: str) -> None:
    assert told in {problem.rule for problem in load_example(written).problems if problem.severity == "error"}
