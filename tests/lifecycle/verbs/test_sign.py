"""加签 减签."""

from __future__ import annotations

from verb_factories import codes, happened, in_review, walk
from walk_factories import ANNA, BELA, CARL, DORA

from engine.lifecycle.case import EventKind
from engine.lifecycle.signers import waiting_for
from engine.lifecycle.verbs.sign import AddSigner, DropSigner, add_signer, drop_signer


def test_one_more_must_sign_and_is_told() -> None:
    case = in_review()
    command = AddSigner(actor=CARL, person=DORA, reason="分管")
    kind, change, told = happened(add_signer(case.process, case.case, command, case.now))
    signing = change.signing["sign"]
    assert signing is not None
    assert (kind, signing.added, told) == (EventKind.SIGNER_ADDED, ("dora",), ("p:dora",))


def test_only_one_of_those_named_who_does_not_sign_anyway() -> None:
    case = in_review()
    stranger = AddSigner(actor=CARL, person=BELA, reason="分管")
    assert codes(add_signer(case.process, case.case, stranger, case.now)) == ["person"]
    known = AddSigner(actor=CARL, person=ANNA, reason="分管")
    assert codes(add_signer(case.process, case.case, known, case.now)) == ["person", "signed"]


def test_who_has_not_signed_need_not() -> None:
    case = in_review()
    case.take("sign", ANNA)
    command = DropSigner(actor=CARL, person=CARL, reason="回避")
    kind, change, told = happened(drop_signer(case.process, case.case, command, case.now))
    signing = change.signing["sign"]
    assert signing is not None
    assert (kind, signing.dropped, told) == (EventKind.SIGNER_DROPPED, ("carl",), ("p:anna",))
    signed = DropSigner(actor=CARL, person=ANNA, reason="回避")
    assert codes(drop_signer(case.process, case.case, signed, case.now)) == ["signed"]
    nobody = DropSigner(actor=CARL, person=DORA, reason="回避")
    assert codes(drop_signer(case.process, case.case, nobody, case.now)) == ["person"]


def test_only_where_a_step_is_signed() -> None:
    case = walk()
    command = AddSigner(actor=CARL, person=DORA, reason="分管")
    assert codes(add_signer(case.process, case.case, command, case.now)) == ["state", "state"]
    other = AddSigner(actor=CARL, person=DORA, step="submit", reason="分管")
    assert codes(add_signer(case.process, in_review().case, other, case.now)) == ["state"]


def test_one_who_signs_before_those_who_have_not() -> None:
    case = in_review()
    case.take("sign", ANNA)
    case.do(AddSigner(actor=CARL, person=DORA, place="before", reason="先请示"))
    (reason,) = case.no("sign", CARL).reasons
    assert str(reason.message) == "“签发”依次签署，现在由dora签"
    assert waiting_for(case.process, case.case) == ("p:dora",)
    case.take("sign", DORA)
    case.take("sign", CARL)
    assert case.state == "done"


def test_one_who_signs_after_all_others() -> None:
    case = in_review()
    case.do(AddSigner(actor=CARL, person=DORA, place="after", reason="终核"))
    (reason,) = case.no("sign", DORA).reasons
    assert str(reason.message) == "“签发”依次签署，现在由anna、carl签"
    assert waiting_for(case.process, case.case) == ("p:anna", "p:carl")
    case.take("sign", ANNA)
    case.take("sign", CARL)
    assert (case.state, waiting_for(case.process, case.case)) == ("review", ("p:dora",))
    case.take("sign", DORA)
    assert case.state == "done"


def test_who_is_left_when_the_others_need_not_sign() -> None:
    case = in_review()
    case.do(AddSigner(actor=CARL, person=DORA, place="after", reason="终核"))
    case.take("sign", ANNA)
    case.do(DropSigner(actor=CARL, person=CARL, reason="回避"))
    assert waiting_for(case.process, case.case) == ("p:dora",)
    case.do(DropSigner(actor=CARL, person=DORA, reason="不必"))
    assert waiting_for(case.process, case.case) == ("p:anna",)
    wrong = AddSigner(actor=CARL, person=DORA, place="middle", reason="?")
    assert codes(add_signer(case.process, case.case, wrong, case.now)) == ["place"]
