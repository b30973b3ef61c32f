"""会签 或签 加签 减签 转办 挂起 and approval in any order: signatures count, requests are decided, somebody can always go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bureau_factories import PEOPLE, ZONE, Bureau, delegate, done, end, refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.app.history.replay import replay
from engine.app.history.requests import CommandResult
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event
from tests.examples import examples

FLOW = """
workflow: paper
title: 会签件
about: none
initial: drafting
start: {by: clerk}
parties: {team: 会签人}
verbs:
  - claim: {}
  - suspend: {by: chief, approve: deputy}
  - resume: {by: [chief, deputy]}
  - urge: {by: [chief, deputy], receipt: true}
  - void: {by: [clerk, chief], to: void, approve: [chief, deputy]}
  - withdraw
states:
  drafting:
    title: 草拟
    for: clerk
    verbs: {reassign: {by: [clerk, chief], among: [clerk, deputy]}}
  all_sign:
    title: 会签
    for: chief
    verbs:
      return: {by: [chief, clerk], approve: deputy}
      add_signer: {by: [chief, clerk], among: [clerk, chief, deputy]}
      drop_signer: {by: chief}
      reassign: {by: chief, among: [chief, deputy]}
  two_sign:
    title: 二人签
    for: clerk
    verbs:
      return: {by: [chief, deputy]}
      add_signer: {by: chief, among: [chief, deputy]}
      drop_signer: {by: [chief, deputy]}
  any_sign:
    title: 或签
    for: chief
    verbs:
      return: {by: chief, to: [drafting, all_sign]}
      add_signer: {by: chief, among: [clerk, deputy]}
      drop_signer: {by: chief}
  done: {title: 办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: submit, title: 送签, from: drafting, to: all_sign, then: [{assign: {team: "= ['anna', 'anton', 'cora']"}}]}
  - {do: sign_all, title: 会签, from: all_sign, to: two_sign, sign: {mode: all, by: team}}
  - {do: sign_two, title: 二人签, from: two_sign, to: any_sign, sign: {mode: 2, by: clerk}}
  - {do: sign_any, title: 或签, from: any_sign, to: done, sign: {mode: any, by: [chief, deputy]}}
"""
#: state -> its step, the mode, and who is named to sign it in the case of these tests.
SIGNED = {
    "all_sign": ("sign_all", None, {"anna", "anton", "cora"}),
    "two_sign": ("sign_two", 2, {"anna", "anton"}),
    "any_sign": ("sign_any", 1, {"carl", "dora"}),
}
STEPS = {"drafting": "submit", **{state: step for state, (step, _, _) in SIGNED.items()}}
PERSON = st.sampled_from(sorted(PEOPLE))


def first_asked(case: Case) -> str:
    return next(iter(case.asked), "void")


#: What can be done -> how, by whom and about whom. All are commands on the case and can be tried first.
VERBS: dict[str, Callable[..., CommandResult | Refusal]] = {
    "step": lambda o, c, p, q, **how: o.advance(c.id, STEPS.get(c.state, "submit"), p, **how),
    "add": lambda o, c, p, q, **how: o.add_signer(c.id, p, q, reason="征求意见", **how),
    "drop": lambda o, c, p, q, **how: o.drop_signer(c.id, p, q, reason="出差", **how),
    "withdraw": lambda o, c, p, q, **how: o.withdraw(c.id, p, **how),
    "claim": lambda o, c, p, q, **how: o.claim(c.id, p, **how),
    "reassign": lambda o, c, p, q, **how: o.reassign(c.id, p, q, reason="出差", **how),
    "back": lambda o, c, p, q, **how: o.send_back(
        c.id, p, "all_sign" if q < "b" else "drafting", reason="缺页", **how
    ),
    "suspend": lambda o, c, p, q, **how: o.suspend(c.id, p, reason="等材料", **how),
    "resume": lambda o, c, p, q, **how: o.resume(c.id, p, **how),
    "void": lambda o, c, p, q, **how: o.void(c.id, p, reason="取消", **how),
    "approve": lambda o, c, p, q, **how: o.approve(c.id, p, first_asked(c), **how),
    "deny": lambda o, c, p, q, **how: o.deny(c.id, p, first_asked(c), reason="不必", **how),
    "urge": lambda o, c, p, q, **how: o.urge(c.id, p, **how),
    "receive": lambda o, c, p, q, **how: o.acknowledge(c.id, p, **how),
}
#: A verb or what happens besides; who; about whom; whether somebody is looked for who may.
ACTS = st.tuples(
    st.sampled_from([*VERBS, "step", "step", "add", "drop", "withdraw", "delegate", "end", "day"]),
    PERSON,
    PERSON,
    st.booleans(),
)


def do(
    bureau: Bureau, case_id: str, act: str, person: str, other: str, able: bool
) -> CommandResult | Refusal | None:
    application, case = bureau.application, bureau.case(case_id)
    if act in VERBS:
        verb = VERBS[act]
        who = [
            p
            for p in PEOPLE
            if able and isinstance(verb(application, case, p, other, dry_run=True), CommandResult)
        ]
        return verb(application, case, who[len(person) % len(who)] if who else person, other)
    if act == "delegate":
        today = bureau.clock.now().astimezone(ZONE).date()
        delegate(application, person, other, today, today + timedelta(days=3), by=person, reason="休假")
    elif act == "end":
        end(application, f"delegation-{1 + ord(person[0]) % 3}", by=other, reason="返岗")
    else:
        bureau.later(days=1).sweep()
    return None


def signatures(case: Case) -> set[tuple[str, str, str]]:
    return {(step, one.person, one.counts_for) for step, all_ in case.signing.items() for one in all_.signed}


def check_signatures(before: Case, after: Case, event: Event) -> None:
    """A signature goes only by the hand that gave it, or with its state; nobody's hand or name stands there twice."""
    if after.state == before.state:
        for _, person, _ in signatures(before) - signatures(after):
            assert (event.kind, event.actor) == ("withdrawn", person)
    for signing in after.signing.values():
        hands, names = [s.person for s in signing.signed], [s.counts_for for s in signing.signed]
        assert len(set(hands)) == len(hands)
        assert len(set(names)) == len(names)
        assert not set(names) & set(signing.dropped)
    # An approval lets a clock or a state change, never a signature.
    if event.kind in (
        "signer_added",
        "signer_dropped",
        "asked",
        "denied",
        "reassigned",
        "suspended",
        "resumed",
    ):
        assert signatures(after) == signatures(before)


def check_taken(before: Case, event: Event) -> None:
    """A signed step is taken only with enough signatures: all added ones, and all or so many of those named."""
    if event.kind != "advanced" or before.state not in SIGNED:
        return
    step, count, named = SIGNED[before.state]
    signing = before.signing.get(step)
    added, dropped = (set(signing.added), set(signing.dropped)) if signing else (set(), set())
    signed = {one.get("for", one["person"]) for one in event.body["signatures"]}
    standing = {counts_for for _, _, counts_for in signatures(before)}
    assert standing <= signed, "a signature was lost on the way"
    assert added <= signed
    called = named - dropped - added
    assert called <= signed if count is None else len(called & signed) >= count


def check_asked(events: list[Event]) -> None:
    """Whatever was done by approval was asked for by somebody else than who approved it."""
    for event in events:
        if (asker := event.body.get("asked_by")) is not None:
            assert event.actor != asker
            assert any(e.kind == "asked" and e.actor == asker for e in events[: event.seq - 1])


def somebody_can_go_on(bureau: Bureau, case: Case) -> bool:
    """Tell whether a person who has the task in their list could do the next thing now, whatever its form says."""
    application = bureau.application
    if case.suspended_at is not None:
        return any(isinstance(application.resume(case.id, p, dry_run=True), CommandResult) for p in PEOPLE)
    return any(
        isinstance(application.advance(case.id, STEPS[case.state], person, dry_run=True), CommandResult)
        for person in PEOPLE
        if case.id in bureau.work_items(person)
    )


def somebody_can_decide(bureau: Bureau, case: Case, verb: str) -> bool:
    application = bureau.application
    return any(
        isinstance(application.deny(case.id, person, verb, reason="不必", dry_run=True), CommandResult)
        for person in PEOPLE
        if case.id in bureau.work_items(person)
    )


def begun(bureau: Bureau, stage: int) -> str:
    """Return a case that stands in the first, second, third or fourth state."""
    case = bureau.start("paper")
    for step, people in (
        ("submit", ["anna"]),
        ("sign_all", ["anna", "anton", "cora"]),
        ("sign_two", ["anna", "anton"]),
    )[:stage]:
        for person in people:
            bureau.take(case, step, person)
    return case


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([0, 1, 1, 2, 3]), st.lists(ACTS, min_size=4, max_size=25))
def test_whatever_is_signed_added_dropped_asked_and_handed_over(
    stage: int, acts: list[tuple[str, str, str, bool]]
) -> None:
    bureau = Bureau(FLOW)
    case_id = begun(bureau, stage)
    for act, person, other, able in acts:
        before, seen = bureau.case(case_id), len(bureau.events(case_id))
        outcome = do(bureau, case_id, act, person, other, able)
        after, events = bureau.case(case_id), bureau.events(case_id)
        assert replay(events) == after
        if isinstance(outcome, Refusal):
            # Only the history knows of the attempt.
            assert replace(after, rev=before.rev, head=before.head, last_at=before.last_at) == before
        elif len(events) > seen:
            check_signatures(before, after, events[-1])
            check_taken(before, events[-1])
        check_asked(events)
        if after.open:
            assert any(case_id in bureau.work_items(p) for p in PEOPLE), (act, person, other)
            assert somebody_can_go_on(bureau, after), (act, person, other)
            if after.suspended_at is None:
                for verb in after.asked:
                    assert somebody_can_decide(bureau, after, verb), (verb, person)
    assert bureau.findings() == []


def test_nothing_is_asked_for_that_only_the_one_who_asks_could_approve() -> None:
    bureau = Bureau(
        FLOW.replace(
            "void: {by: [clerk, chief], to: void, approve: [chief, deputy]}",
            "void: {by: [clerk, chief], to: void, approve: chief}",
        )
    )
    case = begun(bureau, 0)
    outcome = bureau.application.void(case, "carl", reason="取消")
    assert refused(outcome) == ["除申请人以外，没有可以批准作废的人（北片股的股室负责人）"]
    assert bureau.case(case).asked == {}
    done(bureau.application.void(case, "anna", reason="取消"))
    assert bureau.state(case) == "drafting"


def test_the_checks_can_fail() -> None:
    """A step taken without a signature that was added is noticed, and so is a signature that went by itself."""
    bureau = Bureau(FLOW)
    case = begun(bureau, 3)
    bureau.application.add_signer(case, "carl", "anna", reason="征求意见")
    bureau.take(case, "sign_any", "carl")
    before = bureau.case(case)
    bureau.take(case, "sign_any", "anna")
    event = bureau.events(case)[-1]
    check_taken(before, event)
    less = [one for one in event.body["signatures"] if one["person"] != "anna"]
    with pytest.raises(AssertionError):
        check_taken(before, replace(event, body={**event.body, "signatures": less}))
    with pytest.raises(AssertionError):
        check_signatures(before, replace(before, signing={}), event)


def test_who_stands_in_only_until_the_delegation_ends() -> None:
    """The one who was stood in for signs themselves when the delegation is over; the task is nobody else's."""
    bureau = Bureau(FLOW)
    case = begun(bureau, 1)
    delegate(bureau.application, "cora", "bela", date(2024, 9, 2), date(2024, 9, 3), by="cora", reason="休假")
    assert case in bureau.work_items("bela")
    bureau.at("2024-09-04")
    assert case not in bureau.work_items("bela")
    for person in ("anna", "anton", "cora"):
        bureau.take(case, "sign_all", person)
    assert bureau.state(case) == "two_sign"


def test_what_was_asked_in_ones_name_is_for_others_to_approve() -> None:
    bureau = Bureau(FLOW)
    case, application = begun(bureau, 0), bureau.application
    days = (date(2024, 9, 2), date(2024, 9, 9))
    delegate(application, "carl", "bela", *days, by="carl", reason="休假")
    done(application.void(case, "bela", reason="取消"))
    assert bureau.case(case).asked["void"]["for"] == "carl"
    for person in ("bela", "carl"):
        assert refused(application.approve(case, person, "void")) == ["申请人不能批准自己的申请"]
    done(application.approve(case, "dora", "void"))
    assert bureau.state(case) == "void"


def test_who_stands_in_for_the_one_who_asked_decides_in_their_own_right_only() -> None:
    bureau = Bureau(FLOW)
    case, application = begun(bureau, 0), bureau.application
    days = (date(2024, 9, 2), date(2024, 9, 9))
    done(application.void(case, "carl", reason="取消"))
    delegate(application, "carl", "anton", *days, by="carl", reason="休假")
    assert refused(application.approve(case, "anton", "void")) == ["申请人不能批准自己的申请"]
    office2 = Bureau(FLOW)
    other = begun(office2, 0)
    done(office2.application.void(other, "carl", reason="取消"))
    delegate(office2.application, "carl", "dora", *days, by="carl", reason="休假")
    done(office2.application.approve(other, "dora", "void"))
    assert office2.state(other) == "void"


def test_a_request_is_withdrawn_by_who_made_it() -> None:
    bureau = Bureau(FLOW)
    case, application = begun(bureau, 0), bureau.application
    done(application.void(case, "anna", reason="取消"))
    assert case in bureau.work_items("carl")
    done(application.withdraw(case, "anna"))
    assert bureau.case(case).asked == {}
    assert "“anna”撤回了“示例件”的作废申请" in bureau.mail("carl")
    assert case not in bureau.work_items("carl")
    assert refused(application.approve(case, "dora", "void")) == ["没有待批准的申请"]
