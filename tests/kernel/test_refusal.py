"""A refusal says every reason, with its basis and its hint, to people and to programs."""

from __future__ import annotations

from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

PLAIN = RefusalReason("state", say("案件已办结"))
FULL = RefusalReason(
    "guard",
    say("数量不足"),
    basis="某条例 第一条",
    clause="form.count >= 2",
    hint=say("请补齐"),
    field="count",
    next=NextAction("list_people"),
)


def test_a_reason_in_words() -> None:
    assert str(PLAIN) == "案件已办结"
    assert str(FULL) == "数量不足（依据：某条例 第一条） 请补齐"


def test_a_reason_as_plain_values_leaves_out_what_there_is_not() -> None:
    assert PLAIN.as_json() == {"code": "state", "message": "案件已办结"}
    assert FULL.as_json() == {
        "code": "guard",
        "message": "数量不足",
        "basis": "某条例 第一条",
        "clause": "form.count >= 2",
        "field": "count",
        "hint": "请补齐",
    }


def test_a_refusal_lists_its_reasons_below_what_was_tried() -> None:
    assert str(Refusal("visit-1", "办结", (PLAIN, FULL))).splitlines() == [
        "不能办理“办结”：",
        "  - 案件已办结",
        "  - 数量不足（依据：某条例 第一条） 请补齐",
    ]
    assert str(Refusal(None, "", (PLAIN, PLAIN))) == "案件已办结\n案件已办结"


def test_a_refusal_as_plain_values() -> None:
    assert Refusal("visit-1", "办结", (PLAIN,)).as_json() == {
        "case": "visit-1",
        "attempt": "办结",
        "reasons": [{"code": "state", "message": "案件已办结"}],
    }


def test_an_action_has_no_arguments_unless_it_is_given_some() -> None:
    assert NextAction("list_people").arguments == {}
    assert NextAction("show_case", {"case": "visit-1"}).arguments == {"case": "visit-1"}
