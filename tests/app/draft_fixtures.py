"""Services over a bureau with one process whose steps have a form."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.ports.records import RegisterEntry
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory.store import MemoryStore

BUREAU = """
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles: {clerk: {title: 经办人, scope: section}, keeper: {title: 管理员, scope: bureau}}
"""
FORM = """
form: visit
title: 走访
fields:
  - firm: {title: 企业}
  - owed: {title: 欠薪, type: money, when: form.firm != 'none'}
  - secret: {title: 内部意见, optional: true}
  - phone: {title: 电话, recommended: true}
"""
WORKFLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  checked: {title: 待复核, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: look, title: 走访, from: open, to: checked, by: clerk, form: visit}
  - {do: back, title: 重来, from: checked, to: open, by: clerk}
  - {do: close, title: 办结, from: checked, to: done, by: clerk, form: visit, read_only: firm, hidden: [secret]}
"""
PEOPLE = {"anna": ["clerk"], "bela": ["clerk"], "kate": ["keeper"]}


def desk() -> Application:
    """Return services with two clerks, a keeper, and one case ``errand-1``."""
    clock = VirtualClock(datetime(2024, 9, 2, 2, tzinfo=UTC))
    definitions = DefinitionCache(DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9)))
    store = MemoryStore()
    publish(store, clock, FORM)
    with store.write() as transaction:
        rows = [
            RegisterEntry("people", name, name.title(), "north", {"roles": roles})
            for name, roles in PEOPLE.items()
        ]
        transaction.registers.put(rows, clock.now())
    application = Application(store, clock, definitions)
    assert not isinstance(application.start("errand", "anna", NewCase(title="甲")), Refusal)
    return application


def publish(store: MemoryStore, clock: VirtualClock, form: str) -> None:
    """Publish the process with `form`."""
    files = {"bureau.yaml": BUREAU, "errand.yaml": WORKFLOW, "visit.yaml": form}
    loaded = load_files({name: text.lstrip() for name, text in files.items()})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    with store.write() as transaction:
        add_versions(transaction, loaded, clock.now(), SYSTEM)


def by(person: str) -> Caller:
    """Return a caller."""
    return Caller(person)


def said(outcome: object) -> list[str]:
    """Return the sentences of a refusal."""
    assert isinstance(outcome, Refusal), outcome
    return [str(reason.message) for reason in outcome.reasons]
