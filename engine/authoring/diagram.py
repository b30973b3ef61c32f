"""A workflow as a picture (Mermaid) and as a plain table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.kernel.plain_text import width
from engine.language import Message, say, translate
from engine.lifecycle.model.workflow import Transition, Workflow


def mermaid(workflow: Workflow) -> str:
    """Return a Mermaid ``stateDiagram-v2``; states are numbered, so that any id can be drawn."""
    names = {state: f"s{number}" for number, state in enumerate(workflow.states, 1)}
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{_plain(translate(state.title))}" as {names[state.id]}'
        for state in workflow.states.values()
    ]
    lines.append(f"    [*] --> {names[workflow.initial]}")
    for step in workflow.transitions:
        for source in step.sources:
            target = names[step.target or source]
            lines.append(f"    {names[source]} --> {target}: {_plain(str(_label(step)))}")
    lines += [f"    {names[state.id]} --> [*]" for state in workflow.states.values() if state.final]
    return "\n".join(lines) + "\n"


def table(workflow: Workflow, titles: Mapping[str, str] | None = None) -> str:
    """Return the states and their steps as a table of text; `titles` are those of roles."""
    called = {**(titles or {}), **workflow.parties}
    rows = [tuple(map(str, (say("环节"), say("由谁办"), say("时限"), say("办理"), say("到"))))]
    for state in workflow.states.values():
        who = _listed(called.get(name, name) for name in state.audience)
        clocks = _listed(clock.title for clock in workflow.clocks.values() if state.id in clock.during)
        head = (translate(state.title), who, clocks)
        steps = workflow.leaving(state.id)
        if not steps:
            rows.append((*head, str(say("终点")) if state.final else "", ""))
        for step in steps:
            target = translate(workflow.states[step.target].title) if step.target else "—"
            rows.append((*head, str(_label(step)), target))
            head = ("", "", "")
    widths = [max(width(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * (sum(widths) + 8))
    return "\n".join(lines) + "\n"


def _label(step: Transition) -> Message:
    if step.join is not None:
        return say("{title}（子流程齐备时）", title=step.title)
    if step.after is not None or step.on_expiry is not None:
        return say("{title}（到时自动）", title=step.title)
    if step.automatic:
        return say("{title}（自动）", title=step.title)
    return say("{title}", title=step.title)


def _listed(titles: Iterable[str]) -> str:
    return str(say("{titles}", titles=list(titles)))


def _plain(text: str) -> str:
    """Take out what Mermaid would read as its own."""
    return text.replace('"', "'").replace(":", "：").replace(";", "；").replace("\n", " ")
