"""Every way a section can say how long something may take: YAML in, due days, refusals and messages out."""

from __future__ import annotations

from collections.abc import Callable

from bureau_factories import BUREAU, ZONE, Bureau, done, refused

from engine.cli.cases.case_text import case_text

OpenBureau = Callable[..., Bureau]

HOURS = (
    BUREAU
    + """
office_hours:
  hours: ["09:00-12:00", "13:30-17:30"]
  seasons:
    - {from: "06-01", to: "08-31", hours: ["09:00-12:00", "15:00-18:00"]}
"""
)


def flow(clocks: str, *, verbs: str = "") -> str:
    """Return a small workflow with these clocks: a matter is handled, may wait for papers, and is reviewed."""
    return f"""
workflow: matter
title: 办件
about: none
initial: open
start: {{by: [clerk]}}
fields: []
verbs: {{{verbs}}}
states:
  open: {{title: 办理, for: clerk}}
  waiting: {{title: 待补正, for: clerk}}
  review: {{title: 审核, for: chief}}
  done: {{title: 办结, final: true}}
clocks:
{clocks}
transitions:
  - {{do: ask, title: 要求补正, from: open, to: waiting}}
  - {{do: receive, title: 收到补正, from: waiting, to: open}}
  - {{do: call, title: 发出通知, from: [open, review]}}
  - {{do: answered, title: 收到答复, from: [open, review]}}
  - {{do: submit, title: 报审, from: open, to: review}}
  - {{do: finish, title: 办结, from: review, to: done}}
"""


def due(bureau: Bureau, case: str, clock: str = "c") -> str:
    """Return when a clock is due, as people in Shanghai write it; a whole day as the day."""
    running = bureau.case(case).clocks[clock]
    at = running.due_at.astimezone(ZONE)
    return f"{at:%Y-%m-%d %H:%M}" if at.hour or at.minute else running.due_on.isoformat()


def started(
    bureau_at: OpenBureau, clocks: str, at: str, *, bureau: str = BUREAU, verbs: str = ""
) -> tuple[Bureau, str]:
    opened = bureau_at(bureau, flow(clocks, verbs=verbs), at=at)
    return opened, opened.start("matter")


EIGHT = "  c: {title: 答复, during: [open, waiting], deadline: 8 office hours, remind: 2 office hours before}"


def test_office_hours_run_only_while_the_bureau_is_open(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, EIGHT, "2024-09-30 16:00", bureau=HOURS)
    # An hour and a half today; the national holiday until 7 October; six and a half hours on the 8th.
    assert due(bureau, case) == "2024-10-08 17:00"
    assert bureau.timers(case)["c"].astimezone(ZONE).strftime("%m-%d %H:%M") == "10-08 15:00"


def test_a_season_has_its_own_hours(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, EIGHT, "2024-08-30 16:00", bureau=HOURS)
    # Friday 16:00-18:00 by the hours of summer, then Monday 2 September by the usual ones.
    assert due(bureau, case) == "2024-09-02 16:30"


def test_office_hours_begin_with_the_next_opening_and_end_with_the_day(bureau_at: OpenBureau) -> None:
    seven = EIGHT.replace("8 office", "7 office")
    bureau, case = started(bureau_at, seven, "2024-09-08 22:00", bureau=HOURS)
    assert due(bureau, case) == "2024-09-09 17:30"
    assert bureau.case(case).clocks["c"].due_on.isoformat() == "2024-09-09"


def test_office_hours_of_a_pause_are_given_back(bureau_at: OpenBureau) -> None:
    verbs = "suspend: {by: clerk, pauses: [c]}, resume: {by: clerk}"
    bureau, case = started(bureau_at, EIGHT, "2024-09-09 09:00", bureau=HOURS, verbs=verbs)
    assert due(bureau, case) == "2024-09-10 10:00"
    done(bureau.at("2024-09-09 10:00").application.suspend(case, "anna", reason="等材料"))
    done(bureau.at("2024-09-10 10:00").application.resume(case, "anna"))
    # Two and a half hours in the morning, four in the afternoon and one this morning went by: seven and a bit.
    assert due(bureau, case) == "2024-09-11 10:00"


def test_the_day_it_starts_on_may_count(bureau_at: OpenBureau) -> None:
    clocks = """
  c: {title: 不计当日, during: open, deadline: 3 working days}
  d: {title: 当日计入, during: open, deadline: 3 working days, count_first_day: true}
  e: {title: 自然日, during: open, deadline: 3 days, count_first_day: true}
"""
    bureau, case = started(bureau_at, clocks, "2024-09-12")
    assert [due(bureau, case, name) for name in "cde"] == ["2024-09-18", "2024-09-14", "2024-09-14"]
    # Sunday is not a working day (Saturday was made one), so it cannot be the first.
    bureau.at("2024-09-15")
    other = bureau.start("matter")
    assert due(bureau, other, "d") == "2024-09-20"


def test_a_period_of_days_may_end_after_the_days_off(bureau_at: OpenBureau) -> None:
    clocks = """
  c: {title: 不调整, during: open, deadline: 5 days}
  d: {title: 顺延, during: open, deadline: 5 days, roll: forward, basis: 民法典 第二百零三条}
  e: {title: 提前, during: open, deadline: 5 days, roll: backward}
"""
    bureau, case = started(bureau_at, clocks, "2024-09-28")
    assert [due(bureau, case, name) for name in "cde"] == ["2024-10-03", "2024-10-08", "2024-09-30"]


BESIDE = """
  report: {title: 上报, during: [open, waiting, review], deadline: 20 working days}
  c: {title: 报审, during: [open, waiting], deadline: 5 working days before report, remind: 1 working day before}
  d: {title: 补报, during: review, deadline: 10 days after report}
  e: {title: 初核, during: open, deadline: 2 working days before c}
"""


def test_a_deadline_before_and_after_another_one(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, BESIDE, "2024-09-02")
    assert [due(bureau, case, name) for name in ("report", "c", "e")] == [
        "2024-09-30",
        "2024-09-24",
        "2024-09-20",
    ]
    bureau.take(case, "submit")
    assert due(bureau, case, "d") == "2024-10-10"


def test_it_moves_with_the_other_one(bureau_at: OpenBureau) -> None:
    verbs = "extend: {by: clerk, clock: report, max: 30 working days}"
    bureau, case = started(bureau_at, BESIDE, "2024-09-02", verbs=verbs)
    done(bureau.application.extend(case, "anna", 5, reason="企业停产"))
    assert [due(bureau, case, name) for name in ("report", "c", "e")] == [
        "2024-10-12",
        "2024-09-30",
        "2024-09-27",
    ]
    assert bureau.timers(case)["c"].astimezone(ZONE).date().isoformat() == "2024-09-29"
    assert bureau.work_items("anna")[case].task.due_on == bureau.case(case).clocks["e"].due_on
    assert bureau.findings() == []


def test_it_stands_still_with_the_other_one(bureau_at: OpenBureau) -> None:
    verbs = "suspend: {by: clerk, pauses: [report]}, resume: {by: clerk}"
    bureau, case = started(bureau_at, BESIDE, "2024-09-02", verbs=verbs)
    done(bureau.application.suspend(case, "anna", reason="等鉴定"))
    assert bureau.timers(case) == {}
    done(bureau.at("2024-09-09").application.resume(case, "anna"))
    assert [due(bureau, case, name) for name in ("report", "c", "e")] == [
        "2024-10-12",
        "2024-09-30",
        "2024-09-27",
    ]
    assert set(bureau.timers(case)) == {"report", "c", "e"}


REPLY = """
  c:
    title: 答复
    during: [open, review]
    starts_on: call
    stops_on: answered
    deadline: 5 working days
    overdue: {at once: clerk}
"""


def test_a_step_starts_a_clock_and_a_step_stops_it(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, REPLY, "2024-09-02")
    assert bureau.case(case).clocks == {}
    bureau.take(case, "call")
    assert due(bureau, case) == "2024-09-09"
    bureau.at("2024-09-03").take(case, "submit")
    assert due(bureau, case) == "2024-09-09"
    bureau.at("2024-09-04").take(case, "answered", "carl")
    assert bureau.case(case).clocks == {}
    assert bureau.timers(case) == {}
    assert bureau.work_items("carl")[case].task.due_on is None
    # Called again it begins anew, and so does a call before the answer.
    bureau.at("2024-09-05").take(case, "call", "carl")
    bureau.at("2024-09-06").take(case, "call", "carl")
    assert due(bureau, case) == "2024-09-13"
    assert bureau.findings() == []


def test_leaving_its_states_ends_a_clock_that_a_step_started(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, REPLY, "2024-09-02")
    bureau.take(case, "call")
    bureau.take(case, "ask")
    assert bureau.case(case).clocks == {}
    bureau.take(case, "receive")
    assert bureau.case(case).clocks == {}
    assert "clocks" not in bureau.events(case)[-1].body


PAUSES = """
  c:
    title: 办理时限
    during: [open, waiting, review]
    pauses_in: waiting
    deadline: 10 working days
    remind: 2 working days before
    overdue: {at once: clerk}
"""


def test_a_clock_stands_still_in_the_states_the_definition_names(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, PAUSES, "2024-09-02")
    assert due(bureau, case) == "2024-09-14"
    bureau.at("2024-09-04").take(case, "ask")
    assert bureau.timers(case) == {}
    assert bureau.work_items("anna")[case].task.due_on is None
    bureau.until("2024-10-20")
    assert not {"reminded", "overdue"} & set(bureau.kinds(case))
    bureau.take(case, "receive")
    # One of the ten days had gone by at its end; nine are left from Sunday 20 October.
    assert due(bureau, case) == "2024-10-31"
    bureau.until("2024-11-04")
    assert bureau.kinds(case)[-3:] == ["reminded", "overdue", "reminded"]


def test_what_was_late_stays_late(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, PAUSES, "2024-09-02")
    bureau.until("2024-09-20").take(case, "ask")
    bureau.until("2024-10-10").take(case, "receive")
    assert bureau.kinds(case).count("overdue") == 1
    bureau.until("2024-12-01")
    assert bureau.kinds(case).count("overdue") == 1
    assert bureau.case(case).clocks["c"].late(bureau.clock.now())


def test_suspending_a_clock_that_stands_still_gives_the_time_back_once(bureau_at: OpenBureau) -> None:
    verbs = "suspend: {by: clerk, pauses: [c]}, resume: {by: clerk}"
    bureau, case = started(bureau_at, PAUSES, "2024-09-02", verbs=verbs)
    bureau.at("2024-09-04").take(case, "ask")
    done(bureau.at("2024-09-05").application.suspend(case, "anna", reason="等材料"))
    done(bureau.at("2024-09-10").application.resume(case, "anna"))
    assert bureau.timers(case) == {}
    bureau.at("2024-09-11").take(case, "receive")
    # Five working days stood still.
    assert due(bureau, case) == "2024-09-24"


def test_a_withdrawn_step_sets_a_clock_going_as_it_went(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, PAUSES, "2024-09-02", verbs="withdraw: {}")
    bureau.at("2024-09-04").take(case, "ask")
    done(bureau.at("2024-09-06").application.withdraw(case, "anna"))
    assert due(bureau, case) == "2024-09-14"
    assert set(bureau.timers(case)) == {"c"}


EARLIEST = """
  c:
    title: 公示时限
    during: [open, review]
    deadline: 20 working days
    basis: 实施方案 二（四）
    not_later_than:
      - {deadline: by 12-20, roll: backward, basis: 年度计划 第三条}
      - {deadline: 40 days}
    overdue: {at once: clerk}
"""


def test_the_earliest_of_several_limits_rules(bureau_at: OpenBureau) -> None:
    bureau, case = started(bureau_at, EARLIEST, "2024-09-02")
    assert due(bureau, case) == "2024-09-30"
    bureau.at("2024-12-02")
    late = bureau.start("matter")
    assert due(bureau, late) == "2024-12-20"
    bureau.until("2024-12-21")
    assert "年度计划 第三条" in bureau.mail("anna")[-1]
    bureau.at("2024-09-10")


def test_an_extension_does_not_pass_what_must_not_be_passed(bureau_at: OpenBureau) -> None:
    verbs = "extend: {by: clerk, clock: c, max: 30 working days}"
    bureau, case = started(bureau_at, EARLIEST, "2024-12-02", verbs=verbs)
    (sentence,) = refused(bureau.application.extend(case, "anna", 5, reason="企业停产"))
    assert "不晚于 2024-12-20" in sentence
    early = bureau.at("2024-09-02").start("matter")
    done(bureau.application.extend(early, "anna", 20, reason="企业停产"))
    # Forty days after 2 September; the twenty further working days would have gone on to 1 November.
    assert due(bureau, early) == "2024-10-12"


def test_a_new_year_moves_what_lies_beside_a_moved_deadline(bureau_at: OpenBureau) -> None:
    from tests.office.test_office_calendar import adopt, with_year

    clocks = """
  report: {title: 上报, during: [open, waiting], deadline: 12 working days}
  c: {title: 报审, during: [open, waiting], deadline: 3 days before report}
"""
    bureau, case = started(bureau_at, clocks, "2026-12-21")
    assert [due(bureau, case, name) for name in ("report", "c")] == ["2027-01-06", "2027-01-03"]
    assert bureau.case(case).clocks["c"].provisional
    moves = adopt(bureau, with_year("2027-01-04", "2027-01-05"))
    assert [due(bureau, case, name) for name in ("report", "c")] == ["2027-01-08", "2027-01-05"]
    assert {move.clock for move in moves} == {"report", "c"}
    assert not bureau.case(case).clocks["c"].provisional


def test_a_new_year_leaves_a_clock_that_stands_still_without_a_timer(bureau_at: OpenBureau) -> None:
    from tests.office.test_office_calendar import adopt, with_year

    bureau, case = started(bureau_at, PAUSES, "2026-12-28")
    bureau.take(case, "ask")
    adopt(bureau, with_year("2027-01-04"))
    assert bureau.timers(case) == {}
    bureau.at("2027-01-20").take(case, "receive")
    assert set(bureau.timers(case)) == {"c"}
    assert bureau.moved_deadlines(bureau.application.definitions.time) == []


def test_the_bureau_says_when_reminders_go_out(bureau_at: OpenBureau) -> None:
    clocks = "  c: {title: 时限, during: open, deadline: 5 working days, remind: on the day}"
    early = BUREAU.replace('"09:00"', '"08:15"')
    bureau, case = started(bureau_at, clocks, "2024-09-02", bureau=early)
    assert bureau.timers(case)["c"].astimezone(ZONE).strftime("%m-%d %H:%M") == "09-09 08:15"


def test_what_is_due_is_said_to_the_minute_and_what_stands_still_too(bureau_at: OpenBureau) -> None:

    clocks = EIGHT + PAUSES.replace("  c:", "  d:")
    bureau, case = started(bureau_at, clocks, "2024-09-09 09:00", bureau=HOURS)
    bureau.take(case, "ask")
    view = bureau.explain(case, None)
    assert view is not None
    text = case_text(view)
    assert "答复 2024-09-10 10:00" in text
    assert "办理时限 2024-09-24【停计】" in text
    assert [one["paused"] for one in view.as_json()["deadlines"]] == [False, True]
