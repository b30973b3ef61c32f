"""How the case begins where all ways of a workflow are tried: as the stories beside it begin, or with nothing that is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from engine.app.commands.application import CommandRefused
from engine.authoring.stories.play import opened
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryError, StoryFile
from engine.authoring.stories.trial_run import with_made_up_days
from engine.definition.library import Loaded
from engine.kernel.canonical_json import canonical_json
from engine.language import say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator


def beginnings(
    loaded: Loaded, workflow: str, time_: DeadlineCalculator, stories: StoryFile | None = None
) -> Iterator[tuple[Mapping[str, Any], Stage]]:
    """Yield what the case is given and the office it has begun in: each beginning of the stories once, the commonest first.

    Without stories nothing is given; where the case cannot begin so, a day for every fact that is a day. Raises StoryError
    where it cannot begin with that either.
    """
    if stories is None:
        yield _begun(loaded, workflow, time_, {}) or _with_days(loaded, workflow, time_)
        return
    for given in _of_stories(stories):
        begun = _begun(loaded, workflow, time_, given)
        if begun is not None:
            yield begun


def _of_stories(stories: StoryFile) -> list[Mapping[str, Any]]:
    """Return what the stories are given, the commonest first; two that differ in their day alone are one."""
    given: dict[str, Mapping[str, Any]] = {}
    used: Counter[str] = Counter()
    for story in stories.stories:
        if story.begins_with is None:
            key = canonical_json({name: str(value) for name, value in story.given.items() if name != "on"})
            given.setdefault(key, story.given)
            used[key] += 1
    return [given[key] for key, _ in used.most_common()]


def _begun(
    loaded: Loaded, workflow: str, time_: DeadlineCalculator, given: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Stage] | None:
    try:
        return given, opened(loaded, workflow, time_, given)
    except CommandRefused:
        return None


def _with_days(loaded: Loaded, workflow: str, time_: DeadlineCalculator) -> tuple[Mapping[str, Any], Stage]:
    given = with_made_up_days(loaded, workflow, {})
    try:
        return given, opened(loaded, workflow, time_, given)
    except CommandRefused as problem:
        why = " ".join(str(reason) for reason in problem.refusal.reasons)
        raise StoryError(
            say(
                "流程“{workflow}”的案件开不了头：{why} 请在 tests/{workflow}.yaml 写一个故事，在 given 里给出它开头要有的内容",
                workflow=workflow,
                why=why,
            )
        ) from None
