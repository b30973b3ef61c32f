from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import erfc, sqrt

import pytest
from draw_factories import BALLS, RULES, commitment_for, object_rows, people_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.commitment import WHOLE, Commitment, DrawRules
from engine.draw.refused import DrawRefused
from engine.draw.roster import ObjectRow, render_objects, render_people
from engine.draw.selection import (
    Removal,
    after_removals,
    forecast,
    machine,
    reserve,
    select_objects,
    year_chance,
)
from engine.draw.tickets import TicketMachine, extract

ROWS = object_rows()
PEOPLE = render_people(people_rows())
PLAIN = DrawRules(ratios={"A": "10%", "B": "10%", "C": "20%", "D": "30%"})


def entropy(dice: int, batch: str = "B2026-01") -> str:
    return f"{BALLS}/dice:{dice:06}/batch:{batch}"


def committed(rows: list[ObjectRow], rules: DrawRules = PLAIN) -> Commitment:
    return commitment_for(render_objects(rows), PEOPLE, rules=rules)


def drawn(rows: list[ObjectRow], dice: int, rules: DrawRules = PLAIN) -> dict[str, list[str]]:
    selection = select_objects(committed(rows, rules), rows, entropy(dice))
    return {stratum.stratum: [item.object_id for item in stratum.drawn] for stratum in selection.strata}


def test_the_selection_is_the_lowest_tickets_of_each_stratum() -> None:
    selection = select_objects(committed(ROWS), ROWS, entropy(1))
    prk = extract(bytes(32), entropy(1))
    for stratum in selection.strata:
        rows = [row.object_id for row in ROWS if row.eligible and row.credit_class == stratum.stratum]
        order = sorted((TicketMachine(prk).ticket(name).hex(), name) for name in rows)
        assert [(item.ticket, item.object_id) for item in stratum.drawn] == order[: stratum.quota]
        assert stratum.cutoff == order[stratum.quota - 1][0]
    tickets = [item.ticket for item in selection.drawn]
    assert tickets == sorted(tickets)
    assert not selection.trial


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 999_999))
def test_the_order_of_rows_changes_nothing(random: object, dice: int) -> None:
    rows = ROWS[:]
    random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert drawn(rows, dice) == drawn(ROWS, dice)


@settings(max_examples=25)
@given(st.integers(0, 999_999), st.integers(0, 79))
def test_removing_a_loser_or_renaming_changes_no_winner(dice: int, index: int) -> None:
    before = drawn(ROWS, dice)
    gone = ROWS[index]
    rules = replace(PLAIN, ratios=dict.fromkeys("ABCD", "1/1000"), min_per_stratum=2)
    fixed = drawn(ROWS, dice, rules)
    if gone.object_id not in {name for names in fixed.values() for name in names}:
        assert drawn([row for row in ROWS if row is not gone], dice, rules) == fixed
    renamed = [replace(row, name=row.name + "（更名）", district="别处") for row in ROWS]
    assert drawn(renamed, dice) == before


@settings(max_examples=25)
@given(st.integers(0, 999_999), st.sampled_from("ABCD"))
def test_adding_an_object_never_touches_another_stratum(dice: int, letter: str) -> None:
    before = drawn(ROWS, dice)
    after = drawn([*ROWS, ObjectRow("Z9999", "新开户", letter)], dice)
    for other in set("ABCD") - {letter}:
        assert after[other] == before[other]
    # In its own stratum it can at most take the last place, or a place that came with it.
    assert set(after[letter]) - {"Z9999"} <= {*before[letter], *after[letter][-1:]}
    assert set(before[letter][:-1]) <= set(after[letter])


@settings(max_examples=25)
@given(st.integers(0, 999_999), st.integers(1, 19))
def test_a_larger_sample_holds_the_smaller(dice: int, k: int) -> None:
    rules = [DrawRules(ratios={WHOLE: f"{n}/100"}, strata="whole", base="listed") for n in (k, k + 1)]
    small, large = (drawn(ROWS, dice, rule)[WHOLE] for rule in rules)
    assert large[: len(small)] == small


@settings(max_examples=25)
@given(st.integers(0, 999_999))
def test_the_excluded_are_never_drawn_and_nobody_twice(dice: int) -> None:
    everything = DrawRules(ratios=dict.fromkeys("ABCD", "100%"))
    names = [name for found in drawn(ROWS, dice, everything).values() for name in found]
    assert sorted(names) == [row.object_id for row in ROWS if row.eligible]


def test_reserve_goes_on_where_the_drawn_end() -> None:
    made = committed(ROWS)
    tickets = machine(made, entropy(5), ())
    whole = drawn(ROWS, 5, DrawRules(ratios=dict.fromkeys("ABCD", "100%")))
    for letter in "ABCD":
        rest = list(reserve(made, ROWS, tickets, letter))
        assert [item.object_id for item in rest] == whole[letter][made.quota_by_stratum[letter] :]
        assert [item.position for item in rest] == list(
            range(made.quota_by_stratum[letter] + 1, len(whole[letter]) + 1)
        )


def test_removed_objects_give_their_place_to_the_next_ticket() -> None:
    made = committed(ROWS)
    tickets, selection = machine(made, entropy(5), ()), select_objects(made, ROWS, entropy(5))
    following = list(reserve(made, ROWS, tickets, "D"))
    first = selection.strata[3].drawn[0]
    struck = [Removal(first.object_id, "moved"), Removal(following[0].object_id, "moved")]
    visits = after_removals(made, ROWS, tickets, selection, struck)
    names = {item.object_id for item in visits}
    assert len(visits) == len(selection.drawn)
    assert following[1].object_id in names
    assert not names & {removal.object_id for removal in struck}
    shrink = committed(ROWS, replace(PLAIN, on_removal="shrink"))
    assert len(after_removals(shrink, ROWS, tickets, selection, struck[:1])) == len(selection.drawn) - 1


def test_removals_are_checked() -> None:
    made = committed(ROWS, replace(PLAIN, removal_reasons=("moved",)))
    tickets, selection = machine(made, entropy(5), ()), select_objects(made, ROWS, entropy(5))
    last = list(reserve(made, ROWS, tickets, "D"))[-1].object_id
    one = selection.drawn[0].object_id
    with pytest.raises(DrawRefused) as caught:
        after_removals(
            made,
            ROWS,
            tickets,
            selection,
            [Removal(last, "moved"), Removal(one, "friend"), Removal(one, "moved")],
        )
    text = str(caught.value)
    assert f"{last} 不在抽中名单里" in text
    assert "理由“friend”不在承诺的范围" in text
    assert f"{one} 剔除了两次" in text


def test_when_a_whole_stratum_is_struck_the_reserve_runs_out() -> None:
    made = committed(ROWS)
    tickets, selection = machine(made, entropy(5), ()), select_objects(made, ROWS, entropy(5))
    struck = [Removal(row.object_id, "moved") for row in ROWS if row.credit_class == "A" and row.eligible]
    visits = after_removals(made, ROWS, tickets, selection, struck)
    assert {item.stratum for item in visits} == {"B", "C", "D"}


def test_wrong_entropy_or_codes_draw_nothing() -> None:
    made = committed(ROWS)
    with pytest.raises(DrawRefused, match="别的批次"):
        select_objects(made, ROWS, entropy(1, "B2026-02"))
    with pytest.raises(DrawRefused, match="0 位保管人"):
        select_objects(made, ROWS, entropy(1), ("00" * 32,))


def test_forecast_tells_numbers_only() -> None:
    told = forecast(RULES, ROWS)
    assert told.visits == sum(told.quotas.values())
    assert told.jobs == 2 * told.visits
    assert told.coverage == Fraction(told.visits, 80)
    assert told.chances["D"] == Fraction(told.quotas["D"], 18)
    assert year_chance([Fraction(1, 2), Fraction(1, 3)]) == Fraction(2, 3)


# ---- fairness, with draws that must be found unfair --------------------------------------------------------------

N, K, SEEDS = 60, 12, 2000
IDS = [f"E{i:04}" for i in range(N)]
Draw = Callable[[TicketMachine], list[str]]


def ours(tickets: TicketMachine) -> list[str]:
    return [name for _, name in tickets.lowest(IDS, K)]


def start_and_step(tickets: TicketMachine) -> list[str]:
    """Systematic sampling from a random start that never wraps round: the last are never drawn."""
    step = N // K
    start = int.from_bytes(tickets.ticket("start"), "big") % (step - 1)
    return [IDS[start + step * i] for i in range(K)]


def one_byte_modulo(tickets: TicketMachine) -> list[str]:
    """Index by one byte modulo N, as careless programs do: 256 is no multiple of 60."""
    found: dict[str, None] = {}
    turn = 0
    while len(found) < K:
        found[IDS[tickets.ticket(str(turn))[0] % N]] = None
        turn += 1
    return list(found)


def rounded_float(tickets: TicketMachine) -> list[str]:
    """Index by round(u · (N - 1)): both ends get half a chance."""
    found: dict[str, None] = {}
    turn = 0
    while len(found) < K:
        share = int.from_bytes(tickets.ticket(str(turn))[:6], "big") / 2**48
        found[IDS[round(share * (N - 1))]] = None
        turn += 1
    return list(found)


def dropped_digit(tickets: TicketMachine) -> list[str]:
    """Order by the first hex digit only, ties by id: early ids win them."""
    return sorted(IDS, key=lambda name: (tickets.ticket(name).hex()[:1], name))[:K]


def chi_square_p(draw: Draw) -> float:
    """Return the p-value of equal chances: χ² corrected by (N - 1)/(N - k), as draws are without replacement."""
    counts: Counter[str] = Counter()
    for seed in range(SEEDS):
        counts.update(draw(TicketMachine(extract(bytes(32), f"fairness/{seed}"))))
    expected = SEEDS * K / N
    statistic = sum((counts[name] - expected) ** 2 for name in IDS) / expected * (N - 1) / (N - K)
    # Wilson and Hilferty's normal approximation of χ² with N - 1 degrees of freedom.
    spread = 2 / (9 * (N - 1))
    z = ((statistic / (N - 1)) ** (1 / 3) - (1 - spread)) / sqrt(spread)
    return erfc(z / sqrt(2)) / 2


def test_every_object_has_the_same_chance() -> None:
    assert 1e-6 < chi_square_p(ours) < 1 - 1e-6


@pytest.mark.parametrize("mutant", [start_and_step, one_byte_modulo, rounded_float, dropped_digit])
def test_unfair_draws_are_found(mutant: Draw) -> None:
    assert chi_square_p(mutant) < 1e-6


def test_every_pair_and_every_set_comes_up_as_often() -> None:
    names, sets = ["E1", "E2", "E3", "E4", "E5"], Counter[tuple[str, ...]]()
    for seed in range(4000):
        tickets = TicketMachine(extract(bytes(32), f"sets/{seed}"))
        sets[tuple(sorted(name for _, name in tickets.lowest(names, 2)))] += 1
    assert set(sets) == set(combinations(names, 2))
    assert (
        sum((count - 400) ** 2 for count in sets.values()) / 400 < 45
    )  # χ² with 9 degrees of freedom, p ≈ 1e-6


def test_tickets_have_no_memory_of_the_order_of_ids() -> None:
    tickets = TicketMachine(extract(bytes(32), "serial"))
    values = [int.from_bytes(tickets.ticket(f"E{i:05}")[:6], "big") / 2**48 - 0.5 for i in range(20_000)]
    variance = sum(value * value for value in values) / len(values)
    assert abs(variance - 1 / 12) < 0.004
    for lag in (1, 2, 10, 100):
        pairs = zip(values, values[lag:], strict=False)
        serial = sum(one * two for one, two in pairs) / (len(values) - lag) / variance
        assert abs(serial) < 5 / sqrt(len(values))
    bits = [
        sum(tickets.ticket(f"E{i}")[byte] >> bit & 1 for i in range(1000))
        for byte in (0, 31)
        for bit in range(8)
    ]
    assert all(abs(count - 500) < 5 * sqrt(250) for count in bits)
