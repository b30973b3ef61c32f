"""Which objects are drawn: by the lowest tickets, whatever is struck."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from v2_factories import RULES

from engine.draw.refused import DrawRefused
from engine.draw.v2.rosters import PublicRow
from engine.draw.v2.selection import machine_of, select, visits_after

ENTROPY = "ssq:2026030:01.05.09.17.22.30+07/commitment:" + "0" * 64
MACHINE = machine_of(bytes(32), ENTROPY)


def rows(count: int) -> list[PublicRow]:
    return [
        PublicRow(hashlib.sha256(str(i).encode()).hexdigest()[:32], "0" * 64, "AB"[i % 2], i % 7 != 3)
        for i in range(count)
    ]


def quotas(count: int) -> list[dict[str, object]]:
    able = {name: sum(row.eligible and row.stratum == name for row in rows(count)) for name in "AB"}
    return [{"stratum": name, "quota": min(able[name], 3)} for name in "AB"]


def test_a_ticket_is_two_hmacs() -> None:
    prk = hmac.digest(bytes(32), ENTROPY.encode(), "sha256")
    assert MACHINE.ticket("lot") == hmac.digest(prk, b"lot\x01", "sha256")


@given(st.integers(1, 60), st.sets(st.integers(0, 59), max_size=8), st.sampled_from(["fill", "shrink"]))
def test_the_lowest_tickets_that_are_not_struck_are_visited(count: int, places: set[int], rule: str) -> None:
    material = rows(count)
    strata = select(quotas(count), material, MACHINE)
    order = {
        name: sorted(
            (MACHINE.ticket(row.lot).hex(), row.lot)
            for row in material
            if row.eligible and row.stratum == name
        )
        for name in "AB"
    }
    for found in strata:
        assert [(one["ticket"], one["lot"]) for one in found["drawn"]] == order[found["stratum"]][
            : found["quota"]
        ]
        assert found["cutoff"] == (found["drawn"][-1]["ticket"] if found["drawn"] else "")
    drawn = [one["lot"] for found in strata for one in found["drawn"]]
    struck = [drawn[place % len(drawn)] for place in sorted(places)] if drawn else []
    removals = [{"lot": lot, "reason": "moved", "evidence": "0" * 64} for lot in dict.fromkeys(struck)]
    visits = visits_after(RULES | {"on_removal": rule}, strata, material, MACHINE, removals)
    for found in strata:
        left = [pair for pair in order[found["stratum"]] if pair[1] not in struck]
        due = left[: found["quota"]] if rule == "fill" else [pair for pair in left if pair[1] in drawn]
        assert [(v["ticket"], v["lot"]) for v in visits if v["stratum"] == found["stratum"]] == due
    assert [(v["ticket"], v["lot"]) for v in visits] == sorted((v["ticket"], v["lot"]) for v in visits)


def test_a_substitute_can_be_struck_too_and_others_cannot() -> None:
    material = rows(40)
    strata = select(quotas(40), material, MACHINE)
    rules = RULES | {"on_removal": "fill"}
    first = strata[0]["drawn"][0]["lot"]
    removal = {"lot": first, "reason": "moved", "evidence": "0" * 64}
    visits = visits_after(rules, strata, material, MACHINE, [removal])
    drawn = {one["lot"] for one in strata[0]["drawn"]}
    substitute = next(v["lot"] for v in visits if v["stratum"] == "A" and v["lot"] not in drawn)
    again = visits_after(rules, strata, material, MACHINE, [removal, removal | {"lot": substitute}])
    assert substitute not in {v["lot"] for v in again}
    assert len(again) == len(visits)
    for wrong in (
        [removal, removal],
        [removal | {"reason": "friend"}],
        [removal | {"lot": substitute}],
        [removal | {"lot": "f" * 32}],
    ):
        with pytest.raises(DrawRefused):
            visits_after(rules, strata, material, MACHINE, wrong)
