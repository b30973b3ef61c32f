"""What is not in order with numbers is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from paper_fixtures import NOON, NOTICE, POLICY, TODAY, case_of

from engine.app.papers.number_findings import NumberFinding, OrderFault, numbers_not_in_order, unknown_numbers
from engine.app.papers.numbers import NumberRequest, give_next, give_out_of_order, make_void
from engine.app.ports.papers import PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.ports.records import RegisterEntry
from engine.store.memory.store import MemoryStore

WANTED = NumberRequest(policy=POLICY, series=NOTICE, section="labour", paper="c/notice/1", on=TODAY, by="a")


def said(numbers: list[PaperNumber]) -> list[tuple[OrderFault, str]]:
    found = numbers_not_in_order(numbers)
    assert all(isinstance(one, NumberFinding) for one in found)
    return [(one.fault, str(one.message)) for one in found]


def test_numbers_in_order_and_void_ones_are_no_fault() -> None:
    with MemoryStore().write() as transaction:
        for n in range(3):
            give_next(transaction, replace(WANTED, paper=str(n)))
        make_void(transaction, "1", "印错")
        assert numbers_not_in_order(transaction.papers.numbers()) == []
    assert numbers_not_in_order([]) == []


def test_a_gap_and_who_made_it() -> None:
    with MemoryStore().write() as transaction:
        give_next(transaction, replace(WANTED, paper="a"))
        give_out_of_order(transaction, replace(WANTED, paper="b"), 4, "停电时手工编号")
        assert said(transaction.papers.numbers()) == [
            (OrderFault.GAP, "空号 2 个：示人社检通〔2026〕2号、示人社检通〔2026〕3号；以后的文书先用这些号"),
            (OrderFault.OUT_OF_ORDER, "示人社检通〔2026〕4号 不按次序给出；理由：停电时手工编号"),
        ]
        give_next(transaction, replace(WANTED, paper="c"))
        give_next(transaction, replace(WANTED, paper="d", on=date(2026, 12, 31)))
        # The gap is closed; that it was there remains, and one is dated after the number behind it.
        assert [fault for fault, _ in said(transaction.papers.numbers())] == [
            OrderFault.OUT_OF_ORDER,
            OrderFault.EARLIER_DAY,
        ]


def test_a_number_nothing_is_known_of_and_one_used_twice() -> None:
    with MemoryStore().write() as transaction:
        first = give_next(transaction, replace(WANTED, paper="a"))
    third = replace(first, number=3, text="示人社检通〔2026〕3号", paper="c")
    other = replace(first, series="orders", paper="x")
    assert said([first, third, other]) == [
        (OrderFault.GAP, "缺 1 个序号，没有任何记录：2"),
        (OrderFault.REPEATED, "示人社检通〔2026〕1号 用了 2 次：a、x"),
    ]
    assert numbers_not_in_order([first, third])[0].as_json()["fault"] == "gap"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("示人社检通〔2026〕1号", ""),
        ("依据示人社检通〔2026〕1号", ""),
        ("示人社检通〔2026〕2号", "是对另一单位的文书"),
        ("示人社检通〔2026〕3号", "已经作废"),
        ("示人社检通〔2026〕4号", ""),
        ("示人社检通〔2026〕5号", "不是本局给出的"),
        ("乱写〔1999〕0号", "不是本局给出的"),
        ("示人社检通〔2026〕1号、乱写〔1999〕0号", "不是本局给出的"),
        ("没有文号", ""),
    ],
)
def test_a_typed_number_is_held_against_the_papers_of_the_firm(typed: str, said: str) -> None:
    """1 and 4 are of papers for E1, which had the code E0 before; 2 is for E2, 3 is void."""
    with MemoryStore().write() as transaction:
        entry = RegisterEntry("objects", "E1", "甲", None, {"former_ids": ["E0"]})
        transaction.registers.put([entry], NOON)
        for number, firm in enumerate(("E1", "E2", "E1", "E0"), 1):
            case = replace(case_of(number), subject={"id": firm})
            transaction.cases.add([case])
            paper = f"{case.id}/notice/1"
            fact = PaperFact(PaperState.APPROVED, TODAY, NOON, "a")
            transaction.papers.put(
                PaperRecord(id=paper, case=case.id, kind="notice", document="d", facts=(fact,))
            )
            give_next(transaction, replace(WANTED, paper=paper))
        make_void(transaction, "inspection-3/notice/1", "印错")
        case = replace(case_of(9), subject={"id": "E1"})
        found = [str(one.message) for one in unknown_numbers(transaction, case, [("责令文书的文号", typed)])]
    assert len(found) == bool(said)
    assert all(said in one and one.startswith("“责令文书的文号”里的文号") for one in found)
