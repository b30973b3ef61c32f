"""Who signs a step, who has, and whether that is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from walk_factories import ANNA, BELA, CARL, Walk, process_of

from engine.lifecycle.command import Actor
from engine.lifecycle.signers import (
    Signers,
    add_signature,
    as_signed,
    may_sign,
    signers,
    signs_for,
    waiting_for,
)

FLOW = """
workflow: visit
title: 检查
about: object
initial: review
parties: {team: 检查组}
states:
  review: {title: 待签, for: chief}
  done: {title: 办结, final: true}
transitions:
  - {do: sign, title: 签发, from: review, to: done, sign: {mode: MODE, by: [team, deputy]}}
  - {do: drop, title: 放弃, from: review, to: done}
"""


def who(mode: str, holders: dict[str, tuple[str, ...]] | None = None) -> tuple[Walk, Signers]:
    """Return a case two of the team and the deputies sign, and its signers."""
    case = Walk("", process=process_of(FLOW.replace("MODE", mode)), parties={"team": ("anna", "carl")})
    step = case.process.manual_steps("review")["sign"][0]
    found = signers(case.process, case.case, step, holders or {"deputy": ("dora",)})
    assert found is not None
    return case, found


@pytest.mark.parametrize(("mode", "enough"), [("all", 3), ("any", 1), ("2", 2)])
def test_enough_have_signed(mode: str, enough: int) -> None:
    case, found = who(mode)
    for number, person in enumerate(("anna", "carl", "dora"), 1):
        found = add_signature(found, Actor(person), case.now, {})
        assert found.complete == (number >= enough)


def test_nobody_signs_twice_or_who_is_none_of_them() -> None:
    case, found = who("all")
    assert [reason.code for reason in may_sign(found, BELA, "签发")] == ["not-allowed"]
    after = add_signature(found, ANNA, case.now, {})
    assert [reason.code for reason in may_sign(after, ANNA, "签发")] == ["signed"]
    assert may_sign(found, ANNA, "签发") == []


def test_who_stands_in_signs_for_whom_they_stand_in() -> None:
    _, found = who("all")
    assert signs_for(found, Actor("eva", principals=(CARL,))) == "carl"
    assert signs_for(found, Actor("eva")) is None


def test_more_signatures_than_there_are_people_can_never_be_had() -> None:
    _, found = who("5")
    assert not found.possible
    assert [reason.code for reason in may_sign(found, ANNA, "签发")] == ["signers"]


def test_a_step_waits_for_people_and_roles() -> None:
    case, _ = who("all")
    assert waiting_for(case.process, case.case) == ("p:anna", "p:carl", "deputy")
    drop = case.process.manual_steps("review")["drop"][0]
    assert signers(case.process, case.case, drop, {}) is None


def test_in_order_one_signs_after_the_other_and_of_a_role_one_holder() -> None:
    case, found = who("in_order", {"deputy": ("dora", "dirk")})
    assert (found.due, found.possible) == (("anna",), True)
    assert [reason.code for reason in may_sign(found, CARL, "签发")] == ["signed"]
    assert [reason.code for reason in may_sign(found, BELA, "签发")] == ["not-allowed"]
    for person, due in (("anna", ("carl",)), ("carl", ("dora", "dirk")), ("dirk", ())):
        assert may_sign(found, Actor(person), "签发") == []
        found = add_signature(found, Actor(person), case.now, {})
        assert found.due == due
    assert found.complete


def test_in_order_nobody_can_sign_for_a_role_nobody_holds() -> None:
    _, found = who("in_order", {"deputy": ()})
    assert not found.possible


def test_in_order_whoever_has_signed_is_not_asked_at_a_later_place() -> None:
    case, found = who("in_order", {"deputy": ("anna", "dora")})
    found = add_signature(add_signature(found, ANNA, case.now, {}), CARL, case.now, {})
    assert found.complete
    assert [one.counts_for for one in found.signing.signed] == ["anna", "carl", "anna"]


def test_in_order_the_task_is_that_of_who_comes_next() -> None:
    case, found = who("in_order")
    names = [waiting_for(case.process, case.case)]
    for person in ("anna", "carl"):
        found = add_signature(found, Actor(person), case.now, {})
        names.append(waiting_for(case.process, replace(case.case, signing={"sign": found.signing})))
    assert names == [("p:anna",), ("p:carl",), ("deputy",)]
    added = replace(found.signing, added=("eva",))
    done = add_signature(replace(found, signing=added), Actor("dora"), case.now, {})
    assert (done.complete, done.due) == (False, ("eva",))
    assert waiting_for(case.process, replace(case.case, signing={"sign": done.signing})) == ("p:eva",)
    assert add_signature(done, Actor("eva"), case.now, {}).complete


FORM = """
form: record
title: 记录
fields:
  - signed_by: {title: 签字人, type: persons}
"""
NAMED = FLOW.replace(
    "sign: {mode: MODE, by: [team, deputy]}", "form: record, sign: {mode: all, by: team, named_in: signed_by}"
)


def named(people: list[str]) -> tuple[Walk, Signers]:
    """Return a case whose form names `people` as those who sign, and its signers before anybody has."""
    case = Walk("", process=process_of(NAMED, FORM), parties={"team": ("anna", "bela", "carl")})
    step = case.process.manual_steps("review")["sign"][0]
    found = signers(case.process, case.case, step, {}, {"signed_by": people})
    assert found is not None
    return case, found


def test_each_of_those_the_form_names_has_to_sign() -> None:
    case, found = named(["anna", "carl"])
    assert found.named == ("anna", "carl")
    assert [reason.code for reason in may_sign(found, BELA, "签发")] == ["not-allowed"]
    after = add_signature(found, ANNA, case.now, {"signed_by": ["anna", "carl"]})
    assert (after.complete, after.waiting) == (False, ("carl",))
    assert add_signature(after, CARL, case.now, None).complete


def test_whoever_the_form_names_and_may_not_sign_stops_it() -> None:
    _, found = named(["anna", "dora"])
    (reason,) = may_sign(found, ANNA, "签发")
    assert (reason.code, "dora" in reason.message.render()) == ("signers", True)
    assert [reason.code for reason in may_sign(named([])[1], ANNA, "签发")] == ["signers"]


def test_what_was_signed_first_says_who_signs_whatever_is_handed_in_later() -> None:
    case, found = named(["anna", "carl"])
    after = add_signature(found, ANNA, case.now, {"signed_by": ["anna", "carl"]})
    kept = replace(case.case, signing={"sign": after.signing})
    step = case.process.manual_steps("review")["sign"][0]
    again = signers(case.process, kept, step, {}, {"signed_by": ["anna"]})
    assert again is not None
    assert again.waiting == ("carl",)
    assert waiting_for(case.process, kept) == ("p:carl",)


def test_conditions_see_who_stands_in_where_the_form_names_another() -> None:
    _, found = named(["anna", "carl"])
    eva = Actor("eva", principals=(CARL,))
    assert as_signed(found, eva, {"signed_by": ["anna", "carl"]}) == {"signed_by": ["anna", "eva"]}
    assert as_signed(found, ANNA, {"signed_by": ["anna", "carl"]}) == {"signed_by": ["anna", "carl"]}
