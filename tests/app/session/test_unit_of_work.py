from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bureau_factories import CALENDAR, timekeeping
from visit_bureau import unit, visit_bureau

from engine.app.ports.records import Timer
from engine.app.session.messages import INBOX
from engine.app.session.unit_of_work import UnitOfWork, paused_clocks
from engine.calendars.yaml_year import read_year
from engine.language import say
from engine.lifecycle.case import Case, Change
from engine.lifecycle.command import ENGINE
from engine.lifecycle.process import DAILY, STUCK

HELD = """
workflow: held
title: 时限件
about: none
initial: open
start: {by: clerk}
verbs:
  suspend: {by: clerk, pauses: [open]}
  resume: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 5 working days}
  done: {title: 完, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
  - {do: lapse, title: 到期, from: open, to: done, after: 8 working days}
"""


def test_nothing_is_written_before_the_flush() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        after = uow.record(case, "advanced", "anna", {"step": "send"}, Change(state="checking"))
        assert (after.rev, after.state, uow.case(case.id)) == (2, "checking", after)
        assert transaction.cases.get(case.id) == case
        uow.flush()
        assert transaction.cases.get(case.id) == after
        assert [task.key for task in transaction.tasks.of_case(case.id)] == ["r:chief@north"]
    assert bureau.events(case.id)[-1].body == {"state": "checking", "step": "send", "credential": "machine"}
    assert bureau.findings() == []


def test_cases_are_held_taken_up_and_let_go() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        assert uow.case("visit-9") is None
        uow.hold({case.id: case})
        assert uow.case(case.id) is case
        after = uow.record(case, "recorded", "anna", {})
        uow.hold({case.id: case})
        assert uow.case(case.id) is after
        uow.opened([case])
        assert uow.case(case.id) is case
        uow.opened([after])
        uow.forget()
        assert uow.case(case.id) == after
        assert uow.case(case.id) is not case
        assert uow.process(case).workflow.id == "visit"


def test_what_another_unit_of_work_wrote_is_seen_once_the_cases_are_forgotten() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    with unit(bureau) as uow:
        held = uow.case(case)
        assert held is not None
        other = UnitOfWork(bureau.application, uow.transaction, bureau.clock.now())
        after = other.record(held, "recorded", "anna", {})
        other.flush()
        assert uow.case(case) is held
        uow.forget()
        assert uow.case(case) == after


def test_timers_follow_the_state() -> None:
    bureau = visit_bureau(HELD)
    case = bureau.start("held")
    assert set(bureau.timers(case)) == {"open", "after:lapse"}
    found = bureau.case(case)
    with unit(bureau) as uow:
        process = uow.process(found)
        held = uow.record(found, "suspended", "anna", {}, Change(suspended=True))
        assert (paused_clocks(process, found), paused_clocks(process, held)) == ((), ("open",))
    assert bureau.timers(case) == {}
    bureau.later(days=2)
    with unit(bureau) as uow:
        after = uow.record(held, "resumed", "anna", {}, Change(suspended=False))
        timer = uow.timer_set(case, "after:lapse")
        assert timer is not None
        assert uow.timer_set(case, "open") is None
        uow.drop_timer(Timer(case, "after:lapse", timer.at))
    assert bureau.timers(case) == {"after:lapse": timer.at}
    with unit(bureau) as uow:
        uow.drop_timer(timer)
    assert bureau.timers(case) == {}
    with unit(bureau) as uow:
        uow.record(after, "advanced", "anna", {}, Change(state="done", final=True))
    assert bureau.work_items("anna") == {}


def test_timed_steps_are_counted_again_by_another_calendar() -> None:
    text = "year: 2024\ntitle: 示例\nsource: 示例\nholidays: {示例假: [2024-09-03]}\nworkdays: []\n"
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    time = timekeeping(CALENDAR.with_year(data))
    bureau = visit_bureau(HELD)
    case, other = bureau.case(bureau.start("held")), bureau.case(bureau.start("visit"))
    before = bureau.timers(case.id)["after:lapse"]
    with unit(bureau) as uow:
        ((old, new),) = uow.rearm_timed_steps(case, time)
        assert (old.at, old.name, new.name) == (before, "after:lapse", "after:lapse")
        assert new.at != before
        assert uow.rearm_timed_steps(other, time) == []
    assert bureau.timers(case.id)["after:lapse"] == new.at
    with unit(bureau) as uow:
        assert uow.rearm_timed_steps(case, time) == []


def test_messages_go_out_on_every_channel_once_for_each_person() -> None:
    bureau = visit_bureau()
    bureau.application.channels = ("log", INBOX)
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        uow.tell(case, ["anna", "carl", "anna"], say("请办理"), "reminded", urgent=True)
        uow.tell(case, ["dora"], say("另一条"), "notify", mark="m")
    sent = bureau.outbox()
    assert [(item.id, item.channel, item.recipient) for item in sent] == [
        ("m:1", "log", "dora"),
        ("visit-1:1:1", "log", "anna"),
        ("visit-1:1:2", "log", "carl"),
    ]
    assert sent[1].payload == {"about": "reminded", "text": "请办理", "title": "示例件", "urgent": True}
    with bureau.look() as transaction:
        (entry,) = transaction.inbox.of("carl")
    assert (entry.id, entry.text, entry.about, entry.urgent) == (
        "visit-1:1:inbox:2",
        "请办理",
        "reminded",
        True,
    )


def test_a_belated_message_says_so() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        uow.planned = uow.now - timedelta(minutes=59)
        uow.tell(case, ["anna"], say("请办理"), "reminded")
        uow.planned = uow.now - timedelta(hours=2)
        uow.tell(case, ["anna"], say("请办理"), "reminded")
    assert bureau.mail("anna") == ["请办理", "请办理（应于 2024-09-02 08:00 发出，系统停运后补发）"]


def test_an_order_without_a_person_goes_to_the_outbox() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        uow.send(case, "site", "site", None, {"publication": "p"})
    (item,) = bureau.outbox("site")
    assert (item.id, item.case, item.payload) == ("visit-1:1:1", "visit-1", {"publication": "p"})


def test_an_escalation_stays_until_the_state_changes() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        uow.escalate(case, "r:deputy")
        uow.escalate(case, "r:deputy")
        keys = [task.key for task in uow.transaction.tasks.of_case(case.id)]
        assert sorted(keys) == ["r:clerk@north", "r:deputy"]
        after = uow.record(case, "claimed", "anna", {}, Change(assignee="anna"))
        uow.flush()
        assert "r:deputy" in {task.key for task in uow.transaction.tasks.of_case(case.id)}
        after = uow.record(after, "advanced", "anna", {}, Change(state="checking"))
        uow.flush()
        assert [task.key for task in uow.transaction.tasks.of_case(case.id)] == ["r:chief@north"]
        ended = uow.record(after, "advanced", "carl", {}, Change(state="closed", final=True))
        assert uow.tasks(uow.process(ended), ended) == []


def test_a_task_has_the_day_of_the_clock_due_first() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        (task,) = uow.tasks(uow.process(case), case)
    assert (task.key, task.due_on, task.due_at) == (
        "r:clerk@north",
        case.clocks["draft"].due_on,
        case.clocks["draft"].due_at,
    )
    assert (task.title, task.case_title, task.opened_at) == ("草拟", "示例件", case.entered_at)


def test_cases_that_were_fetched_together_are_taken_and_nothing_newer_is_overwritten() -> None:
    bureau = visit_bureau()
    first, second = bureau.case(bureau.start("visit")), bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        after = uow.record(first, "advanced", "anna", {}, Change(state="checking"))
        uow.hold({first.id: first, second.id: second})
        assert uow.case(first.id) == after
        assert uow.case(second.id) is second


def test_a_case_that_has_to_be_looked_at_has_a_timer_for_it() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        uow.look_at_stuck(case)
        uow.ask_tomorrow(case)
    timers = bureau.timers(case.id)
    assert timers == {
        STUCK: bureau.clock.now(),
        DAILY: datetime(2024, 9, 2, 16, tzinfo=UTC),
    }


def test_a_case_is_seen_with_what_was_done_to_it_here_and_nothing_of_it_is_held() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        assert uow.seen("visit-9") is None
        assert uow.seen(case.id) == case
        after = uow.record(case, "recorded", "anna", {})
        assert uow.seen(case.id) is after


def test_the_time_is_never_before_what_was_done_last_to_a_case_that_is_held() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("visit"))
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now() - timedelta(hours=3))
        uow.hold({case.id: case})
        assert uow.now >= case.last_event_at


def test_what_the_engine_says_of_many_cases_is_the_same_text() -> None:
    bureau = visit_bureau()
    first, second = (bureau.case(bureau.start("visit")) for _ in range(2))
    body, change = {"step": "x", "why": ["w"]}, Change(fields={})
    with unit(bureau) as uow:
        for case in (first, second):
            uow.record(case, "recorded", ENGINE, body, change)
        uow.record(bureau_case(uow, second.id), "recorded", ENGINE, {"step": "y"}, change)
    told = [bureau.events(case.id)[-1] for case in (first, second)]
    assert (told[0].body["step"], told[1].body["step"]) == ("x", "y")
    assert bureau.events(second.id)[-2].body == told[0].body
    assert bureau.findings() == []


def test_a_clock_that_moves_its_day_moves_the_task() -> None:
    bureau = visit_bureau(HELD)
    case = bureau.case(bureau.start("held"))
    clock = case.clocks["open"]
    later_ = replace(clock, due_at=clock.due_at + timedelta(days=1), due_on=clock.due_on + timedelta(days=1))
    with unit(bureau) as uow:
        uow.record(case, "recorded", "anna", {}, Change(clocks={"open": later_}))
    assert bureau.work_items("anna")[case.id].task.due_at == later_.due_at
    with unit(bureau) as uow:
        uow.record(bureau_case(uow, case.id), "recorded", "anna", {}, Change(clocks={"open": None}))
    assert bureau.work_items("anna")[case.id].task.due_at is None


def bureau_case(uow: UnitOfWork, name: str) -> Case:
    found = uow.case(name)
    assert found is not None
    return found
