"""A new process from five answers: a file that is sound and runs, to be edited."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.authoring.editor_settings import FIRST_LINE
from engine.language import Message, say

_ID = re.compile(r"[a-z][a-z0-9_]*")
_PERIOD = re.compile(r"[1-9]\d{0,3} (working days?|days?|months?)")
#: What is asked, in this order: the name of the answer, and the question.
QUESTIONS: tuple[tuple[str, Message], ...] = (
    ("workflow", say("编号（小写字母，如 complaint）")),
    ("title", say("名称（如 投诉办理）")),
    ("handler", say("由哪个角色办理（角色编号）")),
    ("approver", say("由哪个角色审批（角色编号；不审批的留空）")),
    ("deadline", say("办理时限（如 20 working days）")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSkeleton:
    """The five answers."""

    workflow: str
    title: str
    handler: str
    approver: str = ""
    deadline: str

    def problems(self) -> list[Message]:
        """Return what is wrong with the answers themselves; whether there are such roles is asked by the check."""
        names = (self.workflow, self.handler, *([self.approver] if self.approver else ()))
        found = [
            say("编号“{text}”不合写法：以小写字母开头，只用小写字母、数字和下划线", text=name)
            for name in names
            if not _ID.fullmatch(name)
        ]
        if not self.title.strip() or any(mark in self.title for mark in "\n\"'{}[]#:"):
            found.append(say("名称“{text}”不合写法：写在一行里，不用引号、括号和冒号", text=self.title))
        if not _PERIOD.fullmatch(self.deadline):
            found.append(
                say("时限“{text}”不合写法；写法如 20 working days、30 days、3 months", text=self.deadline)
            )
        return found

    def form(self) -> str:
        """Return the form of the report."""
        return (
            f"{FIRST_LINE}form: {self.workflow}_report\n"
            f"title: {self.title}情况\n"
            "fields:\n"
            "  - done_on: {title: 办理日期, type: date, constraint: [{that: form.done_on <= today, else: 办理日期不能晚于今天}]}\n"
            "  - facts: {title: 办理情况, type: long text}\n"
        )

    def process(self) -> str:
        """Return the workflow."""
        approving = (
            f"  approving:\n    title: 待审批\n    for: {self.approver}\n"
            "    deadline: {3 working days: suggested}\n    overdue: {at once: ["
            f"{self.approver}]}}\n"
            if self.approver
            else ""
        )
        form = f"{self.workflow}_report"
        steps = (
            "  - {do: report, title: 办理并送审, from: handling, to: approving, form: "
            f"{self.workflow}_report}}\n"
            "  - {do: approve, title: 批准, from: approving, to: done}\n"
            "  - {do: send_back, title: 退回, from: approving, to: handling, reason: true}\n"
            if self.approver
            else "  - {do: report, title: 办结, from: handling, to: done, form: FORM}\n".replace("FORM", form)
        )
        return (
            f"{FIRST_LINE}workflow: {self.workflow}\n"
            f"title: {self.title}\n"
            "about: none\n"
            "initial: handling\n"
            f"start: {{by: {self.handler}}}\n"
            "\n"
            "states:\n"
            "  handling:\n"
            "    title: 办理中\n"
            f"    for: {self.handler}\n"
            f"    deadline: {{{self.deadline}: suggested}}\n"
            "    remind: [1 day before]\n"
            f"    overdue: {{at once: [{self.handler}]}}\n"
            f"{approving}"
            "  done: {title: 已办结, final: true}\n"
            "\n"
            "transitions:\n"
            f"{steps}"
        )

    def stories(self) -> str:
        """Return the first stories of it."""
        after = (
            f"      - {{do: report, by: {self.handler}, then: {{state: approving, task: [{self.approver}]}}}}\n"
            f"      - {{do: send_back, by: {self.approver}, then: {{state: handling}}}}\n"
            f"      - {{do: report, by: {self.handler}}}\n"
            f"      - {{do: approve, by: {self.approver}, then: {{state: done}}}}\n"
            if self.approver
            else f"      - {{do: report, by: {self.handler}, then: {{state: done}}}}\n"
        )
        late = (
            "  - story: 逾期未审批\n"
            "    given: {on: 2024-09-20}\n"
            "    when:\n"
            "      - {do: report, by: HANDLER}\n"
            "      - {wait: 10 working days, then: {state: approving, message: 逾期}}\n"
        ).replace("HANDLER", self.handler)
        return (
            f"test: {self.workflow}\n"
            f"title: {self.title}\n"
            "stories:\n"
            "  - story: 按时办结\n"
            "    given: {on: 2024-09-20}\n"
            "    when:\n"
            f"{after}"
            "  - story: 逾期未办\n"
            "    given: {on: 2024-09-20}\n"
            "    when:\n"
            f"      - {{wait: {_longer(self.deadline)}, then: {{state: handling, message: 逾期}}}}\n"
            f"{late if self.approver else ''}"
        )


def _longer(period: str) -> str:
    count, unit = period.split(" ", 1)
    if unit.startswith("month"):
        return f"{int(count) * 31 + 5} days"
    return f"{int(count) + 5} {unit if unit.endswith('s') else unit + 's'}"
