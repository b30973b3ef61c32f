"""``ssj draw forecast``: numbers before the commitment, and no list."""

from __future__ import annotations

from fractions import Fraction

import pytest
from command_fixtures import called
from draws_fixtures import BATCH, Desk
from hypothesis import given
from hypothesis import strategies as st

from engine.cli.draws import forecast as module
from engine.cli.draws.forecast import forecast


def test_what_is_to_be_expected(planned: Desk) -> None:
    found = called(forecast, BATCH, "--simulations", "10", "--json", home=planned.home).json()
    said = called(forecast, BATCH, "--simulations", "10", home=planned.home)
    lines = said.out.splitlines()
    assert lines[0].startswith(f"预计检查 {found['visits']} 户")
    assert sum("层：在册" in line for line in lines) == len(found["classes"]) > 0
    assert called(forecast, "batch-9", home=planned.home).code == 1
    assert called(forecast, BATCH, "--simulations", "0", home=planned.home).code == 2


@pytest.mark.parametrize(("value", "percent", "number"), [("1/3", "33.33%", "0.33"), ("2", "200.00%", "2")])
def test_ratios_are_cut_off(value: str, percent: str, number: str) -> None:
    assert module._percent(Fraction(value)) == percent
    assert module._number(Fraction(value)) == number


@given(st.fractions(0, 1000))
def test_what_is_cut_off_is_never_more(value: Fraction) -> None:
    shown = Fraction(module._percent(value).removesuffix("%")) / 100
    assert 0 <= value - shown < Fraction(1, 10_000)
    assert 0 <= value - Fraction(module._number(value)) < Fraction(1, 100)
