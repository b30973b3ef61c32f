"""The bounds of a range."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.authoring.xlsform.number_range import NumberRange, number_range


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", NumberRange()),
        ("start=0 end=100 step=10", NumberRange(Decimal(0), Decimal(100), Decimal(10))),
        ("end = 5, start = -5", NumberRange(Decimal(-5), Decimal(5))),
        ("START=0.5;END=1.5", NumberRange(Decimal("0.5"), Decimal("1.5"))),
        ("1 to 5", NumberRange(unclear=True)),
        ("start=2 ticks=3", NumberRange(Decimal(2), unclear=True)),
        ("step=0", NumberRange(unclear=True)),
    ],
)
def test_what_is_written(text: str, found: NumberRange) -> None:
    assert number_range(text) == found


def test_whole_numbers_and_the_condition() -> None:
    assert number_range("").whole
    assert not number_range("step=0.5").whole
    assert number_range("start=10 end=-2").condition == ". >= -2 and . <= 10"
