"""States, clocks and what may be done with a task besides its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.nodes import Node
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.book import Book, Part
from engine.definition.reader.conditions import read_expression, read_requirements
from engine.definition.reader.periods import read_limit, read_period, read_reminders
from engine.definition.shapes import SHAPES
from engine.definition.types import Kind, called
from engine.language import say
from engine.lifecycle.expression import Expression
from engine.lifecycle.model import Clock, OverdueStep, Reminder, Roll, State, Verb


@dataclass(slots=True)
class StateReader:
    """Reads the states and clocks of one workflow, and remembers where each stands."""

    book: Book
    audience: AudienceReader
    names: Names | None
    #: Every clock the workflow declares, those of single states too.
    known_clocks: frozenset[str]
    #: Every state the workflow declares.
    known_states: Mapping[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    state_places: dict[str, Node] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    clock_places: dict[str, Node] = field(default_factory=dict)
    reminders: list[tuple[str, Reminder, Node]] = field(default_factory=list)

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
            if "deadline" in part.entries:
                self._clock(name, title, frozenset((name,)), part, None)
            else:
                self._needs_deadline(part)

    def _needs_deadline(self, part: Part) -> None:
        for name in ("remind", "overdue", "roll", "basis", "late_reason"):
            if name in part.entries:
                self.book.report(
                    "missing-key",
                    part.key(name),
                    say("有“{key}”而没有“deadline”（时限）", key=name),
                    say("提醒、逾期和依据都属于某个时限"),
                )

    def read_clocks(self, node: Node | None) -> None:
        """Read ``clocks:``; the states they run in must be known by now."""
        book = self.book
        for name, key, value in book.entries(node):
            part = book.open(value, "clock")
            if part is None:
                continue
            if name in self.clocks:
                book.report(
                    "duplicate-name",
                    key,
                    say("“{name}”已是环节自己的时限的名字", name=name),
                    say("请给这个时钟换一个编号"),
                )
                continue
            during = self._during(part)
            title = book.read_text(part.value("title")) or name
            self._clock(name, title, during, part, self._since(part))

    def _during(self, part: Part) -> frozenset[str]:
        found = set()
        for state, place in self.book.read_names(part.value("during")):
            if state not in self.state_places:
                self.book.unknown(
                    "unknown-state", place, say("没有环节“{name}”", name=state), state, self.state_places
                )
                continue
            known = self.states.get(state)
            if known is not None and known.final:
                self.book.report(
                    "final-with-task",
                    place,
                    say("“{name}”是终点，时限不会在那里计时", name=state),
                    say("请从 during（期间）里删去"),
                )
            found.add(state)
        return frozenset(found)

    def _since(self, part: Part) -> Expression | None:
        parsed = read_expression(self.book, part.value("since"), self.names)
        if parsed is None:
            return None
        if parsed.type.kind not in (Kind.DATE, Kind.DATETIME, Kind.ANY):
            self.book.report(
                "type-mismatch",
                part.value("since") or part.node,
                say("起算点应是日期，此处是{kind}", kind=called(parsed.type.kind)),
            )
        return parsed.expression

    def _clock(
        self, name: str, title: str, during: frozenset[str], part: Part, since: Expression | None
    ) -> None:
        book = self.book
        roll = Roll(book.read_word(part.value("roll"), keywords.ROLLS) or "none")
        limit = read_limit(book, part.value("deadline"), roll)
        reminders = read_reminders(book, part.value("remind"))
        overdue = tuple(self._overdue(part))
        if limit is None:
            return
        self.clocks[name] = Clock(
            id=name,
            title=title,
            during=during,
            limit=limit,
            since=since,
            basis=book.read_text(part.value("basis")),
            remind=tuple(reminder for reminder, _ in reminders),
            overdue=overdue,
            late_reason=book.read_flag(part.value("late_reason")),
        )
        self.clock_places[name] = part.key("deadline")
        self.reminders += [(name, reminder, place) for reminder, place in reminders]

    def _overdue(self, part: Part) -> list[OverdueStep]:
        book = self.book
        found = []
        for item in book.items(part.value("overdue")):
            step = book.open(item, "overdue")
            if step is None:
                continue
            after = read_period(book, step.value("after"))
            notify = self.audience.read(step.value("notify"))
            chain = self.audience.read_roles(step.value("escalate"))
            every = read_period(book, step.value("every"), least=1)
            heir = self.audience.read_roles(step.value("reassign"))
            if step.entries.keys().isdisjoint(("notify", "escalate", "reassign")):
                book.report(
                    "missing-key",
                    step.key("after"),
                    say("逾期后没有写通知谁"),
                    say("请写 notify（通知）、escalate（升级）或 reassign（转办）"),
                )
            if after is not None:
                urgent = book.read_flag(step.value("urgent"))
                escalate, above = (chain[0], chain[1:]) if chain else (None, ())
                found.append(
                    OverdueStep(after, notify, escalate, every, urgent, above, heir[0] if heir else None)
                )
        return found

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
                clock for clock, place in book.read_names(inner.value("pauses")) if self._known(clock, place)
            ]
            clock = book.read_name(inner.value("clock"))
            if clock is not None:
                self._known(clock, inner.value("clock") or key)
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

    def _known(self, clock: str, place: Node) -> bool:
        if clock in self.known_clocks:
            return True
        self.book.unknown(
            "unknown-clock", place, say("没有时限“{name}”", name=clock), clock, self.known_clocks
        )
        return False
