"""What a due timer brings about."""

from __future__ import annotations

from dataclasses import replace

from deadline_factories import PROCESS, walk

from engine.lifecycle.case import EventKind
from engine.lifecycle.deadlines.on_timer import TimedStep, on_timer
from engine.lifecycle.decision import Decision


def test_every_step_of_being_late_in_its_turn() -> None:
    case = walk()
    found = []
    for _ in range(6):
        case.now = case.case.clocks["visit_due"].next_at or case.now
        decision = on_timer(PROCESS, case.case, "visit_due", case.now)
        assert isinstance(decision, Decision)
        told = tuple(to for to, _ in decision.notices)
        found.append((decision.kind.value, told, decision.escalation_chain, decision.urgent))
        case.apply(decision)
    assert found == [
        ("reminded", ("clerk",), (), False),
        ("overdue", (), (), False),
        ("reminded", ("clerk",), (), False),
        ("escalated", ("chief", "clerk"), ("chief", "deputy"), True),
        ("escalated", ("deputy", "clerk"), ("deputy",), True),
        ("escalated", ("deputy", "clerk"), ("deputy",), True),
    ]


def test_a_handover_names_the_role_and_what_the_person_is_told() -> None:
    case = walk()
    clock = PROCESS.workflow.clocks["visit_due"]
    running = case.case.clocks["visit_due"]
    last = next(s for s in PROCESS.time.steps(clock, running) if s.overdue_step is clock.overdue[2])
    at_last = replace(case.case, clocks={"visit_due": running.armed(last.number, last.at)})
    decision = on_timer(PROCESS, at_last, "visit_due", last.at)
    assert isinstance(decision, Decision)
    assert (decision.kind, decision.notices) == (EventKind.REASSIGNED, ())
    assert decision.handover is not None
    assert decision.handover.role == "chief"
    assert "某办法 第一条" in str(decision.handover.message)


def test_nothing_comes_before_its_time_or_of_what_has_stopped() -> None:
    case = walk()
    assert on_timer(PROCESS, case.case, "visit_due", case.now) is None
    assert on_timer(PROCESS, case.case, "other", case.now) is None
    closed = replace(case.case, closed_at=case.now)
    assert on_timer(PROCESS, closed, "visit_due", case.now) is None


def test_a_step_whose_time_has_come_is_taken_where_it_can_be() -> None:
    case = walk()
    assert on_timer(PROCESS, case.case, "after:lapse", case.now) is None
    case.take("submit")
    assert on_timer(PROCESS, case.case, "after:lapse", case.now) == TimedStep("lapse")
