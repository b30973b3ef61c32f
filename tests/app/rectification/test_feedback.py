"""The state of one problem, from the rounds of feedback on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.app.rectification.feedback import FeedbackRound, ProblemState, ProblemView

ROUND = FeedbackRound(datetime(2027, 4, 1, tzinfo=UTC), "已补签", (), None)


def test_a_problem_waits_for_whoever_has_to_act_next() -> None:
    returned = replace(ROUND, accepted=False, answer="缺一份")
    accepted = replace(ROUND, accepted=True)
    states = {
        (): ProblemState.ASKED,
        (ROUND,): ProblemState.WAITING,
        (returned,): ProblemState.RETURNED,
        (returned, ROUND): ProblemState.WAITING,
        (returned, accepted): ProblemState.ACCEPTED,
    }
    for rounds, state in states.items():
        problem = ProblemView(1, (), rounds)
        assert problem.state is state
        assert problem.takes_feedback is (state in (ProblemState.ASKED, ProblemState.RETURNED))
    assert str(ProblemState.RETURNED.words) == "已退回，待企业再次反馈"
