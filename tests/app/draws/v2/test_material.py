"""The plan of a draw as the second protocol takes it."""

from __future__ import annotations

from dataclasses import replace

from visit_bureau import unit, visit_bureau

from engine.app.draws.plan import DrawPlan
from engine.app.draws.records import OUT_OF_SCOPE, object_rows
from engine.app.draws.v2.material import _joined, object_rules, people_rules, roster_objects, roster_people
from engine.app.ports.records import RegisterEntry
from engine.draw.commitment import DrawRules, stratum_of
from engine.draw.roster import ObjectRow, PersonRow
from engine.draw.v2.rosters import RosterObject, RosterPerson, count_strata

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


def test_no_number_of_a_stratum_changes_when_a_firm_no_longer_takes_part() -> None:
    """The roster of a register in which one firm after the other is visited as often as may be, or struck off."""

    def strata(visits: dict[str, int], status: dict[str, str]) -> dict[str, dict[str, int]]:
        entries = [
            RegisterEntry(
                "objects",
                f"E{number}",
                "企业",
                None,
                {
                    "ratings": [{"scheme": "credit", "class": "ABCD"[number % 4], "date": "2026-01-01"}],
                    "labels": ["x"] if number < 8 else [],
                    "status": status.get(f"E{number}", "active"),
                },
            )
            for number in range(12)
        ]
        rows = object_rows(entries, scheme="credit", labels=["x"], items=("I1",), visits=visits, cap=2)
        plan = DrawPlan(rows, [], None, replace(RULES, strata="credit_class"), {}, (), {})
        return count_strata(roster_objects(plan))

    before = strata({}, {})
    assert before == {name: {"listed": 2} for name in "ABCD"}
    for number in range(12):
        assert strata({f"E{number}": 2}, {}) == before
        # Also of a firm that was never in the scope of this draw.
        assert strata({}, {f"E{number}": "cancelled"}) == before


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


def test_the_rosters_hold_every_row_and_a_person_of_both_registers_once() -> None:
    bureau = visit_bureau()
    plan = DrawPlan(
        objects=[
            ObjectRow("E1", "甲厂", "A", "2026-01-01", "一街", ("wages", "hours")),
            ObjectRow("E2", "乙厂", "B", eligible=False, exclude_reason="已注销"),
        ],
        people=[PersonRow("insp-1", "north", ("wages", "leader", "wages"), load=2, recusals=("E1",))],
        experts=[PersonRow("insp-1", "north", load=1), PersonRow("ex-1")],
        rules=replace(RULES, strata="whole"),
        register_counts={},
        items=(),
        visits={},
    )
    (beyond,) = roster_objects(replace(plan, objects=[replace(plan.objects[1], exclude_reason=OUT_OF_SCOPE)]))
    assert (beyond.stratum, beyond.credit_class, beyond.eligible) == ("", "B", False)
    first, second = roster_objects(plan)
    assert (first.object_id, first.stratum, first.items) == (
        "E1",
        stratum_of(plan.rules, plan.objects[0]),
        ("hours", "wages"),
    )
    assert (first.name, first.credit_class, first.class_date, first.district) == (
        "甲厂",
        "A",
        "2026-01-01",
        "一街",
    )
    assert (second.eligible, second.exclude_reason) == (False, "已注销")
    with unit(bureau) as uow:
        row = RegisterEntry("inspectors", "insp-1", "检查员1", "north", {"cert_no": "13010001"})
        uow.transaction.registers.put([row], uow.now)
        people = {one.person_id: one for one in roster_people(uow, plan)}
    assert set(people) == {"insp-1", "ex-1"}
    both = people["insp-1"]
    assert (both.pools, both.labels, both.load, both.recusals) == (
        ("experts", "people"),
        ("leader", "wages"),
        2,
        ("E1",),
    )
    assert (both.certificate, people["ex-1"].pools, people["ex-1"].certificate) == (
        "13010001",
        ("experts",),
        "",
    )
