"""Whatever people do with a task in whatever order: no signature is lost, and no open task is left with nobody."""

from __future__ import annotations

from datetime import date

from bureau_factories import PEOPLE, Bureau, delegate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.app.history.replay import replay
from engine.app.history.requests import CommandResult
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from tests.examples import examples
from tests.office.test_office_verbs import FLOW

PERSONS = st.sampled_from(sorted(PEOPLE))
ACTS = st.one_of(
    st.tuples(st.sampled_from(["submit", "pass_on", "sign"]), PERSONS, st.just("")),
    st.tuples(st.sampled_from(["claim", "withdraw", "urge", "void", "back", "day"]), PERSONS, st.just("")),
    st.tuples(
        st.sampled_from(["approve", "deny"]),
        st.sampled_from(["carl", "dora"]),
        st.sampled_from(["void", "return"]),
    ),
    st.tuples(st.sampled_from(["add", "drop", "back"]), st.just("carl"), PERSONS),
    st.tuples(st.just("sign"), st.sampled_from(["anna", "anton"]), st.just("")),
    st.tuples(st.just("delegate"), PERSONS, PERSONS),
)
#: Likely ways, so that the tests get as far as signing.
STEPS = {"submit": "anna", "pass_on": "carl"}


def do(bureau: Bureau, case: str, act: str, person: str, other: str) -> CommandResult | Refusal | None:
    application = bureau.application
    match act:
        case "submit" | "pass_on" | "sign":
            return application.advance(case, act, person)
        case "claim":
            return application.claim(case, person)
        case "withdraw":
            return application.withdraw(case, person)
        case "urge":
            return application.urge(case, person)
        case "void":
            return application.void(case, person, reason="已注销")
        case "back":
            return application.send_back(case, person, "drafting", reason="缺页")
        case "approve":
            return application.approve(case, person, other)
        case "deny":
            return application.deny(case, person, other, reason="不必")
        case "add":
            return application.add_signer(case, person, other, reason="征求意见")
        case "drop":
            return application.drop_signer(case, person, other, reason="出差")
        case "delegate":
            today = bureau.clock.now().date()
            delegate(application, person, other, today, date(2030, 1, 1), by="dora", reason="休假")
        case _:
            bureau.later(days=1).sweep()
    return None


def signatures(case: Case) -> set[tuple[str, str]]:
    return {(step, one.counts_for) for step, signing in case.signing.items() for one in signing.signed}


def has_somebody(bureau: Bureau, case: str) -> bool:
    return any(case in bureau.work_items(person) for person in PEOPLE)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([2, 2, 0]), st.lists(ACTS, min_size=1, max_size=20))
def test_no_sequence_of_verbs_loses_a_signature_or_a_task(
    begun: int, acts: list[tuple[str, str, str]]
) -> None:
    bureau = Bureau(FLOW)
    case_id = bureau.start("visit")
    for step, person in list(STEPS.items())[:begun]:
        bureau.take(case_id, step, person)
    for act, person, other in acts:
        before = bureau.case(case_id)
        outcome = do(bureau, case_id, act, person, other)
        after = bureau.case(case_id)
        events = bureau.events(case_id)
        if isinstance(outcome, Refusal):
            # Only a history knows of the attempt: that of the case, or of the office where it is not seen.
            assert replay(events[: before.rev]) == before
            assert [event.kind for event in events[before.rev :]] in ([], ["refused"])
            assert (after.state, after.signing, after.asked, after.clocks, after.assignee) == (
                before.state,
                before.signing,
                before.asked,
                before.clocks,
                before.assignee,
            )
        lost = signatures(before) - signatures(after)
        if lost and before.state == after.state:
            # A signature goes only by the hand that gave it.
            assert (act, events[-1].kind) == ("withdraw", "withdrawn")
            given_by = {one.person for signing in before.signing.values() for one in signing.signed}
            assert person in given_by
        if lost and before.state != after.state:
            ways = {"returned", "voided", "withdrawn", "advanced"}
            assert events[-1].kind in ways
        for step, signer in signatures(before):
            written = [s for e in events for s in e.body.get("signatures", ()) if e.body.get("step") == step]
            assert signer in {one.get("for", one["person"]) for one in written}
        assert replay(events) == after
        assert not after.open or has_somebody(bureau, case_id)
    assert bureau.findings() == []
