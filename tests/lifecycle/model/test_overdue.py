"""The keys of ``overdue:`` fill the fields of its value, and are what the language has."""

from __future__ import annotations

from dataclasses import fields

from engine.definition.grammar import SHAPES
from engine.definition.keywords import KEYS
from engine.lifecycle.model.overdue import OVERDUE_ACTS, OVERDUE_KEYS, OverdueStep
from engine.worktime.periods import Period, PeriodUnit


def test_every_key_fills_a_field_and_every_field_has_a_key() -> None:
    filled = {name for name, _ in OVERDUE_KEYS.values()}
    # The period is the key of the entry itself.
    assert filled | {"after"} == {one.name for one in fields(OverdueStep)}
    assert list(SHAPES["overdue"]) == list(OVERDUE_KEYS)
    assert KEYS["escalate"] == ("升级",)
    assert set(OVERDUE_ACTS) < set(OVERDUE_KEYS)


def test_the_chain_is_the_target_and_the_roles_above_it() -> None:
    step = OverdueStep(Period(1, PeriodUnit.DAYS), escalation_chain=("chief", "deputy", "head"))
    assert (step.escalate, step.fallback_roles) == ("chief", ("deputy", "head"))
    plain = OverdueStep(Period(1, PeriodUnit.DAYS))
    assert (plain.escalate, plain.fallback_roles) == (None, ())
