"""An office with three visits, two of them checked, and the format of a platform that asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from bureau_factories import BUREAU, Bureau

from engine.app.commands.exchange.exchange import ExchangeFile
from engine.app.exchange.rows import FormatRows, RowsWanted
from engine.app.ports.records import RegisterEntry
from engine.app.queries.exchange.exchange import exchange_rows
from engine.app.registers.import_entries import import_entries
from engine.exchange.format_file import read_format
from engine.exchange.formats import ExchangeFormat
from engine.exchange.rows import FormatRow, WorkbookRows

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


def office_of_visits() -> Bureau:
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


def rows_of(office: Bureau) -> WorkbookRows:
    """Return the rows of the two checked visits as Anna sees them."""
    found = exchange_rows(office.application, "anna", format_of(), RowsWanted())
    assert isinstance(found, FormatRows)
    assert found.looked_at == 3
    return found.rows


def file_of(rows: Sequence[FormatRow], name: str = "f.xlsx") -> ExchangeFile:
    return ExchangeFile(name, "0" * 64, rows)
