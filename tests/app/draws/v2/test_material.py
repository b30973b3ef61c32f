"""The plan of a draw as the second protocol takes it."""

from __future__ import annotations

from dataclasses import replace

from engine.app.draws.v2.material import _joined, object_rules, people_rules
from engine.draw.commitment import DrawRules
from engine.draw.v2.rosters import RosterObject, RosterPerson

RULES = DrawRules(
    ratios={"A": "5%", "D": "30%"}, total_floor="10%", min_per_stratum=2, experts=1, valid_on="2026-03-31"
)


def test_every_stratum_of_the_roster_has_the_ratio_of_the_plan_and_others_are_left_out() -> None:
    rows = [
        RosterObject(object_id="1", stratum="D"),
        RosterObject(object_id="2", stratum="A"),
        RosterObject(object_id="3", stratum="A"),
        RosterObject(object_id="4", stratum="C"),
    ]
    made = object_rules(RULES, rows)
    assert [(one["stratum"], one["bands"][0]["ratio"], one["min"]) for one in made["strata"]] == [
        ("A", "5%", 2),
        ("D", "30%", 2),
    ]
    assert made["stratum_from"] == ["credit_class"]
    assert [(group["kind"], group["ratio"]) for group in made["groups"]] == [("floor", "10%")]
    assert object_rules(replace(RULES, strata="whole", total_floor=None), rows)["groups"] == []
    assert object_rules(replace(RULES, strata="whole"), rows)["stratum_from"] == []


def test_a_team_has_its_places_and_the_experts_beside_it() -> None:
    made = people_rules(replace(RULES, slots=("leader", ""), sections=("north",), match="any"))
    assert [(one["pool"], one["labels"]) for one in made["places"]] == [
        ("people", ["leader"]),
        ("people", []),
        ("experts", []),
    ]
    assert {one["certificate"] for one in made["places"]} == {True}
    assert {tuple(one["sections"]) for one in made["places"]} == {("north",)}
    assert {one["items"] for one in made["places"]} == {"any"}
    assert not any(one["certificate"] for one in people_rules(replace(RULES, valid_on=""))["places"])


def test_what_holds_a_person_back_in_either_register_holds_in_both() -> None:
    one = RosterPerson(person_id="p", labels=("wages",), cert_valid_to="2026-05-01", recusals=("1",), load=2)
    other = RosterPerson(
        person_id="p",
        pools=("experts",),
        labels=("safety",),
        certificate="7",
        cert_valid_to="2026-04-01",
        eligible=False,
        exclude_reason="on_leave",
        recusals=("2",),
        load=1,
    )
    for made in (_joined(one, other), replace(_joined(other, one), section=one.section)):
        assert (made.pools, made.labels, made.recusals) == (
            ("experts", "people"),
            ("safety", "wages"),
            ("1", "2"),
        )
        assert (made.certificate, made.cert_valid_to, made.load) == ("7", "2026-04-01", 2)
        assert (made.eligible, made.exclude_reason) == (False, "on_leave")
