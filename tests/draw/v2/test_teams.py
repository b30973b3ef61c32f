"""Teams: places by pool, section, label, items, district and certificate; loads; replacements."""

from __future__ import annotations

import time
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from v2_factories import people_rules, place, random_draw

from engine.draw.refused import DrawRefused
from engine.draw.v2.acts import teams_of
from engine.draw.v2.rosters import RosterObject, RosterPerson
from engine.draw.v2.selection import machine_of
from engine.draw.v2.teams import Teams

MACHINE = machine_of(bytes(32), "x")


def thing(lot: str, **more: Any) -> RosterObject:
    return RosterObject(object_id=lot, lot=lot, **more)


def person(lot: str, **more: Any) -> RosterPerson:
    return RosterPerson(person_id=lot, lot=lot, **({"cert_valid_to": "2027-12-31"} | more))


def teams(rules: dict[str, Any], objects: list[RosterObject], people: list[RosterPerson]) -> Teams:
    return Teams(rules, {row.lot: row for row in objects}, people, MACHINE)


OBJECT = thing("o", section="甲", district="东", items=("a", "b"))


@pytest.mark.parametrize(
    ("rule", "someone", "may"),
    [
        ({}, {}, True),
        ({}, {"eligible": False, "exclude_reason": "请假"}, False),
        ({"pool": "experts"}, {}, False),
        ({"pool": "experts"}, {"pools": ("experts", "people")}, True),
        ({"sections": ["甲"]}, {"section": "乙"}, False),
        ({"sections": ["甲", "乙"]}, {"section": "乙"}, True),
        ({"own_section": True}, {"section": "乙"}, False),
        ({"own_section": True}, {"section": "甲"}, True),
        ({"labels": ["leader", "a"]}, {"labels": ("a",)}, False),
        ({"labels": ["leader", "a"]}, {"labels": ("a", "leader", "z")}, True),
        ({"items": "any"}, {"labels": ("b",)}, True),
        ({"items": "any"}, {"labels": ("c",)}, False),
        ({"items": "all"}, {"labels": ("b",)}, False),
        ({"items": "all"}, {"labels": ("a", "b", "c")}, True),
        ({"district": True}, {"districts": ("西",)}, False),
        ({"district": True}, {"districts": ("东", "西")}, True),
        ({"district": True}, {}, True),
        ({"certificate": True}, {"cert_valid_to": "2026-06-29"}, False),
        ({"certificate": True}, {"cert_valid_to": "2026-06-30"}, True),
        ({"certificate": True}, {"cert_valid_to": ""}, False),
        ({"certificate": False}, {"cert_valid_to": ""}, True),
        ({}, {"recusals": ("o",)}, False),
        ({}, {"previous": ("o",)}, False),
    ],
)
def test_who_may_take_a_place(rule: dict[str, Any], someone: dict[str, Any], may: bool) -> None:
    """Every condition binds experts as it binds inspectors: by what their place says."""
    for pool in ("people", "experts"):
        more = rule | ({"pool": pool} if "pool" not in rule else {})
        one = person("p", **({"pools": (pool,)} | someone if "pool" not in rule else someone))
        found = teams(people_rules(place(**more), rotation=True), [OBJECT], [one]).candidates(0, ["o"])
        assert found == (["p"] if may else [])


def test_an_object_without_items_asks_for_no_label_and_rotation_may_be_off() -> None:
    rules = people_rules(place(items="any"))
    assert teams(rules, [thing("o")], [person("p", previous=("o",))]).candidates(0, ["o"]) == ["p"]


def test_two_of_the_lead_section_and_one_of_each_other() -> None:
    rules = people_rules(
        place(sections=["甲"]), place(sections=["甲"]), place(sections=["乙"]), place(sections=["丙"])
    )
    people = [person(f"{section}{number}", section=section) for section in "甲乙丙" for number in range(4)]
    objects = [thing(f"o{number}") for number in range(8)]
    for unit in teams(rules, objects, people).assign([one.lot for one in objects]):
        assert [member["lot"][0] for member in unit["members"]] == ["甲", "甲", "乙", "丙"]
        assert len({member["lot"] for member in unit["members"]}) == 4


@pytest.mark.parametrize("column", ["section", "district"])
def test_one_team_for_a_section_or_a_district(column: str) -> None:
    objects = [thing(f"o{number}", **{column: "甲乙"[number % 2]}) for number in range(6)]
    people = [person(f"p{number}", recusals=("o4",) if number < 3 else ()) for number in range(5)]
    units = teams(people_rules(place(), place(), team_per=column), objects, people).assign(
        [one.lot for one in objects]
    )
    assert [unit["objects"] for unit in units] == [["o0", "o2", "o4"], ["o1", "o3", "o5"]]
    assert {member["lot"] for member in units[0]["members"]} == {"p3", "p4"}
    # Three objects are three jobs: the second team is made of the others.
    assert not {member["lot"] for member in units[1]["members"]} & {"p3", "p4"}


def test_who_has_fewest_jobs_goes_and_the_look_ahead_keeps_a_place_fillable() -> None:
    people = [person("leader", labels=("leader",)), person("busy", load=5), person("free")]
    rules = people_rules(place(), place(labels=["leader"]))
    (unit,) = teams(rules, [thing("o")], people).assign(["o"])
    assert [member["lot"] for member in unit["members"]] == ["free", "leader"]


def test_a_unit_that_cannot_be_staffed_has_no_members_and_the_others_have() -> None:
    people = [person("p", recusals=("o1",)), person("q")]
    found = teams(people_rules(place(), place()), [thing("o1"), thing("o2")], people)
    units = found.assign(["o1", "o2"])
    assert [len(unit["members"]) for unit in units] == [0, 2]
    assert found.unstaffed(["o1", "o2"]) == ["o1"]


@given(st.lists(st.lists(st.sampled_from("pqrs"), unique=True, max_size=4), min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_team_is_found_whenever_there_is_one(options: list[list[str]]) -> None:
    rules = people_rules(*(place(labels=[f"L{number}"]) for number in range(len(options))))
    people = [
        person(name, labels=tuple(f"L{number}" for number, names in enumerate(options) if name in names))
        for name in "pqrs"
    ]
    (unit,) = teams(rules, [thing("o")], people).assign(["o"])
    possible = any(
        all(name in names for name, names in zip(some, options, strict=True))
        for some in permutations("pqrs", len(options))
    )
    assert bool(unit["members"]) == possible
    for member in unit["members"]:
        assert member["lot"] in options[member["place"]]


def test_whoever_left_a_unit_does_not_come_back() -> None:
    people = [person(f"p{number}") for number in range(4)]
    found = teams(people_rules(place(), place()), [thing("o")], people)
    units = found.assign(["o"])
    steps: list[dict[str, Any]] = []
    members = [member["lot"] for member in units[0]["members"]]
    left = sorted((found.pair("o", one.lot), one.lot) for one in people if one.lot not in members)
    for _, joining in left:
        step = found.replace(units, steps, "o", members[0])
        assert (step["joining"], step["place"]) == (joining, 0)
        steps.append(step)
        members[0] = joining
    for leaving in (members[0], "p9"):
        with pytest.raises(DrawRefused):
            found.replace(units, steps, "o", leaving)
    with pytest.raises(DrawRefused):
        found.replace(units, steps, "other", members[0])


def test_loads_stay_even() -> None:
    """Nobody gets more than one job above anybody else where all may go everywhere."""
    objects = [thing(f"o{number:03}") for number in range(60)]
    people = [person(f"p{number:02}") for number in range(14)]
    jobs = dict.fromkeys((one.lot for one in people), 0)
    for unit in teams(people_rules(place(), place()), objects, people).assign([one.lot for one in objects]):
        for member in unit["members"]:
            jobs[member["lot"]] += 1
    assert max(jobs.values()) - min(jobs.values()) <= 1


@pytest.mark.soak
def test_large_draws_are_not_slower_than_before() -> None:
    """1,000 visits with 300 people: processor time against the rules of ssj-draw/1 in the same run."""
    from engine.draw.commitment import DrawRules
    from engine.draw.matching import Matching
    from engine.draw.roster import ObjectRow as OldObject
    from engine.draw.roster import PersonRow as OldPerson

    lots = [f"{number:032x}" for number in range(1000)]
    people = [person(f"p{number:03}", labels=("leader",) if number % 4 == 0 else ()) for number in range(300)]
    new = teams(people_rules(place(labels=["leader"]), place()), [thing(lot) for lot in lots], people)
    rules = DrawRules(ratios={}, slots=("leader", ""), valid_on="2026-06-30")
    old = Matching(
        rules,
        {lot: OldObject(lot) for lot in lots},
        tuple(OldPerson(one.lot, labels=one.labels, cert_valid_to=one.cert_valid_to) for one in people),
        (),
        MACHINE,
    )

    def spent(act: Any) -> float:
        start = time.process_time()
        act(lots)
        return time.process_time() - start

    assert min(spent(new.assign) for _ in range(2)) <= 1.2 * min(spent(old.assign) for _ in range(2))


def test_teams_of_a_draw_are_those_of_its_record() -> None:
    made = next(made for seed in range(20) if (made := random_draw(seed)).draw.units)
    visits = [visit["lot"] for visit in made.draw.visits]
    assert tuple(teams_of(made.draw).assign(visits)) == made.draw.units
