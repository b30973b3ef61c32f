"""Tasks as they are read: whose, which, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.commands import Caller
from engine.app.commands.application import CommandResult, NewCase
from engine.app.commands.delegations import add_delegation
from engine.app.queries.tasks import calendar_feed, list_tasks, week_sheet
from engine.kernel.refusal import Refusal
from engine.language import say

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def opened() -> Opened:
    found = open_sections()
    assert isinstance(found.services.start("errand", "bela", NewCase(title="南片示例")), CommandResult)
    return found


def cases(found: object) -> list[str]:
    assert isinstance(found, list), str(found)
    return [item.task.case for item in found]


def test_a_section_sees_its_own_and_the_bureau_all(opened: Opened) -> None:
    assert cases(list_tasks(opened.services, "anna")) == [opened.case]
    assert cases(list_tasks(opened.services, "lena")) == [opened.case, "errand-2"]
    assert cases(list_tasks(opened.services, "lena", limit=1)) == [opened.case]
    assert cases(list_tasks(opened.services, "lena", section="south")) == ["errand-2"]
    assert cases(list_tasks(opened.services, "anna", person="bela")) == []
    assert cases(list_tasks(opened.services, "lena", person="bela")) == ["errand-2"]
    assert cases(list_tasks(opened.services, "lena", person="bela", section="north")) == []


def test_cuts_by_person_and_time(opened: Opened) -> None:
    services = opened.services
    assert cases(list_tasks(services, "anna", person="anna")) == [opened.case]
    assert cases(list_tasks(services, "anna", person="anna", mine=True)) == []
    assert cases(list_tasks(services, "anna", person="anna", waiting=True)) == []
    assert cases(list_tasks(services, "lena", this_week=ZONE)) == [opened.case, "errand-2"]
    assert cases(list_tasks(services, "anna", person="anna", overdue=True)) == []
    services.clock.advance(timedelta(days=9))  # type: ignore[attr-defined] # a clock set by hand
    assert cases(list_tasks(services, "anna", person="anna", overdue=True)) == [opened.case]
    assert cases(list_tasks(services, "lena", overdue=True)) == [opened.case, "errand-2"]
    assert cases(list_tasks(services, "lena", this_week=ZONE)) == []


def test_nobody_of_that_name(opened: Opened) -> None:
    for found in (
        list_tasks(opened.services, "lena", person="nobody"),
        list_tasks(opened.services, "lena", person="nobody", waiting=True),
        calendar_feed(opened.services, "lena", "nobody", say("编号")),
    ):
        assert isinstance(found, Refusal)
        assert found.reasons[0].code == "unknown-person"
        assert found.reasons[0].next is not None
        assert found.reasons[0].next.name == "list_staff"


def test_deadlines_as_a_calendar(opened: Opened) -> None:
    feed = calendar_feed(opened.services, "anna", "anna", say("编号"))
    assert isinstance(feed, bytes)
    assert (feed.count(b"BEGIN:VEVENT"), opened.case.encode() in feed) == (1, True)


def test_the_week_of_a_section(opened: Opened) -> None:
    sheet = week_sheet(opened.services, "anna", "north")
    assert not isinstance(sheet, Refusal)
    assert (sheet.title, sheet.count, str(sheet.monday)) == ("北片股", 1, "2024-09-02")
    refused = week_sheet(opened.services, "anna", "south")
    assert isinstance(refused, Refusal)
    assert str(refused) == "“anna”只能看本股室的待办"
    unknown = week_sheet(opened.services, "lena", "west")
    assert isinstance(unknown, Refusal)
    assert unknown.reasons[0].code == "section"


def test_another_persons_tasks_are_cut_to_what_the_viewer_sees(opened: Opened) -> None:
    feed = calendar_feed(opened.services, "anna", "bela", say("编号"))
    assert isinstance(feed, bytes)
    assert feed.count(b"BEGIN:VEVENT") == 0
    whole = calendar_feed(opened.services, "lena", "bela", say("编号"))
    assert isinstance(whole, bytes)
    assert whole.count(b"BEGIN:VEVENT") == 1


def test_what_another_person_waits_for_is_cut_to_what_the_viewer_sees(opened: Opened) -> None:
    services = opened.services
    made = add_delegation(
        services, Caller("bela"), "bela", "cara", date(2024, 9, 2), date(2024, 9, 9), "年休假"
    )
    assert not isinstance(made, Refusal), str(made)
    with services.store.write() as transaction:
        # Bela has started it; somebody else of the section has it now.
        (task,) = transaction.tasks.of_case("errand-2")
        transaction.tasks.put([replace(task, assignee="berta")])
    assert cases(list_tasks(services, "bela", person="bela", waiting=True)) == ["errand-2"]
    assert cases(list_tasks(services, "lena", person="bela", waiting=True)) == ["errand-2"]
    assert cases(list_tasks(services, "anna", person="bela", waiting=True)) == []
    # Who acts for Bela sees what Bela sees.
    assert cases(list_tasks(services, "cara", person="bela", waiting=True)) == ["errand-2"]
    assert cases(list_tasks(services, "cara")) == ["errand-2"]
