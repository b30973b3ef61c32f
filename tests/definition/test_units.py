"""Units of numbers."""

from __future__ import annotations

import pytest

from engine.definition.units import DAYS, PERSONS, PLAIN, RATIO, Unit, added, divided, multiplied, unit_of


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        (None, PLAIN),
        ("", PLAIN),
        ("人", PERSONS),
        ("名", PERSONS),
        ("天", DAYS),
        ("元/人/日", Unit((("人", -1), ("元", 1), ("日", -1)))),
        ("人·日", Unit((("人", 1), ("日", 1)))),
        ("工作日 / 工作日", PLAIN),
        ("1/日", Unit((("日", -1),))),
    ],
)
def test_a_unit_is_a_word_a_product_or_a_quotient(written: str | None, unit: Unit) -> None:
    assert unit_of(written) == unit


def test_units_are_spelled_for_people() -> None:
    assert str(unit_of("元/日").spelled()) == "“元/日”"
    assert str(Unit((("日", -1),)).spelled()) == "“1/日”"
    assert (str(RATIO.spelled()), str(PLAIN.spelled())) == ("比例", "无单位的数")


def test_an_unknown_unit_takes_the_other() -> None:
    assert added(None, DAYS) == added(DAYS, None) == added(DAYS, DAYS) == (DAYS, True)
    assert added(DAYS, PERSONS) == (DAYS, False)
    assert (multiplied(None, DAYS), multiplied(DAYS, PLAIN), multiplied(RATIO, DAYS)) == (DAYS, DAYS, DAYS)
    assert multiplied(None, RATIO) is None
    assert divided(DAYS, RATIO) == divided(DAYS, PLAIN) == divided(DAYS, None) == DAYS
    assert (divided(DAYS, DAYS), divided(RATIO, DAYS), divided(None, DAYS)) == (RATIO, None, None)
