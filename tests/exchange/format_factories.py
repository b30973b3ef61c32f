"""A small format, and its rows."""

from __future__ import annotations

from engine.exchange.format_file import read_format
from engine.exchange.formats import ExchangeFormat

YAML = """
exchange: small
title: 小表
title_en: Small
source: 示例
rows: {cases: visit, forms: [note]}
key: [code]
columns:
  - code: {title: 统一社会信用代码, type: credit code, value: subject.id, required: true}
  - name: {title: 企业名称, also: [单位名称], value: subject.name, required: true, max: 8}
  - area: {title: 区划, type: digits, digits: 6, by_hand: true}
  - on: {title: 检查日期, type: date, written: slash, value: forms.note.on}
  - at: {title: 检查时间, type: datetime, value: forms.note.on}
  - fine: {title: 罚款, type: decimal, decimals: 2, value: forms.note.fine}
  - staff: {title: 人数, type: integer, value: forms.note.staff}
  - result: {title: 结果, type: list, separator: ",", value: forms.note.result, codes: {good: "1", bad: "2"}}
  - office: {title: 机关, fixed: 示例局}
  - number: {title: 平台编号, receipt: true}
checks:
  - {that: empty(row.staff) or row.staff >= 1, else: 人数应大于零}
"""
#: Two sound credit codes of nobody.
ONE, TWO = "91990102MA6UF99T6T", "91990102MA6UFHH95D"


def small(text: str = YAML) -> ExchangeFormat:
    """Return the format."""
    found = read_format("small.yaml", text.encode())
    assert found.format is not None, [str(problem.message) for problem in found.problems]
    return found.format


def values(code: str, **more: object) -> tuple[str, dict[str, object]]:
    """Return a row as the office gives it."""
    return code, {
        "code": code, "name": "示例一厂", "on": "2024-03-05", "at": "2024-03-05", "fine": None, "staff": 3,
        "result": ["good"], **more,
    }  # fmt: skip
