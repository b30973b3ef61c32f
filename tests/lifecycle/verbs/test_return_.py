"""退回."""

from __future__ import annotations

from verb_factories import PASSED, codes, happened, in_review
from walk_factories import CARL

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import CasePath
from engine.lifecycle.verbs.return_ import Return, send_back


def back(**how: object) -> Return:
    return Return(**{"actor": CARL, "to": "open", "passage": PASSED, "reason": "缺页", **how})  # type: ignore[arg-type]


def test_it_goes_back_to_a_state_it_has_passed() -> None:
    case = in_review()
    kind, change, told = happened(send_back(case.process, case.case, back(), case.now))
    assert (kind, change.state, told) == (EventKind.RETURNED, "open", ("clerk",))
    assert change.clocks["review"] is None
    assert change.clocks["open"] is not None


def test_a_clock_that_is_kept_reads_as_it_last_read() -> None:
    case = in_review()
    begun = in_review(at="2024-08-01")
    once = begun.process.time.start(begun.process.workflow.clocks["open"], begun.now)
    passage = CasePath(states=("open", "review"), clocks={"open": once})
    _, change, _ = happened(send_back(case.process, case.case, back(passage=passage), case.now))
    kept = change.clocks["open"]
    assert kept is not None
    assert kept.due_on == once.due_on


def test_it_goes_nowhere_else() -> None:
    case = in_review()
    never = CasePath(states=("review",))
    assert codes(send_back(case.process, case.case, back(passage=never), case.now)) == ["state"]
    assert codes(send_back(case.process, case.case, back(to="done"), case.now)) == ["state"]
    assert codes(send_back(case.process, case.case, back(to="done", reason=None), case.now)) == [
        "reason",
        "state",
    ]
