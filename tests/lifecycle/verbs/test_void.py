"""作废."""

from __future__ import annotations

from verb_factories import codes, happened, walk
from walk_factories import ANNA, CARL

from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.void import Void, void


def test_the_case_ends_and_its_clocks_stop() -> None:
    case = walk()
    kind, change, told = happened(void(case.process, case.case, Void(actor=CARL, reason="重复"), case.now))
    assert (kind, change.state, change.final, told) == (EventKind.VOIDED, "void", True, ("clerk",))
    assert change.clocks == {"open": None}


def test_by_whom_it_is_for_and_with_a_reason() -> None:
    case = walk()
    assert codes(void(case.process, case.case, Void(actor=ANNA), case.now)) == ["not-allowed", "reason"]


def test_not_where_the_state_does_not_say_so() -> None:
    case = walk(state="done")
    assert codes(void(case.process, case.case, Void(actor=CARL, reason="重复"), case.now)) == ["state"]
