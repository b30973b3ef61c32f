"""WorkbookRows of a format out of cases, entries and measures."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from exchange_office import ONE, TWO, YAML, format_of, office_of_visits, rows_of
from visit_of_items import visit_of_items

from engine.app.exchange.rows import FormatRows, RowMaker, RowsWanted
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Publication
from engine.app.queries.exchange.exchange import exchange_rows
from engine.app.registers.private_columns import PrivateColumns
from engine.exchange.rows import WorkbookRows
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import Actor


@pytest.fixture(scope="module")
def office() -> Bureau:
    return office_of_visits()


@pytest.fixture
def rows(office: Bureau) -> WorkbookRows:
    return rows_of(office)


def test_rows_come_of_the_cases_that_have_the_form_in_words(rows: WorkbookRows) -> None:
    assert rows.problems == []
    assert [dict(row.cells) for row in rows.rows] == [
        {
            "case": f"visit-{n}",
            "code": code,
            "address": f"{code[-1]}街",
            "phone": "1",
            "staff": staff,
            "result": result,
            "office": "示例区人力资源和社会保障局",
            "number": "",
        }
        for n, code, staff, result in ((1, ONE, "12", "合格"), (2, TWO, "3", "不合格"))
    ]


def test_another_section_sees_neither_cases_nor_private_columns(office: Bureau) -> None:
    found = exchange_rows(office.application, "bela", format_of(), RowsWanted())
    assert isinstance(found, FormatRows)
    assert found.rows.rows == []
    with office.look() as transaction:
        private = PrivateColumns(frozenset({"phone"}), Actor("bela", "south", frozenset()), everything=False)
        maker = RowMaker(
            transaction, office.application.definitions, None, office.application.clock.now(), None, private
        )
        cells = maker.rows(format_of(), RowsWanted()).rows.rows[0].cells
    assert (cells["phone"], cells["address"]) == ("", f"{ONE[-1]}街")


def test_a_row_for_each_item_and_only_of_the_year_asked_for(office: Bureau) -> None:
    used = format_of(
        YAML.replace("forms: [note]", "forms: [note], each: case.items").replace(
            "key: [case]", "key: [case, item]"
        )
        + "  - item: {title: 事项, value: item.name}\n"
    )
    found = exchange_rows(office.application, "anna", used, RowsWanted())
    assert isinstance(found, FormatRows)
    assert [row.cells["item"] for row in found.rows.rows] == ["劳动合同", "X"] * 2
    before = exchange_rows(office.application, "anna", used, RowsWanted(year=2001))
    assert isinstance(before, FormatRows)
    assert (before.looked_at, before.rows.rows) == (0, [])


def test_entries_and_measures_are_rows_too(office: Bureau) -> None:
    register = format_of(
        "exchange: o\ntitle: 对象\nrows: {register: objects}\nkey: [id]\ncolumns:\n"
        "  - id: {title: 代码, value: entry.id}\n  - kind: {title: 类型, value: entry.kind}\n"
        "  - section: {title: 股室, value: entry.section}\n"
    )
    found = exchange_rows(office.application, "anna", register, RowsWanted(section="north"))
    assert isinstance(found, FormatRows)
    assert found.rows.rows[0].cells == {"id": ONE, "kind": "学校", "section": "北片股"}
    measures = format_of(
        "exchange: m\ntitle: 指标\nrows: {measures: true}\nkey: [id]\ncolumns:\n"
        "  - id: {title: 代码, value: measure.id}\n  - part: {title: 数, type: decimal, value: measure.part}\n"
    )
    found = exchange_rows(office.application, "anna", measures, RowsWanted())
    assert isinstance(found, FormatRows)
    assert [dict(row.cells) for row in found.rows.rows] == [{"id": "staff", "part": "15"}]


def test_cases_of_several_workflows_are_rows_and_one_that_is_not_published_is_left_out(
    office: Bureau,
) -> None:
    text = YAML.replace("cases: visit", "cases: [visit, inquiry]")
    found = exchange_rows(office.application, "anna", format_of(text), RowsWanted())
    assert isinstance(found, FormatRows)
    assert [row.cells["case"] for row in found.rows.rows] == ["visit-1", "visit-2"]


def test_the_number_of_a_paper_in_force_is_a_value(office: Bureau) -> None:
    def paper(name: str, number: str, *states: PaperState) -> PaperRecord:
        at = office.application.clock.now()
        facts = tuple(PaperFact(state=state, on=at.date(), at=at, by="anna") for state in states)
        return PaperRecord(id=name, case="visit-1", kind="order", document="", facts=facts, number=number)

    with office.application.store.write() as transaction:
        transaction.papers.put(
            paper("visit-1/order/1", "示令〔2024〕1号", PaperState.NUMBERED, PaperState.VOID)
        )
        transaction.papers.put(paper("visit-1/order/2", "示令〔2024〕2号", PaperState.NUMBERED))
    text = YAML.replace("value: bureau.title", "value: papers.order")
    found = exchange_rows(office.application, "anna", format_of(text), RowsWanted())
    assert isinstance(found, FormatRows)
    assert [row.cells["office"] for row in found.rows.rows] == ["示令〔2024〕2号", ""]


def test_what_is_public_now_is_a_value(office: Bureau) -> None:
    def publication(number: int, value: str, withdrawn: bool) -> Publication:
        now = office.application.clock.now()
        # As the site keeps it: the code, and the text people read.
        facts = [{"name": "result_codes", "title": "结果", "value": value, "text": value}]
        return Publication(
            id=f"visit-2/result/{number}", kind="result", case="visit-2", title="示例", body={"facts": facts},
            published_at=now, withdrawn_at=now if withdrawn else None,
        )  # fmt: skip

    with office.application.store.write() as transaction:
        transaction.records.put_publication(publication(1, "bad", True))
        transaction.records.put_publication(publication(2, "good", False))
    text = YAML.replace(
        "value: forms.note.result", "value: 'first_filled(publication.result_codes, forms.note.result)'"
    )
    found = exchange_rows(office.application, "anna", format_of(text), RowsWanted())
    assert isinstance(found, FormatRows)
    # A result that was corrected in public goes out as it is public; one that never was published as it was entered.
    assert [row.cells["result"] for row in found.rows.rows] == ["合格", "合格"]


def test_a_child_may_say_what_its_parent_says(office: Bureau) -> None:
    child = office.start("visit", subject={"id": TWO, "name": "示例厂"}, parent="visit-1")
    office.take(child, "check", answers={"staff": 1, "result": "bad"})
    used = format_of(
        YAML
        + "  - above: {title: 上级, value: parent.title}\n  - grade: {title: 结论, value: parent.result}\n"
    )
    found = exchange_rows(office.application, "anna", used, RowsWanted())
    assert isinstance(found, FormatRows)
    cells = {row.cells["case"]: (row.cells["above"], row.cells["grade"]) for row in found.rows.rows}
    assert cells[child] == ("示例件", "合格")
    assert cells["visit-1"] == ("", "")


def test_inspectors_of_a_case_are_those_of_the_register(office: Bureau) -> None:
    text = (
        YAML.replace("exchange: visits", "exchange: people")
        + "  - team: {title: 检查人员, value: inspectors.name}\n"
    )
    used = format_of(text)
    with office.look() as transaction:
        private = PrivateColumns(frozenset(), Actor("anna", "north", frozenset()), everything=True)
        maker = RowMaker(
            transaction, office.application.definitions, None, office.application.clock.now(), None, private
        )
        assert {name: person["name"] for name, person in maker._people.items()} == {
            f"insp-{n}": f"检查员{n}" for n in (1, 2, 3)
        }
        assert {row.cells["team"] for row in maker.rows(used, RowsWanted()).rows.rows} == {""}


ITEMS = """
exchange: items
title: 逐项
source: 示例
rows: {cases: visit, forms: [base], each: case.items}
key: [case, item]
columns:
  - case: {title: 编号, value: case.id}
  - item: {title: 事项, value: item.name}
  - staff: {title: 人数, value: forms.base.staff, by_answer: {pass: "0"}}
  - result: {title: 结果, value: "'bad'", by_answer: {pass: good, n/a: good}, codes: {good: "1", bad: "5"}}
  - problems: {title: 问题, type: list, value: "collect(item.problems, it.note)", by_answer: {pass: ""}}
"""


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # What is wrong with one item is not said of the other.
        (("pass", "fail"), [("合同事项", "0", "1", ""), ("工资事项", "3", "5", "欠薪")]),
        (("n/a", "fail"), [("合同事项", "3", "1", ""), ("工资事项", "3", "5", "欠薪")]),
        # Nothing tells them apart: the result of the visit is that of each.
        (("pass", "pass"), [("合同事项", "3", "5", ""), ("工资事项", "3", "5", "")]),
    ],
)
def test_a_row_of_an_item_says_what_was_found_of_it(
    answers: tuple[str, str], expected: list[tuple[str, ...]]
) -> None:
    application, case = visit_of_items(done=False)
    given = {"answer": answers[1], **({"note": "欠薪"} if answers[1] == "fail" else {})}
    rows = {"pay": {"rows": {"sign": {"answer": answers[0]}, "wage": given}}}
    done = application.advance(case, "finish", "anna", {"staff": 3, "items": rows})
    assert not isinstance(done, Refusal), str(done)
    found = exchange_rows(application, "anna", format_of(ITEMS), RowsWanted())
    assert isinstance(found, FormatRows)
    assert found.rows.problems == []
    named = ("item", "staff", "result", "problems")
    assert [tuple(row.cells[name] for name in named) for row in found.rows.rows] == expected
