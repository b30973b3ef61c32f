"""委派 交回: the answer comes back to who entrusted the task, who then decides."""

from __future__ import annotations

import pytest
from verb_factories import codes, happened
from walk_factories import ANNA, BELA, CARL, DORA, Walk

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.verbs.claim import Claim
from engine.lifecycle.verbs.entrust import Entrust, HandBack, entrust, hand_back
from engine.lifecycle.verbs.reassign import Reassign

FLOW = """
workflow: review
title: 审核
about: none
initial: open
start: {by: clerk}
states:
  open:
    title: 待审核
    for: [chief, clerk]
    verbs:
      - claim
      - entrust: {by: [chief, clerk], among: [clerk, deputy]}
      - reassign: {by: chief}
  done: {title: 办结, final: true}
transitions:
  - {do: decide, title: 决定, from: open, to: done}
"""


def test_the_answer_comes_back_and_then_the_delegator_decides() -> None:
    case = Walk(FLOW)
    case.do(Entrust(actor=CARL, to=DORA, reason="先核实工资表"))
    assert (case.case.assignee, case.log[-1][2]) == ("dora", ("p:dora",))
    for person in (CARL, DORA, ANNA):
        assert [reason.code for reason in case.no("decide", person).reasons] == ["entrusted"]
    case.do(HandBack(actor=DORA, reason="工资表属实"))
    order = case.case.entrusted
    assert order is not None
    assert (case.case.assignee, order["answer"], case.log[-1][2]) == ("carl", "工资表属实", ("p:carl",))
    assert [reason.code for reason in case.no("decide", DORA).reasons] == ["not-allowed"]
    assert [reason.code for reason in case.no("decide", ANNA).reasons] == ["claimed"]
    case.take("decide", CARL)
    assert case.case.entrusted is None
    assert case.kinds == ["entrusted", "handed_back", "advanced"]


def test_what_stands_against_entrusting() -> None:
    case = Walk(FLOW)
    now = case.now
    assert codes(entrust(case.process, case.case, Entrust(actor=CARL, to=CARL, reason="?"), now)) == [
        "person"
    ]
    assert codes(entrust(case.process, case.case, Entrust(actor=CARL, to=DORA), now)) == ["reason"]
    stranger = Actor("eva", "north", frozenset({"guard"}))
    assert codes(entrust(case.process, case.case, Entrust(actor=CARL, to=stranger, reason="?"), now)) == [
        "person"
    ]
    assert codes(entrust(case.process, case.case, Entrust(actor=BELA, to=DORA, reason="?"), now)) == [
        "not-allowed"
    ]
    assert codes(hand_back(case.process, case.case, HandBack(actor=DORA, reason="?"), now)) == ["state"]
    case.do(Claim(actor=ANNA))
    assert codes(entrust(case.process, case.case, Entrust(actor=CARL, to=DORA, reason="?"), now)) == [
        "claimed"
    ]
    case.do(Entrust(actor=ANNA, to=DORA, reason="请核"))
    again = Entrust(actor=ANNA, to=DORA, reason="请核")
    assert codes(entrust(case.process, case.case, again, now)) == ["entrusted"]
    assert codes(hand_back(case.process, case.case, HandBack(actor=CARL, reason="?"), now)) == ["not-allowed"]
    assert codes(hand_back(case.process, case.case, HandBack(actor=DORA), now)) == ["reason"]


def test_whoever_entrusted_it_takes_it_back_and_who_stands_in_hands_it_back() -> None:
    case = Walk(FLOW)
    case.do(Entrust(actor=CARL, to=DORA, reason="先核实"))
    kind, change, receivers = happened(
        hand_back(case.process, case.case, HandBack(actor=CARL, reason="不必了"), case.now)
    )
    assert (kind, change.assignee, receivers) == (EventKind.HANDED_BACK, "carl", ("p:dora",))
    deputy = Actor("emil", principals=(DORA,))
    _, change, receivers = happened(
        hand_back(case.process, case.case, HandBack(actor=deputy, reason="属实"), case.now)
    )
    assert (change.assignee, receivers) == ("carl", ("p:carl",))


def test_whoever_else_gets_the_task_need_not_hand_it_back() -> None:
    case = Walk(FLOW)
    case.do(Entrust(actor=CARL, to=DORA, reason="先核实"))
    case.do(Reassign(actor=CARL, to=ANNA, reason="换人"))
    assert (case.case.assignee, case.case.entrusted) == ("anna", None)
    case.take("decide", ANNA)


@pytest.mark.parametrize("mode", ["in_order", "all", "any"])
def test_nobody_signs_what_is_entrusted_until_it_has_come_back(mode: str) -> None:
    signed = "title: 决定, from: open, to: done, sign: {mode: MODE, by: [chief, clerk]}".replace("MODE", mode)
    case = Walk(FLOW.replace("title: 决定, from: open, to: done", signed))
    case.do(Entrust(actor=CARL, to=DORA, reason="请核"))
    for person in (CARL, DORA, ANNA):
        assert [reason.code for reason in case.no("decide", person).reasons] == ["entrusted"]
    case.do(HandBack(actor=DORA, reason="核过"))
    case.take("decide", CARL, holders={"chief": ("carl",), "clerk": ("anna",)})
