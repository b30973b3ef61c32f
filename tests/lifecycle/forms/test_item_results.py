"""What one sheet says of each item: results go back to the item, and to the section it is of."""

from __future__ import annotations

from typing import Any

from engine.lifecycle.forms.item_results import DrawnItem, item_results, rows_by_item
from engine.lifecycle.model.form import CheckRow, Form


def row(name: str, *items: str) -> CheckRow:
    return CheckRow(id=name, title=name, points="", basis=f"依据{name}", items=items)


PAY = Form(
    id="pay",
    title="工资",
    fields=(),
    rows=(row("a", "X1"), row("b", "X2"), row("c", "X1", "X2"), row("d"), row("e", "X9")),
)
SCHOOL = Form(id="school", title="学校", fields=(), rows=(row("s"),))
FORMS = {"pay": PAY, "school": SCHOOL}
ITEMS = (
    DrawnItem("X1", "事项一", "one", "pay"),
    DrawnItem("X2", "事项二", "two", "pay"),
    DrawnItem("S1", "学校", "three", "school"),
)


def answers(**given: str) -> dict[str, Any]:
    rows = {name: {"answer": answer, "note": "有"} for name, answer in given.items()}
    return {
        "items": {
            "pay": {"rows": {name: said for name, said in rows.items() if name != "s"}},
            "school": {"rows": {name: said for name, said in rows.items() if name == "s"}},
        }
    }


def test_a_problem_is_that_of_its_item_alone() -> None:
    found = item_results(FORMS, ITEMS, answers(a="pass", b="fail", c="pass", d="pass", s="n/a"))
    assert [(one.item.code, one.item.section, one.answer, one.asked) for one in found] == [
        ("X1", "one", "pass", 3),
        ("X2", "two", "fail", 3),
        ("S1", "three", "n/a", 1),
    ]
    assert [problem["row"] for problem in found[1].problems] == ["b"]


def test_a_row_of_several_items_counts_for_each_and_an_open_one_leaves_them_open() -> None:
    found = item_results(FORMS, ITEMS, answers(a="pass", b="pass", c="fail"))
    assert [one.answer for one in found] == ["fail", "fail", None]
    assert [one.answer for one in item_results(FORMS, ITEMS, {})] == [None, None, None]


def test_each_row_stands_once_on_the_sheet_and_rows_of_no_item_last() -> None:
    groups = rows_by_item(PAY, ITEMS)
    assert [(one.item.code if one.item else None, [row.id for row in one.rows]) for one in groups] == [
        ("X1", ["a", "c"]),
        ("X2", ["b"]),
        (None, ["d"]),
    ]
    assert [one.item and one.item.code for one in rows_by_item(SCHOOL, ITEMS)] == ["S1"]


def test_a_bureau_with_codes_of_its_own_is_asked_every_row_for_each_item() -> None:
    own = (
        DrawnItem("Y1", "一", "one", "pay"),
        DrawnItem("Y2", "二", "two", "pay"),
        DrawnItem("Z", "三", "x", "none"),
    )
    found = item_results(FORMS, own, answers(a="pass", b="pass", c="pass", d="pass", e="fail"))
    assert [(one.answer, one.asked) for one in found] == [("fail", 5), ("fail", 5), (None, 0)]
