"""行政处罚: the clocks of the law, from service and not from a state; reading again what was entered; signing, dropping, voiding."""

from __future__ import annotations

from typing import Any

import pytest
from bureau_factories import Bureau, done, shanghai
from reference_factories import reference

DRAFT: dict[str, Any] = {
    "ground": ["unpaid"],
    "kind": "fine",
    "amount": 5000,
    "panel": ["carl", "dora", "cora"],
    "note": "已补发",
}


@pytest.fixture
def bureau() -> Bureau:
    return Bureau(*reference("bureau", "penalty_draft", "service", "penalty"))


def notified(bureau: Bureau) -> str:
    """Return a case in which a penalty was announced."""
    case = bureau.start("penalty", section="north")
    bureau.take(case, "conclude", "anna", DRAFT)
    return case


def due(bureau: Bureau, case: str) -> dict[str, str]:
    return {name: clock.due_on.isoformat() for name, clock in bureau.case(case).clocks.items()}


def test_the_period_of_the_hearing_is_counted_from_service(bureau: Bureau) -> None:
    case = notified(bureau)
    # 2024-09-02 and 90 days; six months from the same day are later.
    assert due(bureau, case) == {"handling": "2024-12-01"}
    bureau.until("2024-09-12")
    bureau.take(case, "serve", "anna", {"served_on": "2024-09-10"})
    # Five working days after Tuesday the 10th, over the festival (14 September is worked).
    assert due(bureau, case)["hearing_request"] == "2024-09-18"
    assert bureau.no(case, "go_on") == ["申请听证的期限还没有过"]
    bureau.until("2024-09-18 23:00")
    assert bureau.state(case) == "notified"
    bureau.until("2024-09-19 01:00")
    assert bureau.state(case) == "deciding"
    assert bureau.findings() == []


def test_who_waives_the_hearing_need_not_wait_and_service_anew_counts_anew(bureau: Bureau) -> None:
    case = notified(bureau)
    bureau.take(case, "serve", "anna", {"served_on": "2024-09-02"})
    assert due(bureau, case)["hearing_request"] == "2024-09-09"
    bureau.until("2024-09-05")
    bureau.take(case, "serve", "anna", {"served_on": "2024-09-05"})
    assert due(bureau, case)["hearing_request"] == "2024-09-12"
    bureau.take(case, "waive", "anna", reason="书面放弃")
    assert "hearing_request" not in due(bureau, case)
    bureau.take(case, "go_on", "anna")
    assert bureau.state(case) == "deciding"


def test_the_period_of_the_case_stands_still_during_the_hearing(bureau: Bureau) -> None:
    case = notified(bureau)
    bureau.take(case, "serve", "anna", {"served_on": "2024-09-02"})
    bureau.take(case, "request", "anna")
    assert "hearing_request" not in due(bureau, case)
    bureau.until("2024-09-12")
    bureau.take(case, "held", "anna")
    assert due(bureau, case)["handling"] == "2024-12-11"
    # However long the hearing takes: six months from the day it was opened on, that day counted.
    bureau.application.send_back(case, "carl", "investigating", reason="补充调查")
    assert due(bureau, case)["handling"] == "2024-12-11"


def test_what_a_step_hides_and_shows_only_stays(bureau: Bureau) -> None:
    case = notified(bureau)
    bureau.take(case, "serve", "anna", {"served_on": "2024-09-02"})
    bureau.until("2024-09-11")
    assert bureau.state(case) == "deciding"
    (sentence,) = bureau.no(case, "revise", "carl", {"kind": "fine", "amount": 1, "panel": ["carl", "dora"]})
    assert "集体讨论人员" in sentence
    bureau.take(case, "revise", "carl", {"kind": "fine", "amount": 3000, "note": "又减轻"})
    answers = bureau.case(case).forms["penalty_draft"]
    assert (answers["amount"], answers["panel"], answers["ground"]) == (3000, DRAFT["panel"], ["unpaid"])
    for person in ("carl", "dora"):
        bureau.take(case, "decide", person)
    assert bureau.state(case) == "deciding"
    done(bureau.application.drop_signer(case, "carl", "cora", reason="出差"))
    bureau.take(case, "decide", "dora")
    assert bureau.state(case) == "decided"
    assert bureau.findings() == []


def test_codes_that_exclude_others_and_codes_that_are_offered(bureau: Bureau) -> None:
    case = bureau.start("penalty", section="north")
    (alone,) = bureau.no(case, "conclude", "anna", {**DRAFT, "ground": ["unpaid", "none"]})
    assert "违法事由" in alone
    (offered,) = bureau.no(case, "conclude", "anna", {**DRAFT, "kind": "closure"})
    assert "处罚种类" in offered
    bureau.take(case, "conclude", "anna", {**DRAFT, "kind": "closure", "amount": 30_000})


def test_a_case_is_claimed_and_voided(bureau: Bureau) -> None:
    case = bureau.start("penalty", section="north")
    done(bureau.application.claim(case, "anna"))
    done(bureau.application.void(case, "carl", reason="主体不适格"))
    assert bureau.state(case) == "void"
    assert bureau.case(case).closed_at == shanghai("2024-09-02")
