"""What came of stories, as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.authoring.stories.play import StoryReport
from engine.language import Message, say

_KINDS = {"state": say("环节"), "step": say("办理"), "outcome": say("去向"), "overdue": say("逾期办法")}


def as_text(reports: Iterable[StoryReport]) -> str:
    """Return failures first, then for each workflow what was reached and what was not."""
    return "\n".join(str(line) for report in reports for line in _lines(report))


def _lines(report: StoryReport) -> Iterator[Message]:
    for failure in report.failures:
        yield say(
            "{file}:{line}：“{story}”：{message}",
            file=failure.file,
            line=failure.line,
            story=failure.story,
            message=failure.message,
        )
    figures = [
        say(
            "{kind} {reached}/{all}（另有 {left} 处写明不测）",
            kind=_KINDS[kind],
            reached=got,
            all=every,
            left=left,
        )
        if left
        else say("{kind} {reached}/{all}", kind=_KINDS[kind], reached=got, all=every)
        for kind, (every, got, left) in report.coverage.figures(report.file.excused).items()
        if every
    ]
    yield say(
        "{workflow}：{passed}/{stories} 个故事通过；走到的：{figures}",
        workflow=report.file.workflow,
        passed=report.passed,
        stories=len(report.file.stories),
        figures=figures,
    )
    missing = report.coverage.missing(report.file.excused)
    if missing:
        yield say("    没有走到：{names}", names=list(missing))
