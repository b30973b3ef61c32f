"""The stories of a workflow played against a text that is not published: what was to happen, and what happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.authoring.stories.play import play
from engine.authoring.stories.report_text import as_text
from engine.authoring.stories.story import StoryError, read_stories
from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.language import Message, say

if TYPE_CHECKING:
    from pathlib import Path

    from engine.authoring.stories.play import StoryReport
    from engine.definition.library import Loaded
    from engine.web.visit import PageVisit


@dataclass(frozen=True, slots=True)
class PlayedStories:
    """What came of the stories there are; none where the deployment has none of the workflow."""

    reports: tuple[StoryReport, ...]
    wrong: tuple[Message, ...]

    @property
    def text(self) -> str:
        """Return the report as text."""
        return as_text(self.reports)

    @property
    def failed(self) -> int:
        """Return how many stories did not go as they say."""
        return sum(len(one.failures) for one in self.reports)


def played(visit: PageVisit, workflow: str, loaded: Loaded) -> PlayedStories:
    """Play the stories of the deployment, and the one that was typed, against `loaded`."""
    reports: list[StoryReport] = []
    wrong: list[Message] = []
    time = visit.workbench.application.definitions.time
    for name, content in _stories(visit).items():
        try:
            found = read_stories(name, content)
            if found.workflow == workflow:
                reports.append(play(loaded, found, time))
        except StoryError as problem:
            wrong.append(say("{problem}", problem=str(problem)))
    return PlayedStories(tuple(reports), tuple(wrong))


def _stories(visit: PageVisit) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    home = visit.workbench.home
    folder: Path | None = home.workflows / "tests" if home is not None else None
    if folder is not None and folder.is_dir():
        for file in sorted(folder.glob("*.yaml")):
            try:
                found[file.name] = read_file(file, TEXT, "")
            except (OSError, BudgetExceededError):
                continue
    if typed := visit.typed.one("stories").strip():
        found[str(say("页面上填的"))] = typed.replace("\r\n", "\n").encode()
    return found
