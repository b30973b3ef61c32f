"""A small bureau that orders a firm to put two problems right, in memory; and a browser to look at it with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from small_bureau import BUREAU, PEOPLE, SHANGHAI, SmallBureau
from workbench_fixtures import MemoryFiles

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.commands.rectification.office import IssuedCode, issue_firm_code
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.requests import CommandResult
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

FIRM_CODE = "91130100MA00000008"
PERSON = "clerk-1"
PDF = b"%PDF-1.4\n%%EOF\n"

ORDER = """\
form: order
title: 责令改正
fields:
  - demands: {title: 要求, type: long text}
  - due_on: {title: 改正期限, type: date}
"""
SERVICE = """\
form: service
title: 送达
fields:
  - served_on: {title: 送达日期, type: date}
"""
RECTIFY = """\
workflow: rectify
title: 整改
about: object
initial: ordering
start: {by: [clerk]}
fields:
  - problem_list:
      title: 问题清单
      columns:
        - facts: {title: 事实, type: long text}
        - basis: {title: 依据}
states:
  ordering: {title: 待下达, for: clerk}
  serving: {title: 待送达, for: clerk}
  waiting: {title: 待整改, for: clerk, verbs: {extend: {by: clerk, clock: rectify_due, max: 30 days, times: 1}}}
  done: {title: 已办结, final: true}
clocks:
  rectify_due:
    title: 改正期限
    during: [waiting]
    deadline: on forms.order.due_on
transitions:
  - {do: order, title: 下达, from: ordering, to: serving, form: order, then: [{render: order_paper}]}
  - do: serve
    title: 送达
    from: serving
    to: waiting
    form: service
    then: [{paper: order_paper, becomes: served, on: = form.served_on}]
  - {do: close, title: 办结, from: waiting, to: done}
"""


class OnePaper:
    """A renderer that makes one short paper."""

    def render(self, request: Any) -> bytes:
        """Return the paper."""
        return f"<html><head><title>责令改正书</title></head><body>{request.template}</body></html>".encode()


@dataclass
class RectificationDesk(SmallBureau):
    """The bureau with one case that was served."""

    case: str = ""
    chance: list[bytes] = field(default_factory=list)

    @property
    def paper(self) -> str:
        """Return the id of the order."""
        return f"{self.case}/order_paper/1"

    def issued(self, *papers: str) -> IssuedCode:
        """Return a code that was just issued."""
        found = issue_firm_code(self.application, Caller(PERSON), self.case, list(papers))
        assert isinstance(found, IssuedCode), found
        return found

    def served(self) -> RectificationDesk:
        """Serve the order by its step."""
        self.take(self.case, "serve", PERSON, {"served_on": "2024-09-14"})
        return self


def rectification_desk(**settings: Any) -> RectificationDesk:
    """Return a new bureau on 2024-09-14 with an order that is made and not served."""
    clock = VirtualClock(datetime(2024, 9, 14, 10, tzinfo=SHANGHAI))
    keeping = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    desk = RectificationDesk(
        Application(
            MemoryStore(),
            clock,
            DefinitionCache(keeping),
            channels=("inbox",),
            settings=settings,
            renderer=OnePaper(),
            files=MemoryFiles(),
        ),
        clock,
    )

    def chance(_what: str, length: int) -> bytes:
        desk.chance.append(bytes([len(desk.chance) + 1]) * length)
        return desk.chance[-1]

    desk.application.entropy = chance
    files = {"bureau.yaml": BUREAU, "order.yaml": ORDER, "service.yaml": SERVICE, "rectify.yaml": RECTIFY}
    loaded = load_files(files)
    assert loaded.sound, [f"{p.file}:{p.line} {p.message}" for p in loaded.problems]
    assert isinstance(publish(desk.application, Caller(SYSTEM), loaded), Published)
    import_entries(desk.application, "people", PEOPLE, SYSTEM, source="test")
    firm = RegisterEntry(
        "objects", FIRM_CODE, "示例企业", None, {"contact": "原联络员", "phone": "0311-86000000"}
    )
    import_entries(desk.application, "objects", (firm,), SYSTEM, source="test")
    started = desk.application.start(
        "rectify", PERSON, NewCase(title="示例企业", subject={"id": FIRM_CODE, "name": "示例企业"})
    )
    assert isinstance(started, CommandResult), started
    desk.case = started.case
    with desk.application.store.write() as transaction:
        from dataclasses import replace

        case = transaction.cases.get(desk.case, lock=True)
        assert case is not None
        rows = [
            {"facts": "未签劳动合同三份", "basis": "甲条例 第一条"},
            {"facts": "未公示工资标准", "basis": "甲条例 第二条"},
        ]
        transaction.cases.save_many([(replace(case, fields={"problem_list": rows}), case.rev)])
    desk.take(desk.case, "order", PERSON, {"demands": "补签合同，公示标准", "due_on": "2024-10-31"})
    return desk
