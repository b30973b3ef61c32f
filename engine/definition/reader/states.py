"""States, and what may be done with a task besides its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition.expressions import Names
from engine.definition.grammar import SHAPES
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.clocks import ClockReader
from engine.definition.reader.conditions import read_requirements
from engine.definition.reader.diagnostics import Book
from engine.definition.reader.periods import read_period
from engine.language import say
from engine.lifecycle.model.workflow import State, Verb
from engine.yamltext.nodes import Node


@dataclass(slots=True)
class StateReader:
    """Reads the states of one workflow and their own deadlines, and remembers where each stands."""

    book: Book
    audience: AudienceReader
    names: Names | None
    clocks: ClockReader
    #: Every state the workflow declares.
    known_states: Mapping[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    state_places: dict[str, Node] = field(default_factory=dict)

    def read_states(self, node: Node | None, default_verbs: Mapping[str, Verb]) -> None:
        """Read ``states:``; a state that is somebody's task has the default verbs, unless it has its own."""
        book = self.book
        for name, key, value in book.entries(node):
            self.state_places[name] = key
            part = book.open(value, "state")
            if part is None:
                continue
            title = book.read_text(part.value("title")) or name
            audience = self.audience.read(part.value("for"))
            own = self.read_verbs(part.value("verbs"))
            self.states[name] = State(
                id=name,
                title=title,
                audience=audience,
                final=book.read_flag(part.value("final")),
                help=book.read_text(part.value("help")),
                verbs={**default_verbs, **own} if audience else own,
            )
            self.clocks.read_own(name, title, part)

    def read_verbs(self, node: Node | None) -> dict[str, Verb]:
        """Read what may be done with a task besides its steps."""
        book = self.book
        if node is None or book.blank(node):
            return {}
        part = book.open(node, "verbs")
        found: dict[str, Verb] = {}
        for name, (key, value) in part.entries.items() if part is not None else ():
            if book.blank(value) and not any(key.required for key in SHAPES[name].values()):
                found[name] = Verb(id=name, by=())
                continue
            inner = book.open(value, name)
            if inner is None:
                continue
            pauses = [
                clock
                for clock, place in book.read_names(inner.value("pauses"))
                if self.clocks.known(clock, place)
            ]
            clock = book.read_name(inner.value("clock"))
            if clock is not None:
                self.clocks.known(clock, inner.value("clock") or key)
            require = read_requirements(book, inner.value("require"), self.names)
            found[name] = Verb(
                id=name,
                by=self.audience.read(inner.value("by")),
                clock=clock,
                most=read_period(book, inner.value("most"), least=1),
                times=book.read_integer(inner.value("times")) if "times" in SHAPES[name] else None,
                pauses=tuple(pauses),
                basis=book.read_text(inner.value("basis")),
                to=self._targets(inner.value("to")),
                keep_clocks=book.read_flag(inner.value("keep_clocks")),
                with_children=book.read_flag(inner.value("with_children")),
                among=self.audience.read(inner.value("among")),
                receipt=book.read_flag(inner.value("receipt")),
                approve=self.audience.read(inner.value("approve")),
                require=tuple(requirement for requirement, _ in require),
            )
        return found

    def _targets(self, node: Node | None) -> tuple[str, ...]:
        names = self.book.read_names(node)
        for name, place in names:
            if name not in self.known_states:
                message = say("没有环节“{name}”", name=name)
                self.book.unknown("unknown-state", place, message, name, self.known_states)
        return tuple(name for name, _ in names)
