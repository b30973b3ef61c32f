"""A bureau with two sections that have items on one sheet, and one visit that is due."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.ports.records import RegisterEntry
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

FILES = {
    "bureau.yaml": """bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles: {clerk: {title: 经办人, scope: section}, leading_office: {title: 牵头股室, scope: bureau}}
""",
    "visit.yaml": """workflow: visit
title: 检查
about: none
initial: planned
start: {by: clerk}
fields:
  - items: {title: 事项, type: list}
states:
  planned: {title: 待抽取, for: clerk}
  open: {title: 待办, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: draw, title: 抽取, from: planned, to: open, by: clerk, form: drawn, then: [{set: {items: = form.codes}}]}
  - {do: finish, title: 完成, from: open, to: done, by: clerk, form: base, item_forms: true}
""",
    "drawn.yaml": """form: drawn
title: 抽中的事项
fields:
  - codes: {title: 事项, type: list}
""",
    "base.yaml": """form: base
title: 基本表
fields:
  - staff: {title: 人数, type: integer}
""",
    "pay.yaml": """form: pay
title: 用工检查表
rows:
  - {id: sign, items: [X1], title: 合同, points: 查, basis: 法一}
  - {id: wage, items: [X2], title: 工资, points: 查, basis: 法二}
  - {id: other, items: [X9], title: 其他, points: 查, basis: 法三}
""",
}
ANSWERS = {
    "staff": 3,
    "items": {"pay": {"rows": {"sign": {"answer": "pass"}, "wage": {"answer": "fail", "note": "欠薪"}}}},
}


def visit_of_items(*, done: bool) -> tuple[Application, str]:
    """Return services and the visit, before it or after it."""
    store = MemoryStore()
    clock = VirtualClock(datetime(2024, 9, 2, 2, tzinfo=UTC))
    definitions = DefinitionCache(DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9)))
    loaded = load_files(FILES)
    assert loaded.sound, [str(problem) for problem in loaded.problems]
    with store.write() as transaction:
        add_versions(transaction, loaded, clock.now(), SYSTEM)
        transaction.registers.put(
            [
                RegisterEntry("people", "anna", "Anna", "north", {"roles": ["clerk"]}),
                RegisterEntry("people", "bela", "Bela", "south", {"roles": ["clerk"]}),
                RegisterEntry("items", "X1", "合同事项", "north", {"form": "pay"}),
                RegisterEntry("items", "X2", "工资事项", "south", {"form": "pay"}),
            ],
            clock.now(),
        )
    application = Application(store, clock, definitions)
    started = application.start("visit", "anna", NewCase(title="示例"))
    assert isinstance(started, CommandResult), str(started)
    drawn = application.advance(started.case, "draw", "anna", {"codes": ["X1", "X2"]})
    assert isinstance(drawn, CommandResult), str(drawn)
    if done:
        taken = application.advance(started.case, "finish", "anna", ANSWERS)
        assert isinstance(taken, CommandResult), str(taken)
    return application, started.case
