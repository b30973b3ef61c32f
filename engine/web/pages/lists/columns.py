"""The columns of the list of tasks: what each says of a task, which are usual, which a person has chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.app.queries.people.saved_search import list_columns
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.words.due import due_words

if TYPE_CHECKING:
    from engine.app.queries.worklist import TaskLine
    from engine.web.visit import PageVisit

#: Column -> its title. The case itself is always the first.
TITLES: Mapping[str, Message] = {
    "step": say("要办的事"),
    "workflow": say("流程"),
    "section": say("股室"),
    "since": say("到手"),
    "due": say("到期"),
    "left": say("还剩"),
    "holder": say("办理人"),
}
USUAL = ("step", "due", "left", "holder")

_CELLS: Mapping[str, Callable[[PageVisit, TaskLine], str]] = {
    "step": lambda _, line: line.item.task.title,
    "workflow": lambda _, line: line.item.task.workflow,
    "section": lambda _, line: line.item.task.section or "",
    "since": lambda visit, line: visit.workbench.local(line.item.task.opened_at),
    "due": lambda _, line: line.item.task.due_on.isoformat() if line.item.task.due_on else "",
    "left": lambda _, line: str(due_words(line.days_left, line.item.late).text),
    "holder": lambda _, line: line.item.task.assignee or "",
}


def chosen_columns(visit: PageVisit) -> Sequence[str]:
    """Return the columns of the visitor's list: of the address, else chosen before, else the usual ones."""
    asked = [name for name in visit.query.get("columns", "").split(",") if name in TITLES]
    if asked:
        return list(dict.fromkeys(asked))
    kept = list_columns(visit.workbench.application, visit.person, person=visit.person)
    known = [] if isinstance(kept, Refusal) else [name for name in kept if name in TITLES]
    return known or USUAL


def cell(visit: PageVisit, column: str, line: TaskLine) -> str:
    """Return what a column says of a task."""
    return _CELLS[column](visit, line)
