"""Who was drawn to inspect, as a draw is kept: a fact that conditions ask for."""

from __future__ import annotations

from engine.app.ports.records import DrawRow


def drawn_inspectors(row: DrawRow) -> list[str]:
    """Return the ids of everybody drawn to inspect, each once, in order; none where the draw keeps no list.

    Raises `DrawRefused` where the draw cannot be read.
    """
    # Read here: whoever looks at a case without a draw needs no protocol of one.
    if row.public:
        from engine.draw.v2.record import from_json
        from engine.draw.v2.visits import visits_of

        teams = [visit.people for visit in visits_of(from_json(row.record["record"], row.added))]
    elif "record" in row.record:
        from engine.draw.record import DrawRecord

        record = DrawRecord.from_json(row.record["record"])
        teams = [record.team(drawn.object_id) for drawn in record.visits]
    else:
        return []
    return sorted({person for team in teams for person in team})
