"""Plays the stories of a file and says what was not as expected, and what they reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.app.ports.documents import DocumentRequest
from engine.authoring.stories.coverage import StoryCoverage
from engine.authoring.stories.expectations import differences
from engine.authoring.stories.stage import BEGIN, Stage
from engine.authoring.stories.story import Story, StoryFile, StoryStep
from engine.definition.library import Loaded
from engine.kernel.refusal import Refusal
from engine.language import Message, in_language, say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator


class _BlankPages:
    """Makes every document of a story: a page that names its template and says nothing."""

    def render(self, request: DocumentRequest) -> bytes:
        """Return the page."""
        return request.template.encode()

    def missing(self, request: DocumentRequest) -> Sequence[tuple[str, str]]:
        """Return no answers: the page asks for none."""
        return ()


BLANK_PAGES = _BlankPages()


@dataclass(frozen=True, slots=True)
class StoryFailure:
    """Where a story went otherwise than expected."""

    file: str
    story: str
    line: int
    message: Message

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"file": self.file, "story": self.story, "line": self.line, "message": str(self.message)}


@dataclass(slots=True)
class StoryReport:
    """What came of the stories of one file."""

    file: StoryFile
    coverage: StoryCoverage
    passed: int = 0
    failures: list[StoryFailure] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        figures = self.coverage.figures(self.file.excused)
        return {
            "file": self.file.file,
            "workflow": self.file.workflow,
            "stories": len(self.file.stories),
            "passed": self.passed,
            "failures": [failure.as_json() for failure in self.failures],
            "coverage": {
                kind: {"all": every, "reached": got, "excused": left}
                for kind, (every, got, left) in figures.items()
            },
            "missing": list(self.coverage.missing(self.file.excused)),
        }


def play(loaded: Loaded, file: StoryFile, time_: DeadlineCalculator) -> StoryReport:
    """Play every story of a file; `loaded` must be sound and hold its workflow.

    Messages and refusals are compared as they are said in Chinese, in whatever language the report is read.
    """
    report = StoryReport(file, StoryCoverage(loaded.workflows[file.workflow]))
    with in_language("zh_CN"):
        _play(loaded, file, time_, report)
    return report


def _play(loaded: Loaded, file: StoryFile, time_: DeadlineCalculator, report: StoryReport) -> None:
    for story in file.stories:
        stage, failure = _story_played(loaded, file, story, time_)
        if failure is None:
            report.passed += 1
        else:
            report.failures.append(failure)
        for history in stage.histories().get(file.workflow, []):
            report.coverage.read(history)


def fails(loaded: Loaded, file: StoryFile, story: Story, time_: DeadlineCalculator) -> StoryFailure | None:
    """Play one story of a file; return where it went otherwise than expected."""
    with in_language("zh_CN"):
        return _story_played(loaded, file, story, time_)[1]


def _story_played(
    loaded: Loaded, file: StoryFile, story: Story, time_: DeadlineCalculator
) -> tuple[Stage, StoryFailure | None]:
    chain = chain_of(file, story)
    stage = opened(loaded, file.workflow, time_, chain[0].given)
    # Papers are approved and served as in an office; what they say is not looked at.
    stage.application.renderer = BLANK_PAGES
    return stage, next(_played(stage, file.file, story, chain), None)


def chain_of(file: StoryFile, story: Story) -> list[Story]:
    """Return the stories that are played one after the other to tell this one, itself last."""
    chain = [story]
    while (before := chain[0].begins_with) is not None and len(chain) <= len(file.stories):
        earlier = file.story(before)
        if earlier is None:
            break
        chain.insert(0, earlier)
    return chain


def opened(loaded: Loaded, workflow: str, time_: DeadlineCalculator, given: Mapping[str, Any]) -> Stage:
    """Return the office a story is played in, its case just begun."""
    stage = Stage.of(loaded, workflow, time_, day_of(given), given.get("registers"))
    stage.begin(given)
    return stage


def day_of(given: Mapping[str, Any]) -> date:
    """Return the day a story begins on."""
    try:
        return date.fromisoformat(str(given.get("on", "")))
    except ValueError:
        return BEGIN


def _played(stage: Stage, file: str, story: Story, chain: Iterable[Story]) -> Iterator[StoryFailure]:
    for part in chain:
        for step in part.steps:
            for message in _step(stage, step):
                yield StoryFailure(file, story.name, step.line, message)


def _step(stage: Stage, step: StoryStep) -> Iterator[Message]:
    """Take one step; yield what is not as expected."""
    if step.wait is None and stage.case(step.case) is None:
        yield say("没有在办的“{workflow}”子案件", workflow=step.case)
        return
    yield from outcome_of(stage, step)
    case = stage.case(step.case) or stage.case()
    if step.case is not None and case is not None and case.workflow != step.case.partition(" ")[0]:
        return
    if case is not None:
        yield from differences(stage, case, step.then)


def outcome_of(stage: Stage, step: StoryStep) -> Iterator[Message]:
    """Take one step, or let the days pass; yield what kept it from coming about as the story says."""
    if step.wait is not None:
        if not stage.wait(step.wait):
            yield say("看不懂等多久：“{text}”；写日期，或如 10 working days", text=step.wait)
        return
    case = stage.case(step.case)
    if case is not None:
        yield from _answered(step, stage.take(case, step))


def _answered(step: StoryStep, outcome: object) -> Iterator[Message]:
    if isinstance(outcome, Refusal):
        sentences = " ".join(str(reason) for reason in outcome.reasons)
        if step.refused is None:
            yield say("“{step}”被退回：{why}", step=step.do, why=sentences)
        elif step.refused not in sentences:
            yield say(
                "“{step}”应以“{wanted}”退回，实为：{why}", step=step.do, wanted=step.refused, why=sentences
            )
    elif step.refused is not None:
        yield say("“{step}”应被退回（{wanted}），却办成了", step=step.do, wanted=step.refused)
