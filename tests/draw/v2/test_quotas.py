"""Quotas: examples by hand, and what holds for all rules."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from v2_factories import band, group, object_rules, rule

from engine.draw.refused import DrawRefused
from engine.draw.v2 import quotas as module
from engine.draw.v2.quotas import quotas, ratio_of, share


def strata(**counts: tuple[int, int]) -> dict[str, dict[str, int]]:
    return {name: {"listed": listed, "eligible": eligible} for name, (listed, eligible) in counts.items()}


def given_by(rules: dict[str, Any], found: dict[str, dict[str, int]]) -> dict[str, int]:
    return {line["stratum"]: line["quota"] for line in quotas(rules, found)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5%", Fraction(1, 20)), ("0.05", Fraction(1, 20)), ("1/20", Fraction(1, 20)), ("100%", Fraction(1)),
        ("12.5%", Fraction(1, 8)), ("1", Fraction(1)), ("0%", None), ("101%", None), ("5 %", None), (".5", None),
        ("1/0", None), ("５%", None), ("1e-2", None), ("0.0000000001", None), ("5%\n", None),
    ],
)  # fmt: skip
def test_ratios_are_fractions(text: str, value: Fraction | None) -> None:
    assert ratio_of(text) == value


@pytest.mark.parametrize(("size", "drawn"), [(1, 1), (10, 2), (11, 6), (100, 50)])
def test_at_most_ten_give_two_more_give_half(size: int, drawn: int) -> None:
    rules = object_rules(rule("A", band(10, count=2), band(ratio="50%")))
    assert given_by(rules, strata(A=(size, size))) == {"A": drawn}


def test_a_number_of_households_is_said_as_a_number() -> None:
    rules = object_rules(rule("A", band(count=8)), rule("B", band(ratio="7%")))
    assert given_by(rules, strata(A=(50, 50), B=(100, 100))) == {"A": 8, "B": 7}
    assert given_by(rules, strata(A=(5, 5), B=(0, 0))) == {"A": 5, "B": 0}


def test_a_floor_counts_what_a_small_stratum_can_give() -> None:
    """Where few are eligible the others make up for it: what ssj-draw/1 left unsaid."""
    rules = object_rules(
        rule("A", band(ratio="50%")),
        rule("B", band(ratio="10%")),
        base="listed",
        groups=[group("总体", "floor", ratio="40%")],
    )
    lines = {line["stratum"]: line for line in quotas(rules, strata(A=(40, 5), B=(60, 60)))}
    assert (lines["A"]["first"], lines["A"]["bounded"], lines["A"]["quota"]) == (20, 5, 5)
    assert (lines["B"]["bounded"], lines["B"]["quota"]) == (6, 35)


def test_each_section_has_a_floor_and_a_cap_of_its_own() -> None:
    rules = object_rules(
        *(rule(name, band(ratio="10%")) for name in ("东/A", "东/B", "西/A")),
        groups=[group("东", "floor", "东/A", "东/B", ratio="1/4"), group("西", "cap", "西/A", count=3)],
    )
    found = given_by(rules, {name: {"listed": 40, "eligible": 40} for name in ("东/A", "东/B", "西/A")})
    assert found == {"东/A": 10, "东/B": 10, "西/A": 3}


def test_a_total_is_shared_by_size_and_ratio_and_the_minimum_holds() -> None:
    rules = object_rules(
        rule("A", band(ratio="5%"), least=1),
        rule("D", band(ratio="20%"), most=6),
        groups=[group("总数", "total", count=9)],
    )
    assert given_by(rules, strata(A=(20, 20), D=(100, 100))) == {"A": 1, "D": 6}


def test_remainders_that_are_equal_go_by_name() -> None:
    assert share(1, {"b": 1, "a": 1, "𠮷": 1}) == {"a": 1, "b": 0, "𠮷": 0}
    assert share(4, {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}) == {
        "a": 2,
        "b": 1,
        "c": 1,
    }
    assert share(3, {"a": 0, "b": 0}) == share(0, {"a": 0, "b": 5}) == {"a": 0, "b": 0}


numbers = st.integers(0, 60)
bands = st.one_of(
    st.builds(lambda n: [band(count=n)], st.integers(0, 20)),
    st.builds(
        lambda n, m, r: [band(n, count=m), band(ratio=r)],
        numbers,
        st.integers(0, 9),
        st.sampled_from(["5%", "1/3", "0.9"]),
    ),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    names = draw(st.lists(st.sampled_from(["A", "B", "C", "D", "東"]), min_size=1, max_size=5, unique=True))
    found = {}
    for name in names:
        listed = draw(numbers)
        found[name] = {"listed": listed, "eligible": draw(st.integers(0, listed))}
    rules = [
        rule(name, *draw(bands), least=draw(st.integers(0, 2)), most=draw(st.none() | st.integers(2, 30)))
        for name in names
    ]
    some = st.lists(st.sampled_from(names), unique=True)
    groups = draw(
        st.lists(
            st.one_of(
                st.builds(lambda s, n: group("g", "total", *s, count=n), some, st.integers(0, 40)),
                st.builds(
                    lambda s, r: group("g", "floor", *s, ratio=r), some, st.sampled_from(["10%", "1/2", "1"])
                ),
                st.builds(lambda s, n: group("g", "cap", *s, count=n), some, st.integers(0, 40)),
            ),
            max_size=4,
        )
    )
    return object_rules(*rules, groups=groups, base=draw(st.sampled_from(["eligible", "listed"]))), found


@settings(max_examples=60)
@given(cases())
def test_no_rule_gives_more_than_there_is_or_less_than_it_says(
    case: tuple[dict[str, Any], dict[str, dict[str, int]]],
) -> None:
    rules, found = case
    lines = {line["stratum"]: line for line in quotas(rules, found)}
    assert list(lines) == sorted(found)
    for one in rules["strata"]:
        line = lines[one["stratum"]]
        room = line["eligible"] if one["max"] is None else min(line["eligible"], one["max"])
        least = min(room, one["min"] if line["eligible"] else 0)
        assert least <= line["quota"] <= room
        assert line["bounded"] <= line["floored"] <= room
        assert line["quota"] <= line["floored"]
    for one in rules["groups"]:
        mine = [lines[name] for name in one["strata"] or lines]
        able = sum(
            min(
                line["eligible"],
                next(r["max"] for r in rules["strata"] if r["stratum"] == line["stratum"]) or 10**9,
            )
            for line in mine
        )
        if one["kind"] == "floor":
            need = -(-sum(line["base"] for line in mine) * (ratio_of(one["ratio"]) or 0) // 1)
            assert sum(line["floored"] for line in mine) >= min(need, able)


@pytest.mark.parametrize(
    "rules",
    [
        object_rules(rule("B", band(count=1))),
        object_rules(rule("A", band(count=1)), rule("A", band(count=1))),
        object_rules(rule("A")),
        object_rules(rule("A", band(5, count=1))),
        object_rules(rule("A", band(5, count=1), band(5, count=1), band(count=1))),
        object_rules(rule("A", band())),
        object_rules(rule("A", band(count=1, ratio="5%"))),
        object_rules(rule("A", band(ratio="0"))),
        object_rules(rule("A", band(count=1), least=3, most=2)),
        object_rules(rule("A", band(count=1)), groups=[group("g", "floor", "B", count=1)]),
        object_rules(rule("A", band(count=1)), groups=[group("g", "floor", count=1, ratio="5%")]),
        object_rules(rule("A", band(count=1)), groups=[group("g", "total", ratio="5%")]),
        object_rules(rule("A", band(count=1)), groups=[group("g", "cap", ratio="x")]),
    ],
)
def test_rules_that_cannot_be_used_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(DrawRefused):
        module.quotas(rules, strata(A=(5, 5)))
