"""The registers as they were at a commitment: everything entered since is taken back, of whatever kind it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from public_fixtures import PublicDesk
from register_keeper import Keeper

from engine.app.draws.registers.register_changes import COLUMNS, heads_of_registers
from engine.app.draws.registers.register_history import entries_at, transaction_then
from engine.app.draws.v2 import stored
from engine.draw.v2.log import Line, PublicLog


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


def test_a_draw_made_since_is_not_there_and_one_made_void_since_is(
    drawn: PublicDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with drawn.look() as transaction:
        (row,) = transaction.records.draws()
        name, lines = drawn.draw().name, len(drawn.log().lines)
        now = drawn.clock.now()
        # Its own commitment comes before its objects.
        assert transaction_then(transaction, {}, now, row)[0].records.draws() == []
    asked = {"reason_code": "procedure", "facts": "名册冻结早于规定", "evidence": "笔录"}
    assert drawn.step("ask_void", "drawer", asked).code == 0
    drawn.takes("void_draw", "deputy", reason="程序有误")
    drawn.committed()
    with drawn.look() as transaction:
        void, other = transaction.records.draws()
        assert (void.status, name) == ("void", stored.draw_of(void).name)
        # Made void before the other was committed to: it counts for nothing.
        then, exact = transaction_then(transaction, {}, now, other)
        assert ([one.status for one in then.records.draws()], exact) == (["void"], True)
        # As if the other had been committed to before: it was not void yet.
        commit = replace(drawn.log().of(stored.draw_of(other).name, "commit")[0], seq=lines)
        monkeypatch.setattr(PublicLog, "of", _with(stored.draw_of(other).name, commit))
        then, exact = transaction_then(transaction, {}, now, other)
        assert ([one.status for one in then.records.draws()], exact) == (["complete"], True)


def _with(name: str, line: Line) -> Callable[..., list[Line]]:
    real = PublicLog.of

    def of(log: PublicLog, commitment: str, *kinds: str) -> list[Line]:
        return [line] if commitment == name and kinds == ("commit",) else real(log, commitment, *kinds)

    return of
