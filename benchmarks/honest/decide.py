"""One decision without a database, from a table, with the checks of the product: `benchmarks.decisions` by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from benchmarks.honest.schema import RefusedError, text_of
from benchmarks.honest.workdays import Deadlines

SIZE = 12
ROLE = "clerk"
KINDS = frozenset({"a", "b"})
#: (state, step) -> the title, the state it leads to, whether it has the condition.
STEPS: Mapping[tuple[str, str], tuple[str, str, bool]] = {
    **{(f"s{n}", f"step{n}"): (f"第{n}步", f"s{(n + 1) % SIZE}", True) for n in range(SIZE)},
    (f"s{SIZE - 1}", "finish"): ("结束", "done", False),
}


def decide(
    case: Mapping[str, Any],
    step: str,
    actor: Mapping[str, Any],
    answers: Mapping[str, Any] | None,
    now: datetime,
    deadlines: Deadlines,
) -> dict[str, Any]:
    """Return what the history keeps of the step. Raises RefusedError."""
    if case["closed_at"] is not None:
        raise RefusedError("closed")
    if case["suspended_at"] is not None:
        raise RefusedError("suspended")
    state = case["state"]
    found = STEPS.get((state, step))
    if found is None:
        raise RefusedError("state")
    title, target, conditional = found
    fields, section, assignee = case["fields"], case["section"], case["assignee"]
    allowed = ROLE in actor["roles"] and (section is None or section == actor["section"])
    claimed = assignee is not None and assignee != actor["id"]
    holds = not conditional or (fields["amount"] >= 1 and fields["kind"] in KINDS)
    if answers or claimed or not allowed or not holds:
        codes = [] if allowed else ["not-allowed"]
        if claimed and allowed:
            codes.append("claimed")
        if answers:
            codes.append("form")
        elif not holds:
            codes.append("guard")
        raise RefusedError(*codes)
    clocks: dict[str, Any] = {state: None} if state in case["clocks"] else {}
    if target == "done":
        return {"step": step, "title": title, "state": target, "clocks": clocks, "final": True}
    deadline = deadlines.begun(now)
    at = text_of(now)
    clock: dict[str, Any] = {"started_at": at, "due_on": deadline.due_on, "due_at": deadline.due_at}
    if deadline.provisional:
        clock["provisional"] = True
    if deadline.reminders[0] >= at:
        clock["next_at"] = deadline.reminders[0]
    else:
        for number, later in enumerate((*deadline.reminders, deadline.due_at)):
            if later >= at:
                clock["step"], clock["next_at"] = number, later
                break
    clocks[target] = clock
    return {"step": step, "title": title, "state": target, "clocks": clocks}
