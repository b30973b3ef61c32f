"""The stories of a workflow played against a text that is not published: what was to happen, and what happens."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from engine.app.queries.definitions import definition_sources, list_definitions
from engine.authoring.stories.play import play
from engine.authoring.stories.report_text import as_text
from engine.authoring.stories.story import StoryError, read_stories
from engine.definition.library import load_files
from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from engine.authoring.stories.play import StoryReport
    from engine.definition.library import Loaded
    from engine.web.visit import PageVisit


#: Which workflow a file of stories is about.
_OF = re.compile(r"^(?:test|测试)\s*[:：]\s*[\"']?([a-z][a-z0-9_]*)", re.MULTILINE)


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
    """Play the stories of the deployment, and the one that was typed, against `loaded`; the result is remembered."""
    reports: list[StoryReport] = []
    wrong: list[Message] = []
    time = visit.workbench.application.definitions.time
    whole = with_others(visit, loaded)
    for name, content in _stories(visit).items():
        try:
            found = read_stories(name, content)
            if found.workflow == workflow:
                reports.append(play(whole, found, time))
        except StoryError as problem:
            wrong.append(say("{problem}", problem=str(problem)))
    found_all = PlayedStories(tuple(reports), tuple(wrong))
    if reports and not visit.typed.one("stories").strip():
        key = tested_key(visit, workflow, loaded)
        passed = sum(one.passed for one in reports)
        visit.workbench.keep_tested(key, passed, found_all.failed + len(wrong))
    return found_all


def stories_of(visit: PageVisit, workflow: str) -> Mapping[str, bytes]:
    """Return the files of stories of a workflow, by name."""
    return {name: content for name, content in _stories(visit).items() if _about(content) == workflow}


def _about(content: bytes) -> str:
    found = _OF.search(content.decode(errors="replace"))
    return found[1] if found is not None else ""


def tested_key(visit: PageVisit, workflow: str, loaded: Loaded) -> str:
    """Return what tells texts with their stories from all others."""
    parts = [
        *sorted(loaded.sources.items()),
        *sorted((n, t.decode(errors="replace")) for n, t in stories_of(visit, workflow).items()),
    ]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


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


def with_others(visit: PageVisit, loaded: Loaded) -> Loaded:
    """Return what is loaded together with all other workflows as they are published: a case starts cases of them, and who has tasks comes of them all.

    Where these do not go together with a changed text, it is returned alone.
    """
    application, person = visit.workbench.application, visit.person
    texts = dict(loaded.sources)
    known = list_definitions(application, person)
    for name in dict.fromkeys(one.workflow for one in (() if isinstance(known, Refusal) else known)):
        sources = definition_sources(application, person, name)
        if not isinstance(sources, Refusal):
            texts = {**sources, **texts}
    if len(texts) == len(loaded.sources):
        return loaded
    whole = load_files(texts, partial=True)
    return loaded if any(one.severity is Severity.ERROR for one in whole.problems) else whole
