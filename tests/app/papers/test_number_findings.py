"""What is not in order with numbers is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from paper_fixtures import NOTICE, POLICY, TODAY

from engine.app.papers.number_findings import NumberFinding, OrderFault, numbers_not_in_order
from engine.app.papers.numbers import NumberRequest, give_next, give_out_of_order, make_void
from engine.app.ports.papers import PaperNumber
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
