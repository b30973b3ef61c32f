"""Rules about time and choices as other offices have them, in YAML without a trick, run on a virtual clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau_factories import Bureau, done, timekeeping, with_year

from engine.app.execution.recompute import recount_by_pages

OpenBureau = Callable[..., Bureau]

#: 行政处罚法 第六十四条: a hearing is asked for within five working days of being told; silence is consent.
HEARING = """
workflow: hearing
title: 听证告知
about: none
initial: serving
start: {by: clerk}
verbs:
  - extend: {by: clerk, clock: hearing_due, max: 5 working days}
  - suspend: {by: clerk, pauses: [hearing_due]}
  - resume: {by: clerk}
states:
  serving: {title: 待送达, for: clerk}
  told: {title: 待当事人答复, for: clerk}
  asking: {title: 补问当事人, for: clerk}
  hearing: {title: 听证, for: clerk}
  deciding: {title: 待决定, for: chief}
  done: {title: 办结, final: true}
clocks:
  hearing_due:
    title: 听证申请期限
    during: [told, asking]
    pauses_in: asking
    deadline: 5 working days
    since: forms.receipt.received_on
    basis: 行政处罚法 第六十四条、第八十五条
transitions:
  - {do: serve, title: 送达, from: serving, to: told, form: receipt}
  - {do: ask, title: 补问, from: told, to: asking}
  - {do: answer, title: 答复, from: asking, to: told}
  - {do: note, title: 记录, from: told}
  - {do: apply, title: 申请听证, from: told, to: hearing}
  - {do: no_hearing, title: 逾期未申请, from: told, to: deciding, on_expiry: hearing_due}
  - {do: hear, title: 听证完毕, from: hearing, to: deciding}
  - {do: decide, title: 决定, from: deciding, to: done}
"""


RECEIPT = """
form: receipt
title: 送达回证
fields:
  - received_on: {title: 送达日, type: date}
"""


def served(bureau: Bureau, on: str) -> str:
    """Return a case whose notice was served on a day."""
    case = bureau.start("hearing", section="north")
    bureau.take(case, "serve", answers={"received_on": on})
    return case


def test_silence_is_consent_when_the_clock_ends(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(RECEIPT, HEARING, at="2024-09-02")
    case = served(bureau, "2024-09-02")
    assert str(bureau.case(case).clocks["hearing_due"].due_on) == "2024-09-09"
    bureau.until("2024-09-09 23:59")
    assert bureau.state(case) == "told"
    bureau.until("2024-09-10 00:01")
    assert bureau.state(case) == "deciding"
    assert bureau.kinds(case)[-2:] == ["overdue", "advanced"]
    assert bureau.events(case)[-1].actor == "engine"
    assert any("由系统自动办理" in line for line in bureau.no(served(bureau, "2024-09-10"), "no_hearing"))


def test_a_clock_that_begins_in_the_past_ends_at_once(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(RECEIPT, HEARING, at="2024-09-20")
    case = served(bureau, "2024-09-02")
    bureau.sweep()
    assert bureau.state(case) == "deciding"


def test_expiry_waits_for_pauses_and_for_the_end_of_a_suspension(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(RECEIPT, HEARING, at="2024-09-02")
    case = served(bureau, "2024-09-02")
    bureau.at("2024-09-04")
    bureau.take(case, "ask")
    bureau.until("2024-09-11")
    bureau.take(case, "answer")
    # The five working days in `asking` do not count.
    assert str(bureau.case(case).clocks["hearing_due"].due_on) == "2024-09-14"
    bureau.until("2024-09-12")
    done(bureau.application.suspend(case, "anna", reason="等材料"))
    bureau.until("2024-09-30")
    assert bureau.state(case) == "told"
    done(bureau.application.resume(case, "anna"))
    due = bureau.case(case).clocks["hearing_due"].due_on
    bureau.until(f"{due} 23:00")
    assert bureau.state(case) == "told"
    bureau.until("2024-10-31")
    assert bureau.state(case) == "deciding"


def test_expiry_honours_an_extension_and_a_new_calendar(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(RECEIPT, HEARING, at="2026-12-28")
    case = served(bureau, "2026-12-28")
    before = bureau.case(case).clocks["hearing_due"].due_on
    done(bureau.application.extend(case, "anna", 2, reason="当事人申请"))
    recount_by_pages(bureau.application, timekeeping(with_year("2027-01-01", "2027-01-04")), "system")
    after = bureau.case(case).clocks["hearing_due"].due_on
    assert (str(before), str(after)) == ("2027-01-04", "2027-01-08")
    bureau.until(f"{after} 23:59")
    assert bureau.state(case) == "told"
    bureau.until("2027-01-09 00:01")
    assert bureau.state(case) == "deciding"


def test_entering_the_state_again_does_not_begin_the_clock_anew(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(RECEIPT, HEARING.replace("    pauses_in: asking\n", ""), at="2024-09-02")
    case = served(bureau, "2024-09-02")
    bureau.at("2024-09-06")
    bureau.take(case, "ask")
    bureau.until("2024-09-12")
    # The clock ended while the case was elsewhere: the step is taken as soon as the case is where it can be.
    assert bureau.state(case) == "asking"
    bureau.take(case, "answer")
    assert bureau.state(case) == "deciding"


JUDGING = """
workflow: judging
title: 处置
about: none
initial: judging
start: {by: clerk, form: judgement}
states:
  judging: {title: 研判, for: clerk}
  ordering: {title: 责令改正, for: clerk}
  filed: {title: 立案, for: clerk}
  transferring: {title: 移送, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: judge
    title: 研判
    from: judging
    form: judgement
    to:
      - ordering: form.route == 'rectify'
      - filed: form.route == 'file'
      - else: transferring
  - {do: close, title: 办结, from: [ordering, filed, transferring], to: done}
"""
JUDGEMENT = """
form: judgement
title: 研判意见
fields:
  - route: {title: 去向, type: choice, choices: {rectify: 改正, file: 立案, transfer: 移送}}
"""


@pytest.mark.parametrize(
    ("route", "state"), [("rectify", "ordering"), ("file", "filed"), ("transfer", "transferring")]
)
def test_one_step_has_several_outcomes(bureau_at: OpenBureau, route: str, state: str) -> None:
    bureau = bureau_at(JUDGEMENT, JUDGING)
    case = bureau.start("judging", section="north", answers={"route": route})
    bureau.take(case, "judge", answers={"route": route})
    assert bureau.state(case) == state


#: 严重失信主体名单: listed for three years from the day of the decision, off earlier after a year without breach.
LISTED = """
workflow: listed
title: 失信名单
about: none
initial: listed
start: {by: clerk, form: entry}
verbs: [{return: {by: clerk}}]
fields:
  - breached_on: {title: 最近违法日, type: date}
  - repaired: {title: 已修复, type: boolean}
states:
  listed: {title: 列入, for: clerk}
  removed: {title: 移出, final: true}
clocks:
  off_due:
    title: 列入期限
    during: listed
    deadline: 3 years
    since: forms.entry.decided_on
    basis: 某办法 第十条
transitions:
  - {do: breach, title: 再次违法, from: listed, to: listed, then: [{set: {breached_on: = today}}]}
  - {do: repair, title: 修复, from: listed, then: [{set: {repaired: true}}]}
  - {do: expire, title: 期满移出, from: listed, to: removed, on_expiry: off_due}
  - do: early
    title: 提前移出
    from: listed
    to: removed
    automatic: true
    when: filled(case.repaired) and case.repaired and today > add(first_filled(case.breached_on, forms.entry.decided_on), '1 year')
"""
ENTRY = """
form: entry
title: 列入决定
fields:
  - decided_on: {title: 决定日, type: date}
"""


def test_three_years_from_a_date_survive_entering_the_state_again(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(ENTRY, LISTED, at="2024-03-01")
    case = bureau.start("listed", section="north", answers={"decided_on": "2024-02-29"})
    bureau.until("2025-06-01")
    bureau.take(case, "breach")
    assert str(bureau.case(case).clocks["off_due"].due_on) == "2027-02-28"
    bureau.until("2027-02-28 23:00")
    assert bureau.state(case) == "listed"
    bureau.until("2027-03-01 00:01")
    assert bureau.state(case) == "removed"


def test_a_year_without_breach_is_asked_with_each_day_and_leaves_no_entries(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(ENTRY, LISTED, at="2024-03-01")
    case = bureau.start("listed", section="north", answers={"decided_on": "2024-02-29"})
    bureau.until("2024-06-01")
    bureau.take(case, "breach")
    bureau.take(case, "repair")
    before = len(bureau.events(case))
    bureau.until("2025-06-01 23:59")
    assert (bureau.state(case), len(bureau.events(case))) == ("listed", before)
    bureau.until("2025-06-02 00:01")
    assert bureau.state(case) == "removed"


def test_an_automatic_step_is_asked_again_after_a_step_of_the_case_itself(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(ENTRY, LISTED, at="2024-03-01")
    case = bureau.start("listed", section="north", answers={"decided_on": "2022-02-28"})
    assert bureau.state(case) == "listed"
    bureau.take(case, "repair")
    assert bureau.state(case) == "removed"


#: Notice of the hearing seven working days before it: 行政处罚法 第六十四条第二项.
NOTICE = """
workflow: notice
title: 听证通知
about: none
initial: open
start: {by: clerk, form: date}
states:
  open: {title: 待通知, for: clerk}
  told: {title: 已通知, for: clerk}
  done: {title: 已举行, final: true}
clocks:
  tell_due:
    title: 通知期限
    during: open
    deadline: on add(forms.date.held_on, '-7 working days')
    basis: 行政处罚法 第六十四条第二项
transitions:
  - do: tell
    title: 通知
    from: open
    to: told
    require:
      - that: working_days_between(today, forms.date.held_on) >= 7
        else: 听证七个工作日前通知
        basis: 行政处罚法 第六十四条第二项
  - {do: hold, title: 举行, from: told, to: done, automatic: true, when: today >= forms.date.held_on}
"""
DATE = """
form: date
title: 听证日期
fields:
  - held_on: {title: 举行日, type: date}
"""


def test_seven_working_days_before_a_date_and_a_step_on_it(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(DATE, NOTICE, at="2024-09-23")
    case = bureau.start("notice", section="north", answers={"held_on": "2024-10-09"})
    assert str(bureau.case(case).clocks["tell_due"].due_on) == "2024-09-24"
    late = bureau.start("notice", section="north", answers={"held_on": "2024-10-09"})
    bureau.at("2024-09-24")
    bureau.take(case, "tell")
    # The next working day is one too late.
    bureau.at("2024-09-25")
    assert bureau.no(late, "tell") == ["听证七个工作日前通知"]
    bureau.until("2024-10-08 23:59")
    assert bureau.state(case) == "told"
    bureau.until("2024-10-09 00:01")
    assert bureau.state(case) == "done"


def test_a_clock_on_a_date_nobody_filled_in_is_refused(bureau_at: OpenBureau) -> None:
    # Nobody has to answer it, and a person takes the step on the day.
    by_hand = NOTICE.replace(", automatic: true, when: today >= forms.date.held_on", "")
    bureau = bureau_at(DATE.replace("type: date", "type: date, optional: true"), by_hand)
    with pytest.raises(AssertionError, match="尚未填写"):
        bureau.start("notice", section="north", answers={})


#: What a number is made of is not followed by the check, which warns of such a process; of a number it knows it refuses it.
STUCK = """
workflow: stuck
title: 示例
about: none
initial: open
start: {by: clerk}
fields:
  - kind: {title: 类别, type: integer}
states:
  open: {title: 待办, for: clerk}
  sorting: {title: 分流}
  done: {title: 办结, final: true}
verbs: [{void: {by: chief, to: done}}]
transitions:
  - {do: sort, title: 分流, from: open, to: sorting, then: [{set: {kind: = 1 + 2}}]}
  - {do: one, title: 办结, from: sorting, to: done, automatic: true, when: case.kind == 1}
"""


def test_a_case_that_waits_for_nothing_is_an_incident_and_its_owner_is_told(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(STUCK)
    case = bureau.start("stuck", section="north")
    bureau.take(case, "sort")
    swept = bureau.sweep()
    assert (swept.fired, swept.set_aside) == (0, 1)
    ((timer, problem),) = bureau.incidents()
    assert (timer.case, "停在环节“分流”" in problem) == (case, True)
    assert any("不会再有人来办" in text for text in bureau.mail("anna"))
    assert bureau.mail("bela") == []
    # Once it has moved on the incident is over.
    assert bureau.sweep().set_aside == 0


def test_a_state_whose_children_are_open_is_no_incident(bureau_at: OpenBureau) -> None:
    child = """
    workflow: child
    title: 子件
    about: none
    initial: open
    states:
      open: {title: 待办, for: clerk}
      done: {title: 办结, final: true}
    transitions:
      - {do: finish, title: 办结, from: open, to: done}
    """
    parent = """
    workflow: parent
    title: 母件
    about: none
    initial: open
    start: {by: clerk}
    states:
      open: {title: 待办, for: clerk}
      waiting: {title: 等子件}
      done: {title: 办结, final: true}
    transitions:
      - {do: split, title: 分办, from: open, to: waiting, then: [{start: child}]}
      - {do: all, title: 齐, from: waiting, to: done, automatic: true, when: children.child.open == 0 and children.child.total == 2}
    """
    bureau = bureau_at(child, parent)
    case = bureau.start("parent", section="north")
    bureau.take(case, "split")
    bureau.sweep()
    assert bureau.incidents() == []
    (only,) = bureau.cases("child")
    bureau.take(only.id, "finish")
    bureau.sweep()
    assert [timer.case for timer, _ in bureau.incidents()] == [case]


#: Once a quarter, begins on a date.
PATROL = """
workflow: patrol
title: 季度巡查
about: none
initial: open
start: {on: 01-15, every: quarter, for: chief}
states:
  open: {title: 待巡查, for: chief}
  done: {title: 办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done}
"""


def opened(bureau: Bureau) -> list[tuple[str, str | None]]:
    return [(case.title, case.section) for case in bureau.cases("patrol")]


def test_the_calendar_opens_a_case_for_each_section_once_a_quarter(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(PATROL, at="2024-01-10")
    assert bureau.sweep().fired == 0
    bureau.at("2024-01-15 00:01")
    assert [bureau.sweep().fired, bureau.sweep().fired] == [2, 0]
    first = [("季度巡查（2024年第1季度）", "north"), ("季度巡查（2024年第1季度）", "south")]
    assert opened(bureau) == first
    # Published again, and nobody ran from April to August: what fell due is opened once.
    bureau.publish(PATROL.replace("待巡查", "待 巡查"))
    bureau.at("2024-08-01")
    bureau.sweep()
    bureau.sweep()
    assert len(opened(bureau)) == 6
    assert {title for title, _ in opened(bureau)} == {f"季度巡查（2024年第{n}季度）" for n in (1, 2, 3)}
    assert [task.task.case_title for task in bureau.work_items("cora").values()][:1] == [first[0][0]]


def test_a_case_opened_before_the_day_of_effect_takes_the_version_before(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(STUCK, at="2024-12-30")
    bureau.publish(
        STUCK.replace("initial: open", "effective: 2025-01-01\ninitial: open").replace("待办", "待 办")
    )
    assert bureau.case(bureau.start("stuck", section="north")).version == 1
    bureau.at("2025-01-01 00:00")
    assert bureau.case(bureau.start("stuck", section="north")).version == 2


def test_nothing_is_started_of_a_workflow_that_is_not_in_force_yet(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(
        STUCK.replace("initial: open", "effective: 2025-01-01\ninitial: open"), at="2024-12-30"
    )
    with pytest.raises(AssertionError, match="还没有施行"):
        bureau.start("stuck", section="north")
