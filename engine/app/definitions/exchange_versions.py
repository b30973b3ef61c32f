"""Formats of workbooks held against what is published and against the versions that still have running cases.

A format reads cases of every version. What none of the values of a column is found in, is an empty cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.definitions.derived_settings import PUBLISHED_FILES, field_names
from engine.app.ports.records import CaseFilter
from engine.exchange.format_check import (
    ActingFormats,
    acting_formats,
    columns_of,
    definitions_of,
    names_in,
    problems_of_format,
    problems_of_formats,
    read_once,
    workflows_of,
)
from engine.exchange.format_file import FormatFile
from engine.exchange.format_names import KnownNames
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.lifecycle.migration.former_names import NO_NAMES, with_names_of
from engine.yamltext.problem import Problem, Severity

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.definitions.versions import Published
    from engine.app.ports.store import Transaction
    from engine.definition.library import Loaded
    from engine.exchange.formats import ExchangeFormat
    from engine.lifecycle.model.workflow import Workflow

#: The code of a format that names what is not there.
FORMAT = "format"


def unfilled(
    transaction: Transaction,
    definitions: DefinitionCache,
    loaded: Loaded,
    found: Published,
    only: Collection[str] = (),
) -> tuple[tuple[RefusalReason, ...], tuple[Message, ...]]:
    """Return why `found` of `loaded` may not be published, and what else there is to say, of the formats that act then.

    Only formats are looked at that are new themselves or read cases of a process that gets a version: what they name must
    be in the newest version. What running cases of former versions do not have is said: no cell of theirs will be filled.
    """
    known = _after(transaction, definitions, loaded, only)
    acting = _acting(transaction, loaded, only)
    concerned = {
        path
        for path, text in acting.texts.items()
        if path in found.files or _reads(read_once(path, text), found.new)
    }
    reasons, notes = [], []
    for problem in problems_of_formats(acting, known, concerned):
        if problem.severity is Severity.ERROR:
            reasons.append(RefusalReason(FORMAT, _at(problem), hint=problem.hint))
        else:
            notes.append(_at(problem))
    if not reasons:
        notes += _of_running(transaction, definitions, acting, known, found, concerned)
    return tuple(reasons), tuple(notes)


def unknown_names(
    transaction: Transaction, definitions: DefinitionCache, used: ExchangeFormat, sections: Mapping[str, str]
) -> tuple[Message, ...]:
    """Return what a format names that the published definitions do not have, in its order: those cells are empty."""
    flows = [definitions.latest(transaction, name) for name in definitions.workflows(transaction)]
    known = KnownNames(
        {one.workflow.id: one.workflow for one in flows if one is not None},
        sections,
        _more_columns(transaction),
        field_names(transaction),
    )
    file = FormatFile(used, names=names_in(used))
    return tuple(problem.message for problem in problems_of_format(used.id, file, known))


def _of_running(
    transaction: Transaction,
    definitions: DefinitionCache,
    acting: ActingFormats,
    known: KnownNames,
    found: Published,
    concerned: Collection[str],
) -> Iterator[Message]:
    for path in sorted(concerned):
        file = read_once(path, acting.texts[path])
        for name in workflows_of(file.format) if file.format is not None else ():
            for workflow, number, running in running_versions(transaction, definitions, name):
                if found.same.get(name) == number or name not in known.workflows:
                    continue
                beside = known.with_version(workflow)
                for problem in problems_of_format(path, file, beside):
                    if problem.severity is Severity.ERROR and problem.rule != "unknown-choice":
                        yield say(
                            "{file} 第 {line} 行：{why}；流程“{workflow}”第 {version} 版还有 {count} 件在办，它们的这一格是空的；"
                            "改了名的，请在表单里用 id 写明原来的编号",
                            file=path,
                            line=problem.line,
                            why=problem.message,
                            workflow=workflow.title,
                            version=number,
                            count=running,
                        )


def running_versions(
    transaction: Transaction, definitions: DefinitionCache, name: str
) -> Iterator[tuple[Workflow, int, int]]:
    """Yield each version of a process that has running cases: as it was published, its number, and how many there are."""
    if not transaction.cases.count(CaseFilter(workflow=name, open=True)):
        return
    for version in transaction.definitions.versions(name):
        running = transaction.cases.count(CaseFilter(workflow=name, version=version.number, open=True))
        if running:
            yield definitions.get(transaction, name, version.number).workflow, version.number, running


def _after(
    transaction: Transaction, definitions: DefinitionCache, loaded: Loaded, only: Collection[str]
) -> KnownNames:
    """Return what formats are held against once `loaded` (of it `only`) is published."""
    new = {name: one for name, one in loaded.workflows.items() if not only or name in only}
    others = {}
    for name in definitions.workflows(transaction):
        if name not in new and (process := definitions.latest(transaction, name)) is not None:
            others[name] = process.workflow
    noted = field_names(transaction)
    former = {**noted}
    for name, workflow in new.items():
        former[name] = with_names_of(noted.get(name, NO_NAMES), workflow)
    own = definitions_of(loaded, former)
    columns = own.columns if loaded.files else _more_columns(transaction)
    return replace(own, workflows={**others, **new}, columns=columns)


def _acting(transaction: Transaction, loaded: Loaded, only: Collection[str]) -> ActingFormats:
    published = _published(transaction) if only or not loaded.files else {}
    return acting_formats({**published, **loaded.files})


def _published(transaction: Transaction) -> dict[str, str]:
    digests: Mapping[str, str] = transaction.settings.get(PUBLISHED_FILES) or {}
    texts = {path: transaction.definitions.text(digest) for path, digest in digests.items()}
    return {path: text.decode() for path, text in texts.items() if text is not None}


def _more_columns(transaction: Transaction) -> Mapping[str, frozenset[str]]:
    """Return the columns of registers the published profiles add."""
    return columns_of(_published(transaction))


def _reads(file: FormatFile, workflows: Collection[str]) -> bool:
    return file.format is not None and not set(workflows_of(file.format)).isdisjoint(workflows)


def _at(problem: Problem) -> Message:
    return say("{file} 第 {line} 行：{why}", file=problem.file, line=problem.line, why=problem.message)
