"""A paper that is made void after it was served has no effect any more, and whom it concerns is told; it counts anew from the service of the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from agreeing import agreed

from engine.app.access.proposals import ROLES
from engine.app.commands import Caller
from engine.app.commands.papers.papers import void_paper
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.session.unit_of_work import UnitOfWork
from engine.authoring.stories.expectations import messages_received
from engine.authoring.stories.play import chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Library, Loaded, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.deployment.rendering import TemplateRenderer
from engine.kernel.refusal import Refusal
from engine.language import in_language
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.deadlines.served_papers import counted_from_service
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.workflow import Workflow

STORIES = workflows_dir() / "tests"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
LOADED = load_paths(surrounding_files([STORIES]))
KEEPER = Caller("archivist")

FOLLOW_UP = """
      - {do: judge, answers: {route: rectify}}
      - {do: order, answers: {ordered_on: 2024-09-20, due_on: 2024-11-20}}
      - {do: serve_order, answers: {delivered_by: direct, delivered_on: 2024-09-20}}
"""
TOLD = """
      - {do: propose_filing}
      - {do: approve_filing, by: 局长}
      - {do: end_investigation, answers: {proposal: penalty}}
      - {do: tell, answers: {hearing: HEARING, amount: 5000}}
      - {do: approve_notice, by: 分管副局长}
      - {do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-09-20}}
"""
DEFENCE, HEARING = TOLD.replace("HEARING", "false"), TOLD.replace("HEARING", "true")
DECIDED = """
      - {wait: 2024-09-29}
      - {do: review_law, answers: {passed: true, discussion: false}}
      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: 2024-09-29, amount: 5000}}
      - {do: serve_decision, answers: {delivered_by: direct, delivered_on: 2024-09-29}}
"""
NOTIFIED = """
      - {do: approve, by: 局长, answers: {planned_on: 2024-09-24}}
      - {do: declare, answers: {signed_by: [inspector_1, inspector_2], no_conflict: true}}
      - {do: notify_enterprise, answers: {sent_on: 2024-09-20, rights_told: true}}
"""
REFERRED = """
      - {do: draft}
      - {do: approve}
      - {do: send, answers: {sent_on: 2024-09-20}}
"""
VISIT = (
    "{on: 2024-09-20, fields: {inspect_from: 2024-09-01, inspect_to: 2024-11-30}, parties: {inspectors: 2}}"
)
HANDLED = "{on: 2024-09-20, parties: {handlers: 2}}"


def played(workflow: str, steps: str, given: str = "{on: 2024-09-20}", loaded: Loaded = LOADED) -> Stage:
    """Return the stage after steps, each of which goes as it says."""
    text = f"test: {workflow}\ntitle: 作废\nstories:\n  - story: 一\n    given: {given}\n    when:{steps}"
    with in_language("zh_CN"):
        file = read_stories(workflow, text.encode())
        story = file.story("一")
        assert story is not None
        stage = opened(loaded, workflow, TIME, chain_of(file, story)[0].given)
        stage.application.renderer = TemplateRenderer([forms_dir() / "templates"])
    goes(stage, workflow, steps)
    return stage


def goes(stage: Stage, workflow: str, steps: str) -> None:
    """Take further steps on a stage, each of which goes as it says."""
    text = f"test: {workflow}\ntitle: 作废\nstories:\n  - story: 一\n    given: {{on: 2024-09-20}}\n    when:{steps}"
    with in_language("zh_CN"):
        story = read_stories(workflow, text.encode()).story("一")
        assert story is not None
        for step in story.steps:
            assert list(outcome_of(stage, step)) == [], step.do


def case_of(stage: Stage) -> Case:
    case = stage.case()
    assert case is not None
    return case


def paper(stage: Stage, kind: str) -> PaperRecord:
    """Return the last paper of a kind of the case of a stage."""
    with stage.application.store.read() as transaction:
        return [one for one in transaction.papers.of_case(stage.case_id) if one.kind == kind][-1]


def made_void(stage: Stage, kind: str, *, anew: bool = False) -> PaperRecord:
    """Make the last paper of a kind void, in the minute after what was done last."""
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))
    stage.since = stage.clock.now()
    office, wanted = stage.application, paper(stage, kind).id
    found = agreed(office, lambda: void_paper(office, KEEPER, wanted, "写错了", anew=anew))
    assert isinstance(found, PaperRecord), str(found)
    return found


def clocks(stage: Stage) -> dict[str, str]:
    return {name: running.due_on.isoformat() for name, running in case_of(stage).clocks.items()}


def told(stage: Stage, piece: str) -> set[str]:
    """Return who was told since the last act in words with `piece` in them."""
    return {
        person for person, texts in messages_received(stage).items() if any(piece in one for one in texts)
    }


#: workflow, given, steps up to the service, kind, clocks that stop, a step that is refused, where the case goes back to,
#: the step that serves the next one on 8 October, and the clocks then.
PAPERS = {
    "order": (
        "follow_up",
        "{on: 2024-09-20}",
        FOLLOW_UP,
        "rectification_order",
        {"rectify_due"},
        "{do: recheck, answers: {rectified: false, checked_on: 2024-09-20}, refused: 作废（写错了）}",
        "serving",
        "{do: serve_order, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
        {"rectify_due": "2024-11-20"},
    ),
    "prior notice, defence": (
        "penalty",
        HANDLED,
        DEFENCE,
        "penalty_prior_notice",
        {"defence_due"},
        "{do: record_defence, by: 办案人员, refused: 作废（写错了）}",
        "telling_served",
        "{do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
        {"defence_due": "2024-10-14"},
    ),
    "prior notice, hearing": (
        "penalty",
        HANDLED,
        HEARING,
        "penalty_prior_notice",
        {"hearing_due"},
        "{do: ask_hearing, by: 办案人员, answers: {asked_on: 2024-09-20}, refused: 作废（写错了）}",
        "telling_served",
        "{do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
        {"hearing_due": "2024-10-14"},
    ),
    "right to a hearing": (
        "penalty",
        HANDLED,
        HEARING,
        "hearing_rights",
        {"hearing_due"},
        "{do: ask_hearing, by: 办案人员, answers: {asked_on: 2024-09-20}, refused: 作废（写错了）}",
        "telling_served",
        "{do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
        {"hearing_due": "2024-10-14"},
    ),
    "decision": (
        "penalty",
        HANDLED,
        DEFENCE + DECIDED,
        "penalty_decision",
        {"payment_due", "penalty_publish_due"},
        "{do: publish_penalty, refused: 作废（写错了）}",
        "serving",
        "{do: serve_decision, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
        {"payment_due": "2024-10-23"},
    ),
    "visit": (
        "inspection",
        VISIT,
        NOTIFIED,
        "notice",
        set(),
        "{do: report_uncooperative, refused: 作废（写错了）}",
        "to_notify",
        "{do: notify_enterprise, answers: {sent_on: 2024-10-08, rights_told: true}, refused: 检查日期不能早于通知书送达日期}",
        {},
    ),
    "letter to another authority": (
        "referral",
        "{on: 2024-09-20, fields: {department: market_regulation, matter: 无法联系}, parties: {inspectors: 2}}",
        REFERRED,
        "referral_letter",
        {"receipt_due"},
        "{do: receive, answers: {received_on: 2024-09-20}, refused: 作废（写错了）}",
        "sending",
        "{do: send, answers: {sent_on: 2024-10-08}}",
        {"receipt_due": "2024-10-21"},
    ),
}


@pytest.mark.parametrize(
    ("name", "who"),
    [("order", {"deputy_head", "bureau_head"}), ("decision", {"bureau_head"})],
)
def test_a_served_paper_is_void_once_nobody_lower_agrees_than_who_approves_it(
    name: str, who: set[str]
) -> None:
    workflow, given, steps, kind, *_ = PAPERS[name]
    stage = played(workflow, steps, given)
    wanted, office = paper(stage, kind).id, stage.application
    for keeper in (KEEPER, Caller("section_chief")):
        assert isinstance(void_paper(office, keeper, wanted, "印错"), Refusal)
    with office.store.read() as transaction:
        proposals = transaction.proposals.all()
    assert [{role for role, _ in one.summary[ROLES]} for one in proposals] == [who, who]
    assert paper(stage, kind).state is PaperState.SERVED


@pytest.mark.parametrize("name", PAPERS)
def test_a_void_paper_stops_its_clocks_and_counts_anew_from_the_service_of_the_next(name: str) -> None:
    workflow, given, steps, kind, stop, step, back, serve, again = PAPERS[name]
    stage = played(workflow, steps, given)
    before, state = clocks(stage), case_of(stage).state
    assert stop <= before.keys()
    answers = {form: dict(given) for form, given in case_of(stage).forms.items()}
    old = paper(stage, kind)
    made_void(stage, kind)
    # It stays where it is: a bureau may as well take the whole decision back. What was entered stays.
    assert case_of(stage).state == state
    assert before.keys() - clocks(stage).keys() == stop
    assert case_of(stage).forms == answers
    people = told(stage, old.number or old.id)
    assert {"section_chief"} <= people
    assert {person for people in case_of(stage).parties.values() for person in people} <= people
    goes(stage, workflow, f"\n      - {step}")
    # Nothing happens by itself either, however long it lasts.
    goes(stage, workflow, "\n      - {wait: 2024-10-08}")
    assert case_of(stage).state == state
    new = made_void(stage, kind, anew=True)
    assert new.number != old.number
    assert case_of(stage).state == back
    assert told(stage, new.number or "") >= {"section_chief"}
    goes(stage, workflow, f"\n      - {serve}")
    assert again.items() <= clocks(stage).items()


def taken_back(stage: Stage, kind: str) -> PaperRecord | Refusal:
    """Make the last paper of a kind void because what it says is wrong."""
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))
    stage.since = stage.clock.now()
    office, wanted = stage.application, paper(stage, kind).id
    return agreed(office, lambda: void_paper(office, KEEPER, wanted, "写错了", back=True))


def test_the_term_of_a_void_order_goes_with_it() -> None:
    """What was worked out from the void order does not outlast it: the term is the one the next says."""
    extended = """
      - {do: extend, by: 股室负责人, answers: {count: 9}}
      - {do: receive_report, answers: {received_on: 2024-09-20}}
"""
    stage = played("follow_up", FOLLOW_UP + extended)
    assert case_of(stage).fields["term_ends"] == "2024-11-29"
    made_void(stage, "rectification_order", anew=True)
    assert (case_of(stage).state, case_of(stage).fields.get("term_ends")) == ("serving", None)
    goes(
        stage,
        "follow_up",
        "\n      - {do: serve_order, answers: {delivered_by: direct, delivered_on: 2024-09-20}}",
    )
    assert clocks(stage)["rectify_due"] == "2024-11-20"


@pytest.mark.parametrize("name", PAPERS)
def test_a_case_that_waits_for_a_paper_in_the_place_of_a_void_one_has_a_term_that_goes_up(name: str) -> None:
    workflow, given, steps, kind, _, _, back, _, _ = PAPERS[name]
    stage = played(workflow, steps, given)
    made_void(stage, kind)
    # Five working days as `untouched` says, of what was void on a Friday or on the last day before the holidays.
    due = case_of(stage).clocks[VOID_PAPER].due_on
    words = "重新制作并送达，或者了结本件"
    assert told(stage, f"{due.isoformat()}以前重新制作并送达") >= {"section_chief"}
    stage.since = stage.clock.now()
    goes(stage, workflow, f"\n      - {{wait: {(due + timedelta(days=1)).isoformat()}}}")
    parties = {person for people in case_of(stage).parties.values() for person in people}
    assert told(stage, words) >= parties | {"section_chief"}
    goes(stage, workflow, f"\n      - {{wait: {(due + timedelta(days=60)).isoformat()}}}")
    assert told(stage, words) >= {"leading_office", "deputy_head", "bureau_head"}
    # No reminder asks for a step that is refused.
    case = case_of(stage)
    with stage.application.store.read() as transaction:
        process = UnitOfWork(stage.application, transaction, stage.clock.now()).process(case)
    refused = {
        step.title
        for name, ways in process.manual_steps(case.state).items()
        for step in ways
        if process.served_before(case.state, name)
    }
    assert {title for title in refused if told(stage, f"请办理“{title}”")} == set()
    made_void(stage, kind, anew=True)
    assert (case_of(stage).state, VOID_PAPER in case_of(stage).clocks) == (back, False)


def test_the_term_ends_with_the_way_back_another_step_takes() -> None:
    reviewed = "\n      - {wait: 2024-09-29}"
    stage = played("penalty", DEFENCE + reviewed, HANDLED)
    made_void(stage, "penalty_prior_notice")
    assert VOID_PAPER in clocks(stage)
    goes(stage, "penalty", "\n      - {do: review_law, answers: {passed: false}}")
    assert (case_of(stage).state, VOID_PAPER in clocks(stage)) == ("investigating", False)


def test_a_decision_made_anew_is_of_its_own_day_in_public_too() -> None:
    stage = played("penalty", DEFENCE + DECIDED + "      - {do: publish_penalty}\n", HANDLED)
    goes(stage, "penalty", "\n      - {wait: 2024-10-15}")
    made_void(stage, "penalty_decision", anew=True)
    serve = "\n      - {do: serve_decision, answers: {delivered_by: direct, delivered_on: 2024-10-16}}"
    goes(stage, "penalty", "\n      - {wait: 2024-10-16}" + serve)
    case = case_of(stage)
    assert (case.forms["case_decision"]["decided_on"], case.fields["publish_from"]) == ("2024-10-15",) * 2
    # Seven working days from the day of the decision in force, as for the first one.
    assert clocks(stage)["penalty_publish_due"] == "2024-10-24"
    goes(stage, "penalty", "\n      - {do: publish_penalty}")
    with stage.application.store.read() as transaction:
        last = [*transaction.records.publications(case_id=stage.case_id)][-1]
        (entry,) = [one for one in transaction.events.of(stage.case_id) if one.kind == "corrected"]
    assert (last.withdrawn_at, last.late, last.due_on) == (None, False, date(2024, 10, 24))
    assert "2024-10-15" in str(last.body)
    assert "2024-09-29" not in str(last.body)
    assert (entry.actor, entry.body["answers"]["decided_on"]) == ("archivist", "2024-10-15")


def test_a_decision_that_waits_to_be_served_counts_from_the_one_made_anew() -> None:
    unserved = DECIDED.rsplit("\n      - {do: serve_decision", 1)[0]
    stage = played("penalty", DEFENCE + unserved + "\n      - {wait: 2024-10-09}", HANDLED)
    assert clocks(stage)["service_due"] == "2024-10-14"
    made_void(stage, "penalty_decision", anew=True)
    assert case_of(stage).state == "serving"
    assert clocks(stage)["service_due"] == "2024-10-17"
    assert case_of(stage).fields["publish_from"] == "2024-10-09"


@pytest.mark.parametrize(
    ("kind", "other"),
    [("penalty_prior_notice", "hearing_rights"), ("hearing_rights", "penalty_prior_notice")],
)
def test_what_was_served_along_with_a_void_paper_is_void_with_it_and_served_again(
    kind: str, other: str
) -> None:
    stage = played("penalty", HEARING, HANDLED)
    old = paper(stage, other)
    made_void(stage, kind)
    gone = paper(stage, other)
    assert (gone.id, gone.state) == (old.id, PaperState.VOID)
    assert "一并送达" in str(gone.facts[-1].note)
    made_void(stage, kind, anew=True)
    assert (paper(stage, other).id, paper(stage, other).replaces) == (f"{stage.case_id}/{other}/2", old.id)
    goes(
        stage,
        "penalty",
        "\n      - {wait: 2024-10-08}\n      - {do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-10-08}}",
    )
    days = {paper(stage, one).fact(PaperState.SERVED) for one in (kind, other)}
    assert {fact.on.isoformat() for fact in days if fact is not None} == {case_of(stage).fields["told_on"]}


#: Paper -> the steps until it is served or waits to be, the state in which its form is filled.
WRONG = {
    "order": ("follow_up", "{on: 2024-09-20}", FOLLOW_UP, "rectification_order", "ordering"),
    "prior notice": ("penalty", HANDLED, HEARING, "penalty_prior_notice", "telling"),
    "prior notice, not served": (
        "penalty", HANDLED, HEARING.rsplit("\n      - {do: serve_notice", 1)[0], "penalty_prior_notice", "telling",
    ),
    "decision": ("penalty", HANDLED, DEFENCE + DECIDED, "penalty_decision", "deciding"),
    "decision, not served": (
        "penalty", HANDLED, DEFENCE + DECIDED.rsplit("\n      - {do: serve_decision", 1)[0], "penalty_decision", "deciding",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_paper_that_says_what_is_wrong_goes_back_to_where_its_form_is_filled(name: str) -> None:
    workflow, given, steps, kind, state = WRONG[name]
    stage = played(workflow, steps, given)
    outcome = taken_back(stage, kind)
    assert isinstance(outcome, PaperRecord), str(outcome)
    assert (case_of(stage).state, outcome.state) == (state, PaperState.VOID)
    assert VOID_PAPER not in clocks(stage)
    assert clocks(stage) != {}
    # Nothing of the paper is left in force, and it says so in the history.
    with stage.application.store.read() as transaction:
        there = transaction.papers.of_case(stage.case_id)
        last = [one for one in transaction.events.of(stage.case_id) if one.body.get("state") == state][-1]
    assert [
        one.id for one in there if one.kind in (kind, "hearing_rights") and one.state is not PaperState.VOID
    ] == []
    assert (last.body["title"], last.body["void"]) == ("文书作废，退回重新填写", outcome.id)


def test_a_prior_notice_and_a_decision_put_right_are_served_anew_with_what_is_right() -> None:
    stage = played("penalty", HEARING, HANDLED)
    taken_back(stage, "penalty_prior_notice")
    again = (
        HEARING[HEARING.index("      - {do: tell") :]
        .replace("5000", "3000")
        .replace("hearing: true", "hearing: false")
    )
    goes(stage, "penalty", "\n" + again)
    assert (case_of(stage).state, clocks(stage)["defence_due"]) == ("waiting_defence", "2024-09-27")
    goes(stage, "penalty", DECIDED.replace("5000", "3000"))
    taken_back(stage, "penalty_decision")
    # What the step sets is set anew, and the term of law goes on from where it was.
    assert (case_of(stage).fields["fine"], case_of(stage).fields["publish_from"]) == (None, None)
    law = case_of(stage).clocks["investigation_due"]
    assert (law.started_at.date().isoformat(), law.paused_at is not None) == ("2024-09-20", True)
    decide = (
        "      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: 2024-09-29, amount: 2000}}\n"
    )
    goes(stage, "penalty", "\n" + decide + DECIDED[DECIDED.index("      - {do: serve") :])
    assert (case_of(stage).state, case_of(stage).fields["fine"]) == ("publishing", "2000")
    assert paper(stage, "penalty_decision").id.endswith("/2")


def test_there_is_no_way_back_where_the_case_is_past_the_paper() -> None:
    stage = played("penalty", DEFENCE + DECIDED, HANDLED)
    outcome = taken_back(stage, "penalty_prior_notice")
    assert isinstance(outcome, Refusal)
    assert "不能为改正文书" in str(outcome.reasons[0].message)
    assert paper(stage, "penalty_prior_notice").state is PaperState.SERVED
    both = void_paper(
        stage.application, KEEPER, paper(stage, "penalty_decision").id, "错", anew=True, back=True
    )
    assert isinstance(both, Refusal)
    assert case_of(stage).state == "publishing"


def test_the_paper_and_the_notice_to_the_party_say_what_was_void_when_and_why() -> None:
    stage = played("follow_up", FOLLOW_UP)
    old = paper(stage, "rectification_order")
    new = made_void(stage, "rectification_order", anew=True)
    with stage.application.store.read() as transaction:
        kept = transaction.papers.get(old.id)
        notice = [one for one in transaction.records.documents(stage.case_id) if one.kind == "void_notice"]
    assert kept is not None
    void = kept.facts[-1]
    assert (void.state, void.on.isoformat(), void.by, void.note) == (
        PaperState.VOID,
        "2024-09-20",
        "archivist",
        "写错了",
    )
    text = re.sub(r"<[^>]+>", " ", notice[-1].content.decode())
    for said in (old.number, new.number, "2024年9月20日", "写错了", "停止计算", "重新计算"):
        assert said is not None
        assert said in text


def test_a_penalty_is_not_decided_on_a_void_notice_and_the_terms_run_whole_from_the_next() -> None:
    reviewed = (
        "\n      - {wait: 2024-09-29}\n      - {do: review_law, answers: {passed: true, discussion: false}}"
    )
    stage = played("penalty", DEFENCE + reviewed, HANDLED)
    decide = "\n      - {do: decide, by: 局长, answers: {kind: penalty, decided_on: DAY, amount: 5000}, refused: WHY}"
    made_void(stage, "penalty_prior_notice")
    assert case_of(stage).state == "deciding"
    goes(stage, "penalty", decide.replace("DAY", "2024-09-29").replace("WHY", "重新制作并送达"))
    made_void(stage, "penalty_prior_notice", anew=True)
    assert case_of(stage).state == "telling_served"
    serve = "\n      - {do: serve_notice, answers: {delivered_by: direct, delivered_on: 2024-09-29}}"
    goes(stage, "penalty", serve)
    assert (case_of(stage).state, clocks(stage)["defence_due"]) == ("waiting_defence", "2024-10-11")
    # The review that was held stays in the history; the case comes to it again.
    goes(stage, "penalty", "\n      - {wait: 2024-10-11}")
    assert case_of(stage).state == "waiting_defence"
    goes(stage, "penalty", "\n      - {wait: 2024-10-12}")
    assert case_of(stage).state == "legal_reviewing"


def test_what_was_decided_before_its_notice_was_void_stays() -> None:
    stage = played("penalty", DEFENCE + DECIDED, HANDLED)
    before = clocks(stage)
    made_void(stage, "penalty_prior_notice", anew=True)
    assert (case_of(stage).state, clocks(stage)) == ("publishing", before)
    goes(stage, "penalty", "\n      - {do: publish_penalty}")


def test_a_visit_that_was_made_before_its_notice_was_void_stays() -> None:
    visited = """
      - {wait: 2024-09-24}
      - {do: report_uncooperative, answers: {finished_on: 2024-09-24}}
"""
    stage = played("inspection", NOTIFIED + visited, VISIT)
    made_void(stage, "notice", anew=True)
    assert case_of(stage).state == "to_enter"
    with stage.application.store.read() as transaction:
        (path,) = {one.state for one in transaction.tasks.of_case(stage.case_id)}
    assert path == "to_enter"


def test_an_order_that_is_void_while_it_is_announced_is_served_anew() -> None:
    announced = """
      - {do: judge, answers: {route: rectify}}
      - {do: order, answers: {ordered_on: 2024-09-20, due_on: 2025-01-20}}
      - {do: announce, answers: {published_on: 2024-09-20}}
"""
    stage = played("follow_up", announced)
    assert "announced" in clocks(stage)
    made_void(stage, "rectification_order", anew=True)
    assert case_of(stage).state == "serving"
    assert "announced" not in clocks(stage)
    goes(stage, "follow_up", "\n      - {wait: 2024-11-20}")
    assert case_of(stage).state == "serving"


def test_a_step_taken_back_does_not_start_the_clock_of_a_void_order() -> None:
    stage = played("follow_up", FOLLOW_UP)
    goes(stage, "follow_up", "\n      - {wait: 2024-09-24}\n      - {do: receive_report, by: inspector_1}")
    assert clocks(stage).keys() == {"recheck_due"}
    made_void(stage, "rectification_order")
    assert clocks(stage) == {VOID_PAPER: "2024-09-30"}
    outcome = stage.application.withdraw(stage.case_id, "inspector_1", reason="点错了")
    assert not isinstance(outcome, Refusal), str(outcome)
    assert (case_of(stage).state, clocks(stage)) == ("rectifying", {VOID_PAPER: "2024-09-30"})


def test_enforcing_a_void_decision_ends_and_it_is_executed_anew_from_the_next_service() -> None:
    stage = played("penalty", DEFENCE + DECIDED, HANDLED)
    goes(
        stage,
        "penalty",
        "\n      - {do: publish_penalty}\n      - {wait: 2024-11-20}\n      - {do: enforce}",
    )
    with stage.application.store.read() as transaction:
        child = transaction.cases.get("enforcement-1")
    assert child is not None
    assert "remedy_due" in child.clocks
    made_void(stage, "penalty_decision")
    with stage.application.store.read() as transaction:
        child = transaction.cases.get(child.id)
    assert child is not None
    assert (child.state, child.clocks) == ("stopped", {})
    # Its end is not the end of the execution.
    assert case_of(stage).state == "enforcing"
    made_void(stage, "penalty_decision", anew=True)
    goes(
        stage,
        "penalty",
        "\n      - {do: serve_decision, answers: {delivered_by: direct, delivered_on: 2024-11-20}}",
    )
    assert (case_of(stage).state, clocks(stage)["payment_due"]) == ("publishing", "2024-12-05")


def test_a_void_decision_is_public_no_more_and_may_be_undone_without_another() -> None:
    stage = played("penalty", DEFENCE + DECIDED + "      - {do: publish_penalty}\n", HANDLED)
    decided = paper(stage, "penalty_decision")
    made_void(stage, "penalty_decision")
    with stage.application.store.read() as transaction:
        (public,) = transaction.records.publications(case_id=stage.case_id)
    assert public.withdrawn_at is not None
    assert public.withdrawn_because == f"文书“{decided.number}”已作废：写错了"
    undone = """
      - {do: annul, by: 办案人员, answers: {result: annulled, annulled_on: 2024-09-29}}
      - {do: withdraw_publication}
"""
    goes(stage, "penalty", undone)
    assert case_of(stage).state == "closing"


#: An office that lends rooms: whoever has not left ten days after the call is collected from, and a deposit is due.
OWN = """
workflow: lending
title: 场地出借
about: object
start: {by: [section_chief]}
fields:
  - called_on: {title: 通知送达日期, date}
states:
  calling:
    title: 待催还
    for: section_chief
    steps:
      call: {title: 发出催还通知, to: waiting, form: paper_service, then: [{set: {called_on: = form.delivered_on}}, {render: service_receipt}, {served: service_receipt, on: = form.delivered_on}]}
  waiting:
    title: 等候归还
    for: section_chief
    steps:
      lapse: {title: 逾期未还, to: lapsed, on_expiry: leave_due}
      give_back: {title: 已经归还, to: closed, require: [{that: "today >= add(case.called_on, '1 day')", else: 通知送达的次日起才能归还, basis: 本局内部控制要求}]}
      ask_why: {title: 询问}
  lapsed: {title: 逾期, for: section_chief, steps: {close: {title: 结束, to: closed}}}
  closed: {title: 已结束, final}
clocks:
  leave_due: {title: 归还期限, during: [waiting, lapsed], deadline: suggested 10 days, since: case.called_on}
  fee_due: {title: 交纳占用费的期限, during: [waiting, lapsed], deadline: suggested 5 days after leave_due}
"""


def test_a_process_of_a_bureau_s_own_is_held_to_the_same(tmp_path: Path) -> None:
    file = tmp_path / "lending.yaml"
    file.write_text(OWN, "utf-8")
    loaded = load_paths([*surrounding_files([STORIES]), file])
    assert loaded.library is not None
    served = counted_from_service(loaded.workflows["lending"])["service_receipt"]
    assert served.clocks == {"leave_due", "fee_due"}
    assert (served.states, served.reading) == ({"waiting", "lapsed"}, {"give_back"})
    call = "\n      - {do: call, answers: {delivered_by: direct, delivered_on: DAY}}"
    stage = played("lending", call.replace("DAY", "2024-09-20"), loaded=loaded)
    assert clocks(stage) == {"leave_due": "2024-09-30", "fee_due": "2024-10-05"}
    made_void(stage, "service_receipt")
    assert clocks(stage) == {VOID_PAPER: "2024-09-27"}
    goes(stage, "lending", "\n      - {wait: 2024-10-08}\n      - {do: give_back, refused: 作废（写错了）}")
    # What says nothing of the service is done as before.
    goes(stage, "lending", "\n      - {do: ask_why}")
    assert case_of(stage).state == "waiting"
    made_void(stage, "service_receipt", anew=True)
    assert case_of(stage).state == "calling"
    goes(stage, "lending", call.replace("DAY", "2024-10-08"))
    assert clocks(stage) == {"leave_due": "2024-10-18", "fee_due": "2024-10-23"}
    goes(stage, "lending", "\n      - {wait: 2024-10-19}")
    assert case_of(stage).state == "lapsed"


def expressions(value: object) -> Iterator[Expression]:
    """Yield every expression in a part of a definition."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from expressions(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from expressions(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from expressions(getattr(value, one.name))


def days_of_service(workflow: Workflow) -> set[str]:
    """Return by what names the days are read that the services of a process are entered with."""
    found: set[str] = set()
    for step in workflow.transitions:
        for effect in step.then:
            if effect.arguments.get("becomes") != "served":
                continue
            on = effect.arguments.get("on")
            if not isinstance(on, Expression):
                continue
            found |= {
                f"forms.{step.form}.{name.removeprefix('form.')}" if name.startswith("form.") else name
                for name in re.findall(r"[a-z_]+(?:\.[a-z_]+)+", on.source)
                if not name.startswith("clocks.")
            }
            found |= {
                f"case.{name}"
                for other in step.then
                if other.kind == "set"
                for name, value in other.arguments["set"].items()
                if isinstance(value, Expression) and value.source == on.source
            }
    return found


def readers() -> Iterator[tuple[str, str, str]]:
    """Yield process, name of a clock or step, and the day of service it reads."""
    for workflow in library().workflows.values():
        days = days_of_service(workflow)
        for clock in workflow.clocks.values():
            for one in expressions(clock):
                yield from ((workflow.id, clock.id, day) for day in days if reads(one, day))
        for step in workflow.transitions:
            for one in expressions((step.when, step.require)):
                yield from ((workflow.id, step.id, day) for day in days if reads(one, day))


def reads(expression: Expression, day: str) -> bool:
    return re.search(rf"(?<![a-z_.]){re.escape(day)}(?![a-z_.])", expression.source) is not None


#: Clocks and steps of the shipped files that read the day of a service and go on after the paper was made void, with the reason.
GO_ON = {
    ("penalty", "file_remedy"): "a party may as well turn against a decision that was made void",
    ("penalty", "annul"): "it is how a decision is undone for which there is to be no other",
    (
        "criminal_referral",
        "police_due",
    ): "it counts from what the police had received before the letter was sent",
}


def test_every_clock_and_condition_that_reads_a_service_stops_or_is_refused() -> None:
    stops = {
        (workflow.id, name)
        for workflow in library().workflows.values()
        for served in counted_from_service(workflow).values()
        for name in (*served.clocks, *served.reading)
    }
    found = {(workflow, name) for workflow, name, _ in readers()}
    assert found - stops - GO_ON.keys() == set()
    assert found >= {
        ("penalty", "hearing_due"),
        ("penalty", "defence_due"),
        ("penalty", "payment_due"),
        ("enforcement", "demand_due"),
        ("inspection", "finish_visit"),
        ("referral", "receipt_due"),
    }


def test_what_rests_on_a_service_in_the_shipped_files() -> None:
    """A table a person has looked at: a process that is changed has to be looked at again."""
    found = {
        (workflow.id, kind): (sorted(served.clocks), sorted(served.states), served.served_from)
        for workflow in library().workflows.values()
        for kind, served in counted_from_service(workflow).items()
    }
    assert found == SHIPPED


HEARD = ["deciding", "discussing", "hearing", "hearing_approving", "hearing_called", "hearing_serving"]
PAID = (["payment_due", "penalty_publish_due"], ["enforcing", "executing", "publishing"], ("serving",))
#: process, paper -> the clocks that stop, the states in which it has an effect, from where it is served.
SHIPPED = {
    ("penalty", "penalty_prior_notice"): (
        ["call_due", "defence_due", "hearing", "hearing_due"],
        [*HEARD, "legal_reviewing", "waiting_defence", "waiting_hearing"],
        ("telling_served",),
    ),
    ("penalty", "hearing_rights"): (
        ["call_due", "hearing", "hearing_due"],
        [*HEARD, "legal_reviewing", "waiting_hearing"],
        ("telling_served",),
    ),
    ("penalty", "hearing_notice"): (["hearing"], ["hearing"], ("hearing_serving",)),
    ("penalty", "penalty_decision"): PAID,
    ("penalty", "treatment_decision"): PAID,
    ("penalty", "no_penalty_decision"): PAID,
    ("criminal_referral", "crime_transfer"): (["receipt_due"], ["sent"], ("sending",)),
    ("criminal_referral", "review_letter"): (["reconsider_due"], ["police_reconsidering"], ("refused",)),
    ("criminal_referral", "prosecutor_letter"): (
        ["supervision_due"],
        ["prosecutor_reviewing"],
        ("refused", "still_refused"),
    ),
    ("referral", "copy_letter"): (["receipt_due"], ["sent"], ("sending",)),
    ("referral", "referral_letter"): (["receipt_due"], ["sent"], ("sending",)),
    ("follow_up", "rectification_order"): (
        ["recheck_due", "rectify_due"],
        ["rechecking", "rectifying"],
        ("serving",),
    ),
    ("inspection", "notice"): ([], ["to_visit"], ("to_notify",)),
    ("enforcement", "demand_letter"): (["demand_due"], ["demanding"], ("serving",)),
    # Nothing counts from the answer to an objection, and the case ends with it.
    ("objection", "objection_answer"): ([], [], ("answering",)),
}


@cache
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library
