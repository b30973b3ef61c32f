"""Who was drawn to inspect, of draws of both kinds."""

from __future__ import annotations

from datetime import UTC, datetime

from draw_factories import whole_draw as first
from v2_factories import whole as second

from engine.app.ports.records import DrawRow
from engine.app.session.draw_inspectors import drawn_inspectors
from engine.draw.v2.record import to_json
from engine.draw.v2.visits import visits_of

NOW = datetime(2026, 3, 20, 1, tzinfo=UTC)


def test_everybody_who_goes_anywhere_is_named_once_and_in_order() -> None:
    drawn = first()
    row = DrawRow("batch-1", 1, "complete", {"record": drawn.to_json()}, NOW)
    teams = [drawn.team(visit.object_id) for visit in drawn.visits]
    assert drawn_inspectors(row) == sorted({person for team in teams for person in team}) != []
    made = second().draw
    row = DrawRow("batch-1", 1, "complete", {"protocol": 2, "record": to_json(made)}, NOW)
    assert (
        drawn_inspectors(row)
        == sorted({person for visit in visits_of(made) for person in visit.people})
        != []
    )


def test_a_draw_that_keeps_no_list_names_nobody() -> None:
    assert drawn_inspectors(DrawRow("batch-1", 1, "complete", {"drawn": 3}, NOW)) == []
