"""转办."""

from __future__ import annotations

from verb_factories import codes, happened, walk
from walk_factories import ANNA, BELA, CARL, DORA

from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.reassign import REASSIGN, Reassign, reassign


def test_it_goes_to_one_of_those_named() -> None:
    case = walk()
    for other in (ANNA, DORA):
        command = Reassign(actor=CARL, to=other, reason="出差")
        kind, change, _ = happened(reassign(case.process, case.case, command, case.now))
        assert (kind, change.assignee) == (EventKind.REASSIGNED, other.id)


def test_it_goes_to_nobody_else_and_says_on_what_basis() -> None:
    case = walk()
    outcome = reassign(case.process, case.case, Reassign(actor=CARL, to=BELA, reason="出差"), case.now)
    assert codes(outcome) == ["person"]
    assert "某办法 第八条" in str(outcome)


def test_who_it_is_not_for_and_who_gives_no_reason_are_refused_at_once() -> None:
    case = walk()
    command = Reassign(actor=ANNA, to=ANNA)
    assert codes(reassign(case.process, case.case, command, case.now)) == ["not-allowed", "reason"]


def test_it_is_not_given_to_who_has_it() -> None:
    case = walk(assignee="anna")
    command = Reassign(actor=CARL, to=ANNA, reason="出差")
    assert codes(reassign(case.process, case.case, command, case.now)) == ["claimed"]


def test_the_row_takes_a_person() -> None:
    assert [(one.name, one.names_person) for one in REASSIGN.arguments] == [("to", True)]
