"""Steps of one case that one person may not take together: asked of its history, of delegates too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from register_fixtures import BUREAU, CLERK, KEEPER, OTHER, by, reasons, small_application

from engine.app.commands.application import Application, CommandResult
from engine.app.commands.publish_definitions import Published, publish
from engine.app.execution.incompatible_steps import require_compatible, with_same
from engine.app.history.journal import add_entry
from engine.app.people.delegation import STREAM
from engine.app.ports.records import Delegation
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.model.people.incompatible import IncompatibleSteps

RULES = """\
incompatible_on_a_case:
  - {workflow: report, first: [submit], then: [approve], basis: 条例 第一条}
  - {first: [approve], then: [close]}
"""
REPORT = """\
workflow: report
title: 报告
about: none
initial: draft
start: {by: [clerk, roster_admin]}
states:
  draft: {title: 草拟, for: [clerk, roster_admin]}
  waiting: {title: 待批, for: [clerk, roster_admin]}
  approved: {title: 已批, for: [clerk, roster_admin]}
  closed: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: draft, to: waiting}
  - {do: send_back, title: 退回, from: waiting, to: draft}
  - {do: approve, title: 批准, from: waiting, to: approved}
  - {do: close, title: 办结, from: approved, to: closed}
"""


def bureau() -> Application:
    application = small_application()
    loaded = load_files({"bureau.yaml": BUREAU + RULES, "report.yaml": REPORT})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    assert isinstance(publish(application, by(), loaded), Published)
    assert isinstance(application.start("report", KEEPER, NewCase(title="示例")), CommandResult)
    return application


def test_who_submits_does_not_approve() -> None:
    application = bureau()
    assert isinstance(application.advance("report-1", "submit", KEEPER), CommandResult)
    assert reasons(application.advance("report-1", "approve", KEEPER)) == [
        "“keeper-1”已在本件办过“提交”，不能再办“批准”（依据：条例 第一条）"
    ]
    # Sent back and submitted by another, the first one has submitted all the same.
    assert isinstance(application.advance("report-1", "send_back", CLERK), CommandResult)
    assert isinstance(application.advance("report-1", "submit", CLERK), CommandResult)
    reasons(application.advance("report-1", "approve", KEEPER))
    reasons(application.advance("report-1", "approve", CLERK))
    assert isinstance(application.advance("report-1", "approve", OTHER), CommandResult)
    assert "依据：本局规定" in reasons(application.advance("report-1", "close", OTHER))[0]
    assert isinstance(application.advance("report-1", "close", KEEPER), CommandResult)


def test_steps_taken_in_one_command_count() -> None:
    application = bureau()
    both = [("submit", KEEPER, None), ("approve", KEEPER, None)]
    assert "不能再办" in reasons(application.advance_together("report-1", both))[0]
    assert isinstance(
        application.advance_together("report-1", [both[0], ("approve", CLERK, None)]), CommandResult
    )


def test_rules_of_other_workflows_say_nothing() -> None:
    rule = IncompatibleSteps("report", ("submit",), ("approve",))
    assert rule.against("report", "approve") == ("submit",)
    assert rule.against("report", "submit") == ("approve",)
    assert rule.against("report", "close") == ()
    assert rule.against("errand", "approve") == ()
    assert IncompatibleSteps(None, ("submit",), ("approve",)).against("errand", "approve") == ("submit",)
    assert callable(require_compatible)


DAY = timedelta(days=1)


def given(application: Application, number: int, principal: str, delegate: str) -> None:
    """Let one act for the other on one day, whoever may give that."""
    now = application.clock.now()
    begins = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo)
    made = Delegation(
        id=f"d-{number}",
        principal=principal,
        delegate=delegate,
        first=begins.date(),
        last=begins.date(),
        begins=begins,
        ends=begins + DAY,
        reason="休假",
        by=principal,
    )
    with application.store.write() as transaction:
        transaction.delegations.add(made)
        add_entry(transaction, now, "delegated", principal, made.as_json(), STREAM)


def next_day(application: Application) -> None:
    assert isinstance(application.clock, VirtualClock)
    application.clock.advance(DAY)


def ways() -> Iterator[tuple[tuple[str, str | None], tuple[str, str | None]]]:
    """Yield who takes each of two steps, each for whom besides; the third of the people is no party to the first."""
    people = (KEEPER, CLERK, OTHER)
    hands = [(one, other) for one, other in product(people, (None, *people)) if one != other]
    yield from product(hands, hands)


@pytest.mark.parametrize(("first", "second"), list(ways()))
def test_acting_for_somebody_counts_as_acting_for_them_and_as_oneself(
    first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    """Whoever has taken the one step, by themselves or for another, or by another: the other step is barred to them."""
    application = bureau()
    took: set[str] = set()
    for number, (person, principal) in enumerate((first, second)):
        if principal is not None:
            given(application, number, principal, person)
        step = ("submit", "approve")[number]
        outcome = application.advance("report-1", step, person)
        if number == 0:
            assert isinstance(outcome, CommandResult), outcome
            took = {person} | ({str(found)} if (found := _for(application)) else set())
        else:
            barred = bool(took & {person, *filter(None, [principal])})
            assert isinstance(outcome, CommandResult) == (not barred), (first, second, outcome)
        next_day(application)


def _for(application: Application) -> object:
    with application.store.read() as transaction:
        return transaction.events.of("report-1")[-1].body.get("for")


LISTED = """\
workflow: listing
title: 名单
about: none
initial: draft
start: {by: clerk}
fields: [{listed_by: {title: 提出人}}]
states:
  draft: {title: 草拟, for: clerk}
  waiting: {title: 待核, for: [clerk, roster_admin]}
  closed: {title: 办结, final: true}
transitions:
  - {do: list, title: 提出, from: draft, to: waiting, then: [{set: {listed_by: = actor.id}}]}
  - do: agree
    title: 复核
    from: waiting
    to: closed
    require: [{that: actor.id != case.listed_by, else: 复核人不能是提出人, basis: 本局规定}]
"""


@pytest.mark.parametrize(
    ("first", "second", "free"),
    [
        # Oneself; for oneself by another, then oneself; oneself, then another for oneself.
        ((CLERK, None), (CLERK, None), False),
        ((KEEPER, CLERK), (CLERK, None), False),
        ((CLERK, None), (KEEPER, CLERK), False),
        # For another, then by oneself; by one for another, then by a third for the same.
        ((KEEPER, CLERK), (KEEPER, None), False),
        ((KEEPER, CLERK), (OTHER, CLERK), False),
        ((CLERK, None), (KEEPER, None), True),
        ((CLERK, None), (KEEPER, OTHER), True),
    ],
)
def test_conditions_on_who_acts_hold_for_all_who_count_as_one(
    first: tuple[str, str | None], second: tuple[str, str | None], free: bool
) -> None:
    application = small_application()
    loaded = load_files({"bureau.yaml": BUREAU, "listing.yaml": LISTED})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    assert isinstance(publish(application, by(), loaded), Published)
    assert isinstance(application.start("listing", CLERK, NewCase(title="示例")), CommandResult)
    for number, (person, principal) in enumerate((first, second)):
        if principal is not None:
            given(application, number, principal, person)
        outcome = application.advance("listing-1", ("list", "agree")[number], person)
        assert isinstance(outcome, CommandResult) == (number == 0 or free), outcome
        if not isinstance(outcome, CommandResult):
            assert any("复核人不能是提出人" in reason for reason in reasons(outcome))
        next_day(application)
    assert callable(with_same)
