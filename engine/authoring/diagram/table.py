"""A workflow as a table of text: its states, their clocks, and where each step leads under which condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.drawn import DrawnArrow, arrows_of, clocks_of
from engine.authoring.diagram.mermaid import shortened
from engine.kernel.plain_text import width
from engine.language import say, translate

#: Columns of a terminal a condition and what takes a step have; the whole of a longer text is below the table.
LONGEST = 48


def table(words: ConditionWords) -> str:
    """Return the states and their steps as a table, then what was too long for it, then the clocks."""
    workflow = words.workflow
    arrows = arrows_of(words)
    clocks = clocks_of(words)
    rows = [tuple(map(str, (say("环节"), say("由谁办"), say("时限"), say("办理"), say("何时"), say("到"))))]
    whole: list[str] = []
    for state in workflow.states.values():
        who = _listed(words.who(name) for name in state.audience)
        here = _listed(one.title for one in clocks if state.id in workflow.clocks[one.id].during)
        head = (translate(state.title), who, here)
        leaving = [arrow for arrow in arrows if arrow.source == state.id]
        if not leaving:
            rows.append((*head, str(say("终点")) if state.final else "", "", ""))
        for arrow in leaving:
            target = "—" if arrow.stays else translate(workflow.states[arrow.target].title)
            rows.append((*head, str(arrow.title), _short(_when(arrow), whole), target))
            rows += [("", "", "", f"  {child}", "", "") for child in arrow.children]
            head = ("", "", "")
    lines = list(_set(rows))
    if whole:
        lines += ["", str(say("全文"))]
        lines += [
            str(say("〔{number}〕 {text}", number=number, text=text)) for number, text in enumerate(whole, 1)
        ]
    if clocks:
        lines += ["", str(say("时限"))]
        for clock in clocks:
            lines.append(str(say("{title}：{length}。", title=clock.title, length=clock.length)))
            lines += [str(say("  · {what}。", what=end)) for end in clock.ends]
    return "\n".join(lines) + "\n"


def _when(arrow: DrawnArrow) -> str:
    """Return what takes an arrow and under which condition."""
    if arrow.how and arrow.condition:
        return str(say("{how}；{condition}", how=arrow.how, condition=arrow.condition))
    return str(arrow.how or arrow.condition)


def _short(condition: str, whole: list[str]) -> str:
    """Return a text as it is in the table; what is too long comes to `whole`."""
    if width(condition) <= LONGEST:
        return condition
    if condition not in whole:
        whole.append(condition)
    number = whole.index(condition) + 1
    return str(say("{text}〔{number}〕", text=shortened(condition, LONGEST - 6), number=number))


def _set(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "-" * (sum(widths) + 2 * len(widths) - 2)


def _listed(titles: Iterable[str]) -> str:
    return str(say("{titles}", titles=list(titles)))
