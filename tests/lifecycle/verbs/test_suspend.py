"""挂起 恢复."""

from __future__ import annotations

from verb_factories import codes, happened, walk
from walk_factories import ANNA, CARL

from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.suspend import Resume, Suspend, resume, suspend


def test_work_stops_and_goes_on() -> None:
    case = walk()
    before = case.case.clocks["open"].due_at
    kind, change, _ = happened(
        suspend(case.process, case.case, Suspend(actor=CARL, reason="等待鉴定"), case.now)
    )
    assert (kind, change.suspended) == (EventKind.SUSPENDED, True)
    case.do(Suspend(actor=CARL, reason="等待鉴定"))
    case.later(days=7)
    kind, change, _ = happened(resume(case.process, case.case, Resume(actor=CARL), case.now))
    assert (kind, change.suspended) == (EventKind.RESUMED, False)
    moved = change.clocks["open"]
    assert moved is not None
    assert moved.due_at > before


def test_resuming_is_allowed_where_suspending_is() -> None:
    case = walk()
    assert "resume" not in case.process.state("open").verbs
    case.do(Suspend(actor=CARL, reason="等待鉴定"))
    assert codes(resume(case.process, case.case, Resume(actor=ANNA), case.now)) == ["not-allowed"]


def test_only_what_is_suspended_is_resumed() -> None:
    case = walk()
    assert codes(resume(case.process, case.case, Resume(actor=CARL), case.now)) == ["state"]
    case.do(Suspend(actor=CARL, reason="等待鉴定"))
    again = suspend(case.process, case.case, Suspend(actor=CARL, reason="等待鉴定"), case.now)
    assert codes(again) == ["suspended"]


def test_suspending_asks_for_a_reason() -> None:
    case = walk()
    assert codes(suspend(case.process, case.case, Suspend(actor=CARL), case.now)) == ["reason"]


def test_nobody_suspends_a_case_whose_draw_is_committed_to() -> None:
    """Suspended until the draw lapses, one person alone would have discarded it."""
    case = walk()
    command = Suspend(actor=CARL, reason="另有安排", drawing=True)
    assert codes(suspend(case.process, case.case, command, case.now)) == ["draw"]
