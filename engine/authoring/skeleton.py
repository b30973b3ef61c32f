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
        return self._filled(FIRST_LINE + _FORM)

    def process(self) -> str:
        """Return the workflow."""
        return self._filled(FIRST_LINE + (_APPROVED if self.approver else _ALONE))

    def stories(self) -> str:
        """Return the first stories of it."""
        return self._filled(_APPROVED_STORIES if self.approver else _ALONE_STORIES)

    def _filled(self, text: str) -> str:
        values = {
            "WORKFLOW": self.workflow,
            "TITLE": self.title,
            "HANDLER": self.handler,
            "APPROVER": self.approver,
            "DEADLINE": self.deadline,
            "LONGER": _longer(self.deadline),
        }
        # In one go: what was filled in is not looked through again.
        return re.sub("|".join(values), lambda found: values[found[0]], text)


_FORM = """\
form: WORKFLOW_report
title: TITLE情况
fields:
  - done_on: {title: 办理日期, date, max: today}
  - facts: {title: 办理情况, long text}
"""
_ALONE = """\
workflow: WORKFLOW
title: TITLE
about: none
start: {by: HANDLER}

states:
  handling:
    title: 办理中
    for: HANDLER
    deadline: suggested DEADLINE
    remind: [1 day before]
    overdue: {at once: [HANDLER]}
    steps:
      report: {title: 办结, to: done, form: WORKFLOW_report}
  done: {title: 已办结, final}
"""
_APPROVED = """\
workflow: WORKFLOW
title: TITLE
about: none
start: {by: HANDLER}

states:
  handling:
    title: 办理中
    for: HANDLER
    deadline: suggested DEADLINE
    remind: [1 day before]
    overdue: {at once: [HANDLER]}
    steps:
      report: {title: 办理并送审, to: approving, form: WORKFLOW_report}
  approving:
    title: 待审批
    for: APPROVER
    deadline: suggested 3 working days
    overdue: {at once: [APPROVER]}
    steps:
      approve: {title: 批准, to: done}
      send_back: {title: 退回, to: handling, reason}
  done: {title: 已办结, final}
"""
_ALONE_STORIES = """\
test: WORKFLOW
title: TITLE
stories:
  - story: 按时办结
    given: {on: 2024-09-20}
    when:
      - {do: report, by: HANDLER, then: {state: done}}
  - story: 逾期未办
    given: {on: 2024-09-20}
    when:
      - {wait: LONGER, then: {state: handling, message: 逾期}}
"""
_APPROVED_STORIES = """\
test: WORKFLOW
title: TITLE
stories:
  - story: 按时办结
    given: {on: 2024-09-20}
    when:
      - {do: report, by: HANDLER, then: {state: approving, task: [APPROVER]}}
      - {do: send_back, by: APPROVER, then: {state: handling}}
      - {do: report, by: HANDLER}
      - {do: approve, by: APPROVER, then: {state: done}}
  - story: 逾期未办
    given: {on: 2024-09-20}
    when:
      - {wait: LONGER, then: {state: handling, message: 逾期}}
  - story: 逾期未审批
    given: {on: 2024-09-20}
    when:
      - {do: report, by: HANDLER}
      - {wait: 10 working days, then: {state: approving, message: 逾期}}
"""


def _longer(period: str) -> str:
    count, unit = period.split(" ", 1)
    if unit.startswith("month"):
        return f"{int(count) * 31 + 5} days"
    return f"{int(count) + 5} {unit if unit.endswith('s') else unit + 's'}"
