"""A trial draw: whole, watermarked, and nothing of it in the database."""

from __future__ import annotations

import pytest
from draws_fixtures import DICE, Desk

from engine.app.draws.trial import trial
from engine.draw.refused import DrawRefused
from engine.draw.verification import verify

DIGITS = DICE.removeprefix("dice:")


def test_a_trial_verifies_and_is_not_stored(desk: Desk) -> None:
    with desk.unit() as uow:
        record = trial(uow, desk.case(), DIGITS, "trial")
        assert record == trial(uow, desk.case(), DIGITS, "trial")
    assert record.parsed.batch_id == "TEST-batch-1"
    assert verify(record).ok
    assert record.visits
    with desk.look() as transaction:
        assert transaction.records.draws() == []


def test_a_trial_refuses_what_a_draw_would(desk: Desk) -> None:
    with desk.unit() as uow, pytest.raises(DrawRefused, match="24 位"):
        trial(uow, desk.case(), DIGITS[:-1], "trial")
