"""Periods of the shipped processes run from the day of the event a form asks for, and a paper is there before it is served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest
from walking_processes import Walk

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.model.period_mark import PeriodMark
from engine.lifecycle.model.workflow import Workflow
from engine.worktime.periods import Period

#: Statutory clocks that count from the step itself: the step is what the law counts from.
THE_STEP_ITSELF = {
    ("penalty", "investigation_due"): "the head approves the filing by this step",
    ("criminal_referral", "deciding"): "the head has the report by this step",
    ("criminal_referral", "sending"): "the head approves by this step, and hours run from the moment",
}
#: Terms of the bureau's own that begin with a step whose form asks for a day of something else.
OWN = {
    ("criminal_referral", "listing"): "the days are those of the order to pay",
    (
        "follow_up",
        "publishing",
    ): "from the end of the handling, which the engine sees; most ways here ask no day",
    ("objection", "deciding"): "the whole has twenty working days from receipt",
    ("penalty", "filing_approving"): "how long the proposal lies before the head",
    ("penalty", "closing"): "how long the report on closing takes",
    ("referral", "answered"): "how long closing takes after the answer was entered",
    ("supervision", "accepting"): "how long acceptance takes after the report was entered",
    ("training", "training"): "the training is still to come",
}
#: What is served by being made public, by the very step that makes it.
PUBLISHED = {("inspection", "publish_result"), ("objection", "publish_correction")}


@cache
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


def periods() -> Iterator[tuple[Workflow, ClockRule]]:
    """Yield the clocks that count a period and say no `since`."""
    for workflow in library().workflows.values():
        for clock in workflow.clocks.values():
            if clock.since is None and isinstance(clock.limit, Period):
                yield workflow, clock


def days_asked(workflow: Workflow, clock: ClockRule) -> set[str]:
    """Return the days the steps ask for that start a clock."""
    return {
        f"{step.form}.{field.name}"
        for step in workflow.transitions
        if step.target in clock.during and not set(step.sources) & clock.during and step.form
        for field in workflow.forms[step.form].fields
        if field.type is FieldType.DATE
    }


def test_a_statutory_period_runs_from_its_event_and_not_from_its_entry() -> None:
    found = {(w.id, c.id) for w, c in periods() if c.mark is PeriodMark.STATUTORY}
    assert found == set(THE_STEP_ITSELF)


def test_a_term_of_our_own_runs_from_the_day_that_is_asked_or_says_why_not() -> None:
    found = {(w.id, c.id) for w, c in periods() if c.mark is not PeriodMark.STATUTORY and days_asked(w, c)}
    assert found == set(OWN)


def test_the_test_would_have_found_those_that_ran_from_their_entry() -> None:
    clocks = {"penalty": ("hearing_due", "defence_due", "call_due"), "enforcement": ("demand_due",)}
    for workflow, names in ((library().workflow(one), names) for one, names in clocks.items()):
        for name in names:
            assert days_asked(workflow, workflow.clocks[name]), name


def test_a_paper_is_made_before_the_step_that_enters_its_service() -> None:
    both = set()
    for workflow in library().workflows.values():
        for step in workflow.transitions:
            made = {e.arguments["render"] for e in step.then if e.kind == "render"}
            served = {
                e.arguments["paper"]
                for e in step.then
                if e.kind == "paper" and e.arguments.get("becomes") == "served"
            }
            if made & served:
                both.add((workflow.id, step.id))
    assert both == PUBLISHED


@pytest.mark.parametrize("state", ["to_notify", "to_visit"])
def test_a_moved_visit_has_its_notice_before_service_is_entered(state: str) -> None:
    fields = {"inspect_from": "2024-09-01", "inspect_to": "2024-10-31", "items": ["L01"], "risk_based": True}
    walk = Walk(library(), "inspection", **fields).take("approve", planned_on="2024-09-20")
    walk.take("declare", "insp-01")
    # The day that was approved passes before the notice is served.
    walk.now += timedelta(days=3)
    served = {"sent_on": "2024-09-23"}
    assert "改定检查日期" in walk.refused("notify_enterprise", "insp-01", **served)
    if state == "to_visit":
        walk.take("move_visit", "insp-01", planned_on="2024-09-23")
        walk.take("notify_enterprise", "insp-01", **served)
    assert walk.state == state
    before = len(walk.done)
    walk.take("move_visit", "insp-01", planned_on="2024-09-24")
    assert (walk.state, walk.done[before:]) == ("to_notify", ["render notice", "render service_receipt"])
    walk.take("notify_enterprise", "insp-01", **served)
    assert (walk.state, walk.done[-1]) == ("to_visit", "paper notice")
