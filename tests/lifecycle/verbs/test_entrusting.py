"""Who a task is entrusted to."""

from __future__ import annotations

from dataclasses import replace

from verb_factories import walk

from engine.lifecycle.verbs.entrusting import entrusted_to, still_entrusted

ORDER = {"by": "carl", "to": "anna", "at": "2024-09-02T02:00:00Z", "reason": "先核实"}


def test_until_it_comes_back() -> None:
    case = walk().case
    assert (entrusted_to(case), still_entrusted(case)) == (None, None)
    away = replace(case, entrusted=ORDER)
    assert entrusted_to(away) == "anna"
    reason = still_entrusted(away)
    assert reason is not None
    assert str(reason.message) == "该待办已委派给“anna”，待其交回后由“carl”决定"
    back = replace(case, entrusted={**ORDER, "answer": "属实"})
    assert (entrusted_to(back), still_entrusted(back)) == (None, None)
