"""Every paper of a bureau's work is made by a step: the shipped stories are played with the shipped templates.

The year of the demonstration does not take every way of the processes. What the steps print is
held against the obligatory parts of its kind, with the values of the case of the story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from agreeing import agreed
from papers_of_year import Asked, Lacking, blank_cells, lacking_parts

from engine.app.commands import Caller
from engine.app.commands.application import NewCase
from engine.app.commands.papers.papers import number_paper, record_paper, void_paper
from engine.app.draws.document_request import request_for
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.ports.records import CaseFilter
from engine.app.services import Services
from engine.app.session.unit_of_work import UnitOfWork
from engine.authoring.stories.play import chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.deployment.rendering import TemplateRenderer
from engine.documents.parts.paper_tests import PaperTests, find_paper_tests
from engine.kernel.refusal import Refusal
from engine.language import in_language
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROOT = Path(__file__).parents[2]
STORIES, TEMPLATES = ROOT / "workflows" / "tests", ROOT / "forms" / "templates"
TIME = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
#: Papers no step of a story makes: the two of a draw are made by the draw, the answer to a firm by whoever gives it, the notice
#: that a paper is void by whoever makes it void.
BY_COMMAND = {"commitment", "draw_minutes", "result_review", "void_notice"}
#: What an objection corrects is the publication of the case above; a story has none, so this one goes on from a visit's.
PUBLISHED = "没有问题，录入、审核、公示、归档"
OBJECTION = """
test: objection
stories:
  - story: 异议属实，更正公示
    when:
      - {do: check, case: objection, answers: {founded: true, result_codes: [corrected], explanation: 原公示漏记当场改正的一项}}
      - {do: decide, case: objection}
      - {do: publish_correction, case: objection, reason: 原公示的检查结果不准确}
      - {do: answer, case: objection}
"""
#: Kinds whose values a case of a story lacks, being begun by itself: the year has them from a draw and from registers.
OF_THE_YEAR = {
    *(
        "annual_plan",
        "approval",
        "case_file",
        "check_sheet",
        "joint_sanction_letter",
        "notice",
        "recusal_declaration",
    ),
    *("rectification_order", "result_correction", "result_publication", "training_record"),
}
#: Parts that the case of a story says otherwise than the made-up one, or lacks because nothing of the kind was answered.
OTHERWISE = {
    # Nobody was asked elsewhere; whoever was asked is not the head of the firm.
    ("inquiry_notice", "时间地点和人员"),
    ("inquiry_record", "被询问人"),
    # Not passed; no hearing was offered; no decision was made; what was announced is another decision.
    ("legal_review", "意见和结论"),
    ("penalty_prior_notice", "听证"),
    ("case_closing", "决定"),
    ("public_service", "文书"),
    ("treatment_decision", "履行方式和期限"),
}


@dataclass(frozen=True, slots=True)
class PaperOfStory:
    """A paper as a step made it, and the values of its case."""

    paper: PaperRecord
    html: bytes
    values: Mapping[str, Any]
    related: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stories:
    """The papers of all stories, one of each kind and story; steps that went otherwise; and what papers are held against."""

    papers: Sequence[PaperOfStory]
    otherwise: Sequence[str]
    tests: PaperTests
    loaded: Loaded


@pytest.fixture(scope="module")
def stories() -> Stories:
    loaded = load_paths(surrounding_files([STORIES]))
    tests = find_paper_tests((TEMPLATES.parent,))
    assert tests is not None
    with in_language("zh_CN"):
        otherwise: list[str] = []
        papers = [one for file in sorted(STORIES.glob("*.yaml")) for one in _of_file(loaded, file, otherwise)]
    return Stories(papers, otherwise, tests, loaded)


def _of_file(loaded: Loaded, path: Path, otherwise: list[str]) -> Iterator[PaperOfStory]:
    content = path.read_bytes()
    if b"paper:" not in content:
        return
    file = read_stories(path.name, content)
    # Whoever begins with another story plays that one too.
    begun = {story.begins_with for story in file.stories}
    for story in file.stories:
        if story.name in begun:
            continue
        chain = chain_of(file, story)
        stage = opened(loaded, file.workflow, TIME, chain[0].given)
        stage.application.renderer = TemplateRenderer([TEMPLATES])
        for part in chain:
            for step in part.steps:
                otherwise += [
                    f"{path.name} {story.name} {step.do}: {said}" for said in outcome_of(stage, step)
                ]
        if story.name == PUBLISHED:
            _register_objection(stage)
            (told,) = read_stories("objection", OBJECTION.encode()).stories
            for step in told.steps:
                otherwise += [
                    f"{path.name} {told.name} {step.do}: {said}" for said in outcome_of(stage, step)
                ]
        yield from _of_stage(stage)


def _register_objection(stage: Stage) -> None:
    """Register an objection of the firm under the case of the story, of the day that is."""
    case, application = stage.case(), stage.application
    assert case is not None
    entry = {
        "received_on": stage.clock.now().date().isoformat(),
        "objector": "firm",
        "objector_name": "示例企业办公室",
        "contact": "13900000000",
        "way": "mail",
        "objection": "公示写未发现问题，检查当天已当场改正一项。",
    }
    new = NewCase(title="对检查结果的异议", parent=case.id)
    started = application.start("objection", "leading_office", new, entry)
    assert not isinstance(started, Refusal), str(started)


def stage_of(loaded: Loaded, name: str, until: str = "", workflow: str = "inspection") -> Stage:
    """Return the stage of a story of a workflow, played to its end or until a step is to be taken."""
    path = STORIES / f"{workflow}.yaml"
    with in_language("zh_CN"):
        file = read_stories(path.name, path.read_bytes())
        story = file.story(name)
        assert story is not None
        stage = opened(loaded, file.workflow, TIME, chain_of(file, story)[0].given)
        stage.application.renderer = TemplateRenderer([TEMPLATES])
        for part in chain_of(file, story):
            for step in part.steps:
                if until and step.do == until:
                    return stage
                assert list(outcome_of(stage, step)) == []
    return stage


def _of_stage(stage: Stage) -> Iterator[PaperOfStory]:
    application = stage.application
    asked = Asked([TEMPLATES])
    services = Services(application.store, application.clock, application.definitions)
    seen: set[str] = set()
    with application.store.read() as transaction:
        for case in transaction.cases.find(CaseFilter()):
            papers = transaction.papers.of_case(case.id)
            documents = {one.id: one for one in transaction.records.documents(case.id)}
            above = transaction.papers.of_case(case.parent) if case.parent else ()
            # The last of its kind: answers that were given again since are those of the case.
            for paper in reversed(papers):
                if paper.kind in seen or paper.document not in documents:
                    continue
                seen.add(paper.kind)
                uow = UnitOfWork(services, transaction, application.clock.now())
                asked.render(request_for(uow, case, paper.kind, paper))
                related = tuple(one.number or "" for one in (*papers, *above))
                yield PaperOfStory(paper, documents[paper.document].content, dict(asked.values), related)


def test_every_step_goes_as_told_where_papers_are_printed(stories: Stories) -> None:
    """Where nothing renders, no paper is numbered, and nobody notices a day of service before that of the number."""
    assert stories.otherwise == []


def test_every_kind_of_paper_is_made_by_a_step(stories: Stories) -> None:
    made = {one.paper.kind for one in stories.papers}
    assert stories.tests.kinds.keys() - made == BY_COMMAND


def test_every_paper_of_a_penalty_procedure_holds_its_obligatory_parts(stories: Stories) -> None:
    """The other kinds are held against the demonstration's year, whose registers have what papers print."""
    lacking: list[Lacking] = []
    for one in stories.papers:
        kind = stories.tests.kinds[one.paper.kind]
        # A story that begins with the demand has no decision above it to name.
        if kind.workflow == "penalty" or (kind.workflow == "enforcement" and one.values["papers_above"]):
            lacking += lacking_parts(
                kind,
                one.paper,
                one.html,
                one.values,
                stories.tests,
                stories.loaded.library,
                TEMPLATES,
                one.related,
            )
    assert [found for found in lacking if (found.kind, found.part) not in OTHERWISE] == []


def test_no_paper_of_a_story_leaves_a_value_blank_that_is_not_written_in_by_hand(stories: Stories) -> None:
    blank = {
        (one.paper.kind, row)
        for one in stories.papers
        if one.paper.kind not in OF_THE_YEAR
        for row in blank_cells(one.html.decode())
    }
    # A made-up firm has no address, and a paper is drafted before it is approved.
    allowed = ("住所", "负责人意见")
    assert sorted(one for one in blank if not one[1].endswith(allowed)) == []


def test_the_notice_of_an_urgent_visit_says_when_where_and_how_before_it_is_approved(
    stories: Stories,
) -> None:
    story = stage_of(stories.loaded, "情况紧急，先检查、后补办审批", until="finish_visit")
    notice = next(one.html.decode() for one in _of_stage(story) if one.paper.kind == "notice")
    assert "本局定于2024年9月" in notice
    assert "先行检查，审批手续随后补办" in notice
    assert "已对你单位检查0次，本次为第1次；检查方式：现场检查。" in notice
    assert "　　年　月　日" not in notice


def test_a_case_filed_by_the_calendar_has_the_papers_of_one_filed_by_hand(stories: Stories) -> None:
    by_calendar = stage_of(stories.loaded, "停业，办结后自动归档")
    (listed,) = (one for one in _of_stage(by_calendar) if one.paper.kind == "case_file")
    text = listed.html.decode()
    assert by_calendar.case().state == "archived"  # type: ignore[union-attr] # it has one
    assert "系统自动立卷" in text
    assert "随机抽查结果公示" in text


def test_a_receipt_names_all_papers_of_its_step(stories: Stories) -> None:
    (said, *_) = (
        one.html.decode()
        for one in stories.papers
        if one.paper.kind == "service_receipt"
        and one.paper.case.startswith("penalty")
        and any(number.startswith("示人社监听") for number in one.related)
        and "监告" in one.html.decode()
    )
    assert "监听〔" in said


def test_a_demand_names_the_decision_that_was_made(stories: Stories) -> None:
    for one in stories.papers:
        if one.paper.kind == "demand_letter" and one.values["papers_above"]:
            kinds = {paper["kind"]: paper["number"] for paper in one.values["papers_above"]}
            (decision,) = kinds.keys() & {"penalty_decision", "treatment_decision"}
            assert kinds[decision]
            assert kinds[decision] in one.html.decode()
            assert ("行政处理决定书" in one.html.decode()) == (decision == "treatment_decision")


def test_a_case_that_lacks_a_signature_is_not_filed_and_whose_it_is_is_said(stories: Stories) -> None:
    with in_language("zh_CN"):
        stage = stage_of(stories.loaded, "没有问题，录入、审核、公示、归档", "file_away")
        case = stage.case()
        assert case is not None
        # A record as it may have been entered again: nobody has signed what stands in it now.
        visit = {**case.forms["onsite_check"], "signed_by": ["inspector_1"]}
        with stage.application.store.write() as transaction:
            uow = UnitOfWork(stage.application, transaction, stage.clock.now())
            change = Change(form="onsite_check", answers=visit)
            body = {"title": "补录", **change.as_json()}
            uow.record(case, EventKind.RECORDED.value, "inspector_1", body, change)
            uow.finish()
        stage.clock.set(stage.clock.now() + timedelta(minutes=1))
        refused = stage.application.advance(case.id, "file_away", "archivist", None)
        assert isinstance(refused, Refusal)
        for person in ("inspector_1", "inspector_2"):
            assert f"“现场检查记录”上{person}（{person}）的签名：签的是重填以前的内容" in str(refused)
        # Nor is it filed by itself, when its days are over.
        stage.wait("20 working days")
        after = stage.case()
    assert after is not None
    assert after.state == "closed"


def test_a_filing_waits_for_the_new_notice_and_goes_on_once_it_is_served(stories: Stories) -> None:
    with in_language("zh_CN"):
        stage = stage_of(stories.loaded, "没有问题，录入、审核、公示、归档", "file_away")
        case, application = stage.case(), stage.application
        assert case is not None
        stage.clock.set(stage.clock.now() + timedelta(minutes=1))
        notice, by = f"{case.id}/notice/1", Caller("leading_office")
        made = agreed(application, lambda: void_paper(application, by, notice, "文号印错", anew=True))
        assert isinstance(made, PaperRecord), str(made)
        with application.store.read() as transaction:
            texts = {
                person: [one.text for one in transaction.inbox.of(person) if "送达新的一份" in one.text]
                for person in (*case.parties["inspectors"], "archivist", "section_chief")
            }
        # Whoever serves it, whoever has the task (who waits for it), and the head of the section.
        assert {person for person, told in texts.items() if told} == {
            *case.parties["inspectors"],
            "archivist",
            "section_chief",
        }
        stage.wait("20 working days")
        waits = stage.case()
        assert waits is not None
        assert waits.state == "closed"
        served = record_paper(application, Caller("inspector_1"), made.id, "served")
        assert isinstance(served, PaperRecord), str(served)
        stage.wait("1 day")
        filed = stage.case()
    assert filed is not None
    assert filed.state == "archived"


@pytest.mark.parametrize("anew", [False, True])
def test_a_result_is_not_public_once_its_paper_is_void_and_none_is_in_its_place(
    stories: Stories, *, anew: bool
) -> None:
    with in_language("zh_CN"):
        stage = stage_of(stories.loaded, "没有问题，录入、审核、公示、归档", "file_away")
        case, office = stage.case(), stage.application
        assert case is not None
        stage.clock.set(stage.clock.now() + timedelta(minutes=1))
        paper, by = f"{case.id}/result_publication/1", Caller("section_chief")
        assert isinstance(void_paper(office, by, paper, "印错", anew=anew), Refusal)
        with office.store.read() as transaction:
            (before,) = transaction.records.publications(kind="result", case_id=case.id)
        assert before.withdrawn_at is None
        assert isinstance(
            agreed(office, lambda: void_paper(office, by, paper, "印错", anew=anew)), PaperRecord
        )
        with office.store.read() as transaction:
            public = transaction.records.publications(kind="result", case_id=case.id)
    assert any(one.withdrawn_at is None for one in public) == anew
    assert anew or "已作废：印错" in str(public[0].withdrawn_because)


def test_a_transfer_the_head_is_deciding_is_not_numbered_signed_or_served_by_anybody(
    stories: Stories,
) -> None:
    with in_language("zh_CN"):
        stage = stage_of(
            stories.loaded, "批准移送，公安机关立案，移交完毕", "return_report", "criminal_referral"
        )
        case, office = stage.case(), stage.application
        assert case is not None
        assert case.state == "deciding"
        draft = f"{case.id}/crime_transfer/1"
        for person in ("archivist", "leading_office", "section_chief", "bureau_head"):
            for answer in (
                number_paper(office, Caller(person), draft, 3, "手工"),
                record_paper(office, Caller(person), draft, "signed"),
                record_paper(office, Caller(person), draft, "served"),
            ):
                assert isinstance(answer, Refusal)
        numbering = str(number_paper(office, Caller("archivist"), draft, 3, "手工"))
        assert "编号不代替批准" in numbering
        assert "批准移送" in numbering
        with office.store.read() as transaction:
            (paper,) = transaction.papers.of_case(case.id)
    assert (paper.state.value, paper.number) == ("drafted", None)


def test_a_notice_that_was_made_void_is_told_and_the_step_that_serves_it_refused(stories: Stories) -> None:
    with in_language("zh_CN"):
        stage = stage_of(stories.loaded, PUBLISHED, "notify_enterprise")
        case, office = stage.case(), stage.application
        assert case is not None
        assert case.state == "to_notify"
        notice = f"{case.id}/notice/1"
        void = void_paper(office, Caller("leading_office"), notice, "印错")
        assert isinstance(void, PaperRecord), str(void)
        with office.store.read() as transaction:
            told = {
                person: [one.text for one in transaction.inbox.of(person) if "作废（印错）" in one.text]
                for person in case.parties["inspectors"]
            }
        assert all("送达行政检查通知书" in text for (text,) in told.values())
        file = read_stories("inspection.yaml", (STORIES / "inspection.yaml").read_bytes())
        story = file.story(PUBLISHED)
        assert story is not None
        notify = next(s for part in chain_of(file, story) for s in part.steps if s.do == "notify_enterprise")
        refused = stage.take(case, notify)
        assert "已作废（印错），还没有重新制作" in str(refused)
        assert "凡检查必通知" in str(refused)
        made = void_paper(office, Caller("leading_office"), notice, "重新制作", anew=True)
        assert isinstance(made, PaperRecord), str(made)
        assert made.replaces == notice
        assert made.fact(PaperState.APPROVED) is not None
