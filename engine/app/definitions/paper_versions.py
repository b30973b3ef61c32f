"""Templates of papers held against the versions that still have running cases: all of them print from the same templates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.app.ports.records import CaseFilter
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.ports.store import Transaction
    from engine.definition.library import Loaded

#: The code of what a running case could not print any more.
PAPER = "paper"


def unprintable(
    transaction: Transaction,
    definitions: DefinitionCache,
    loaded: Loaded,
    same: Mapping[str, int],
    only: Collection[str] = (),
) -> Iterator[RefusalReason]:
    """Yield what the templates beside `loaded` ask of running cases that their versions do not have: there would be no paper.

    `same`: workflow -> the version that is as `loaded` has it, and judged with it. Of `only` some workflows, where they are
    named. What a template can do without is no reason: such a paper is printed without it.
    """
    from engine.definition.meaning.papers import PaperReads
    from engine.definition.meaning.ways import Ways, entries_of

    if not loaded.templates:
        return
    for name in sorted(set(only) or {version.workflow for version in transaction.definitions.versions()}):
        if not transaction.cases.count(CaseFilter(workflow=name, open=True)):
            continue
        for version in transaction.definitions.versions(name):
            number = version.number
            running = transaction.cases.count(CaseFilter(workflow=name, version=number, open=True))
            if not running or same.get(name) == number:
                continue
            workflow = definitions.get(transaction, name, number).workflow
            beside = {**loaded.workflows, name: workflow}
            papers = PaperReads(loaded.templates, {name: workflow})
            ways = Ways(workflow, entries_of(workflow, beside.values()))
            for problem in papers.problems(ways, needed=True):
                if problem.severity is Severity.ERROR:
                    message = say(
                        "{file} 第 {line} 行：{why}；流程“{workflow}”第 {version} 版还有 {count} 件在办，都要用它",
                        file=problem.file,
                        line=problem.line,
                        why=problem.message,
                        workflow=workflow.title,
                        version=number,
                        count=running,
                    )
                    yield RefusalReason(PAPER, message, hint=problem.hint, field=name)
