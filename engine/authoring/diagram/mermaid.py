"""A workflow as a Mermaid picture: conditions on the arrows, clocks and whole conditions in notes beside the states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.drawn import DrawnArrow, DrawnClock, arrows_of, clocks_of
from engine.kernel.plain_text import width
from engine.language import Message, say, translate

#: Columns of a terminal in one line of a label or a note; a character of Chinese is two. Mermaid breaks longer ones itself.
LINE = 22
#: The longest condition on an arrow; a longer one is in the note of its state.
LONGEST = 64
#: What no line begins or ends with.
_NOT_FIRST, _NOT_LAST = "，。；：、）”！？］", "（“［"
#: A verb that is there in more states than these is drawn once.
_MANY = 2


def mermaid(words: ConditionWords) -> str:
    """Return a Mermaid ``stateDiagram-v2``; states are numbered, so that any id can be drawn."""
    workflow = words.workflow
    names = {state: f"s{number}" for number, state in enumerate(workflow.states, 1)}
    drawing = _Drawing(names)
    arrows = arrows_of(words)
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{_plain(translate(state.title))}" as {names[state.id]}'
        for state in workflow.states.values()
    ]
    lines.append(f"    [*] --> {names[workflow.initial]}")
    lines += [drawing.arrow(arrow) for arrow in arrows if not arrow.verb]
    for number, group in enumerate(_verbs(arrows), 1):
        lines += _verb(names, group, number, {state.id: state.title for state in workflow.states.values()})
    lines += [f"    {names[state.id]} --> [*]" for state in workflow.states.values() if state.final]
    clocks = clocks_of(words)
    for state in workflow.states.values():
        here = [one for one in clocks if state.id in workflow.clocks[one.id].during]
        texts = [line for clock in here for line in _clock(clock)]
        lines += _note(names[state.id], [*texts, *drawing.long.get(state.id, ())])
    return "\n".join(lines) + "\n"


def shortened(text: str, most: int) -> str:
    """Return a text cut to `most` columns of a terminal, an ellipsis behind it where something is left out."""
    if width(text) <= most:
        return text
    kept = text
    while width(kept) > most - 2:
        kept = kept[:-1]
    return str(say("{text}…", text=kept))


def _clock(clock: DrawnClock) -> Iterator[Message]:
    yield say("时限“{title}”：{length}。", title=clock.title, length=clock.length)
    yield from (say("· {what}。", what=end) for end in clock.ends)


@dataclass(slots=True)
class _Drawing:
    """The arrows on their way: conditions that are too long for one are kept by the state they are of."""

    names: dict[str, str]
    long: dict[str, list[Message]] = field(default_factory=dict)

    def arrow(self, arrow: DrawnArrow) -> str:
        return f"    {self.names[arrow.source]} --> {self.names[arrow.target]}: {_broken(self._label(arrow))}"

    def _label(self, arrow: DrawnArrow) -> list[str]:
        lines = [str(arrow.title)]
        if arrow.how:
            lines.append(str(say("［{how}］", how=arrow.how)))
        if arrow.condition:
            lines.append(str(say("条件：{condition}", condition=self._condition(arrow))))
        return [*lines, *map(str, arrow.children)]

    def _condition(self, arrow: DrawnArrow) -> str:
        if width(arrow.condition) <= LONGEST:
            return arrow.condition
        line = say("“{title}”的条件：{condition}", title=arrow.title, condition=arrow.condition)
        notes = self.long.setdefault(arrow.source, [])
        if line not in notes:
            notes.append(line)
        return str(say("{short}（全文见旁注）", short=shortened(arrow.condition, LONGEST)))


def _verbs(arrows: Sequence[DrawnArrow]) -> list[list[DrawnArrow]]:
    """Return the arrows of verbs, those alike in all but their source together."""
    groups: dict[tuple[str, str], list[DrawnArrow]] = {}
    for arrow in arrows:
        if arrow.verb:
            groups.setdefault((arrow.target, f"{arrow.title} {arrow.how}"), []).append(arrow)
    return list(groups.values())


def _verb(
    names: dict[str, str], group: Sequence[DrawnArrow], number: int, titles: dict[str, str]
) -> Iterator[str]:
    """Yield one arrow for each state, or one for all where they are many: it begins at a box that names them."""
    first = group[0]
    lines = [str(first.title), *([str(say("［{how}］", how=first.how))] if first.how else [])]
    label = _broken([*lines, *map(str, first.children)])
    if len(group) <= _MANY:
        yield from (f"    {names[one.source]} --> {names[one.target]}: {label}" for one in group)
        return
    box = _broken([str(say("从下列任一环节：{states}", states=[titles[one.source] for one in group]))])
    yield f'    state "{box}" as v{number}'
    yield f"    v{number} --> {names[first.target]}: {label}"


def _note(name: str, texts: Sequence[Message]) -> Iterator[str]:
    if not texts:
        return
    yield f"    note right of {name}"
    yield from (f"        {line}" for text in texts for line in _lines(_plain(str(text))))
    yield "    end note"


def _broken(lines: Sequence[str]) -> str:
    return "<br/>".join(part for line in lines for part in _lines(_plain(line)))


def _lines(text: str) -> Iterator[str]:
    """Yield a text in lines of about `LINE` columns, English between words."""
    line = ""
    for word in _words(text):
        if line and width(line) + width(word) > LINE and word[0] not in _NOT_FIRST:
            # What opens belongs to what follows.
            kept = line.rstrip(_NOT_LAST)
            if kept.strip():
                yield kept.strip()
                line = line[len(kept) :]
        line += word
    if line.strip():
        yield line.strip()


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if character.isascii() and not character.isspace():
            word += character
            continue
        if word:
            yield word
            word = ""
        yield character
    if word:
        yield word


def _plain(text: str) -> str:
    """Take out what Mermaid would read as its own."""
    for theirs, ours in (
        ('"', "'"),
        (":", "："),
        (";", "；"),
        ("\n", " "),
        ("<", "＜"),
        (">", "＞"),
        ("#", "＃"),
    ):
        text = text.replace(theirs, ours)
    return text
