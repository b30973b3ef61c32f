"""The ceremony: when it can be held, and what two people type."""

from __future__ import annotations

import pytest
from draws_fixtures import DICE, Desk

from engine.app.draws.ceremony import Ceremony, open_ceremony
from engine.draw.refused import DrawRefused
from engine.kernel.refusal import NextAction

DIGITS = DICE.removeprefix("dice:")


def ceremony_of(desk: Desk) -> Ceremony:
    with desk.unit() as uow:
        return open_ceremony(uow, desk.case())


def test_before_the_commitment_there_is_none_and_what_comes_next_is_a_value(desk: Desk) -> None:
    with pytest.raises(DrawRefused, match="还没有公布承诺") as refused:
        ceremony_of(desk)
    assert refused.value.reasons[0].next == NextAction("commit_first")
    assert "ssj" not in str(refused.value)


def test_it_names_both_steps_and_what_each_hands_in(desk: Desk) -> None:
    found = ceremony_of(desk.committed())
    assert (found.typing, found.drawing) == ("type_entropy", "draw_objects")
    assert found.answers(DICE, "2026-03-02T12:00:00+08:00", "掷骰", ()) == {
        "entropy": DICE,
        "obtained_at": "2026-03-02T12:00:00+08:00",
        "source": "掷骰",
    }
    assert found.confirmation(DICE) == {"entropy": DICE, "seen_original": True}


def test_two_people_have_to_type_the_same(desk: Desk) -> None:
    found = ceremony_of(desk.committed())
    assert found.entropy({"dice": DIGITS}, {"dice": DIGITS}) == DICE
    with pytest.raises(DrawRefused, match="第 1 个字符"):
        found.entropy({"dice": DIGITS}, {"dice": "9" + DIGITS[1:]})
    with pytest.raises(DrawRefused, match="24 位"):
        found.entropy({"dice": "1"}, {"dice": "1"})


def test_a_draw_is_held_once(desk: Desk) -> None:
    with pytest.raises(DrawRefused, match="已经抽过"):
        ceremony_of(desk.drawn())
