"""The founding document, duty by duty: the shipped stories are played, and somebody does it, and something comes of it.

A duty is met where, in some story, the step is taken by whom it is for and what must come of it has come: a publication, a paper, a
case of another process, a message to somebody, a day, an answer that is kept. That a step has a name proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.app.ports.records import CaseFilter
from engine.authoring.stories.play import chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep, read_stories
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import load_paths
from engine.kernel.instants import STANDARD_ZONE
from engine.kernel.refusal import Refusal
from engine.language import in_language
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.worktime.arithmetic import add_working_days

ZONE = ZoneInfo(STANDARD_ZONE)
STORIES = Path(__file__).parents[2] / "workflows" / "tests"
TIME = DeadlineCalculator(load_calendar([]), ZONE, time(9))
#: What the id of the second and third holder of a role, or of one of a party, ends with.
_NUMBERED = re.compile(r"[_-]\d+$")


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of a played story and what came of it."""

    workflow: str
    kind: str
    step: str
    #: The role of whoever did it; `inspector` for those who were drawn.
    by: str
    body: dict[str, Any]
    on: date
    #: What came of it: "published KIND", "paper KIND", "started WORKFLOW", "told ROLE", "state STATE", "answered FIELD",
    #: "filed".
    came: set[str] = field(default_factory=set)


#: What the founding document asks -> the workflow, the step, who takes it, and what comes of it.
DUTIES: list[tuple[str, str, str, set[str], set[str]]] = [
    ("对照清单认领事项", "library", "submit", {"section_chief"}, {"answered total", "told section_chief"}),
    ("名录库动态调整", "library", "request_change", {"section_chief"}, {"answered changes", "told leading_office"}),
    ("定期核对名录", "library", "quarter_passed", {"engine"}, {"state refreshing", "told roster_admin"}),
    ("制定抽查工作计划", "annual_plan", "consult", {"leading_office"}, {"answered batches", "started section_opinion"}),
    ("计划有文号的文书", "annual_plan", "approve", {"deputy_head", "bureau_head"}, {"paper annual_plan"}),
    ("上报计划", "annual_plan", "report", {"leading_office"}, {"answered reported_to", "answered reported_on"}),
    ("公示计划", "annual_plan", "publish_plan", {"leading_office"}, {"published plan"}),
    ("严格履行调整计划的程序", "annual_plan", "approve_revision", {"deputy_head", "bureau_head"}, {"paper annual_plan"}),
    ("调整后的计划公开", "annual_plan", "republish_plan", {"leading_office"}, {"published plan"}),
    ("每期实施方案公开", "batch", "publish_batch_plan", {"section_chief"}, {"published batch_plan"}),
    ("按计划组织抽查", "annual_plan", "begin", {"leading_office"}, {"started batch", "told section_chief"}),
    ("抽取过程公开、公正", "batch", "commit_draw", {"drawer"}, {"published draw", "told witness"}),
    ("抽取有见证", "batch", "draw_objects", {"witness"}, {"answered entropy", "state confirming"}),
    ("抽取结果公开", "batch", "dispatch", {"section_chief"}, {"published draw", "started inspection"}),
    ("抽查资料归档", "batch", "file_away", {"archivist"}, {"filed", "paper case_file"}),
    ("档案齐全、签字完整", "batch", "file_away", {"archivist"}, {"answered complete", "answered signed"}),
    ("进一次门，查多项事", "inspection", "finish_visit", {"inspector"}, {"answered items", "paper record"}),
    ("谁检查、谁录入", "inspection", "enter_result", {"inspector"}, {"answered result_codes", "told reviewer"}),
    ("谁公示", "inspection", "publish_result", {"inspector", "publisher"}, {"published result", "paper result_publication"}),
    ("后续处置及时录入公示", "follow_up", "publish_follow_up", {"inspector", "publisher"}, {"published follow_up"}),
    ("抄告、移送其他部门", "follow_up", "judge", {"section_chief"}, {"started referral", "told inspector"}),
    ("涉嫌犯罪移送", "penalty", "find_crime", {"inspector", "section_chief"}, {"started criminal_referral"}),
    ("联合惩戒", "follow_up", "publish_follow_up", {"inspector", "publisher"}, {"answered joint_sanctions"}),
    ("移送书", "criminal_referral", "approve_transfer", {"bureau_head"}, {"answered opinion", "state sending"}),
    ("每次抽查结束后督导", "batch", "all_followed_up", {"engine"}, {"started supervision", "told leading_office"}),
    ("回访", "supervision", "assign_calls", {"leading_office"}, {"started callback", "published draw"}),
    ("调取抽查数据", "supervision", "find_clean", {"leading_office"}, {"answered data_findings"}),
    ("反馈走形式、随意录入", "supervision", "feed_back", {"leading_office"}, {"answered formalism", "told section_chief"}),
    ("督导情况视情通报", "supervision", "issue_circular", {"deputy_head", "bureau_head"}, {"published circular"}),
    ("检查前业务培训", "batch", "publish_batch_plan", {"section_chief"}, {"started training", "told trainer"}),
    ("工作规范和平台操作培训", "training", "record_attendance", {"trainer"},
     {"answered norms_trained", "answered platform_trained", "paper training_record"}),
    ("向社会和市场主体普法宣传", "annual_plan", "record_publicity", {"leading_office", "section_chief"},
     {"answered topics", "answered audience"}),
    ("及时报送进展情况", "batch", "report_progress", {"section_chief"}, {"answered progress", "told leading_office"}),
    ("反馈问题", "batch", "report_progress", {"section_chief"}, {"answered difficulties", "answered platform_difficulties"}),
    ("好的经验做法写入总结", "annual_plan", "file_away", {"leading_office"}, {"answered summary", "paper year_summary", "filed"}),
]  # fmt: skip

#: What is tried at a step before it is taken as the story tells, with a duty left out: the duty -> the workflow, the step, the
#: answers, and what it is refused with.
LEFT_OUT: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "抽查前组织业务培训": (
        "batch",
        "submit_plan",
        {"training_planned": False},
        "抽查前须安排检查人员业务培训",
    ),
    "参加检查的人都受过培训": ("batch", "pass_recusal_check", {"all_trained": False}, "补训后再派发"),
    "资料齐全": ("batch", "file_away", {"inspection_files": False}, "归档资料不齐"),
    "签字完整": ("batch", "file_away", {"signed": False}, "归档资料签字不完整"),
    "告知权利": ("inspection", "notify_enterprise", {"rights_told": False}, "须告知陈述申辩和申请回避的权利"),
    "出示证件": ("inspection", "finish_visit", {"certificates_shown": False}, "须佩戴标志、出示证件"),
    "两名检查人员": ("inspection", "finish_visit", {"signed_by": ["inspector_1"]}, "至少两名检查人员签字"),
    "处置办结再公示": ("follow_up", "publish_follow_up", {"done": False}, "处置尚未完结"),
    "对照清单认领": ("library_section", "report", {"compared": False}, "须先对照全系统随机抽查事项清单认领"),
}


@pytest.fixture(scope="module")
def deeds() -> list[Deed]:
    loaded = load_paths(surrounding_files([STORIES]))
    assert loaded.bureau is not None
    roles = loaded.bureau.roles.keys()
    found: list[Deed] = []
    with in_language("zh_CN"):
        for path in sorted(STORIES.glob("*.yaml")):
            file = read_stories(path.name, path.read_bytes())
            begun = {story.begins_with for story in file.stories}
            for story in file.stories:
                # Whoever begins with another story plays that one too.
                if story.name in begun:
                    continue
                chain = chain_of(file, story)
                given = dict(chain[0].given)
                if file.workflow == "inspection":
                    # What is inspected: two items of two sections, in one visit.
                    given["fields"] = {"items": ["LD-01", "SB-01"], **given.get("fields", {})}
                stage = opened(loaded, file.workflow, TIME, given)
                for step in (step for part in chain for step in part.steps):
                    found += _tried(stage, step)
                    assert list(outcome_of(stage, step)) == []
                found += _of_stage(stage, roles)
    return found


def _tried(stage: Stage, step: StoryStep) -> Iterator[Deed]:
    """Try a step with each duty left out that it could be left out of; yield what it is refused with."""
    case = stage.case(step.case) if step.wait is None and step.refused is None else None
    for workflow, name, answers, _ in LEFT_OUT.values() if case is not None else ():
        if case is not None and (case.workflow, step.do) == (workflow, name):
            process = stage.process(case)
            person = stage.people(process, case, step)[0]
            right = stage.answers_of(process, case, step, person) or {}
            if name in case.signing:
                continue
            said = stage.application.advance(case.id, name, person, {**right, **answers}, reason="示例理由")
            assert isinstance(said, Refusal), (name, answers)
            yield Deed(workflow, "refused", name, "", answers, date.min, {str(said)})


def _of_stage(stage: Stage, roles: Collection[str]) -> Iterator[Deed]:
    with stage.application.store.read() as transaction:
        cases = transaction.cases.find(CaseFilter(), limit=10_000)
        people = [one.id for kind in ("people", "inspectors") for one in transaction.registers.all(kind)]
        told: dict[tuple[str, datetime], set[str]] = {}
        for person in people:
            for entry in transaction.inbox.of(person):
                told.setdefault((entry.case or "", entry.created_at), set()).add(_role(person, roles))
        for case in cases:
            team = case.parties.get("inspectors", ())
            children = [one for one in cases if one.parent == case.id]
            published = transaction.records.publications(case_id=case.id)
            for event in transaction.events.of(case.id):
                started = [one for one in children if one.opened_at == event.at]
                effects = event.body.get("effects") or {}
                came = {f"published {one.kind}" for one in published if one.published_at == event.at}
                came |= {f"paper {kind}" for kind in effects.get("rendered", ())}
                came |= {f"started {one.workflow}" for one in started}
                came |= {f"answered {name}" for name in event.body.get("answers") or {}}
                came |= {f"state {event.body.get('state')}"} | ({"filed"} if "archive" in effects else set())
                came |= {
                    f"told {role}" for one in (case, *started) for role in told.get((one.id, event.at), ())
                }
                yield Deed(
                    case.workflow,
                    event.kind,
                    str(event.body.get("step") or ""),
                    _role(event.actor, roles) if event.actor not in team else "inspector",
                    dict(event.body),
                    event.at.astimezone(ZONE).date(),
                    came,
                )


def _role(person: str, roles: Collection[str]) -> str:
    """Return the role of a person of a story: their ids are made of it, and of a number or a section."""
    name = _NUMBERED.sub("", person)
    found = [role for role in roles if name == role or name.startswith(f"{role}_")]
    return "inspector" if name == "insp" else max(found, key=len, default=name)


@pytest.mark.parametrize(
    ("duty", "workflow", "step", "by", "comes"), DUTIES, ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_duty_is_done_by_whom_it_is_for_and_something_comes_of_it(
    deeds: list[Deed], duty: str, workflow: str, step: str, by: set[str], comes: set[str]
) -> None:
    taken = [one for one in deeds if (one.workflow, one.step, one.kind) == (workflow, step, "advanced")]
    assert taken, duty
    # Nobody else takes it, in any story.
    assert {one.by for one in taken} <= by, duty
    assert any(comes <= one.came for one in taken), (duty, [one.came for one in taken][:3])


@pytest.mark.parametrize(
    ("duty", "left_out"), LEFT_OUT.items(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_duty_cannot_be_left_out(
    deeds: list[Deed], duty: str, left_out: tuple[str, str, dict[str, Any], str]
) -> None:
    workflow, step, answers, sentence = left_out
    tried = [
        one
        for one in deeds
        if (one.workflow, one.step, one.kind) == (workflow, step, "refused") and one.body == answers
    ]
    assert tried, duty
    assert all(sentence in text for one in tried for text in one.came), (
        duty,
        [one.came for one in tried][:2],
    )


def _days(deeds: list[Deed], workflow: str, clock: str) -> list[tuple[Deed, date]]:
    """Return every start of a clock with the day it comes to."""
    found = []
    for one in deeds:
        running = (one.body.get("clocks") or {}).get(clock) if one.workflow == workflow else None
        if running and running.get("due_on"):
            found.append((one, date.fromisoformat(running["due_on"])))
    assert found, (workflow, clock)
    return found


@pytest.mark.parametrize(
    ("workflow", "clock", "month", "day"),
    [
        ("library", "library_due", 4, 20),
        ("library_section", "section_due", 4, 20),
        ("annual_plan", "plan_due", 10, 31),
    ],
)
def test_what_is_to_be_done_by_a_day_of_the_year_is_due_on_the_last_working_day_before(
    deeds: list[Deed], workflow: str, clock: str, month: int, day: int
) -> None:
    for _, due in _days(deeds, workflow, clock):
        end = date(due.year, month, day)
        while not TIME.calendar.is_working(end):
            end -= timedelta(days=1)
        assert due == end


def test_a_result_is_due_twenty_working_days_after_the_visit_however_it_ended(deeds: list[Deed]) -> None:
    counted = {}
    for one, due in _days(deeds, "inspection", "publish_due"):
        finished = (one.body.get("answers") or {}).get("finished_on")
        if finished:
            assert due == add_working_days(TIME.calendar, date.fromisoformat(finished), 20)
            counted[one.step] = due
    assert {
        "finish_visit",
        "report_unreachable",
        "report_gone",
        "report_no_activity",
        "report_uncooperative",
    } <= set(counted)
