"""Who goes where now, by a draw of ssj-draw/2."""

from __future__ import annotations

from v2_factories import whole

from engine.draw.v2.visits import lot_of, lots_of, teams, visits_of

MADE = whole()


def test_visits_are_in_the_order_of_tickets_with_who_goes_there_now() -> None:
    visits = list(visits_of(MADE.draw))
    assert [visit.position for visit in visits] == list(range(1, len(visits) + 1))
    assert [visit.ticket for visit in visits] == [one["ticket"] for one in MADE.draw.visits]
    lots = lots_of(MADE.draw)
    step = MADE.draw.replacements[-1]
    team = teams(MADE.draw)[step["unit"]]
    assert team[step["place"]] == step["joining"]
    assert step["leaving"] not in team
    assert {lots[visit.row.object_id] for visit in visits} == {one["lot"] for one in MADE.draw.visits}
    assert all(len(visit.people) <= 2 and len(visit.experts) <= 1 for visit in visits)


def test_a_few_visits_are_those_of_all() -> None:
    every = list(visits_of(MADE.draw))
    lots = lots_of(MADE.draw)
    wanted = {lots[visit.row.object_id] for visit in every[1:3]}
    assert list(visits_of(MADE.draw, wanted)) == every[1:3]
    assert list(visits_of(MADE.draw, ())) == []
    assert {name: lot_of(MADE.draw, name) for name in lots} == lots
    assert lot_of(MADE.draw, "nobody") == ""
