"""What was found of each item is counted under that item, and a problem of one under no other."""

from __future__ import annotations

from typing import Any

import pytest
from visit_of_items import visit_of_items

from engine.app.reports.item_results import item_codes, results_of_case
from engine.app.reports.statistics import table_of
from engine.definition.library import load_files

BUREAU = """bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles: {clerk: {title: 经办人, scope: section}, leading_office: {title: 牵头股室, scope: bureau}}
statistics:
  visits:
    title: 检查
    cases: visit
    groups:
      item: {title: 事项, value: case.items, names: items}
      section: {title: 股室, value: case.section, names: sections}
    columns:
      drawn: {title: 户次}
      seen: {title: 已查, where: filled(forms.base.staff), of_item: filled(item.answer)}
      found: {title: 有问题, where: filled(forms.base.staff), of_item: item.problem_count > 0}
      rate: {title: 发现率, part: found, whole: seen}
"""


def table(by: str, *, done: bool) -> list[dict[str, Any]]:
    application, _ = visit_of_items(done=done)
    bureau = load_files({"bureau.yaml": BUREAU}).bureau
    assert bureau is not None
    zone = application.definitions.time.zone
    with application.store.read() as transaction:
        lines = table_of(
            transaction,
            application.definitions,
            bureau,
            bureau.statistics["visits"],
            by,
            application.clock.now(),
            zone,
        )
    return [one.as_json() for one in lines]


def line(group: str, title: str, drawn: int, seen: int, found: int) -> dict[str, Any]:
    return {
        "group": group,
        "title": title,
        "drawn": drawn,
        "seen": seen,
        "found": found,
        "rate": f"{found}/{seen}",
    }


def test_a_problem_of_one_item_is_counted_under_no_other() -> None:
    assert table("item", done=True) == [
        line("X1", "合同事项", 1, 1, 0),
        line("X2", "工资事项", 1, 1, 1),
        line("*", "*", 1, 1, 1),
    ]


def test_before_the_visit_nothing_is_counted_of_an_item() -> None:
    assert table("item", done=False)[0] == line("X1", "合同事项", 1, 0, 0)


def test_by_anything_else_cases_are_counted() -> None:
    assert [one["found"] for one in table("section", done=True)] == [1, 1]


def test_an_unknown_name_of_an_item_is_reported() -> None:
    workflow = "workflow: visit\ntitle: 检查\nabout: none\ninitial: a\nstart: {by: clerk}\nstates: {a: {title: 完, final: true}}\n"
    wrong = BUREAU.replace("item.answer", "item.answers").replace("forms.base.staff", "case.id")
    problems = load_files({"bureau.yaml": wrong, "visit.yaml": workflow}).problems
    assert any("answers" in str(one) for one in problems), [str(one) for one in problems]


@pytest.mark.parametrize("done", [True, False])
def test_results_stand_in_the_order_of_the_items(done: bool) -> None:
    application, name = visit_of_items(done=done)
    with application.store.read() as transaction:
        case = transaction.cases.get(name)
        assert case is not None
        process = application.definitions.get(transaction, case.workflow, case.version)
        found = results_of_case(transaction, process, case)
    assert item_codes(case) == ["X1", "X2"]
    assert [one.answer for one in found] == (["pass", "fail"] if done else [None, None])
