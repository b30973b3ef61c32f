"""撤回."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verb_factories import codes, happened, in_review, walk
from walk_factories import ANNA, CARL, DORA

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE, CasePath, Correction, LastStep
from engine.lifecycle.verbs.extend import Extend
from engine.lifecycle.verbs.withdraw import Withdraw, withdraw

BEFORE = walk().case
SUBMITTED = LastStep(
    actor="anna", step="submit", title="报审", before=BEFORE, fields=frozenset({"seen", "gone"})
)
PUT_RIGHT = Correction(form="note", before={"a": 1}, after={"a": 2})


def take_back(last: LastStep | None = SUBMITTED, **passage: object) -> Withdraw:
    return Withdraw(actor=ANNA, passage=CasePath(last=last, **passage))  # type: ignore[arg-type] # of a test


def test_all_is_as_it_was() -> None:
    case = in_review(fields={"seen": 1})
    kind, change, told = happened(withdraw(case.process, case.case, take_back(), case.now))
    assert (kind, change.state, change.fields, told) == (
        EventKind.WITHDRAWN,
        "open",
        {"seen": None},
        ("chief",),
    )
    assert change.clocks["review"] is None
    assert change.clocks["open"] is not None


def test_what_was_set_besides_since_then_stays() -> None:
    case = in_review(fields={"seen": 1, "found": 2})
    _, change, _ = happened(withdraw(case.process, case.case, take_back(), case.now))
    assert dict(change.fields) == {"seen": None}
    # What was put right since is no fact of the step: it may be taken back all the same.
    put_right = replace(SUBMITTED, corrected=(PUT_RIGHT,))
    _, change, _ = happened(withdraw(case.process, case.case, take_back(put_right), case.now))
    assert dict(change.fields) == {"seen": None}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (take_back(None), "没有办过"),
        (take_back(replace(SUBMITTED, actor=ENGINE)), "由系统办理"),
        (take_back(replace(SUBMITTED, actor="emil")), "只能由其本人撤回"),
        (take_back(replace(SUBMITTED, acted_since="carl")), "已接着办理"),
        (take_back(replace(SUBMITTED, stayed_since="登记")), "又办了“登记”"),
        (take_back(released=("上级件", "汇总")), "上级件"),
        (take_back(replace(SUBMITTED, step="other")), "案件之外的结果"),
    ],
)
def test_what_cannot_be_taken_back(command: Withdraw, said: str) -> None:
    case = in_review()
    outcome = withdraw(case.process, case.case, command, case.now)
    assert codes(outcome) == ["state"]
    assert said in str(outcome)


def test_a_request_is_taken_back_by_who_asked() -> None:
    case = in_review()
    case.do(Extend(actor=CARL, count=3, reason="材料未齐"))
    _, change, told = happened(withdraw(case.process, case.case, Withdraw(actor=CARL), case.now))
    assert (change.asked, told) == ({"extend": None}, ("deputy",))


def test_a_signature_is_taken_back_by_its_signer() -> None:
    case = in_review()
    case.take("sign", ANNA)
    _, change, _ = happened(withdraw(case.process, case.case, Withdraw(actor=ANNA), case.now))
    signing = change.signing["sign"]
    assert signing is not None
    assert signing.signed == ()
    assert codes(withdraw(case.process, case.case, Withdraw(actor=DORA), case.now)) == ["state"]
