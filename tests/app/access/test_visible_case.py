from __future__ import annotations

from visit_bureau import visit_bureau

from engine.app.access.query import QueryContext
from engine.app.access.visible_case import unknown_case, visible_case
from engine.app.access.visible_cases import VisibleCases
from engine.kernel.refusal import NextAction, Refusal
from engine.lifecycle.command import Actor


def test_a_case_there_is_not() -> None:
    (reason,) = unknown_case("visit-9").reasons
    assert (reason.code, str(reason.message)) == ("case", "没有案件“visit-9”，或它属于其他股室")
    assert reason.next == NextAction("list_cases")


def test_a_viewer_of_one_section_sees_its_cases() -> None:
    bureau = visit_bureau()
    own, other = bureau.start("visit"), bureau.start("visit", "bela")
    now = bureau.clock.now()
    with bureau.look() as transaction:
        anna = Actor("anna", "north")
        visible = VisibleCases(transaction, anna, now, lambda _: None)
        limited = QueryContext(bureau.application, transaction, anna, now, visible)
        everything = QueryContext(bureau.application, transaction, Actor("dora"), now)
        assert visible_case(limited, own) == transaction.cases.get(own)
        assert visible_case(everything, other) == transaction.cases.get(other)
        assert visible_case(limited, "visit-9") == unknown_case("visit-9")
        refused = visible_case(limited, other)
    assert isinstance(refused, Refusal)
    assert refused == unknown_case(other)
