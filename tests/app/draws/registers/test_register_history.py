"""The registers as they were at a commitment: everything entered since is taken back, of whatever kind it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from public_fixtures import PublicDesk
from register_keeper import Keeper

from engine.app.draws.registers.register_changes import COLUMNS, heads_of_registers
from engine.app.draws.registers.register_history import entries_at, transaction_then


def test_whatever_is_done_to_a_register_is_taken_back(keeper: Keeper) -> None:
    with keeper.desk.look() as transaction:
        heads = heads_of_registers(transaction)
        before = {kind: transaction.registers.all(kind) for kind in COLUMNS}
    first, second, third, *_ = keeper.of_class("D")
    done, people = keeper.desk.done, before["inspectors"]
    keeper.status([first], "注销")
    keeper.rated([second], "A", "2026-03-01")
    keeper.visited([third])
    done("register", "label", "objects", second.id, "--add", "重点", "--as", "registrar")
    done("register", "label", "objects", second.id, "--remove", "重点", "--add", "甲", "--as", "registrar")
    done(
        "firm",
        "change",
        third.id,
        "--code",
        keeper.of_class("A")[0].id,
        "--reason",
        "合并",
        "--as",
        "registrar",
    )
    rows = [(one.id, one.name, one.data["cert_no"], "2030-01-01") for one in people[:2]]
    keeper.put(("人员编号", "姓名", "执法证号", "执法证有效期至"), rows, "inspectors")
    with keeper.desk.look() as transaction:
        assert heads_of_registers(transaction) != heads
        for kind in COLUMNS:
            found = list(entries_at(transaction, kind, heads[kind]).values())
            assert [one.as_json() for one in found] == [one.as_json() for one in before[kind]], kind
            now = heads_of_registers(transaction)[kind]
            assert list(entries_at(transaction, kind, now).values()) == transaction.registers.all(kind)


def test_a_draw_made_since_is_not_there_and_one_made_void_since_is(drawn: PublicDesk) -> None:
    with drawn.look() as transaction:
        (row,) = transaction.records.draws()
        other = replace(row, number=row.number + 1)
        before, at = row.made_at - timedelta(seconds=1), drawn.clock.now()
        assert transaction_then(transaction, {}, before, other)[0].records.draws() == []
        then, exact = transaction_then(transaction, {}, at, other)
        assert ([one.status for one in then.records.draws()], exact) == ([row.status], True)
        assert transaction_then(transaction, {}, at, row)[0].records.draws() == []
    drawn.clock.set(at + timedelta(hours=1))
    asked = {"reason_code": "procedure", "facts": "名册冻结早于规定", "evidence": "笔录"}
    assert drawn.step("ask_void", "drawer", asked).code == 0
    drawn.takes("void_draw", "deputy", reason="程序有误")
    with drawn.look() as transaction:
        (void,) = transaction.records.draws()
        then, exact = transaction_then(transaction, {}, at, other)
        assert (void.status, [one.status for one in then.records.draws()], exact) == (
            "void",
            ["complete"],
            True,
        )
