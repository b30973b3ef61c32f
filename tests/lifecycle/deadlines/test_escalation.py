"""Whom a missed deadline is put before, who takes the task over, and how it is read aloud."""

from __future__ import annotations

from typing import Any

import pytest
from deadline_factories import CLOCK

from engine.lifecycle.deadlines.escalation import describe_overdue_step, escalation_of
from engine.lifecycle.model.overdue import OverdueStep
from engine.worktime.periods import Period, PeriodUnit

VALUES: dict[str, Any] = {
    "id": "visit-1",
    "task": "，现处“待检查”",
    "case": "甲件",
    "clock": "时限",
    "due": "2024-09-14",
    "state": "待检查",
    "basis": "",
}
DAY = Period(1, PeriodUnit.DAYS)
CHAIN = OverdueStep(DAY, escalation_chain=("chief", "deputy", "head"))


@pytest.mark.parametrize(
    ("repetitions", "chain"),
    [(0, ("chief", "deputy", "head")), (1, ("deputy", "head")), (2, ("head",)), (9, ("head",))],
)
def test_each_repetition_goes_one_role_higher_and_stays_with_the_last(
    repetitions: int, chain: tuple[str, ...]
) -> None:
    escalation, handover = escalation_of(CHAIN, repetitions, VALUES)
    assert escalation is not None
    assert (escalation.chain, handover) == (chain, None)
    assert str(escalation.message).startswith("升级督办：“甲件”（visit-1）的“时限”应于2024-09-14办结")


def test_the_task_is_handed_over_beside_or_without_an_escalation() -> None:
    escalation, handover = escalation_of(OverdueStep(DAY, new_assignee_role="chief"), 0, VALUES)
    assert escalation is None
    assert handover is not None
    assert handover.role == "chief"
    assert "现转由您办理“待检查”" in str(handover.message)
    both = OverdueStep(DAY, escalation_chain=("deputy",), new_assignee_role="chief")
    assert all(escalation_of(both, 0, VALUES))
    assert escalation_of(OverdueStep(DAY, notify=("clerk",)), 0, VALUES) == (None, None)


def test_it_is_read_aloud() -> None:
    said = [str(describe_overdue_step(step, lambda name: f"<{name}>")) for step in CLOCK.overdue]
    assert said == [
        "一逾期，通知<clerk>",
        "逾期满 3 日，通知<clerk>、升级督办，逐级报<chief>、<deputy>、即时送达，不等上班时间、此后每 2 日 一次",
        "逾期满 20 日，自动转办给<chief>中待办最少的一人",
    ]
    assert str(describe_overdue_step(OverdueStep(DAY, escalation_chain=("deputy",)), str)) == (
        "逾期满 1 日，升级督办，报deputy"
    )
