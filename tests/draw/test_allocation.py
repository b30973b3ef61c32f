from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.draw.allocation import allocate, ceil_share, largest_remainder, parse_ratio
from engine.draw.refused import DrawRefused
from engine.draw.roster import Count


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5%", Fraction(1, 20)),
        ("0.05", Fraction(1, 20)),
        ("1/20", Fraction(1, 20)),
        ("2.5%", Fraction(1, 40)),
        ("1", Fraction(1)),
        ("100%", Fraction(1)),
    ],
)
def test_ratios_are_read_as_written(text: str, value: Fraction) -> None:
    assert parse_ratio(text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [("0", "大于 0"), ("0%", "大于 0"), ("5", "不能超过 100%"), ("101%", "不能超过"), ("5％", "半角"), ("五", "半角"), (" 5%", "半角"),
     ("1/0", "半角"), ("-5%", "半角"), ("5e-2", "半角"), (".05", "半角"), ("٥%", "半角"), ("", "半角")],
)  # fmt: skip
def test_other_ratios_are_refused(text: str, says: str) -> None:
    with pytest.raises(DrawRefused, match=says):
        parse_ratio(text)


def test_every_count_up_to_100000_at_every_percent_to_30() -> None:
    """The ceiling steps by one exactly where 100 k reaches n p: known for all n from where it steps."""
    for percent in range(1, 31):
        ratio = parse_ratio(f"{percent}%")
        step, k = 0, 0
        top = 100_000 * percent // 100
        for k in range(top + 1):
            # The last n whose ceiling is k is floor(100 k / percent); the next one must give k + 1.
            last = 100 * k // percent
            assert ceil_share(last, ratio) == k
            assert ceil_share(last + 1, ratio) == k + 1
            assert last >= step
            step = last + 1


def test_a_float_would_be_wrong() -> None:
    from math import ceil

    ratio = parse_ratio("7%")
    wrong = sum(ceil(n * 0.07) != ceil_share(n, ratio) for n in range(1, 100_001))
    assert wrong == 807
    assert (ceil(100 * 0.07), ceil_share(100, ratio)) == (8, 7)


def test_every_step_is_kept() -> None:
    strata = {"A": Count(100, 90), "B": Count(7, 7), "C": Count(3, 1), "D": Count(2, 0)}
    made = allocate(
        strata, {"A": "5%", "B": "5%", "C": "50%", "D": "50%"}, total_floor="20%", min_per_stratum=2
    )
    told = {
        quota.stratum: (quota.floor, quota.spread, quota.raised, quota.cut, quota.quota)
        for quota in made.quotas
    }
    assert told == {"A": (5, 12, 0, 0, 17), "B": (1, 1, 0, 0, 2), "C": (1, 0, 1, 1, 1), "D": (0, 0, 0, 0, 0)}
    assert made.total == 20
    assert made.coverage == Fraction(20, 98)
    assert made.quotas[1].chance == Fraction(2, 7)


counts = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.integers(0, 200).flatmap(lambda n: st.integers(0, n).map(lambda m: Count(n, m))),
    min_size=1,
)
percents = st.integers(1, 100)


@given(
    counts,
    st.dictionaries(st.sampled_from("ABCDEF"), percents),
    percents,
    st.integers(0, 4),
    st.sampled_from(["eligible", "listed"]),
)
def test_quotas_keep_their_promises(
    strata: dict[str, Count], ratios: dict[str, int], least: int, minimum: int, base: str
) -> None:
    texts = {name: f"{ratios.get(name, 10)}%" for name in strata}
    made = allocate(strata, texts, base=base, total_floor=f"{least}%", min_per_stratum=minimum)
    for quota in made.quotas:
        count = strata[quota.stratum]
        assert 0 <= quota.quota <= count.eligible
        assert quota.quota == quota.floor + quota.spread + quota.raised - quota.cut
        wanted = -(
            -(count.eligible if base == "eligible" else count.listed) * ratios.get(quota.stratum, 10) // 100
        )
        assert quota.quota >= min(count.eligible, max(wanted, minimum))
    eligible = sum(count.eligible for count in strata.values())
    everything = sum(quota.base for quota in made.quotas)
    assert made.total >= min(eligible, -(-everything * least // 100))


@given(
    st.integers(0, 500),
    st.dictionaries(st.text("ABCDEF", min_size=1, max_size=2), st.integers(0, 100), min_size=1),
)
def test_largest_remainder_shares_everything_and_is_fair(total: int, weights: dict[str, int]) -> None:
    shares = largest_remainder(total, weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == (total if whole else 0)
    for name, weight in weights.items():
        if whole:
            assert abs(shares[name] - Fraction(total * weight, whole)) < 1


def test_a_fixed_total_is_shared_and_ties_go_by_name() -> None:
    strata = {name: Count(10, 10) for name in "BCA"}
    made = allocate(strata, dict.fromkeys("ABC", "10%"), fixed_total=10)
    assert [quota.quota for quota in made.quotas] == [4, 3, 3]
    made = allocate({"A": Count(2, 2), "B": Count(50, 50)}, {"A": "10%", "B": "10%"}, fixed_total=100)
    assert [reason.code for reason in made.warnings] == ["short"]


def test_risk_and_ratio_must_rise_together() -> None:
    strata = {name: Count(100, 100) for name in "AD"}
    order = ("A", "B", "C", "D")
    assert not allocate(strata, {"A": "5%", "D": "5%"}, risk_order=order).warnings
    (warning,) = allocate(strata, {"A": "5%", "D": "3%"}, risk_order=order).warnings
    assert "“D”风险高于“A”，抽取比例 3% 却低于 5%" in str(warning)
    strata["A"] = Count(7, 7)
    (warning,) = allocate(strata, {"A": "5%", "D": "6%"}, risk_order=order).warnings
    assert "实际抽中机会" in str(warning)


def test_all_missing_and_wrong_ratios_are_named() -> None:
    with pytest.raises(DrawRefused) as caught:
        allocate({"A": Count(1, 1), "B": Count(2, 2)}, {"B": "0"}, total_floor="x", fixed_total=0, base="all")
    assert [reason.code for reason in caught.value.reasons] == ["ratio", "ratio", "ratio", "base", "total"]
