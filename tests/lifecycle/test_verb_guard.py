"""Whether a verb may be used now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verb_factories import in_review, walk
from walk_factories import ANNA, BELA, CARL, DORA, reasons

from engine.kernel.refusal import Refusal, RefusalReason
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Compare, Expression, Literal, Name
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.verb_guard import case_obstacles, check_verb, conditions, find, unmet
from engine.lifecycle.verbs.claim import CLAIM
from engine.lifecycle.verbs.reassign import REASSIGN
from engine.lifecycle.verbs.suspend import RESUME
from engine.lifecycle.verbs.void import VOID
from engine.lifecycle.verbs.withdraw import WITHDRAW


def told(found: list[RefusalReason]) -> list[tuple[str, str]]:
    return reasons(Refusal(None, "", tuple(found)))


def above(number: int, basis: str | None = None) -> Requirement:
    node = Compare(Name(("case", "n")), ">", Literal(number))
    that = Condition(Expression(f"case.n > {number}", node))
    return Requirement(that=that, message=f"须大于 {number}", basis=basis)


def test_a_verb_is_what_the_state_declares() -> None:
    case = walk()
    verb = find(case.process, case.case, "reassign")
    assert verb is not None
    assert (verb.by, verb.among) == (("chief",), ("clerk", "deputy"))
    assert find(case.process, case.case, "return") is None


def test_nothing_is_done_with_a_closed_or_suspended_case() -> None:
    case = walk()
    assert case_obstacles(case.process, case.case) == []
    closed = replace(case.case, state="done", closed_at=case.now)
    assert told(case_obstacles(case.process, closed)) == [("closed", "案件已办结（办结）")]
    suspended = replace(case.case, suspended_at=case.now)
    assert told(case_obstacles(case.process, suspended)) == [("suspended", "案件已挂起，须先恢复")]


def test_a_verb_the_state_does_not_declare_is_refused_with_those_it_does() -> None:
    case = walk()
    verb, found = check_verb(case.process, case.case, WITHDRAW, Command(actor=ANNA))
    assert verb is None
    assert told(found) == [("state", "环节“待检查”未规定可以撤回")]
    assert str(found[0].hint) == "此环节可以：领取、转办、延期、挂起、催办、作废"
    done = replace(case.case, state="done")
    _, found = check_verb(case.process, done, WITHDRAW, Command(actor=ANNA))
    assert found[0].hint is None


@pytest.mark.parametrize(("actor", "may"), [(CARL, True), (ANNA, False), (DORA, False), (BELA, False)])
def test_a_verb_is_for_those_it_names(actor: Actor, may: bool) -> None:
    case = walk()
    verb, found = check_verb(case.process, case.case, REASSIGN, Command(actor=actor, reason="出差"))
    assert verb is not None
    refused = [("not-allowed", f"转办由股室负责人决定，“{actor.id}”不能办理")]
    assert told(found) == ([] if may else refused)
    assert may or found[0].basis == "某办法 第八条"


def test_one_that_names_nobody_is_for_those_of_the_state_or_for_anybody() -> None:
    case = walk()
    assert check_verb(case.process, case.case, CLAIM, Command(actor=ANNA))[1] == []
    assert told(check_verb(case.process, case.case, CLAIM, Command(actor=CARL))[1]) == [
        ("not-allowed", "领取由经办人决定，“carl”不能办理")
    ]
    assert check_verb(case.process, case.case, CLAIM, Command(actor=CARL), anybody=True)[1] == []
    # `anybody` does not open one that names who it is for.
    assert check_verb(case.process, case.case, VOID, Command(actor=ANNA, reason="错"), anybody=True)[1]


def test_who_was_entitled_when_they_asked_is_not_asked_again() -> None:
    case = in_review()
    assert check_verb(case.process, case.case, VOID, Command(actor=ANNA, reason="错"), granted=True)[1] == []


def test_everything_that_stands_in_the_way_is_told_at_once() -> None:
    case = walk(suspended_at=None)
    suspended = replace(case.case, suspended_at=case.now)
    seen = check_verb(case.process, suspended, REASSIGN, Command(actor=ANNA, reason="\u200b\u3164"))[1]
    _, found = check_verb(case.process, suspended, REASSIGN, Command(actor=ANNA, reason=" "))
    assert seen == found
    assert told(found) == [
        ("suspended", "案件已挂起，须先恢复"),
        ("not-allowed", "转办由股室负责人决定，“anna”不能办理"),
        ("reason", "转办须说明理由"),
    ]


def test_what_ends_another_verb_is_declared_with_it_and_not_stopped_by_it() -> None:
    case = walk()
    suspended = replace(case.case, suspended_at=case.now)
    verb, found = check_verb(case.process, suspended, RESUME, Command(actor=CARL), ends="suspend")
    assert verb is find(case.process, case.case, "suspend")
    assert found == []
    assert check_verb(case.process, suspended, RESUME, Command(actor=CARL))[0] is None


def test_requirements_that_do_not_hold_name_their_clause_and_basis() -> None:
    scope = {"case": {"n": 5}}
    assert unmet([above(1), above(4)], scope) == []
    found = unmet([above(5, "某法"), above(1), above(9)], scope)
    assert [(r.code, str(r.message), r.basis, r.clause) for r in found] == [
        ("guard", "须大于 5", "某法", "case.n > 5"),
        ("guard", "须大于 9", None, "case.n > 9"),
    ]


def test_a_requirement_without_an_answer_does_not_hold() -> None:
    (reason,) = unmet([above(1)], {"case": {"n": "x"}})
    assert (str(reason.message), reason.clause) == (
        "须大于 1",
        "无法比较“x”与“1”的先后大小：两边类型不同",
    )


def test_the_conditions_of_a_verb_look_at_the_case() -> None:
    case = walk(fields={"n": 3})
    verb = find(case.process, case.case, "claim")
    assert verb is not None
    assert conditions(case.process, case.case, None, ANNA, None, case.now, {}) == []
    assert conditions(case.process, case.case, verb, ANNA, None, case.now, {}) == []
    asking = replace(verb, require=(above(2), above(3)))
    found = conditions(case.process, case.case, asking, ANNA, None, case.now, {})
    assert [reason.clause for reason in found] == ["case.n > 3"]
