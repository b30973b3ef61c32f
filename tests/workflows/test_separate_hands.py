"""The shipped processes through the commands: who has filled a register in neither checks nor passes it."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.app.commands import Caller
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.records import RegisterEntry
from engine.calendars.load import load_calendar
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 3, 4, 9, tzinfo=ZONE)
SECTION = "labour_inspection"
PEOPLE = {
    "both-01": (SECTION, ["section_chief", "leading_office"]),
    "chief-01": (SECTION, ["section_chief"]),
    "office-01": (None, ["leading_office"]),
}
REPORT = {"reported_by": "both-01", "total": 3, "added": 1, "removed": 0}


@pytest.fixture
def application() -> Application:
    store, clock = MemoryStore(), VirtualClock(NOW)
    made = Application(store, clock, DefinitionCache(DeadlineCalculator(load_calendar([]), ZONE, time(9))))
    loaded = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
    assert isinstance(publish(made, Caller(SYSTEM), loaded), Published)
    with store.write() as transaction:
        transaction.registers.put(
            [
                RegisterEntry("people", name, name, section, {"roles": roles})
                for name, (section, roles) in PEOPLE.items()
            ],
            NOW,
        )
    return made


def said(outcome: CommandResult | Refusal) -> str:
    return "" if isinstance(outcome, CommandResult) else "\n".join(map(str, outcome.reasons))


def test_who_has_filled_it_in_does_not_check_it_and_who_asks_for_a_change_does_not_pass_it(
    application: Application,
) -> None:
    new = NewCase(title="一单", section=SECTION)
    started = application.start("library", "both-01", new, {"kind": "experts", "year": 2024})
    assert isinstance(started, CommandResult), said(started)
    case = started.case
    assert said(application.advance(case, "submit", "both-01", {**REPORT, "labelled": True})) == ""
    assert "已在本件办过“提交核对”，不能再办“股室核对通过”" in said(
        application.advance(case, "pass_check", "both-01")
    )
    assert said(application.advance(case, "pass_check", "chief-01")) == ""
    assert said(application.advance(case, "activate", "office-01")) == ""
    change = {"requested_by": "both-01", "changes": [{"entry": "甲", "change": "add", "because": "新增"}]}
    assert said(application.advance(case, "request_change", "both-01", change)) == ""
    assert "已在本件办过“提出变更”，不能再办“变更审核通过”" in said(
        application.advance(case, "pass_change", "both-01")
    )
    assert said(application.advance(case, "pass_change", "office-01")) == ""
