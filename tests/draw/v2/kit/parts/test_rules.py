"""The rules of a draw as `verify.py` computes them: ratios, quotas, sources, shares of custodians, who goes where."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.v2.kit.parts import rules, values


@pytest.fixture(autouse=True)
def nothing_said() -> Iterator[None]:
    yield
    values.bad.clear()
    values.said.clear()


@pytest.mark.parametrize(
    ("written", "value"),
    [("5%", Fraction(1, 20)), ("0.5", Fraction(1, 2)), ("2/3", Fraction(2, 3)), ("100%", Fraction(1))],
)
def test_a_ratio_is_exact(written: str, value: Fraction) -> None:
    assert rules.ratio(written) == value


@pytest.mark.parametrize("written", ["0%", "101%", "-1/2", "1/2/3", "", "半", "3/2"])
def test_what_is_no_ratio_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="比例"):
        rules.ratio(written)


def test_a_band_says_a_count_or_a_ratio() -> None:
    assert rules.one({"count": 3, "ratio": None}, 99) == 3
    assert rules.one({"count": None, "ratio": "1/3"}, 10) == Fraction(10, 3)
    for band in ({"count": None, "ratio": None}, {"count": 1, "ratio": "1%"}):
        with pytest.raises(ValueError, match="其一"):
            rules.one(band, 1)
    assert [rules.ceil(Fraction(*x)) for x in ((10, 3), (9, 3), (1, 9))] == [4, 3, 1]


@settings(max_examples=30)
@given(st.integers(0, 40), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=4))
def test_a_total_is_shared_out_whole_and_by_weight(total: int, weights: dict[str, int]) -> None:
    found = rules.share(total, weights)
    whole = sum(weights.values())
    assert sum(found.values()) == (total if whole else 0)
    for name, weight in weights.items():
        if whole:
            assert abs(found[name] - Fraction(total * weight, whole)) < 1


def scheme(*strata: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "base": "eligible",
        "strata": [
            {"stratum": name, "min": 1, "max": None, "bands": [{"up_to": None, "count": None, "ratio": part}]}
            for name, part in strata
        ],
        "groups": [],
        **more,
    }


COUNTS = {
    "A": {"listed": 10, "eligible": 10},
    "B": {"listed": 4, "eligible": 3},
    "C": {"listed": 2, "eligible": 0},
}
PARTS = (("A", "10%"), ("B", "50%"), ("C", "100%"))


def quota_of(**more: Any) -> dict[str, int]:
    return {row["stratum"]: row["quota"] for row in rules.quotas(scheme(*PARTS, **more), COUNTS)}


def group(kind: str, count: int, *strata: str) -> dict[str, Any]:
    return {"title": kind, "kind": kind, "strata": list(strata), "count": count, "ratio": None}


def test_quotas_are_rounded_up_and_bounded_by_who_may_be_drawn() -> None:
    assert quota_of() == {"A": 1, "B": 2, "C": 0}
    assert quota_of(groups=[group("floor", 6)]) == {"A": 4, "B": 2, "C": 0}
    assert quota_of(groups=[group("total", 9)]) == {"A": 4, "B": 3, "C": 0}
    assert quota_of(groups=[group("cap", 2)]) == {"A": 1, "B": 1, "C": 0}
    with pytest.raises(ValueError, match="不符"):
        rules.quotas(scheme(("A", "10%")), COUNTS)


SOURCE = {"kind": "ssq", "issue": "2024001", "round": None, "digits": None, "day": "2024-01-02"}


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("ssq", "01.02.03.04.05.33+16", True),
        ("ssq", "01.02.03.04.05.34+16", False),
        ("ssq", "02.01.03.04.05.33+16", False),
        ("dlt", "01.02.03.04.35+01.12", True),
        ("dlt", "01.02.03.04.35+12.01", False),
        ("fc3d", "012", True),
        ("pl5", "0123", False),
        ("drand", "a" * 96, True),
    ],
)
def test_a_result_is_written_as_its_lottery_writes_it(kind: str, value: str, right: bool) -> None:
    assert rules.value_right({**SOURCE, "kind": kind}, value) is right


def test_days_of_a_lottery_follow_its_weekdays() -> None:
    assert rules.days_right("ssq", "2024", ["2024-01-02", "2024-01-04", "2024-01-07"])
    assert not rules.days_right("ssq", "2024", ["2024-01-03"])
    assert not rules.days_right("ssq", "2024", ["2024-01-04", "2024-01-02"])
    assert not rules.days_right("ssq", "2024", ["2024-01-02", "2024-01-07"]), "none is left out in January"
    assert not rules.days_right("ssq", "2024", ["2023-12-31"])


def test_multiplication_of_bytes_is_that_of_the_field() -> None:
    assert rules.product(0x53, 0xCA) == 1
    assert [rules.product(7, x) for x in (0, 1)] == [0, 7]
    assert rules.product(0x80, 2) == 0x1B


def test_a_code_is_put_together_of_enough_shares() -> None:
    secret, slope = bytes(range(32)), bytes(range(100, 132))
    shares = {
        x: bytes(s ^ rules.product(m, x) for s, m in zip(secret, slope, strict=True)) for x in (1, 2, 3)
    }
    custodians = {
        "threshold": 2,
        "key_sha256": values.sha(secret),
        "shares": [{"name": f"n{x}", "index": x, "sha256": values.sha(data)} for x, data in shares.items()],
    }
    given_in = [{"name": f"n{x}", "index": x, "share": data.hex()} for x, data in shares.items()]
    assert rules.code_of(custodians, given_in[1:]) == secret
    assert values.bad == []
    rules.code_of(custodians, given_in[:1])
    assert "保管人的份额不足、重复或与承诺不符" in values.bad
    assert rules.code_of(None, []) == bytes(32)


def test_places_are_filled_only_by_different_people() -> None:
    assert rules.fillable([["a", "b"], ["a"]], set())
    assert not rules.fillable([["a"], ["a"]], set())
    assert not rules.fillable([["a", "b"], ["a"]], {"b"})


PERSON = {
    "labels": ["fire"],
    "ok": True,
    "pools": ["people"],
    "section": "market",
    "cert_valid_to": "2025-01-01",
    "recusals": ["o9"],
    "previous": ["o2"],
    "districts": ["east"],
}
PLACE = {
    "pool": "people",
    "labels": [],
    "sections": [],
    "certificate": True,
    "own_section": False,
    "district": True,
    "items": "any",
}
THING = {"object_id": "o1", "items": ["fire", "food"], "section": "market", "district": "east"}


@pytest.mark.parametrize(
    ("person", "place", "thing", "right"),
    [
        ({}, {}, {}, True),
        ({"ok": False}, {}, {}, False),
        ({"cert_valid_to": "2024-01-01"}, {}, {}, False),
        ({"cert_valid_to": "2024-01-01"}, {"certificate": False}, {}, True),
        ({}, {"labels": ["gas"]}, {}, False),
        ({}, {"sections": ["food"]}, {}, False),
        ({}, {"items": "all"}, {}, False),
        ({}, {"items": "any"}, {"items": ["food"]}, False),
        ({}, {}, {"district": "west"}, False),
        ({"districts": []}, {}, {"district": "west"}, True),
        ({}, {}, {"object_id": "o9"}, False),
        ({}, {}, {"object_id": "o2"}, False),
        ({}, {"own_section": True}, {"section": "food"}, False),
        ({}, {"pool": "experts"}, {}, False),
    ],
)
def test_who_may_go(
    person: dict[str, Any], place: dict[str, Any], thing: dict[str, Any], right: bool
) -> None:
    rule = {"valid_on": "2024-06-30", "rotation": True}
    assert rules.may(rule, PLACE | place, PERSON | person, [THING | thing]) is right
