"""领取 转办 延期 挂起 恢复: what they do to a task and its clocks, and when they are refused."""

from __future__ import annotations

from typing import Any

import pytest
from walk_factories import (
    ANNA,
    BELA,
    CARL,
    DORA,
    Walk,
    claim,
    extend,
    process_of,
    reasons,
    reassign,
    resume,
    shanghai,
    shown,
    suspend,
)

from engine.lifecycle.command import Actor

FLOW = """
workflow: visit
title: 检查
about: object
initial: assigned
start: {by: clerk}
states:
  assigned:
    title: 待检查
    for: clerk
    deadline: 10 working days
    remind: 2 working days before
    verbs:
      - claim
      - reassign: {by: chief}
      - extend: {by: chief, clock: assigned, max: 8 working days, times: 2, basis: 某办法 第九条}
      - suspend: {by: chief, pauses: [assigned], basis: 某办法 第十条}
      - resume: {by: deputy}
  judged:
    title: 待认定
    for: chief
    verbs: {extend: {by: chief}, suspend: {by: chief, pauses: [yearly]}}
  closed: {title: 已办结, final: true}
clocks:
  whole: {title: 全程时限, during: [assigned, judged], deadline: 60 days}
  yearly: {title: 年度时限, during: [judged], deadline: by 10-31}
  quick: {title: 紧急时限, during: [judged], deadline: 48 hours}
transitions:
  - {do: finish, title: 完成, from: assigned, to: judged}
  - {do: close, title: 办结, from: judged, to: closed}
"""
PROCESS = process_of(FLOW)
GERD = Actor("gerd", "north", frozenset({"clerk"}))


def walk(**new: Any) -> Walk:
    """A case assigned on Monday 2024-09-02: due on the 14th (a worked Saturday), for 09-16 and 09-17 are free."""
    return Walk("", process=PROCESS, **new)


def test_claiming() -> None:
    case = walk()
    case.do(claim(ANNA))
    assert case.case.assignee == "anna"
    assert reasons(case.not_done(claim(ANNA))) == [("claimed", "该待办已由您领取")]
    assert reasons(case.not_done(claim(GERD))) == [("claimed", "该待办已由“anna”领取")]
    assert reasons(walk().not_done(claim(BELA))) == [("not-allowed", "该待办由经办人办理，“bela”不能领取")]


def test_handing_over() -> None:
    case = walk()
    case.do(reassign(CARL, GERD))
    assert case.case.assignee == "gerd"
    assert reasons(case.not_done(reassign(CARL, GERD))) == [("claimed", "该待办已在“gerd”名下")]
    case.do(reassign(CARL, ANNA))
    assert case.case.assignee == "anna"
    assert reasons(case.not_done(reassign(ANNA, GERD, None))) == [
        ("not-allowed", "转办由股室负责人决定，“anna”不能办理"),
        ("reason", "转办须说明理由"),
    ]
    case.take("finish", ANNA)
    assert reasons(case.not_done(reassign(CARL, GERD))) == [("state", "环节“待认定”未规定可以转办")]


def test_an_extension_moves_the_deadline_by_its_own_units() -> None:
    case = walk()
    assert case.due("assigned") == "2024-09-14"
    case.do(extend(CARL, 3))
    assert case.due("assigned") == "2024-09-20"
    assert (case.case.clocks["assigned"].times_extended, case.case.clocks["assigned"].extended_by) == (1, 3)
    assert case.until("2024-09-20") == [("reminded", "2024-09-18 09:00", ("clerk",))]
    assert case.due("whole") == "2024-11-01"


def test_the_limits_of_extensions() -> None:
    case = walk()
    assert reasons(case.not_done(extend(CARL, 9))) == [
        ("limit", "延期合计不得超过 8 个工作日，已延 0，又要 9")
    ]
    case.do(extend(CARL, 5))
    (reason,) = case.not_done(extend(CARL, 4)).reasons
    assert (str(reason.message), reason.basis) == (
        "延期合计不得超过 8 个工作日，已延 5，又要 4",
        "某办法 第九条",
    )
    case.do(extend(CARL, 3))
    assert [str(r.message) for r in case.not_done(extend(CARL, 1)).reasons] == [
        "最多延期 2 次，已延期 2 次",
        "延期合计不得超过 8 个工作日，已延 8，又要 1",
    ]
    for count in (0, -3):
        assert reasons(walk().not_done(extend(CARL, count))) == [
            ("limit", f"延期的数量应为 1 以上的整数，实为 {count}")
        ]


def test_who_may_extend_which_clock_and_why() -> None:
    case = walk()
    assert reasons(case.not_done(extend(ANNA, 1, reason=None))) == [
        ("not-allowed", "延期由股室负责人决定，“anna”不能办理"),
        ("reason", "延期须说明理由"),
    ]
    assert reasons(case.not_done(extend(CARL, 1, "whole"))) == [("clock", "此环节只能延长时限“assigned”")]
    (reason,) = case.not_done(extend(CARL, 1, "yearly")).reasons
    assert str(reason.message).startswith("没有正在计时的时限“yearly”；正在计时：")
    assert "全程时限" in str(reason.message)


@pytest.mark.parametrize(
    ("clock", "count", "before", "after"),
    [
        ("whole", 5, "2024-11-01", "2024-11-06"),
        # A date of the year is extended by working days.
        ("yearly", 2, "2024-10-31", "2024-11-04"),
        ("quick", 24, "2024-09-04", "2024-09-05"),
    ],
)
def test_each_clock_is_extended_in_its_unit(clock: str, count: int, before: str, after: str) -> None:
    case = walk()
    case.take("finish")
    assert case.due(clock) == before
    case.do(extend(CARL, count, clock))
    assert case.due(clock) == after


def test_an_absurd_extension_is_refused_not_thrown() -> None:
    case = walk()
    case.take("finish")
    for clock in ("whole", "yearly", "quick"):
        assert [code for code, _ in reasons(case.not_done(extend(CARL, 10**9, clock)))] == ["limit"]


@pytest.mark.parametrize(
    ("most", "allowed", "said"),
    [("7 days", 3, "延期合计不得超过 7 日"), ("96 hours", 1, "延期合计不得超过 96 小时")],
)
def test_a_limit_in_another_unit_is_laid_beside_the_deadline(most: str, allowed: int, said: str) -> None:
    case = Walk(FLOW.replace("8 working days", most))
    # Due on Saturday 2024-09-14; the 18th is the next working day, the 21st is a Saturday.
    assert reasons(case.not_done(extend(CARL, allowed + 1))) == [("limit", said)]
    case.do(extend(CARL, allowed))


def test_extending_what_is_already_late_gives_new_time() -> None:
    case = walk()
    case.until("2024-09-18")
    assert case.kinds == ["reminded", "overdue"]
    case.do(extend(CARL, 4))
    assert case.due("assigned") == "2024-09-23"
    case.until("2024-10-08")
    assert case.kinds.count("overdue") == 2


def test_extending_by_too_little_does_not_tell_the_lateness_twice() -> None:
    case = walk()
    case.until("2024-09-25")
    case.do(extend(CARL, 1))
    assert case.due("assigned") == "2024-09-18"
    case.until("2024-10-10")
    assert case.kinds == ["reminded", "overdue", "extended"]


def test_a_suspension_stops_the_clocks_it_names_and_no_other() -> None:
    case = walk()
    case.at("2024-09-03").do(suspend(CARL))
    assert case.case.suspended_at == shanghai("2024-09-03")
    assert reasons(case.not_done(suspend(CARL))) == [("suspended", "案件已挂起，须先恢复")]
    assert reasons(case.not_done(extend(CARL, 1))) == [("suspended", "案件已挂起，须先恢复")]
    case.at("2024-09-10").do(resume(DORA))
    assert case.case.suspended_at is None
    # Five working days later: the 15th to the 17th are free.
    assert case.due("assigned") == "2024-09-24"
    assert case.due("whole") == "2024-11-01"
    assert case.case.clocks["assigned"].started_at == shanghai("2024-09-02")
    assert shown(case.case.clocks["assigned"].next_at) == "2024-09-20 09:00"


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("2024-09-06 16:00", "2024-09-09 09:00", "2024-09-18"),
        ("2024-09-07 10:00", "2024-09-08 10:00", "2024-09-14"),
        ("2024-09-05 08:00", "2024-09-05 18:00", "2024-09-14"),
        ("2024-09-13 10:00", "2024-09-18 10:00", "2024-09-19"),
    ],
)
def test_a_pause_gives_back_the_working_days_it_took(since: str, until: str, due: str) -> None:
    case = walk()
    case.at(since).do(suspend(CARL))
    case.at(until).do(resume(DORA))
    assert case.due("assigned") == due


def test_pauses_of_clocks_in_days_and_hours() -> None:
    flow = FLOW.replace("pauses: [yearly]", "pauses: [whole, quick]")
    case = Walk(flow, at="2024-09-02 23:30")
    case.take("finish")
    case.at("2024-09-03 10:00").do(suspend(CARL))
    case.at("2024-09-03 12:00").do(resume(CARL))
    assert case.due("whole") == "2024-11-01"
    assert shown(case.case.clocks["quick"].due_at) == "2024-09-05 01:30"
    case.at("2024-09-03 23:00").do(suspend(CARL))
    case.at("2024-09-04 01:00").do(resume(CARL))
    assert case.due("whole") == "2024-11-02"
    assert shown(case.case.clocks["quick"].due_at) == "2024-09-05 03:30"


def test_a_date_of_the_year_does_not_wait() -> None:
    case = walk()
    case.take("finish")
    case.at("2024-10-08").do(suspend(CARL))
    case.at("2024-11-20").do(resume(CARL))
    assert case.due("yearly") == "2024-10-31"


def test_who_may_suspend_and_resume() -> None:
    case = walk()
    assert reasons(case.not_done(resume(DORA))) == [("state", "案件没有挂起")]
    refusal = case.not_done(suspend(ANNA, None))
    assert [(r.code, r.basis) for r in refusal.reasons] == [
        ("not-allowed", "某办法 第十条"),
        ("reason", None),
    ]
    case.do(suspend(CARL))
    assert reasons(case.not_done(resume(CARL))) == [("not-allowed", "恢复由分管领导决定，“carl”不能办理")]
    case.do(resume(DORA))
    # Where nothing is said of resuming, whoever may suspend may resume.
    case.take("finish")
    case.do(suspend(CARL))
    case.do(resume(CARL))


def test_a_suspension_of_no_time_changes_no_deadline_and_repeats_no_reminder() -> None:
    case = walk()
    case.until("2024-09-12 09:00")
    assert case.kinds == ["reminded"]
    before = case.case.clocks["assigned"]
    case.do(suspend(CARL))
    case.do(resume(DORA))
    assert case.case.clocks["assigned"] == before
    case.until("2024-09-20")
    assert case.kinds == ["reminded", "suspended", "resumed", "overdue"]
