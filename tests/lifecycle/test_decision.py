"""A decision as a value."""

from __future__ import annotations

import pytest

from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.decision import Decision


def test_a_decision_brings_nothing_about_beside_its_change_unless_it_says_so() -> None:
    decision = Decision(kind=EventKind.CLAIMED, step="claim", title="领取", change=Change(assignee="anna"))
    assert (decision.effects, decision.warnings, decision.notices, decision.escalation_chain) == ((),) * 4
    assert (decision.scope, decision.notes) == ({}, {})
    assert (decision.reason, decision.handover, decision.urgent) == (None, None, False)
    with pytest.raises(TypeError, match="change"):
        Decision(kind=EventKind.CLAIMED, step="claim", title="领取")  # type: ignore[call-arg]
