"""A bureau small enough to see whole: one workflow, three people, a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.requests import CommandResult
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Store
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

SHANGHAI = ZoneInfo("Asia/Shanghai")

BUREAU = """\
bureau: small
title: 小局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股, two: 二股}
roles:
  clerk: {title: 经办人, scope: section}
  chief: {title: 股长, scope: section}
  head: {title: 局长, scope: bureau}
"""

NOTE = """\
form: note
title: 记录
fields:
  - found: {title: 发现, public: true}
  - phone: {title: 电话, optional: true}
  - count: {title: 数量, type: integer, min: 0}
"""

VISIT = """\
workflow: visit
title: 走访
about: object
initial: there
start: {by: [clerk]}
fields:
  - count: {title: 数量, type: integer}
states:
  there:
    title: 待走访
    for: clerk
    deadline: 20 working days
    remind: [10, 2 working days before]
    overdue:
      at once: [clerk]
      3 working days: {escalate: head}
  checking: {title: 待审核, for: chief}
  waiting: {title: 等待子件}
  done: {title: 已办结, final: true}
verbs:
  claim: {}
  reassign: {by: chief, among: [clerk, chief]}
  extend: {by: chief, clock: there, max: 10 working days, times: 1, basis: 本局内部控制要求}
  suspend: {by: chief, pauses: [there]}
  resume: {by: chief}
transitions:
  - do: report
    title: 上报
    from: there
    to: checking
    form: note
    require:
      - {that: form.count >= 2, else: 数量不足两件, basis: 甲条例 第一条}
      - {that: "form.found != '无'", else: 必须写明发现, basis: 乙条例 第二条}
    then:
      - set: {count: = form.count}
  - {do: send_back, title: 退回, from: checking, to: there, reason: true}
  - do: accept
    title: 通过
    from: checking
    to: waiting
    require:
      - {that: actor.id != 'clerk-1', else: 审核人不能是经办人, basis: 本局内部控制要求}
    then:
      - publish: result
      - start: errand
        each: "['a', 'b']"
        title: 差事
  - do: all_done
    title: 子件齐
    from: waiting
    to: done
    join: {workflow: errand, reached: [closed]}
"""

ERRAND = """\
workflow: errand
title: 差事
about: object
initial: open
states:
  open: {title: 待办, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""

PEOPLE = (
    RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]}),
    RegisterEntry("people", "clerk-2", "经办人02", "one", {"roles": ["clerk"]}),
    RegisterEntry("people", "clerk-9", "经办人09", "two", {"roles": ["clerk"]}),
    RegisterEntry("people", "chief-1", "股长01", "one", {"roles": ["chief"]}),
    RegisterEntry("people", "head-1", "局长01", None, {"roles": ["head"]}),
)


@dataclass
class SmallBureau:
    """An office on a store in memory, and its clock."""

    application: Application
    clock: VirtualClock

    def start(self) -> str:
        answer = self.application.start(
            "visit", "clerk-1", NewCase(title="示例企业", subject={"id": "E1", "name": "示例企业"})
        )
        assert isinstance(answer, CommandResult)
        return answer.case

    def take(
        self, case: str, step: str, person: str, answers: dict[str, object] | None = None, **how: Any
    ) -> CommandResult:
        answer = self.application.advance(case, step, person, answers, **how)
        assert isinstance(answer, CommandResult), str(answer)
        return answer

    def refused(
        self, case: str, step: str, person: str, answers: dict[str, object] | None = None, **how: Any
    ) -> Refusal:
        answer = self.application.advance(case, step, person, answers, **how)
        assert isinstance(answer, Refusal)
        return answer


def small_bureau(store: Store | None = None) -> SmallBureau:
    """Return a new bureau on 2024-09-14, a Saturday that is worked; `store` is empty, by default one in memory."""
    clock = VirtualClock(datetime(2024, 9, 14, 10, tzinfo=SHANGHAI))
    keeping = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    application = Application(store or MemoryStore(), clock, DefinitionCache(keeping))
    files = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND}
    loaded = load_files(files)
    assert loaded.sound, [f"{p.file}:{p.line} {p.message}" for p in loaded.problems]
    assert isinstance(publish(application, Caller(SYSTEM), loaded), Published)
    import_entries(application, "people", PEOPLE, SYSTEM, source="test")
    return SmallBureau(application, clock)
