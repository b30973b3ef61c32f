"""What conditions see of other cases: the children of a case, and what its parent lets it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.ports.papers import PaperState
from engine.app.ports.records import CaseFilter
from engine.lifecycle.expressions.rows import EACH
from engine.lifecycle.forms.exact_values import exact_values
from engine.lifecycle.migration.former_names import CASE, under_all_names
from engine.lifecycle.scope import local_day

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process

#: The value of ``each`` by which a case is started for each object a draw has drawn.
DRAWN_OBJECTS = "drawn objects"
#: More children than any batch has.
MAX_CHILDREN = 100_000


def children_of(uow: UnitOfWork, process: Process, case: Case, step: str | None) -> Mapping[str, Any]:
    """Return ``children``: for each workflow how many there are, how many are open, and how many are in which state.

    Those `step` (any step, when None) looks at one by one are there as rows too.
    """
    uow.flush()
    names = process.child_names((case.state, step) if step is not None else None)
    out: dict[str, Any] = {name[0]: {"total": 0, "open": 0, "in": {}} for name in names}
    for workflow, state, is_open, count in uow.transaction.cases.count_children(case.id):
        found = out.get(workflow)
        if found is not None:
            found["total"] += count
            found["open"] += count if is_open else 0
            found["in"][state] = found["in"].get(state, 0) + count
    for workflow, *rest in names:
        if rest[:1] == [EACH]:
            children = children_in_order(uow, case.id, workflow)
            out[workflow][EACH] = [child_row(uow, child) for child in children]
        elif len(rest) == 2:
            out[workflow][rest[0]].setdefault(rest[1], 0)
    return out


def children_in_order(
    uow: UnitOfWork, parent: str, workflow: str | None = None, *, only_open: bool = False
) -> list[Case]:
    """Return the children of a case, as they are in this unit of work, in the order of their ids."""
    uow.flush()
    wanted = CaseFilter(parent=parent, workflow=workflow, open=True if only_open else None)
    return uow.transaction.cases.find(wanted, limit=MAX_CHILDREN)


def below(uow: UnitOfWork, case: str, *, only_open: bool = False) -> Iterator[Case]:
    """Yield the children of a case, theirs, and so on; with `only_open` nothing below one that is closed."""
    for child in children_in_order(uow, case, only_open=only_open):
        yield child
        yield from below(uow, child.id, only_open=only_open)


def child_row(uow: UnitOfWork, child: Case) -> dict[str, Any]:
    """Return one child case as conditions of its parent see it: its fields, its answers, and where it is."""
    process = uow.process(child)
    forms, names = process.workflow.forms, uow.names_of(child.workflow)
    return {
        **under_all_names(CASE, exact_values(process.workflow.fields.values(), child.fields), names),
        "id": child.id,
        "title": child.title,
        "state": child.state,
        "section": child.section,
        "subject": child.subject.get("id"),
        "opened_on": local_day(child.opened_at, process.time.zone),
        "open": child.open,
        "papers": PaperNumbers(uow, child.id),
        "forms": {
            name: under_all_names(
                name, exact_values(forms[name].fields, answers) if name in forms else answers, names
            )
            for name, answers in child.forms.items()
        },
    }


class PaperNumbers(Mapping[str, str | None]):
    """The 文号 of the papers of a case that are in force, by kind; read only once a condition asks for one."""

    def __init__(self, uow: UnitOfWork, case: str) -> None:
        self._uow, self._case = uow, case
        self._found: dict[str, str | None] | None = None

    def _numbers(self) -> dict[str, str | None]:
        if self._found is None:
            papers = self._uow.transaction.papers.of_case(self._case)
            self._found = {one.kind: one.number for one in papers if one.state is not PaperState.VOID}
        return self._found

    def __getitem__(self, kind: str) -> str | None:
        return self._numbers()[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers())

    def __len__(self) -> int:
        return len(self._numbers())


def parent_facts(uow: UnitOfWork, case: Case) -> Mapping[str, Any]:
    """Return ``parent``: the facts the case above lets its children read; nothing where there is none."""
    parent = uow.seen(case.parent) if case.parent is not None else None
    if parent is None:
        return {}
    process = uow.process(parent)
    fields = process.workflow.fields
    shared = {name: parent.fields.get(name) for name in process.shared}
    found = exact_values([fields[name] for name in process.shared], shared)
    return under_all_names(CASE, found, uow.names_of(parent.workflow))
