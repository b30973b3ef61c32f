"""What nobody has opened in N days goes to the head: once, and only what really nobody has touched."""

from __future__ import annotations

from typing import Any

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.definitions.derived_settings import CALENDAR_STARTS, UNTOUCHED
from engine.app.ports.records import InboxEntry
from engine.app.timers.untouched import escalate_untouched

FLOW = """
workflow: errand
title: 交办事项
about: none
initial: open
start: {by: chief}
states:
  open: {title: 待办, for: clerk, no deadline: 试, verbs: [claim]}
  checked: {title: 待核, for: clerk, no deadline: 试二}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 核对, from: open, to: checked}
  - {do: note, title: 登记, from: open}
  - {do: finish, title: 办结, from: [open, checked], to: done}
"""
#: A task of the deputy's: nobody of the list is above.
HEAD = FLOW.replace("errand", "ruling").replace("for: clerk", "for: deputy")
RULE = BUREAU.strip() + "\nuntouched: {after: 5 working days, escalate: [clerk, chief, deputy]}\n"


@pytest.fixture
def bureau() -> Bureau:
    return Bureau(RULE, FLOW).without_arrivals("anna", "anton", "carl")


def sent_up(bureau: Bureau, case: str) -> list[str]:
    return [event.actor for event in bureau.events(case) if event.kind == "escalated"]


def test_a_task_of_five_working_days_that_nobody_has_touched_goes_up_once(bureau: Bureau) -> None:
    # Monday; the five working days end with Monday the 9th.
    case = bureau.start("errand", "carl", section="north")
    bureau.at("2024-09-09 23:00").sweep()
    assert sent_up(bureau, case) == []
    bureau.at("2024-09-10 08:00").sweep()
    assert sent_up(bureau, case) == ["engine"]
    (said,) = bureau.mail("carl")
    assert "无人过问：“示例件”的“待办”已满 5 个工作日" in said
    # It stands in the list of whoever it went to, and is not sent up again.
    assert case in bureau.work_items("carl")
    bureau.at("2024-09-30").sweep()
    assert len(sent_up(bureau, case)) == 1


def test_a_heads_task_is_not_put_before_a_lower_role() -> None:
    bureau = Bureau(RULE, HEAD).without_arrivals("anna", "anton", "carl")
    case = bureau.start("ruling", "carl", section="north")
    bureau.at("2024-10-15").sweep()
    assert sent_up(bureau, case) == []
    assert not [text for text in bureau.mail("carl") if "无人过问" in text]


def test_a_task_that_ends_by_itself_is_not_put_before_anybody() -> None:
    timed = FLOW.replace(
        "  - {do: note, title: 登记, from: open}\n",
        "  - {do: lapse, title: 期满归档, from: open, to: done, after: 20 working days}\n",
    )
    bureau = Bureau(RULE, timed).without_arrivals("anna", "anton", "carl")
    case = bureau.start("errand", "carl", section="north")
    bureau.at("2024-09-20").sweep()
    assert bureau.case(case).state == "open"
    assert sent_up(bureau, case) == []
    bureau.at("2024-10-20").sweep()
    assert bureau.case(case).state == "done"


def test_days_on_which_no_daemon_ran_are_made_up_for(bureau: Bureau) -> None:
    case = bureau.start("errand", "carl", section="north")
    bureau.at("2024-10-15").sweep()
    assert len(sent_up(bureau, case)) == 1


@pytest.mark.parametrize("touch", ["claimed", "noted", "moved", "read"])
def test_what_somebody_has_opened_stays_where_it_is(bureau: Bureau, touch: str) -> None:
    case = bureau.start("errand", "carl", section="north")
    bureau.at("2024-09-03")
    if touch == "claimed":
        bureau.application.claim(case, "anna")
    elif touch == "noted":
        bureau.take(case, "note")
    elif touch == "moved":
        bureau.take(case, "check")
    else:
        with bureau.store.write() as transaction:
            now = bureau.clock.now()
            words: dict[str, Any] = {"about": "arrived", "title": "新待办", "text": "新待办", "urgent": False}
            transaction.inbox.put([InboxEntry(id="m1", recipient="anna", case=case, created_at=now, **words)])
            transaction.inbox.ack("anna", ["m1"], now)
    bureau.at("2024-09-10").sweep()
    assert sent_up(bureau, case) == []


def test_without_the_rule_nothing_is_looked_at() -> None:
    bureau = Bureau(FLOW)
    bureau.start("errand", "carl", section="north")
    bureau.at("2024-10-15")
    assert escalate_untouched(bureau.application) == 0
    with bureau.look() as transaction:
        assert UNTOUCHED not in (transaction.settings.get(CALENDAR_STARTS) or {})
