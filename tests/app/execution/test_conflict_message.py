from __future__ import annotations

import pytest
from bureau_factories import Bureau
from visit_bureau import unit, visit_bureau

from engine.app.execution.conflict_message import changed_after, changed_since, explain_conflict
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Change


def explained(bureau: Bureau, case: str, step: str, person: str, code: str = "state") -> list[str]:
    """Return the sentences of a refusal after who was first has been put before them."""
    found = bureau.case(case)
    refusal = Refusal(case, "办理", (RefusalReason(code, say("不在此环节")),))
    with unit(bureau) as uow:
        told = explain_conflict(uow.transaction, uow.process(found), found, step, person, refusal)
    assert told.reasons[-1] == refusal.reasons[-1]
    return [str(reason) for reason in told.reasons[:-1]]


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("anton", "案件“visit-1”已先由“anna”于 2024-09-02 10:00:00 办理（送审），现处“待审核”，请先查看再办"),
        ("anna", "案件“visit-1”已由您本人于 2024-09-02 10:00:00 办理（送审），现处“待审核”，不必再办"),
    ],
)
def test_who_was_first_is_told(person: str, sentence: str) -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    bureau.take(case, "send")
    assert explained(bureau, case, "send", person) == [sentence]


def test_the_engine_may_have_been_first() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    found = bureau.case(case)
    with unit(bureau) as uow:
        uow.record(found, "advanced", "engine", {"title": "到期"}, Change(state="checking"))
    assert explained(bureau, case, "send", "anna") == [
        "案件“visit-1”已先由系统于 2024-09-02 10:00:00 自动办理（到期），现处“待审核”"
    ]


def test_where_nobody_was_first_nothing_is_added() -> None:
    bureau = visit_bureau()
    case, moved = bureau.start("visit"), bureau.start("visit")
    bureau.take(moved, "send")
    assert explained(bureau, case, "send", "anna") == []
    assert explained(bureau, moved, "absent", "anna") == []
    assert explained(bureau, moved, "send", "anna", code="form") == []


def test_a_case_has_changed_when_more_than_refused_attempts_came_after() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    before = bureau.case(case)
    with unit(bureau) as uow:
        assert not changed_after(uow.transaction, before, before.rev)
        assert changed_after(uow.transaction, before, before.rev + 1)
    bureau.take(case, "send")
    now = bureau.case(case)
    with unit(bureau) as uow:
        assert changed_after(uow.transaction, now, before.rev)
    refusal = changed_since(before, "办理")
    (reason,) = refusal.reasons
    assert (refusal.case, refusal.attempt, reason.code) == (case, "办理", "changed")
    assert reason.next == NextAction("show_task", {"case": case})
