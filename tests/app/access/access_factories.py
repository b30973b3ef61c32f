"""Services over a small bureau."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Store
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

BUREAU = """
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles:
  leading_office: {title: 牵头股室, scope: bureau}
  roster_admin: {title: 名录管理员, scope: bureau}
  clerk: {title: 经办人, scope: section}
"""
#: A bureau none of whose roles stands in the access table.
OTHER_BUREAU = """
bureau: other
title: 另一示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles:
  captain: {title: 队长, scope: bureau}
  clerk: {title: 经办人, scope: section}
"""
WORKFLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 2 days}
  done: {title: 完, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
"""
#: id -> section, roles
PEOPLE = {
    "lena": (None, ["leading_office"]),
    "rosa": (None, ["roster_admin"]),
    "anna": ("north", ["clerk"]),
    "bela": ("south", ["clerk"]),
    "cara": (None, ["captain"]),
}

MakeServices = Callable[..., Application]


def services_over(store: Store, bureau: str | None, *, people: bool) -> Application:
    """Return services over a store: a bureau's text (None: nothing is published), whether people are known."""
    clock = VirtualClock(datetime(2024, 9, 2, 2, tzinfo=UTC))
    zone = ZoneInfo("Asia/Shanghai")
    definitions = DefinitionCache(DeadlineCalculator(load_calendar([]), zone, time(9)))
    with store.write() as transaction:
        if bureau is not None:
            loaded = load_files({"bureau.yaml": bureau.lstrip(), "errand.yaml": WORKFLOW.lstrip()})
            assert loaded.sound, [str(problem) for problem in loaded.problems]
            add_versions(transaction, loaded, clock.now(), SYSTEM)
        if people:
            rows = [
                RegisterEntry("people", name, name.title(), section, {"roles": roles})
                for name, (section, roles) in PEOPLE.items()
            ]
            transaction.registers.put(rows, clock.now())
    return Application(store, clock, definitions)
