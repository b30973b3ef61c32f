"""The stage of a story: who acts, what is answered, days that pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from small_bureau import SHANGHAI

from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

REPORT = StoryStep(line=1, do="report")


def case_of(stage: Stage) -> Case:
    found = stage.case()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("do", "by", "people"),
    [
        ("report", None, ["clerk", "clerk_2", "clerk_3"]),
        ("report", "股长", ["chief", "chief_2", "chief_3"]),
        ("report", "chief", ["chief", "chief_2", "chief_3"]),
        ("report", "anna", ["anna"]),
        ("nothing", None, ["clerk"]),
    ],
)
def test_who_may_act(stage: Stage, do: str, by: str | None, people: list[str]) -> None:
    case = case_of(stage)
    assert stage.people(stage.process(case), case, StoryStep(line=1, do=do, by=by)) == people


def test_what_a_story_does_not_answer_is_answered_so_that_the_step_passes(stage: Stage) -> None:
    assert not isinstance(stage.take(case_of(stage), REPORT), Refusal)
    case = case_of(stage)
    assert case.state == "checking"
    assert case.forms["note"]["count"] >= 2


def test_what_a_story_answers_is_taken_as_it_is(stage: Stage) -> None:
    refused = stage.take(case_of(stage), StoryStep(line=1, do="report", answers={"count": 1}))
    assert isinstance(refused, Refusal)
    assert "数量不足两件" in str(refused)
    assert not isinstance(
        stage.take(case_of(stage), StoryStep(line=1, do="report", answers={"count": 5})), Refusal
    )
    assert case_of(stage).forms["note"]["count"] == 5


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("2024-12-01", datetime(2024, 12, 1, 2, tzinfo=UTC)),
        # The three days after the Saturday on which it is worked are free.
        ("3 working days", datetime(2024, 9, 20, 2, tzinfo=UTC)),
        ("2 days", datetime(2024, 9, 16, 2, tzinfo=UTC)),
    ],
)
def test_days_pass_until_the_morning_of_a_day(stage: Stage, text: str, until: datetime) -> None:
    assert stage.wait(text)
    assert stage.clock.now() == until


def test_time_does_not_go_back_and_must_be_understood(stage: Stage) -> None:
    begin = stage.clock.now()
    assert stage.wait("2024-01-01")
    assert not stage.wait("不久")
    assert stage.clock.now() == begin


def test_clocks_fire_while_days_pass(stage: Stage) -> None:
    assert stage.wait("30 working days")
    kinds = [event.kind for event in stage.histories()["visit"][0]]
    assert {"started", "reminded", "overdue", "escalated"} <= set(kinds)


def test_children_are_found_by_their_workflow(stage: Stage) -> None:
    assert stage.case("errand") is None
    for do in ("report", "accept"):
        assert not isinstance(stage.take(case_of(stage), StoryStep(line=1, do=do)), Refusal)
    child = stage.case("errand")
    assert child is not None
    assert child.parent == stage.case_id
    assert {name: len(found) for name, found in stage.histories().items()} == {"visit": 1, "errand": 2}


def test_closed_children_have_the_facts_and_forms_the_story_names(small: Loaded) -> None:
    calculator = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    stage = Stage.of(small, "errand", calculator, date(2024, 9, 14))
    told = {"count": 2, "fields": {"count": 7}, "forms": {"note": {"found": "甲", "count": 7}}}
    stage.begin({"closed_children": {"visit": told}})
    histories = stage.histories()["visit"]
    assert len(histories) == 2
    with stage.application.store.read() as transaction:
        for history in histories:
            child = transaction.cases.get(history[0].stream)
            assert child is not None
            assert child.closed_at is not None
            assert (child.fields["count"], child.forms["note"]["found"]) == (7, "甲")


def test_the_nth_child_is_found_by_its_number(stage: Stage) -> None:
    for do in ("report", "accept"):
        assert not isinstance(stage.take(case_of(stage), StoryStep(line=1, do=do)), Refusal)
    first, second = stage.case("errand 1"), stage.case("errand 2")
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert not isinstance(stage.take(first, StoryStep(line=1, do="finish")), Refusal)
    # Also once it is closed; what is no number of one is none.
    assert stage.case("errand 1") is not None
    assert stage.case("errand 3") is None
    assert stage.case("errand x") is None


def test_a_story_says_how_large_a_register_is(small: Loaded) -> None:
    calculator = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    stage = Stage.of(small, "visit", calculator, date(2024, 9, 14), {"objects": 0, "inspectors": 1})
    with stage.application.store.read() as transaction:
        assert [len(transaction.registers.all(kind)) for kind in ("objects", "inspectors")] == [0, 1]


def test_roles_of_a_section_are_held_in_every_section(stage: Stage) -> None:
    with stage.application.store.read() as transaction:
        people = {entry.id: entry.section for entry in transaction.registers.all("people")}
    assert (people["clerk_two"], people["chief_two"]) == ("two", "two")
    assert "head_two" not in people


def test_what_a_step_brings_about_is_known_from_what_the_one_before_did(stage: Stage) -> None:
    before = stage.since
    assert not isinstance(stage.take(case_of(stage), REPORT), Refusal)
    first = stage.since
    assert not isinstance(stage.take(case_of(stage), StoryStep(line=2, do="send_back")), Refusal)
    assert before < first < stage.since
