"""The columns of the list of tasks: what each says of a task, which are usual, which a person has chosen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape

from engine.app.queries.people.saved_search import ListPreferences, list_preferences
from engine.kernel.refusal import Refusal
from engine.language import Message, say, translate
from engine.web.visit import address_of
from engine.web.words.due import due_words
from engine.web.words.names import PageNames

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
#: What a column says of a task depends on this of it alone: lines that are alike in it have the same cell.
_KEYS: Mapping[str, Callable[[TaskLine], Hashable]] = {
    "step": lambda line: line.item.task.title,
    "workflow": lambda line: line.item.task.workflow,
    "section": lambda line: line.item.task.section,
    "since": lambda line: line.item.task.opened_at,
    "due": lambda line: (line.item.task.due_on, line.item.task.provisional),
    "left": lambda line: (line.days_left, line.item.late),
    "holder": lambda line: line.holder,
}


class Cells:
    """The cells of the tasks of one list, as a page shows them; one that many lines have is made once."""

    def __init__(self, visit: PageVisit, workflows: Mapping[str, str], columns: Sequence[str]) -> None:
        """`workflows` are the titles of the workflows of the list."""
        self._local = visit.workbench.local
        self._workflows = workflows
        self._called = PageNames(visit)
        self._columns = [(name, _KEYS[name], escape(str(TITLES[name]))) for name in columns]
        self._known: dict[tuple[str, Hashable], str] = {}

    def of(self, line: TaskLine) -> Markup:
        """Return what the columns say of one task: ``<td>``, one for each column."""
        known = self._known
        found = []
        for name, key_of, title in self._columns:
            key = (name, key_of(line))
            cell = known.get(key)
            if cell is None:
                cell = known[key] = f'<td data-title="{title}">{self._text(name, line)}</td>'
            found.append(cell)
        return Markup("".join(found))  # noqa: S704 - made of escaped cells

    def _text(self, column: str, line: TaskLine) -> str:
        """Return what a column says of a task, escaped."""
        task = line.item.task
        match column:
            case "step":
                return escape(translate(task.title))
            case "workflow":
                return escape(translate(self._workflows.get(task.workflow, task.workflow)))
            case "section":
                return escape(self._called.section(task.section))
            case "since":
                return escape(self._local(task.opened_at))
            case "due":
                behind = escape(str(say("（暂定）"))) if task.provisional else ""
                return f"<time>{task.due_on.isoformat()}</time>{behind}" if task.due_on else ""
            case "left":
                words = due_words(line.days_left, line.item.late)
                return f'<span class="mark {words.mark}">{escape(str(words.text))}</span>'
            case _:
                return escape(line.holder or str(say("可领取")))


def rows_of(lines: Sequence[TaskLine], cells: Cells, query: str) -> list[tuple[str, str, str, bool, Markup]]:
    """Return the rows of a page: case, title, address of the case in the list of `query`, whether 单人办理, the cells."""
    folder, before = address_of("cases", ""), f"?{query}&at=" if query else "?at="
    return [
        (
            (case := line.item.task.case),
            translate(line.item.task.case_title),
            # A colon may stand in a query as it is.
            f"{folder}{quote(case, safe='')}{before}{quote(line.key, safe=':')}",
            line.item.alone,
            cells.of(line),
        )
        for line in lines
    ]


def preferences(visit: PageVisit) -> ListPreferences:
    """Return what the visitor has kept for the list of tasks; nothing where they may not read it."""
    kept = list_preferences(visit.workbench.application, visit.person, person=visit.person)
    return ListPreferences() if isinstance(kept, Refusal) else kept


def chosen_columns(visit: PageVisit, kept: ListPreferences) -> Sequence[str]:
    """Return the columns of the visitor's list: of the address, else chosen before, else the usual ones."""
    asked = [name for name in visit.query.get("columns", "").split(",") if name in TITLES]
    return list(dict.fromkeys(asked)) or [name for name in kept.columns if name in TITLES] or USUAL
