"""The place of a case in a list as a text, and the span of a query."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.app.ports.task_query import TaskPlace, TaskQuery

AT = datetime(2027, 3, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("place", [TaskPlace.of(AT, "visit-1"), TaskPlace.of(None, "visit_2")])
def test_a_place_is_read_as_it_was_written(place: TaskPlace) -> None:
    assert TaskPlace.read(str(place)) == place


@pytest.mark.parametrize("text", ["", "~", "~_", "x_visit-1", "2027-13-01T00:00:00.000000Z_a", "a"])
def test_what_is_no_place(text: str) -> None:
    assert TaskPlace.read(text) is None


def test_a_span_is_wide_enough_for_every_zone() -> None:
    wanted = TaskQuery(due_from=date(2027, 3, 2), due_to=date(2027, 3, 2), late_at=AT)
    assert wanted.dated
    assert wanted.earliest == "2027-03-01T00:00:00.000000Z"
    assert wanted.latest == "2027-03-01T01:00:00.000000Z"
    assert not TaskQuery(section="one").dated
