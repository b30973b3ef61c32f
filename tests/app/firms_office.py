"""An office with two firms, one visit and an old ledger."""

from __future__ import annotations

from bureau_factories import BUREAU, Bureau

from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries

ONE, TWO, NEW = "91990102MA6UF99T6T", "91990102MA6UFHH95D", "91990102MA6UFRQP0X"
FORM = """
form: note
title: 记录
fields:
  - result: {title: 结果, choices: results, public: true}
  - inner: {title: 内部, choices: results}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done, form: note}
"""
CODES = "codes: {results: {good: 合格, bad: 不合格}}\n"


def firms_office() -> Bureau:
    """Return it with the visit checked."""
    found = Bureau(BUREAU + CODES, FORM, VISIT)
    entries = [
        RegisterEntry("objects", ONE, "示例一厂", "north", {"phone": "0000-1234567", "district": "一街"}),
        RegisterEntry("objects", TWO, "示例二厂", "south", {"phone": "13800000002"}),
    ]
    import_entries(found.application, "objects", entries, "system", source="f")
    ledger = [
        RegisterEntry(
            "visits",
            "L-1",
            "示例一厂",
            "north",
            {"object": ONE, "ledger_day": "2023-05-06", "result": "合格"},
        ),
        RegisterEntry("visits", "L-2", "示例一厂", "north", {"object": ONE, "ledger_day": "2024-02-03"}),
        RegisterEntry(
            "visits", "L-3", ONE, "north", {"object": TWO, "ledger_day": "2024-02-03", "remark": ONE}
        ),
    ]
    import_entries(found.application, "visits", ledger, "system", source="f")
    found.start("visit", title="示例一厂", subject={"id": ONE, "name": "示例一厂"})
    found.take("visit-1", "check", answers={"result": "bad", "inner": "good"})
    return found
