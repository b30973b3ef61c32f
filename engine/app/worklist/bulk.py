"""The same thing done with many tasks: each in its own transaction, with its own request id; what fails is reported.

Run again with the same request id, what was done is not done twice, and the rest is tried once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.kernel.refusal import Refusal
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.history.requests import CommandResult
    from engine.app.ports.worklist import WorkItem

WORDS = ("workflow", "state", "section", "assignee", "title", "overdue", "case", "due_before")


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are meant: words that must all fit."""

    words: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> TaskFilter | list[Message]:
        """Read ``state=to_enter,overdue=true``; returns what is wrong with it otherwise."""
        words: dict[str, str] = {}
        wrong: list[Message] = []
        for part in filter(None, (piece.strip() for piece in text.replace("，", ",").split(","))):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals or not value:
                wrong.append(say("“{part}”应写成 名=值", part=part))
            elif name not in WORDS:
                wrong.append(say("没有条件“{name}”；可用：{known}", name=name, known=list(WORDS)))
            elif name == "overdue" and value not in ("true", "false"):
                wrong.append(say("overdue 应为 true 或 false，实为“{value}”", value=value))
            else:
                words[name] = value
        if not words and not wrong:
            wrong.append(say("批量办理须写明条件，例如 state=to_enter,overdue=true"))
        return wrong or cls(words)

    def fits(self, item: WorkItem) -> bool:
        """Tell whether a task is meant."""
        task = item.task
        own = {
            "workflow": task.workflow,
            "state": task.state,
            "section": task.section,
            "assignee": task.assignee,
            "case": task.case,
            "overdue": "true" if item.late else "false",
        }
        for name, value in self.words.items():
            if name == "title":
                if value not in task.case_title:
                    return False
            elif name == "due_before":
                if task.due_on is None or task.due_on.isoformat() >= value:
                    return False
            elif own[name] != value:
                return False
        return True


@dataclass(frozen=True, slots=True)
class BulkItem:
    """What came of one task."""

    case: str
    title: str
    outcome: CommandResult | Refusal

    @property
    def done(self) -> bool:
        """Tell whether it was done (now, or by the same request before)."""
        return not isinstance(self.outcome, Refusal)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "title": self.title,
            "done": self.done,
            **({"refusal": self.outcome.as_json()} if isinstance(self.outcome, Refusal) else {}),
            **({} if isinstance(self.outcome, Refusal) else {"answer": self.outcome.as_json()}),
        }


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What came of all tasks, in the order they were tried."""

    items: tuple[BulkItem, ...]

    @classmethod
    def of(
        cls,
        meant: Iterable[WorkItem],
        act: Callable[[str, str | None], CommandResult | Refusal],
        request_id: str | None,
    ) -> BulkReport:
        """Do `act(case, request id)` with every task; one that is refused does not stop the others."""
        return cls(
            tuple(
                BulkItem(
                    item.task.case,
                    item.task.case_title,
                    act(item.task.case, f"{request_id}:{item.task.case}" if request_id else None),
                )
                for item in meant
            )
        )

    @property
    def all_done(self) -> bool:
        """Tell whether nothing was refused."""
        return all(item.done for item in self.items)

    @property
    def summary(self) -> Message:
        """Return how it went, in one sentence."""
        done = sum(item.done for item in self.items)
        return say(
            "共 {all} 件：办成 {done} 件，未办 {left} 件",
            all=len(self.items),
            done=done,
            left=len(self.items) - done,
        )
