"""WorkbookRows of a format out of cases, entries and measures; what went out and came back."""

from __future__ import annotations

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.commands import Caller
from engine.app.commands.exchange.exchange import ExchangeFile, Received, receive_rows, record_export
from engine.app.exchange.receipts import Exchanged, digest_of, exchanged, key_text, stream_of
from engine.app.exchange.rows import FormatRows, RowMaker, RowsWanted
from engine.app.ports.records import RegisterEntry
from engine.app.queries.exchange.exchange import (
    ExchangeState,
    compare_rows,
    exchange_rows,
    exchange_state,
    named_values,
    titled_fields,
)
from engine.app.registers.import_entries import import_entries
from engine.app.registers.private_columns import PrivateColumns
from engine.exchange.format_file import read_format
from engine.exchange.formats import ExchangeFormat
from engine.exchange.rows import FormatRow, WorkbookRows
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import Actor

ONE, TWO = "91990102MA6UF99T6T", "91990102MA6UFHH95D"
FORM = """
form: note
title: 记录
fields:
  - staff: {title: 职工人数, type: integer}
  - result: {title: 结果, choices: results}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - items: {title: 事项, type: list}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done, form: note, then: [{set: {items: "= ['LD-01', 'X']"}}]}
"""
CODES = "codes: {results: {good: 合格, bad: 不合格}}\nmeasures: {staff: {title: 人数, part: {cases: visit, sum: forms.note.staff}}}\n"
YAML = """
exchange: visits
title: 检查
source: 示例
rows: {cases: visit, forms: [note]}
key: [case]
columns:
  - case: {title: 编号, value: case.id}
  - code: {title: 代码, value: subject.id}
  - address: {title: 住所, value: entry.address}
  - phone: {title: 电话, value: entry.phone}
  - staff: {title: 人数, type: integer, value: forms.note.staff}
  - result: {title: 结果, value: forms.note.result}
  - office: {title: 机关, value: bureau.title}
  - number: {title: 平台编号, receipt: true}
"""


def format_of(text: str = YAML) -> ExchangeFormat:
    found = read_format("f.yaml", text.encode())
    assert found.format is not None, [str(one.message) for one in found.problems]
    return found.format


@pytest.fixture(scope="module")
def office() -> Bureau:
    """Return three visits, two of them checked, and the objects they are about."""
    found = Bureau(BUREAU + CODES, FORM, VISIT)
    rows = [
        RegisterEntry(
            "objects", code, "示例厂", "north", {"address": f"{code[-1]}街", "phone": "1", "kind": "school"}
        )
        for code in (ONE, TWO)
    ]
    import_entries(found.application, "objects", rows, "system", source="f")
    import_entries(
        found.application, "items", [RegisterEntry("items", "LD-01", "劳动合同")], "system", source="f"
    )
    for code in (ONE, TWO, ONE):
        found.start("visit", subject={"id": code, "name": "示例厂"})
    found.take("visit-1", "check", answers={"staff": 12, "result": "good"})
    found.take("visit-2", "check", answers={"staff": 3, "result": "bad"})
    return found


@pytest.fixture
def rows(office: Bureau) -> WorkbookRows:
    found = exchange_rows(office.application, "anna", format_of(), RowsWanted())
    assert isinstance(found, FormatRows)
    assert found.looked_at == 3
    return found.rows


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


def test_unknown_workflows_and_sections_are_refused(office: Bureau) -> None:
    strange = format_of(YAML.replace("cases: visit", "cases: visits"))
    assert isinstance(exchange_rows(office.application, "anna", strange, RowsWanted()), Refusal)
    assert isinstance(
        exchange_rows(office.application, "anna", format_of(), RowsWanted(section="x")), Refusal
    )
    assert isinstance(titled_fields(office.application, "anna", "visits"), Refusal)
    fields = titled_fields(office.application, "anna", "visit")
    assert not isinstance(fields, Refusal)
    assert ("职工人数", "forms.note.staff") in {(one.titles[0], one.value) for one in fields}
    assert titled_fields(office.application, "anna", "objects") == []


def test_names_of_measures_have_values(office: Bureau) -> None:
    found = named_values(office.application, "anna")
    assert not isinstance(found, Refusal)
    assert (found["staff"], found["staff.part"], found["visit.opened"]) == ("15", 15, 3)


def _file(rows: list[FormatRow], name: str = "f.xlsx") -> ExchangeFile:
    return ExchangeFile(name, "0" * 64, rows)


def test_what_went_out_and_came_back_is_one_history(office: Bureau, rows: WorkbookRows) -> None:
    used, application = format_of(), office.application
    assert record_export(application, Caller("anna"), used, _file(rows.rows)) == 2
    theirs = [FormatRow(row.number + 1, {**row.cells, "number": f"P{row.number}"}) for row in rows.rows]
    theirs[1] = FormatRow(3, {**theirs[1].cells, "staff": "99"})
    compared = compare_rows(application, "anna", used, RowsWanted(), WorkbookRows(theirs))
    assert not isinstance(compared, Refusal)
    assert [(one.row, one.column) for one in compared] == [(3, "人数")]
    done = receive_rows(application, Caller("anna"), used, _file(theirs))
    assert isinstance(done, Received)
    assert (done.same, len(done.differing)) == (1, 1)
    state = exchange_state(application, "anna", used, RowsWanted())
    assert isinstance(state, ExchangeState)
    assert state.as_json() == {"rows": 2, "faulty": 0, "exported": 2, "changed": 0, "received": 1}
    again = exchange_rows(application, "anna", used, RowsWanted())
    assert isinstance(again, FormatRows)
    assert [row.cells["number"] for row in again.rows.rows] == ["P1", ""]
    with office.look() as transaction:
        assert [event.kind for event in transaction.events.of(stream_of(used))] == ["exported", "received"]
        assert exchanged(transaction, used).receipts == {"visit-1": {"number": "P1"}}


def test_nothing_goes_out_or_comes_in_empty(office: Bureau, rows: WorkbookRows) -> None:
    used, application = format_of(), office.application
    assert isinstance(record_export(application, Caller("anna"), used, _file([])), Refusal)
    strange = [FormatRow(2, {**rows.rows[0].cells, "case": "visit-9"})]
    assert isinstance(receive_rows(application, Caller("anna"), used, _file(strange)), Refusal)
    assert Received.from_json(Received(1, ("甲",)).as_json()) == Received(1, ("甲",))
    assert record_export(application, Caller("anna", request_id="r1"), used, _file(rows.rows)) == 2
    assert record_export(application, Caller("anna", request_id="r1"), used, _file(rows.rows)) == 2


def test_keys_are_kept_apart_and_digests_pass_over_what_is_not_ours(rows: WorkbookRows) -> None:
    used = format_of()
    assert key_text(["a|b", "c"]) != key_text(["a", "b|c"])
    row = rows.rows[0]
    other = FormatRow(1, {**row.cells, "number": "P9"})
    assert digest_of(used, row) == digest_of(used, other)
    assert Exchanged().filled(used, rows) is rows
