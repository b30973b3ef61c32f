"""Tries of the check of a night: a fault of the place has so many, any other none."""

from __future__ import annotations

import pytest

from engine.app.daemons.daily_retry import PAUSES, NightTries
from engine.app.ports.store import ConflictError, UnavailableError


@pytest.mark.parametrize(
    "problem", [OSError(28, "full"), MemoryError(), UnavailableError("x"), ConflictError("x")]
)
def test_what_the_place_lacks_is_tried_again_so_often_and_then_told(problem: Exception) -> None:
    tries = NightTries()
    for _night in range(2):
        assert not tries.again
        for pause in PAUSES:
            later = tries.put_off(problem)
            assert later is not None
            assert later.after == pause
            assert tries.again
        assert tries.put_off(problem) is None


def test_a_fault_of_the_check_is_told_at_once_and_a_result_ends_the_tries() -> None:
    tries = NightTries()
    assert tries.put_off(TypeError("x")) is None
    assert tries.put_off(OSError()) is not None
    tries.end()
    assert not tries.again
    later = tries.put_off(OSError())
    assert later is not None
    assert later.after == PAUSES[0]
