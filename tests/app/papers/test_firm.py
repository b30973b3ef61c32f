"""A firm is found under a code it has or had; papers print what it is now, with what it was."""

from __future__ import annotations

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.papers.firm import present_firm, present_subject
from engine.app.ports.records import RegisterEntry

FLOW = """
workflow: errand
title: 差事
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions: [{do: close, title: 办结, from: open, to: done}]
"""
OLD, NEW = "91990102MA6UF99T6T", "91990102MA6UFRQP0X"
KEPT = {"id": OLD, "name": "示例一厂", "address": "示例路1号"}


@pytest.mark.parametrize(
    ("entry", "printed"),
    [
        (RegisterEntry("objects", OLD, "示例一厂", None, {"address": "示例路1号"}), {}),
        (
            RegisterEntry("objects", OLD, "示例新厂", None, {"address": "示例路2号", "phone": "1"}),
            {"name": "示例新厂（原名称：示例一厂）", "address": "示例路2号"},
        ),
        (
            RegisterEntry("objects", NEW, "示例一厂", None, {"former_ids": [OLD]}),
            {"id": f"{NEW}（原代码：{OLD}）"},
        ),
        (RegisterEntry("objects", NEW, "示例二厂", None, {}), {}),
    ],
)
def test_what_is_printed_of_a_firm_is_what_the_register_has_now(
    entry: RegisterEntry, printed: dict[str, str]
) -> None:
    bureau = Bureau(BUREAU, FLOW)
    case = bureau.case(bureau.start("errand", subject=KEPT))
    with bureau.store.write() as transaction:
        transaction.registers.put([entry], bureau.clock.now())
        assert present_subject(transaction, case) == printed
        found = present_firm(transaction, OLD)
    assert (found == entry) == (entry.id == OLD or "former_ids" in entry.data)
    assert bureau.case(case.id).subject == KEPT


def test_a_case_about_no_firm_prints_what_it_keeps() -> None:
    bureau = Bureau(BUREAU, FLOW)
    case = bureau.case(bureau.start("errand"))
    with bureau.look() as transaction:
        assert present_subject(transaction, case) == {}
