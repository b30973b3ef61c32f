"""Rules of eight other offices, written with the documents at hand and nothing else, on the virtual clock."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from bureau_factories import Bureau
from reference_factories import reference

OFFICES = Path(__file__).with_name("offices")


def office(*names: str, at: str = "2024-03-04") -> Bureau:
    """Return a bureau with some of the processes and their forms."""
    return Bureau(
        *reference("bureau"), *((OFFICES / f"{name}.yaml").read_text("utf-8") for name in names), at=at
    )


def due(bureau: Bureau, case: str, clock: str) -> str:
    """Return the day a clock of a case is due."""
    return str(bureau.case(case).clocks[clock].due_on)


def money(bureau: Bureau, case: str, field: str) -> Fraction:
    """Return a sum a case keeps."""
    return Fraction(str(bureau.case(case).fields[field]))


def test_labour_arbitration() -> None:
    """三名仲裁员；开庭五日前通知；四十五日结案，批准延长不超过十五日；五日内决定受理。"""
    bureau = office("arbitration_claim", "hearing_day", "arbitration")
    case = bureau.start("arbitration", "anna", {"amount": "80000"}, section="north")
    assert due(bureau, case, "applied") == "2024-03-09"
    bureau.take(case, "accept", "carl")
    assert due(bureau, case, "trial") == "2024-04-18"
    assert due(bureau, case, "defence") == "2024-03-14"
    alone = {"arbitrators": ["anna"], "held_on": "2024-03-20"}
    assert bureau.no(case, "compose", "carl", alone)[0].startswith("由三名仲裁员组成仲裁庭")
    three = {"arbitrators": ["anna", "anton", "carl"], "held_on": "2024-03-07"}
    assert bureau.no(case, "compose", "carl", three) == ["开庭五日前通知双方"]
    bureau.take(case, "compose", "carl", {**three, "held_on": "2024-03-20"})
    bureau.until("2024-03-20")
    bureau.take(case, "hold", "anton")
    for arbitrator in ("anna", "anton", "carl"):
        assert bureau.state(case) == "awarding"
        bureau.take(case, "award", arbitrator)
    assert bureau.state(case) == "awarded"
    small = bureau.start("arbitration", "anna", {"amount": "50000"}, section="north")
    bureau.take(small, "accept", "carl")
    bureau.take(small, "compose", "carl", {"arbitrators": ["anna"], "held_on": "2024-03-28"})
    assert bureau.state(small) == "called"


def test_an_audit_of_medical_insurance() -> None:
    """疑点逐条；收到起五个工作日内申诉，不申诉视为认可；拒付额为疑点合计减复审准予支付；超过一万元的由分管领导签发。"""
    bureau = office("doubts", "appeal", "appeal_review", "insurance_audit")
    lines = [{"bill": "A", "amount": "6000.50"}, {"bill": "B", "amount": "5000"}]
    case = bureau.start("insurance_audit", section="north")
    bureau.take(case, "list_doubts", "anna", {"received_on": "2024-03-04", "lines": lines})
    assert due(bureau, case, "appeal") == "2024-03-11"
    bureau.until("2024-03-12 00:05")
    assert (bureau.state(case), money(bureau, case, "deducted")) == ("confirming", Fraction("11000.50"))
    other = bureau.start("insurance_audit", section="north")
    bureau.take(other, "list_doubts", "anna", {"received_on": "2024-03-11", "lines": lines})
    bureau.take(other, "appealed", "anna", {"letter": "附病历"})
    much = [{"bill": "A", "allowed": "20000"}]
    assert bureau.no(other, "review", "carl", {"lines": much}) == ["准予支付的不能多于疑点金额"]
    bureau.take(other, "review", "carl", {"lines": [{"bill": "A", "allowed": "6000.50"}]})
    assert (bureau.state(other), money(bureau, other, "deducted")) == ("done", Fraction(5000))
    clean = bureau.start("insurance_audit", section="north")
    bureau.take(clean, "list_doubts", "anna", {"received_on": "2024-03-11", "lines": []})
    assert bureau.state(clean) == "clean"


def test_public_rental_housing() -> None:
    """公示七日、十日；有异议的停下核查；轮候一次一户，先到先得；补贴按面积；超标的六个月内腾退。"""
    names = ("housing_claim", "housing_check", "housing_lease", "income_check", "rental_housing")
    bureau = office(*names)
    first, second = (bureau.start("rental_housing", "anna", {"people": 3}, section="north") for _ in range(2))
    bureau.until("2024-03-12")
    assert bureau.state(first) == "district"
    bureau.take(second, "object", "anna", reason="邻居反映有房")
    bureau.take(second, "checked", "carl", {"fit": True})
    bureau.until("2024-03-23 00:05")
    assert (bureau.state(first), bureau.state(second)) == ("choosing", "waiting")
    bureau.take(first, "chosen", "anna", {"area": "45.5", "standard": "12", "own_share": "30%"})
    assert money(bureau, first, "subsidy") == Fraction("382.2")
    assert bureau.state(second) == "choosing"
    assert due(bureau, first, "yearly") == "2025-03-23"
    bureau.at("2025-03-23")
    bureau.take(first, "income", "anna", {"income": "3500", "told_on": "2025-03-23"})
    assert bureau.state(first) == "living"
    bureau.take(first, "income", "anna", {"income": "3600", "told_on": "2025-08-31"})
    assert due(bureau, first, "move_out") == "2026-02-28"


def test_a_subsidy_for_machines() -> None:
    """每台补贴取售价三成与定额的低者；三台以上两人到场；受理三个月后兑付。"""
    bureau = office("machines", "machine_check", "machine_subsidy")
    lines = [
        {"what": "拖拉机", "price": "100000", "quota": "25000", "count": 2},
        {"what": "旋耕机", "price": "8000", "quota": "3000", "count": 1},
    ]
    case = bureau.start("machine_subsidy", "anna", {"lines": lines}, section="north")
    assert money(bureau, case, "subsidy") == 52400
    with bureau.store.write() as transaction:
        person = transaction.registers.get("people", "anton")
        assert person is not None
        entry = type(person)("people", "anton", person.name, "north", {**person.data, "roles": ["inspector"]})
        transaction.registers.put([entry], bureau.clock.now())
    assert bureau.no(case, "verify", "anton", {"on_site": True, "seen_by": ["anton", "anton"]})
    bureau.take(case, "verify", "anton", {"on_site": True, "seen_by": ["anton", "anna"]})
    bureau.until("2024-06-03 10:00")
    assert bureau.state(case) == "paying"
    bureau.until("2024-06-04 00:05")
    assert bureau.state(case) == "paid"


def test_a_subsidy_for_training() -> None:
    """到课八成以上的先拨一半；结课起六个月内取证的再拨一半，过期不拨。"""
    bureau = office("class_plan", "attendance", "certificates", "training_subsidy")
    plan = {"lessons": 40, "standard": "1200", "ends_on": "2024-03-31"}
    people = [
        {"name_of": "甲", "lessons": 32},
        {"name_of": "乙", "lessons": 31},
        {"name_of": "丙", "lessons": 40},
    ]
    case = bureau.start("training_subsidy", "anna", plan, section="north")
    bureau.take(case, "attended", "anna", {"people": people})
    assert money(bureau, case, "first_half") == 1200
    assert due(bureau, case, "certificate_due") == "2024-09-30"
    late = bureau.start("training_subsidy", "anna", plan, section="north")
    bureau.take(late, "attended", "anna", {"people": people})
    bureau.take(case, "certified", "anna", {"certified": 2})
    assert (bureau.state(case), money(bureau, case, "second_half")) == ("whole", Fraction(1200))
    bureau.until("2024-10-01 00:05")
    assert bureau.state(late) == "half"
    nobody = bureau.start("training_subsidy", "anna", plan, section="north")
    bureau.take(nobody, "attended", "anna", {"people": [{"name_of": "丁", "lessons": 3}]})
    assert bureau.state(nobody) == "none"


def test_a_challenge_of_a_tender() -> None:
    """收到起七个工作日答复，专家复核不计入；答复后十五个工作日内可以投诉；暂停采购不超过三十日，恢复后才能处理。"""
    bureau = office("challenge", "challenge_answer", "tender_challenge")
    case = bureau.start("tender_challenge", "anna", {"received_on": "2024-03-01"}, section="north")
    assert due(bureau, case, "answer_due") == "2024-03-12"
    bureau.take(case, "ask_experts", "anna")
    bureau.until("2024-03-07")
    with bureau.store.write() as transaction:
        person = transaction.registers.get("people", "dora")
        assert person is not None
        entry = type(person)("people", "dora", person.name, None, {**person.data, "roles": ["deputy", "law"]})
        transaction.registers.put([entry], bureau.clock.now())
    bureau.take(case, "experts_say", "dora")
    assert due(bureau, case, "answer_due") == "2024-03-15"
    bureau.take(case, "answer", "anna", {"answer": "质疑不成立"})
    assert due(bureau, case, "complain_due") == "2024-03-28"
    bureau.take(case, "complain", "anna")
    bureau.take(case, "stop", "carl")
    assert due(bureau, case, "stopped") == "2024-04-06"
    assert bureau.no(case, "decide", "carl") == ["先恢复采购"]
    bureau.take(case, "go_on", "carl")
    bureau.take(case, "decide", "carl")
    quiet = bureau.start("tender_challenge", "anna", {"received_on": "2024-03-07"}, section="north")
    bureau.take(quiet, "answer", "anna", {"answer": "质疑不成立"})
    bureau.until("2024-03-29 00:05")
    assert (bureau.state(case), bureau.state(quiet)) == ("closed", "closed")


def test_a_petition() -> None:
    """十五日决定，六十日办结；送达起三十日内可以请求复查，复查改变的重新答复，再请求的再查；期满的办结。"""
    names = ("petition_decision", "petition_reply", "petition_review", "petition")
    bureau = office(*names)
    case = bureau.start("petition", "anna", section="north")
    assert due(bureau, case, "registered") == "2024-03-19"
    bureau.take(case, "decide", "carl", {"ours": True})
    assert due(bureau, case, "handle_due") == "2024-05-03"
    for step, state in (("change", "handling"), ("keep", "closed")):
        bureau.take(case, "reply", "anna", {"served_on": "2024-03-05"})
        bureau.take(case, "ask_review", "anna")
        (review,) = bureau.cases("petition_review", open=True)
        bureau.take(review.id, step, "dora")
        assert bureau.state(case) == state
    quiet = bureau.start("petition", "anna", section="north")
    bureau.take(quiet, "decide", "carl", {"ours": True})
    bureau.take(quiet, "reply", "anna", {"served_on": "2024-03-05"})
    bureau.until("2024-04-05 00:05")
    assert bureau.state(quiet) == "closed"


def test_a_deposit_for_wages() -> None:
    """按合同额存；两年没有欠薪减半，三年免存；欠薪一次补足并重新起算；公示三十日后五个工作日内返还。"""
    bureau = office("contract", "arrears", "wage_deposit")
    contract = {"amount": "10000000", "share": "3%", "signed_on": "2024-02-29"}
    case = bureau.start("wage_deposit", "anna", contract, section="north")
    assert money(bureau, case, "amount") == 300000
    bureau.take(case, "store", "anna")
    bureau.until("2026-02-27 23:00")
    assert bureau.state(case) == "stored"
    bureau.until("2026-02-28 00:05")
    assert (bureau.state(case), money(bureau, case, "amount")) == ("halved", Fraction(150000))
    bureau.take(case, "arrears", "anna", {"found_on": "2026-03-01"})
    assert money(bureau, case, "amount") == 300000
    bureau.take(case, "store", "anna")
    bureau.until("2028-03-01 00:05")
    assert bureau.state(case) == "halved"
    bureau.until("2029-03-01 00:05")
    assert (bureau.state(case), money(bureau, case, "amount")) == ("exempt", Fraction(0))
    bureau.take(case, "finished", "anna")
    bureau.until("2029-04-01 00:05")
    assert bureau.state(case) == "returning"
