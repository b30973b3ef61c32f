"""延期."""

from __future__ import annotations

import pytest
from verb_factories import codes, happened, walk
from walk_factories import ANNA, CARL

from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.extend import Extend, extend


def more(count: int, actor: object = CARL, **how: object) -> Extend:
    return Extend(actor=actor, count=count, **{"reason": "材料未齐", **how})  # type: ignore[arg-type] # of a test


def test_a_running_clock_gets_more_time() -> None:
    case = walk()
    kind, change, _ = happened(extend(case.process, case.case, more(3), case.now))
    longer = change.clocks["open"]
    assert longer is not None
    assert (kind, longer.extended_by, longer.times_extended) == (EventKind.EXTENDED, 3, 1)
    assert longer.due_at > case.case.clocks["open"].due_at


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        (more(0), ["limit"]),
        (more(9), ["limit"]),
        (more(3, clock="other"), ["clock"]),
        (more(3, ANNA), ["not-allowed"]),
        (more(3, reason=" "), ["reason"]),
    ],
)
def test_within_its_limits_only(command: Extend, refused: list[str]) -> None:
    case = walk()
    assert codes(extend(case.process, case.case, command, case.now)) == refused


def test_as_often_as_the_definition_says() -> None:
    case = walk()
    case.do(more(1))
    case.do(more(1))
    assert codes(extend(case.process, case.case, more(1), case.now)) == ["limit"]


def test_who_was_entitled_when_they_asked_is_not_asked_again() -> None:
    case = walk()
    assert happened(extend(case.process, case.case, more(1, ANNA, granted=True), case.now))
