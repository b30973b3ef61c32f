"""The texts of a workflow as somebody works at them: those that are published, with what they have changed and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.drafts.definition_drafts import drop_definition_draft, keep_definition_draft
from engine.app.queries.definitions import definition_texts
from engine.app.queries.people.drafts import list_definition_drafts
from engine.definition.library import load_files
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.web.visit import PageVisit
    from engine.yamltext.problem import Problem


@dataclass(frozen=True)
class WorkingTexts:
    """The texts one person works at."""

    workflow: str
    #: The newest version, and its texts.
    version: int
    published: Mapping[str, str]
    #: File -> text that is not published.
    drafts: Mapping[str, str]
    #: The oldest version the kept texts were begun from.
    begun: int
    #: File -> when its text was kept.
    marks: Mapping[str, str]

    @property
    def texts(self) -> Mapping[str, str]:
        """Return every text, changed where it was changed."""
        return {**self.published, **self.drafts}

    @property
    def own(self) -> str:
        """Return the file of the workflow itself."""
        own = f"{self.workflow}.workflow.yaml"
        return own if own in self.published else next(iter(self.published), "")

    @property
    def changed(self) -> Sequence[str]:
        """Return the files that differ from what is published."""
        return [name for name, text in self.drafts.items() if text != self.published.get(name)]

    @cached_property
    def loaded(self) -> Loaded:
        """Return what the texts are read into."""
        return load_files(dict(self.texts), partial=True)

    @property
    def errors(self) -> Sequence[Problem]:
        """Return what keeps the texts from being published."""
        return [one for one in self.loaded.problems if one.severity is Severity.ERROR]


def working_texts(visit: PageVisit, workflow: str) -> WorkingTexts | Refusal:
    """Return the texts of a workflow as the visitor works at them."""
    application, person = visit.workbench.application, visit.person
    found = definition_texts(application, person, workflow)
    if isinstance(found, Refusal):
        return found
    number, texts = found
    published = {name: text.decode() for name, text in sorted(texts.items())}
    kept = list_definition_drafts(application, person, workflow, person=person)
    if isinstance(kept, Refusal):
        return kept
    here = [one for one in kept if one.step in published]
    drafts = {one.step: str(one.answers.get("text", "")) for one in here}
    begun = min((one.version for one in here), default=number)
    marks = {one.step: to_text(one.saved_at) for one in here}
    return WorkingTexts(workflow, number, published, drafts, begun, marks)


def keep_text(
    visit: PageVisit, working: WorkingTexts, file: str, text: str, seen: str | None = None
) -> Refusal | None:
    """Keep a changed text; one that is the published one again is kept no more.

    `seen` is the mark of the text its writer has seen: where another was kept since, it is refused.
    """
    application, person = visit.workbench.application, visit.person
    if text == working.published.get(file):
        if file in working.drafts and seen in (None, working.marks[file]):
            drop_definition_draft(application, Caller(person), person, working.workflow, file)
        return None
    if working.drafts.get(file) == text:
        return None
    kept = keep_definition_draft(
        application, Caller(person), person, working.workflow, file, text, working.begun, seen
    )
    return kept if isinstance(kept, Refusal) else None


def begin_anew(visit: PageVisit, working: WorkingTexts) -> Refusal | None:
    """Say of the kept texts that they are meant for the version that is in force now."""
    application, person = visit.workbench.application, visit.person
    for file, text in working.drafts.items():
        kept = keep_definition_draft(
            application, Caller(person), person, working.workflow, file, text, working.version
        )
        if isinstance(kept, Refusal):
            return kept
    return None


def drop_texts(visit: PageVisit, workflow: str) -> None:
    """Forget what the visitor has changed and not published."""
    drop_definition_draft(visit.workbench.application, Caller(visit.person), visit.person, workflow)
