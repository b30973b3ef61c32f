"""The versions of a workflow: which cases are under which, who uses what, moving cases to another version, an earlier text again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.commands import Caller
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.queries.cases import list_cases
from engine.app.queries.definitions import definition_sources, list_definitions, list_running_versions
from engine.authoring.impact import uses_in_version, uses_of, workflows_using
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.cases import published_alone, unknown
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.queries.definitions import Version

#: Running cases that are counted, and rows of a migration that are shown.
MAX_CASES, MAX_ROWS = 1_000, 200


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version, and how many running cases are under it."""

    version: Version
    running: int
    #: Whether one person published it alone.
    alone: bool


def show(visit: PageVisit) -> Answer:
    """List the versions; try moving the running cases to one, then move them."""
    application, person, workflow = visit.workbench.application, visit.person, visit.parts["workflow"]
    known = list_definitions(application, person)
    if isinstance(known, Refusal):
        return refused(visit, known)
    versions = [one for one in known if one.workflow == workflow]
    if not versions:
        return unknown(visit)
    tried: Mapping[str, Any] | None = None
    done = False
    if visit.method == "POST":
        text = visit.typed.one("to")
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
        done = visit.typed.one("do") == "migrate"
        outcome = migrate(application, Caller(person, dry_run=not done), workflow, number)
        if isinstance(outcome, Refusal):
            return refused(visit, outcome)
        tried = outcome
    running = list_cases(application, person, workflow=workflow, open=True, limit=MAX_CASES)
    cases = [] if isinstance(running, Refusal) else running
    alone = published_alone(visit)
    return page(
        visit,
        "versions.html",
        workflow=workflow,
        lines=[
            VersionLine(
                one, sum(case.version == one.number for case in cases), (workflow, one.number) in alone
            )
            for one in reversed(versions)
        ],
        tried=tried,
        done=done,
        rows=tried["cases"][:MAX_ROWS] if tried is not None else [],
        many=len(cases) >= MAX_CASES,
        most=MAX_CASES,
    )


def impact(visit: PageVisit) -> Answer:
    """Say who uses a state, a field, a role or a form, and how many running cases that concerns."""
    application, person, workflow = visit.workbench.application, visit.person, visit.parts["workflow"]
    sources = definition_sources(application, person, workflow)
    if isinstance(sources, Refusal):
        return refused(visit, sources)
    name = visit.query.get("name", "").strip()[:100]
    uses: list[Message] = []
    concerned: list[tuple[str, int]] = []
    if name:
        loaded = load_files(dict(sources), partial=True)
        found = uses_of(loaded, name)
        uses = [one.sentence for one in found]
        for one in workflows_using(found, loaded):
            cases = list_cases(application, person, workflow=one, open=True, limit=MAX_CASES)
            concerned.append((loaded.workflows[one].title, 0 if isinstance(cases, Refusal) else len(cases)))
        running = list_running_versions(application, person)
        said = {str(one) for one in uses}
        for before in () if isinstance(running, Refusal) else running:
            flow, codes = before.process.workflow, before.process.bureau.codes.get(name)
            inside = [one.sentence for one in uses_in_version(flow, name, codes)]
            uses += [
                say("已发布的第 {version} 版（还有在办的）：{use}", version=before.number, use=one)
                for one in inside
                if str(one) not in said
            ]
            if inside and flow.title not in (title for title, _ in concerned):
                concerned.append((flow.title, before.running))
    return page(
        visit, "impact.html", workflow=workflow, name=name, uses=uses, concerned=concerned, most=MAX_CASES
    )
