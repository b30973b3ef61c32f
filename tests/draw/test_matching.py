from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from draw_factories import RULES, commitment_for, object_rows, people_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.commitment import DrawRules
from engine.draw.matching import Matching, can_fill, current_team, pair_chances
from engine.draw.refused import DrawRefused
from engine.draw.roster import ObjectRow, PersonRow, render_objects, render_people
from engine.draw.tickets import TicketMachine, extract

ANY = DrawRules(ratios={"A": "10%"})


def matching(
    objects: list[ObjectRow],
    people: list[PersonRow],
    rules: DrawRules = ANY,
    experts: list[PersonRow] | None = None,
    key: bytes = b"k",
) -> Matching:
    return Matching(
        rules,
        {row.object_id: row for row in objects},
        tuple(people),
        tuple(experts or ()),
        TicketMachine(key),
    )


def fewest_possible(objects: list[ObjectRow], able: dict[str, list[str]], people: int, each: int) -> int:
    """The smallest cap under which every object can have `each` people: augmenting paths over places."""
    assert all(len(names) >= each for names in able.values())
    cap = -(-len(objects) * each // people)
    while True:
        held: dict[str, list[str]] = {}
        if all(_give(row.object_id, able, held, cap, set()) for row in objects for _ in range(each)):
            return cap
        cap += 1


def _give(
    name: str, able: dict[str, list[str]], held: dict[str, list[str]], cap: int, tried: set[str]
) -> bool:
    for person in able[name]:
        mine = held.setdefault(person, [])
        if person in tried or name in mine:
            continue
        tried.add(person)
        if len(mine) < cap:
            mine.append(name)
            return True
        for other in mine:
            mine.remove(other)
            if _give(other, able, held, cap, tried):
                mine.append(name)
                return True
            mine.insert(0, other)
    return False


def hard_case() -> tuple[list[ObjectRow], list[PersonRow]]:
    """60 objects of four kinds, 14 people with two kinds each, 40 recusals."""
    random = Random(20260302)  # noqa: S311  (a fixed instance, not a draw)
    objects = [ObjectRow(f"E{i:02}", items=("wxyz"[i % 4],)) for i in range(60)]
    recusals: dict[int, set[str]] = {i: set() for i in range(14)}
    while sum(map(len, recusals.values())) < 40:
        recusals[random.randrange(14)].add(f"E{random.randrange(60):02}")
    people = [
        PersonRow(
            f"P{i:02}",
            labels=tuple(sorted({"wxyz"[i % 4], "wxyz"[(i + 1) % 4]})),
            recusals=tuple(sorted(recusals[i])),
        )
        for i in range(14)
    ]
    return objects, people


def test_sixty_objects_fourteen_people_forty_recusals_three_hundred_seeds() -> None:
    objects, people = hard_case()
    rules = replace(ANY, match="any")
    probe = matching(objects, people, rules)
    able = {
        row.object_id: [
            person.inspector_id for person in people if probe.obstacle(person, row.object_id) is None
        ]
        for row in objects
    }
    best = fewest_possible(objects, able, len(people), 2)
    worst = 0
    for seed in range(300):
        tickets = TicketMachine(extract(bytes(32), f"seed/{seed}"))
        order = [name for _, name in tickets.order([row.object_id for row in objects])]
        found = replace(probe, tickets=tickets).assign(order)
        load = Counter(member.inspector_id for item in found for member in item.members)
        worst = max(worst, *load.values())
        for item in found:
            names = [member.inspector_id for member in item.members]
            assert len(set(names)) == 2
            assert set(names) <= set(able[item.object_id])
    assert worst <= best + 1, (worst, best)


def test_the_fewest_jobs_go_first_and_pair_tickets_break_ties() -> None:
    objects = [ObjectRow(f"E{i}") for i in range(6)]
    people = [PersonRow("P1", load=5), PersonRow("P2"), PersonRow("P3"), PersonRow("P4")]
    made = matching(objects, people)
    load = {"P1": 5, "P2": 0, "P3": 0, "P4": 0}
    for item in made.assign([row.object_id for row in objects]):
        order = sorted(load, key=lambda name: (load[name], made.pair(item.object_id, name)))
        assert sorted(member.inspector_id for member in item.members) == sorted(order[:2])
        assert all(member.load == load[member.inspector_id] for member in item.members)
        for member in item.members:
            load[member.inspector_id] += 1


def test_slots_with_few_people_are_filled_first() -> None:
    rules = replace(ANY, slots=("", "law"))
    people = [PersonRow("P1", labels=("law",)), PersonRow("P2", load=9), PersonRow("P3", load=9)]
    (team,) = matching([ObjectRow("E1")], people, rules).assign(["E1"])
    assert [(member.slot, member.inspector_id) for member in team.members][1] == (1, "P1")


@settings(max_examples=200)
@given(
    st.lists(st.sets(st.sampled_from("abc")), min_size=3, max_size=6),
    st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=4),
    st.binary(min_size=1, max_size=3),
)
def test_a_team_is_found_whenever_there_is_one(labels: list[set[str]], slots: list[str], key: bytes) -> None:
    from itertools import permutations

    people = [PersonRow(f"P{i}", labels=tuple(sorted(mine))) for i, mine in enumerate(labels)]
    exists = any(
        all(not slot or slot in person.labels for slot, person in zip(slots, chosen, strict=True))
        for chosen in permutations(people, len(slots))
    )
    made = matching([ObjectRow("E1")], people, replace(ANY, slots=tuple(slots)), key=key)
    if not exists:
        with pytest.raises(DrawRefused):
            made.assign(["E1"])
        return
    (team,) = made.assign(["E1"])
    by_id = {person.inspector_id: person for person in people}
    assert len({member.inspector_id for member in team.members}) == len(slots)
    assert all(
        not member.label or member.label in by_id[member.inspector_id].labels for member in team.members
    )


def test_augmenting_paths() -> None:
    assert can_fill([["a", "b"], ["a"]], set())
    assert not can_fill([["a"], ["a"]], set())
    assert not can_fill([["a", "b"], ["a"]], {"b"})


@pytest.mark.parametrize(
    ("person", "rules"),
    [
        (PersonRow("P0", eligible=False, exclude_reason="请假"), ANY),
        (PersonRow("P0", section="other"), replace(ANY, sections=("mine",))),
        (PersonRow("P0", section="mine", cert_valid_to="2026-06-29"), replace(ANY, valid_on="2026-06-30")),
        (PersonRow("P0"), replace(ANY, valid_on="2026-06-30")),
        (PersonRow("P0", recusals=("E1",)), ANY),
        (PersonRow("P0", previous=("E1",)), replace(ANY, rotation=True)),
        (PersonRow("P0", labels=("z",)), replace(ANY, match="any")),
        (PersonRow("P0", labels=("x",)), replace(ANY, match="all")),
    ],
)
def test_who_may_not_go_is_never_chosen(person: PersonRow, rules: DrawRules) -> None:
    fit = [PersonRow(f"P{i}", "mine", ("x", "y"), cert_valid_to="2026-06-30", load=50) for i in range(1, 4)]
    (team,) = matching([ObjectRow("E1", items=("x", "y"))], [person, *fit], rules).assign(["E1"])
    assert "P0" not in {member.inspector_id for member in team.members}


def test_previous_visitors_may_go_where_there_is_no_rotation() -> None:
    people = [PersonRow("P0", previous=("E1",)), PersonRow("P1")]
    assert matching([ObjectRow("E1")], people).assign(["E1"])


def test_failures_name_the_object_and_the_reason() -> None:
    objects = [ObjectRow("E1"), ObjectRow("E2"), ObjectRow("E3")]
    everybody = [PersonRow(f"P{i}", labels=("x",), recusals=("E1", "E3")) for i in range(3)]
    with pytest.raises(DrawRefused) as caught:
        matching(objects, everybody).assign(["E1", "E2", "E3"])
    assert [str(reason).split("，")[0] for reason in caught.value.reasons] == [
        "E1 的检查人员全部须回避",
        "E3 的检查人员全部须回避",
    ]
    with pytest.raises(DrawRefused, match="需要 2 名检查人员，名册里能参加的只有 1 名"):
        matching(objects, everybody[:1]).assign(["E2"])
    with pytest.raises(DrawRefused, match="E2 凑不齐检查人员：能去的 3 人；标签不合要求"):
        matching(objects, everybody, replace(ANY, slots=("x", "law"))).assign(["E2"])
    with pytest.raises(DrawRefused, match="E1 凑不齐检查人员：能去的 1 人；须回避 3 人"):
        matching(objects, [*everybody, PersonRow("P9")]).assign(["E1"])


def test_experts_are_never_counted_in_the_team() -> None:
    people = [PersonRow("P1"), PersonRow("P2"), PersonRow("X1")]
    experts = [PersonRow("X1"), PersonRow("X2"), PersonRow("X3"), PersonRow("X4")]
    made = matching([ObjectRow(f"E{i}") for i in range(8)], people, replace(ANY, experts=2), experts)
    for item in made.assign([f"E{i}" for i in range(8)]):
        team, advisers = ({member.inspector_id for member in group} for group in (item.members, item.experts))
        assert (len(team), len(advisers), team & advisers) == (2, 2, set())
    with pytest.raises(DrawRefused, match="专家"):
        replace(made, experts=tuple(experts[:1])).assign(["E1"])
    with pytest.raises(DrawRefused, match="专家"):
        replace(made, experts=tuple(experts[:2])).assign(["E1"])


def test_the_next_in_the_objects_order_steps_in() -> None:
    people = [PersonRow(f"P{i}", labels=("law",) if i < 3 else ()) for i in range(6)]
    made = matching([ObjectRow("E1")], people, replace(ANY, slots=("law", ""), replacement_reasons=("sick",)))
    assigned = made.assign(["E1"])
    leaving = assigned[0].members[0].inspector_id
    order = [name for _, name in sorted((made.pair("E1", f"P{i}"), f"P{i}") for i in range(3))]
    free = [name for name in order if name not in {member.inspector_id for member in assigned[0].members}]
    first = made.replace(assigned, [], "E1", leaving, "sick")
    assert (first.joining, first.slot, first.leaving) == (free[0], 0, leaving)
    steps = [first]
    for name in free[1:]:
        steps.append(made.replace(assigned, steps, "E1", steps[-1].joining, "sick"))
        assert steps[-1].joining == name
    team, gone = current_team(assigned, steps, "E1")
    assert leaving in gone
    with pytest.raises(DrawRefused, match="没有可以接替"):
        made.replace(assigned, steps, "E1", team[("people", 0)], "sick")
    with pytest.raises(DrawRefused, match="不在 E1 的检查组里") as caught:
        made.replace(assigned, steps, "E1", "P99", "tired")
    assert "理由“tired”不在承诺的范围" in str(caught.value)


def test_the_table_of_pairs_shows_where_few_can_go() -> None:
    rows, people = object_rows(), people_rows()
    rules = replace(RULES, experts=0)
    made = commitment_for(render_objects(rows), render_people(people), rules=rules)
    table = pair_chances(made, rows, people, (f"dummy {i}".encode() for i in range(60)))
    per_object = Counter[str]()
    for (name, _), chance in table.items():
        assert 0 < chance <= 1
        per_object[name] += chance  # type: ignore[assignment]  # fractions add up as counts do
    assert set(per_object.values()) == {2}
