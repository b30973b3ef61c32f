"""批准 不批准."""

from __future__ import annotations

import pytest
from verb_factories import codes, happened, in_review
from walk_factories import ANNA, CARL, DORA, Walk

from engine.kernel.refusal import Refusal
from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs import approve
from engine.lifecycle.verbs.approve import DENY, Approve
from engine.lifecycle.verbs.extend import EXTEND, Extend
from engine.lifecycle.verbs.void import VOID, Void

ASK = Extend(actor=CARL, count=3, reason="材料未齐")


@pytest.fixture
def asked() -> Walk:
    case = in_review()
    assert case.do(ASK).kind is EventKind.ASKED
    return case


def decision(granted: bool, actor: object = DORA, **how: object) -> Approve:
    return Approve(actor=actor, verb="extend", granted=granted, **how)  # type: ignore[arg-type] # of a test


def test_what_is_asked_for_is_kept_as_it_was_typed(asked: Walk) -> None:
    kept = dict(asked.case.asked["extend"])
    content = kept.pop("content")
    assert kept == {"by": "carl", "reason": "材料未齐", "count": 3}
    assert "延长3 个工作日，到期日由 " in content, "which clock, from which day to which day"
    outcome = approve.ask(
        asked.process, asked.case, EXTEND, asked.process.state("review").verbs["extend"], ASK
    )
    assert codes(outcome) == ["asked"]


def test_granted_it_is_the_command_that_was_asked_for(asked: Walk) -> None:
    words = approve.judge(asked.process, asked.case, decision(True))
    assert not isinstance(words, Refusal)
    assert approve.granted(EXTEND, decision(True), words) == Extend(
        actor=DORA, count=3, reason="材料未齐", granted=True
    )
    done = asked.do(decision(True))
    assert (done.kind, done.notes["asked"], asked.case.asked) == (EventKind.EXTENDED, "carl", {})


def test_denied_who_asked_is_told(asked: Walk) -> None:
    command = decision(False, reason="不合规定")
    kind, change, told = happened(DENY.decide(asked.process, asked.case, command, asked.now))
    assert (kind, change.asked, told) == (EventKind.DENIED, {"extend": None}, ("p:carl",))
    assert codes(approve.decide_request(asked.process, asked.case, decision(False), asked.now)) == ["reason"]


def test_not_by_who_asked_nor_by_strangers(asked: Walk) -> None:
    for actor in (CARL, ANNA):
        outcome = approve.judge(asked.process, asked.case, decision(True, actor))
        assert isinstance(outcome, Refusal)
        assert [reason.code for reason in outcome.reasons] == ["not-allowed"]


def test_nothing_is_decided_that_nobody_asked_for() -> None:
    case = in_review()
    outcome = approve.judge(case.process, case.case, decision(True))
    assert isinstance(outcome, Refusal)
    assert "没有待批准的申请" in str(outcome)


def test_what_needs_approval() -> None:
    case = in_review()
    verb = case.process.state("review").verbs["void"]
    command = Void(actor=CARL, reason="重复")
    assert approve.needs_approval(VOID, verb, command)
    assert not approve.needs_approval(VOID, None, command)
    assert not approve.needs_approval(VOID, verb, Void(actor=CARL, reason="重复", granted=True))
