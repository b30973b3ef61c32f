"""催办 回执."""

from __future__ import annotations

from verb_factories import codes, happened, in_review, walk
from walk_factories import ANNA, CARL, DORA

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import CasePath
from engine.lifecycle.verbs.asking.urge import URGE, Acknowledge, Urge, acknowledge, current_assignees, urge

URGED = CasePath(urged=1, urged_by="carl")


def test_those_who_have_the_task_are_told() -> None:
    case = walk()
    kind, _, told = happened(urge(case.process, case.case, Urge(actor=CARL), case.now))
    assert (kind, told) == (EventKind.URGED, ("clerk",))
    assert happened(urge(case.process, walk(assignee="anna").case, Urge(actor=CARL), case.now))[2] == (
        "p:anna",
    )


def test_as_often_as_the_definition_says() -> None:
    case = walk()
    command = Urge(actor=CARL, passage=CasePath(urged=2))
    assert codes(urge(case.process, case.case, command, case.now)) == ["limit"]


def test_who_urged_is_told_of_the_receipt() -> None:
    case = walk()
    command = Acknowledge(actor=ANNA, passage=URGED)
    kind, _, told = happened(acknowledge(case.process, case.case, command, case.now))
    assert (kind, told) == (EventKind.ACKNOWLEDGED, ("p:carl",))


def test_a_receipt_is_given_once_and_by_whom_it_was_meant_for() -> None:
    case = walk()
    stranger = Acknowledge(actor=DORA, passage=URGED)
    assert codes(acknowledge(case.process, case.case, stranger, case.now)) == ["not-allowed"]
    again = Acknowledge(actor=ANNA, passage=CasePath(urged=1, urged_by="carl", received_by=("anna",)))
    assert codes(acknowledge(case.process, case.case, again, case.now)) == ["claimed"]
    unasked = Acknowledge(actor=ANNA)
    assert codes(acknowledge(case.process, case.case, unasked, case.now)) == ["state"]
    assert codes(acknowledge(case.process, in_review().case, unasked, case.now)) == ["state"]


def test_signers_are_urged_before_all_it_is_for() -> None:
    case = in_review()
    assert current_assignees(case.process, case.case) == ("p:anna", "p:carl")


def test_urging_does_not_wait_and_is_no_work_on_the_case() -> None:
    assert (URGE.urgent, URGE.counts_as_acting) == (True, False)
