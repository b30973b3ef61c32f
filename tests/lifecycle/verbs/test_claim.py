"""领取."""

from __future__ import annotations

from dataclasses import replace

from verb_factories import codes, happened, walk
from walk_factories import ANNA, BELA, CARL

from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.claim import CLAIM, Claim, claim
from engine.lifecycle.verbs.spec import ReasonRule


def test_one_of_those_it_is_for_takes_it() -> None:
    case = walk()
    kind, change, told = happened(claim(case.process, case.case, Claim(actor=ANNA), case.now))
    assert (kind, change.assignee, told) == (EventKind.CLAIMED, "anna", ())


def test_nobody_else_does() -> None:
    case = walk()
    for stranger in (BELA, CARL):
        assert codes(claim(case.process, case.case, Claim(actor=stranger), case.now)) == ["not-allowed"]


def test_what_is_claimed_is_not_claimed_again() -> None:
    case = walk()
    for holder in ("anna", "emil"):
        taken = replace(case.case, assignee=holder)
        assert codes(claim(case.process, taken, Claim(actor=ANNA), case.now)) == ["claimed"]
    closed = replace(case.case, state="done", closed_at=case.now)
    assert codes(claim(case.process, closed, Claim(actor=ANNA), case.now)) == ["closed"]


def test_the_row_asks_for_no_reason() -> None:
    assert (CLAIM.word, CLAIM.reason, CLAIM.bulk) == ("claim", ReasonRule.NONE, True)
