"""单人办理: cases by rules one person published alone, and cases with an act that two have to agree to and one person did.

The histories say so, not a row that could be written over. Where nobody did such a thing, one statement is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.ports.worklist import WorkItem

#: The history of what two have to agree to, and the kind of an entry of what one did.
_PROPOSALS, _SINGLE = "proposals", "single-handed"
_PUBLISH = "definition.publish"
#: What leaves marks in histories of cases: acts under a delegation one person gave, other versions.
_IN_CASES = frozenset({"delegation.change", "definition.migrate"})


def cases_by_one(transaction: Transaction, cases: Iterable[str]) -> frozenset[str]:
    """Return those of `cases` that go by rules one person published, or that have an act one person did."""
    verbs = _verbs(transaction)
    if verbs.isdisjoint({_PUBLISH, *_IN_CASES}):
        return frozenset()
    from engine.app.definitions.single_handed import versions_by_one

    versions = versions_by_one(transaction)
    found = set()
    for one in dict.fromkeys(cases):
        case = transaction.cases.get(one) if versions else None
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


def acts_by_one(transaction: Transaction, case: str) -> tuple[str, ...]:
    """Return the titles of what one person did on a case and two have to agree to, each once."""
    from engine.app.history.credential import SINGLE_HANDED
    from engine.app.history.replay import history

    found = (event for event in history(transaction, case) if event.body.get(SINGLE_HANDED) is True)
    return tuple(dict.fromkeys(event.title or event.kind for event in found))


def marked_items(transaction: Transaction, items: Sequence[WorkItem]) -> list[WorkItem]:
    """Return tasks, each with whether its case is one of `cases_by_one`."""
    alone = cases_by_one(transaction, [item.task.case for item in items])
    return [replace(item, alone=True) if item.task.case in alone else item for item in items]


def _verbs(transaction: Transaction) -> frozenset[str]:
    """Return what was done by one person alone at some time."""
    if not transaction.events.newest((_PROPOSALS,))[0]:
        return frozenset()
    from engine.app.history.replay import history

    return frozenset(
        str(event.body.get("verb")) for event in history(transaction, _PROPOSALS) if event.kind == _SINGLE
    )
