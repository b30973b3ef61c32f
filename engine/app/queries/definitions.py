"""Published definitions: the versions, one as it is in force, whether files differ from them, and in what they would decide otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.definitions.bureau_changes import bureau_text
from engine.app.definitions.exchange_versions import running_versions
from engine.app.definitions.single_handed import versions_by_one
from engine.app.definitions.versions import Published, compare_with_published
from engine.app.people.directory import Directory
from engine.app.ports.records import BUREAU_PART, LANGUAGE_PART, Version
from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.migration.unknown_renames import unknown_renames
from engine.lifecycle.process import Process

if TYPE_CHECKING:
    from engine.app.definitions.case_replay import TriedCase, TriedCases
    from engine.definition.library import Loaded
    from engine.lifecycle.model.bureau import Bureau

__all__ = [
    "Published",
    "RunningVersion",
    "TriedCase",
    "TriedCases",
    "Version",
    "compare_definitions",
    "definition_texts",
    "list_definitions",
    "list_published_alone",
    "list_running_versions",
    "list_startable",
    "show_bureau",
    "show_definition",
    "try_on_cases",
]


@dataclass(frozen=True, slots=True)
class RunningVersion:
    """A version that has running cases, and how many."""

    process: Process
    number: int
    running: int


@query("definition.read")
def list_definitions(context: QueryContext) -> Sequence[Version]:
    """Return every published version."""
    return context.transaction.definitions.versions()


@query("definition.read")
def list_published_alone(context: QueryContext) -> Collection[tuple[str, int]]:
    """Return workflow and number of every version one person published alone (单人办理)."""
    return versions_by_one(context.transaction)


@query("definition.read")
def show_definition(context: QueryContext, workflow: str, version: int | None = None) -> Process | Refusal:
    """Return a workflow as it was published last, or one version of it."""
    row = context.transaction.definitions.version(workflow, version)
    if row is None:
        return _unpublished(workflow, version)
    return context.source.definitions.get(context.transaction, workflow, row.number)


@query("definition.read")
def list_running_versions(context: QueryContext) -> Sequence[RunningVersion]:
    """Return every version that has running cases, as it was published, and how many there are."""
    transaction, definitions = context.transaction, context.source.definitions
    return [
        RunningVersion(definitions.get(transaction, name, number), number, running)
        for name in definitions.workflows(transaction)
        for _, number, running in running_versions(transaction, definitions, name)
    ]


@query("definition.read")
def definition_texts(
    context: QueryContext, workflow: str, version: int | None = None
) -> tuple[int, Mapping[str, bytes]] | Refusal:
    """Return the number of a version (the newest, without one), and its texts as they were published: name -> bytes."""
    row = context.transaction.definitions.version(workflow, version)
    if row is None:
        return _unpublished(workflow, version)
    texts = {
        name: text
        for name, digest in row.parts.items()
        if name != LANGUAGE_PART and (text := context.transaction.definitions.text(digest)) is not None
    }
    if version is None and (bureau := bureau_text(context.transaction)) is not None:
        # Whoever edits it edits beside what holds now, which may have been published with another workflow.
        texts[BUREAU_PART] = bureau
    return row.number, texts


def _unpublished(workflow: str, version: int | None) -> Refusal:
    message = (
        say("没有已发布的流程“{workflow}”", workflow=workflow)
        if version is None
        else say("流程“{workflow}”没有第 {version} 版", workflow=workflow, version=version)
    )
    return Refusal(None, "", (RefusalReason("workflow", message, next=NextAction("list_definitions")),))


@query("definition.read")
def definition_sources(context: QueryContext, workflow: str) -> Mapping[str, str] | Refusal:
    """Return the texts the newest version of a workflow was published from, by the names of their files."""
    version = context.transaction.definitions.version(workflow)
    if version is None:
        message = say("没有已发布的流程“{workflow}”", workflow=workflow)
        return Refusal(None, "", (RefusalReason("workflow", message, next=NextAction("list_definitions")),))
    texts = {
        name: context.transaction.definitions.text(digest)
        for name, digest in version.parts.items()
        if name != LANGUAGE_PART
    }
    texts[BUREAU_PART] = bureau_text(context.transaction) or texts.get(BUREAU_PART)
    return {name: (text or b"").decode() for name, text in sorted(texts.items())}


@query("definition.read")
def list_startable(context: QueryContext) -> Sequence[Process]:
    """Return the workflows in force a case of which the viewer may start by hand, ordered by id."""
    transaction, definitions = context.transaction, context.source.definitions
    today = context.now.astimezone(definitions.time.zone).date()
    found = [definitions.in_force(transaction, name, today) for name in definitions.workflows(transaction)]
    return [
        process
        for process in found
        if process is not None and not context.viewer.roles.isdisjoint(process.workflow.start_by)
    ]


@query("definition.read")
def show_bureau(context: QueryContext) -> Bureau | None:
    """Return the bureau in force; None before anything is published."""
    return context.bureau


@query("definition.read")
def compare_definitions(context: QueryContext, loaded: Loaded) -> Published:
    """Return which workflows of `loaded` differ from what is published."""
    return compare_with_published(context.transaction, loaded)


@query("definition.try")
def try_on_cases(
    context: QueryContext,
    loaded: Loaded,
    workflow: str,
    first: date,
    last: date,
    *,
    renames: RenameMap | None = None,
    limit: int = 20,
) -> TriedCases | Refusal:
    """Return what `workflow` as it is in `loaded` would have decided otherwise of the cases that were open from `first` to `last`.

    Only cases the viewer sees are tried, `limit` of those with a difference are returned one by one. Nothing is kept.
    """
    from engine.app.definitions.case_replay import TriedPeriod, tried_cases

    transaction, definitions = context.transaction, context.source.definitions
    rows = transaction.definitions.versions(workflow)
    if not rows:
        return _unpublished(workflow, None)
    if workflow not in loaded.workflows or loaded.bureau is None:
        message = say("这些文件里没有流程“{workflow}”", workflow=workflow)
        hint = did_you_mean(workflow, loaded.workflows)
        return Refusal(None, "", (RefusalReason("workflow", message, hint=hint),))
    if first > last:
        message = say(
            "期间的第一天 {first} 在最后一天 {last} 之后", first=first.isoformat(), last=last.isoformat()
        )
        return Refusal(None, "", (RefusalReason("period", message, hint=say("请对调两个日期")),))
    number = max(row.number for row in rows) + 1
    new = Process(loaded.workflows[workflow], loaded.bureau, definitions.time, number)
    wanted = renames or RenameMap()
    olds = [definitions.get(transaction, workflow, row.number) for row in rows]
    if unknown := tuple(unknown_renames(olds, new, wanted)):
        return Refusal(None, "", unknown)
    zone = new.time.zone
    begins = datetime.combine(first, time(0), zone).astimezone(UTC)
    ends = datetime.combine(last + timedelta(days=1), time(0), zone).astimezone(UTC)
    period = TriedPeriod(begins, ends)
    people = Directory(transaction).all()
    return tried_cases(transaction, definitions, new, period, wanted, people, context.lists, limit)
