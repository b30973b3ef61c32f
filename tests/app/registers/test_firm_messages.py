"""Whoever has open cases of a firm whose entry is changed, or leaves the register, is sent word; of what papers do not rest on, nobody."""

from __future__ import annotations

from typing import Any

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.commands import Caller
from engine.app.commands.exchange.firms import change_firm
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import changes_between
from engine.app.registers.firm_messages import tell_of_changed_firms
from engine.app.registers.import_entries import import_entries
from engine.app.session.messages import SINGLE

FLOW = """
workflow: errand
title: 差事
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions: [{do: close, title: 办结, from: open, to: done}]
"""
ONE, TWO, NEW = "91990102MA6UF99T6T", "91990102MA6UFRQP0X", "91990102MA6UG1KX5P"
DATA = {"address": "示例路1号", "legal_rep": "甲某", "phone": "13900000000", "status": "active"}


def office(cases: int = 1) -> Bureau:
    bureau = Bureau(BUREAU, FLOW)
    firms = [RegisterEntry("objects", code, f"示例{code[-2:]}厂", "north", DATA) for code in (ONE, TWO)]
    import_entries(bureau.application, "objects", firms, "system", source="f")
    for _ in range(cases):
        bureau.start("errand", section="north", subject={"id": ONE, "name": "示例6T厂"})
    return bureau


def told(bureau: Bureau) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in bureau.outbox():
        if "检查对象" in (text := str(item.payload["text"])) or "名录变更" in text:
            found.setdefault(str(item.recipient), []).append(text)
    return found


def change(bureau: Bureau, after: RegisterEntry | None) -> None:
    """Change the entry of the first firm as an import does, and send word of it."""
    with bureau.store.write() as transaction:
        before = transaction.registers.some("objects", [ONE])
        put, removed = ([after], []) if after is not None else ([], [ONE])
        changes = changes_between(before, put, removed)
        transaction.registers.put(put, bureau.clock.now())
        tell_of_changed_firms(bureau.application, transaction, bureau.clock.now(), changes, "dora")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("示例新厂", {}, "名称"),
        ("示例6T厂", {"address": "示例路2号"}, "住所"),
        ("示例6T厂", {"legal_rep": "乙某"}, "法定代表人"),
        ("示例6T厂", {"status": "cancelled"}, "登记状态"),
    ],
)
def test_who_has_the_task_is_sent_the_columns_and_no_value(
    name: str, data: dict[str, Any], words: str
) -> None:
    bureau = office()
    change(bureau, RegisterEntry("objects", ONE, name, "north", {**DATA, **data}))
    found = told(bureau)
    assert set(found) == {"anna", "anton"}
    (text,) = found["anna"]
    assert f"有变更：{words}。" in text
    assert not any(value in text for value in ("示例新厂", *map(str, data.values())))


def test_of_a_firm_that_has_left_the_register_it_is_said_what_to_look_at() -> None:
    bureau = office()
    change(bureau, None)
    assert "请核实主体是否存续" in told(bureau)["anton"][0]


def test_what_no_paper_rests_on_and_what_has_no_open_case_is_said_to_nobody() -> None:
    bureau = office()
    change(bureau, RegisterEntry("objects", ONE, "示例6T厂", "north", {**DATA, "employees": 7}))
    change_firm(bureau.application, Caller("dora"), "objects", TWO, "变更登记", name="示例另厂")
    bureau.take("errand-1", "close")
    change(bureau, None)
    assert told(bureau) == {}


def test_a_merger_and_two_changes_at_once_are_each_said_once() -> None:
    bureau, by = office(), Caller("dora")
    change_firm(bureau.application, by, "objects", ONE, "变更登记", name="示例新厂")
    change_firm(bureau.application, by, "objects", ONE, "合并", new_code=TWO)
    first, second = sorted(told(bureau)["anna"])
    assert {"名称。", "统一社会信用代码。"} == {
        one.split("有变更：")[1].split("以后")[0] for one in (first, second)
    }


def test_many_cases_of_one_person_become_one_message() -> None:
    bureau = office(SINGLE + 1)
    change(bureau, None)
    (text,) = told(bureau)["anna"]
    assert f"在办件 {SINGLE + 1} 件" in text
