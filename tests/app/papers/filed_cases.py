"""An office with a workflow whose cases have a file and one whose have none; both ask a personal answer."""

from __future__ import annotations

from datetime import UTC, datetime, time

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
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
from engine.synthetic.entropy import seeded_entropy

BEGIN = datetime(2026, 3, 2, 2, tzinfo=UTC)
BUREAU = """\
bureau: b
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles: {clerk: {title: 经办人, scope: section}}
"""
NOTE = """\
form: note
title: 记录
fields:
  - name: {title: 姓名, personal: true}
"""
FLOW = """\
workflow: WORKFLOW
title: 检查
about: object
initial: there
start: {by: clerk, form: note}
ARCHIVE
states:
  there: {title: 在彼, for: clerk, no deadline: 示例}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: there, to: done}
"""
NAME = "欧阳<甲>"


def flow(name: str, archive: str) -> str:
    return FLOW.replace("WORKFLOW", name).replace("ARCHIVE\n", archive)


def office() -> Application:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    clock = VirtualClock(BEGIN)
    made = Application(MemoryStore(), clock, DefinitionCache(keeping), entropy=seeded_entropy("t"))
    filed, loose = flow("filed", "archive: {retention: {keep: 1 year}}\n"), flow("loose", "")
    loaded = load_files({"b.yaml": BUREAU, "note.yaml": NOTE, "filed.yaml": filed, "loose.yaml": loose})
    assert isinstance(done := publish(made, Caller(SYSTEM), loaded), Published), (done, loaded.problems)
    people = [RegisterEntry("people", "anna", "anna", "one", {"roles": ["clerk"]})]
    import_entries(made, "people", people, SYSTEM, source="x")
    return made


def closed(application: Application, workflow: str, parent: str | None = None) -> str:
    new = NewCase(title="某店", section="one", parent=parent)
    started = application.start(workflow, "anna", new, {"name": NAME})
    assert isinstance(started, CommandResult), started
    assert isinstance(application.advance(started.case, "finish", "anna"), CommandResult)
    return started.case
