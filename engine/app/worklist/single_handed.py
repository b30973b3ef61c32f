"""单人办理: cases by rules, or with papers from templates, one person published alone, and cases with an act that two have to agree to and one did.

Whether anybody did such a thing is asked of a setting, one statement; which, of the histories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.history.credential import SINGLE_HANDED

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.ports.worklist import WorkItem

#: The status of what two have to agree to and one did.
_SINGLE = "single-handed"
_PUBLISH = "definition.publish"
#: What leaves marks in histories of cases: acts under a delegation one person gave, other versions, commitments of draws, void papers, files destroyed.
_IN_CASES = frozenset(
    {"delegation.change", "definition.migrate", "draw.registers", "paper.void", "retention.change"}
)


def cases_by_one(
    transaction: Transaction, cases: Iterable[str], workflows: Mapping[str, str] | None = None
) -> frozenset[str]:
    """Return those of `cases` that go by rules one person published, have a paper from a template one published, or an act one did.

    With `workflows` (case -> workflow) no case of a workflow is read of which nobody alone published a version.
    """
    verbs = _verbs(transaction)
    if verbs.isdisjoint({_PUBLISH, *_IN_CASES}):
        return frozenset()
    from engine.app.definitions.single_handed import papers_by_one, versions_by_one

    wanted = list(dict.fromkeys(cases))
    versions = versions_by_one(transaction)
    names = {name for name, _ in versions}
    found = {paper.case for paper in papers_by_one(transaction, wanted)} if _PUBLISH in verbs else set()
    for one in wanted:
        read = names if workflows is None else names & {workflows[one]}
        case = transaction.cases.get(one) if read else None
        if (case is not None and (case.workflow, case.version) in versions) or (
            not verbs.isdisjoint(_IN_CASES) and acts_by_one(transaction, one)
        ):
            found.add(one)
    return frozenset(found)


def is_version_by_one(transaction: Transaction, workflow: str, version: int) -> bool:
    """Tell whether one person alone published a version."""
    if _PUBLISH not in _verbs(transaction):
        return False
    from engine.app.definitions.single_handed import versions_by_one

    return (workflow, version) in versions_by_one(transaction)


def papers_of_case_by_one(transaction: Transaction, case: str) -> tuple[str, ...]:
    """Return the names of the papers of a case made from templates one person alone had published."""
    if _PUBLISH not in _verbs(transaction):
        return ()
    from engine.app.definitions.single_handed import papers_by_one

    return tuple(paper.name for paper in papers_by_one(transaction, [case]))


def acts_by_one(transaction: Transaction, case: str) -> tuple[str, ...]:
    """Return the titles of what one person did on a case and two have to agree to, each once."""
    from engine.app.history.replay import history

    found = (event for event in history(transaction, case) if event.body.get(SINGLE_HANDED) is True)
    return tuple(dict.fromkeys(event.title or event.kind for event in found))


def marked_items(transaction: Transaction, items: Sequence[WorkItem]) -> list[WorkItem]:
    """Return tasks, each with whether its case is one of `cases_by_one`."""
    workflows = {item.task.case: item.task.workflow for item in items}
    alone = cases_by_one(transaction, workflows, workflows)
    return [replace(item, alone=True) if item.task.case in alone else item for item in items]


def _verbs(transaction: Transaction) -> frozenset[str]:
    """Return what was done by one person alone at some time."""
    kept = transaction.settings.get(SINGLE_HANDED)
    if kept is not None:
        return frozenset(kept)
    # Made by an earlier program, which kept no such list.
    return frozenset(one.use_case for one in transaction.proposals.all() if one.status == _SINGLE)
