"""What counts from the service of a paper: days, clocks, states and steps of a process, worked out from what each of them reads. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import Call, Expression, ExpressionNode, Name
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.value import named_value

#: Functions that ask whether there is something, and not when it was.
_WHETHER = frozenset({"filled", "empty"})
#: What a paper becomes by steps that bring its service about.
_MAKES = frozenset({"approved", "served"})
Path = tuple[str, ...]


@named_value
class CountedFromService:
    """What counts in a process from the service of one kind of paper."""

    kind: str
    #: The states from which a person serves it, in the order of their steps.
    served_from: tuple[str, ...]
    #: Other states, in which it counts as served once a clock ends: while it is announced.
    announced: frozenset[str]
    #: The days that are known from its service, and what is worked out from them: (``case``, field) or (``forms``, form, field).
    days: frozenset[Path]
    #: The clocks that stop when it is made void.
    clocks: frozenset[str]
    #: The states in which its service has an effect still.
    states: frozenset[str]
    #: The steps that read it in their conditions, wherever they are taken after the service.
    reading: frozenset[str]
    #: The steps that are taken from `states` alone: where they bring the case on, it is because of the service.
    moving: frozenset[str]
    #: The states after its service in which a step may be taken.
    after: frozenset[str]
    #: The states in which the form is filled that the paper is made of, in the order of their steps.
    made_in: tuple[str, ...] = ()
    #: The days of that form that count while the paper is to be served, each with the fields set to the same: the day it is made.
    made_on: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    #: The fields the step that makes the paper sets.
    sets: frozenset[str] = frozenset()
    #: The fields that are worked out from its service later on, as the end of a term: those of the next are worked out anew.
    later: frozenset[str] = frozenset()
    #: The papers that are made by the same step and served along with it: they refer to each other, and to one day.
    along: frozenset[str] = frozenset()
    #: The kinds of publications that are made because of the service.
    published: frozenset[str] = frozenset()
    #: Processes that are handed such a day -> their fields that hold it.
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Processes of `children` -> the final state in which this one ends them.
    ends: Mapping[str, str] = field(default_factory=dict)


def counted_from_service(workflow: Workflow) -> dict[str, CountedFromService]:
    """Return what counts from the service of each kind of paper that a step of `workflow` enters with its day."""
    kinds = dict.fromkeys(
        effect.arguments["paper"]
        for step in workflow.transitions
        for effect in step.then
        if _serves(effect, None) and isinstance(effect.arguments.get("on"), Expression)
    )
    return {kind: _Looking(workflow, kind).found() for kind in kinds}


def read_by_child(workflow: Workflow, fields: frozenset[str]) -> frozenset[str]:
    """Return the clocks of a process that count from fields it was handed."""
    days = frozenset(("case", name) for name in fields)
    clocks = {clock.id for clock in workflow.clocks.values() if _clock_reads(clock, days)}
    return frozenset(_with_those_beside(workflow, clocks))


@dataclass(slots=True)
class _Looking:
    """Looks for what counts from the service of one kind of paper."""

    workflow: Workflow
    kind: str

    def found(self) -> CountedFromService:
        workflow = self.workflow
        serving = [step for step in workflow.transitions if self._serves(step)]
        own = self._own_days(serving)
        feeding = self._feeding(serving, own)
        made = frozenset(
            ("forms", step.form) for step in workflow.transitions if step.form and self._renders(step)
        )
        barred = [step for step in workflow.transitions if self._bars(step, own)]
        after = self._after(serving, barred)
        days, clocks = self._closed(own, made, after, barred)
        free = [step for step in workflow.transitions if step not in barred and after & set(step.sources)]
        read = days | {("clocks", name) for name in clocks}
        reading = {step.id for step in free if _reads(step, read | made) or self._starts(step, clocks)}
        children = self._children(read)
        states = {state for name in clocks for state in workflow.clocks[name].during if state in after}
        states |= {
            state
            for step in free
            if step.id in reading or (step.join is not None and step.join.workflow in children)
            for state in step.sources
            if state in after
        }
        moving = {step.id for step in free if states.issuperset(step.sources)}
        stopped = {
            clock.id
            for clock in workflow.clocks.values()
            if clock.id != VOID_PAPER
            and (clock.id in clocks or (clock.during and states.issuperset(clock.during)))
        }
        bringing = (*serving, *feeding)
        announced = {state for step in bringing if step.on_expiry for state in step.sources}
        by_hand = [state for step in bringing if not step.by_engine for state in step.sources]
        served_from = tuple(state for state in dict.fromkeys(by_hand) if state not in announced)
        return CountedFromService(
            kind=self.kind,
            served_from=served_from,
            announced=frozenset(announced),
            days=days,
            clocks=frozenset(stopped),
            states=frozenset(states),
            reading=frozenset(reading),
            moving=frozenset(moving),
            after=after,
            made_in=self._made_in(states, served_from, announced),
            made_on=self._made_on(served_from),
            sets=frozenset(
                name
                for step in workflow.transitions
                if step.form and self._renders(step)
                for name, value in _set(step)
                if value is not None
            ),
            later=frozenset(
                name
                for root, name, *_ in days
                if root == "case" and not any(name == one for step in bringing for one, _ in _set(step))
            ),
            along=self._along(),
            published=frozenset(
                str(effect.arguments["publish"])
                for step in free
                if step.id in reading or step.id in moving
                for effect in step.then
                if effect.kind == "publish" and not effect.arguments.get(ABOVE)
            ),
            children=children,
            ends={
                str(effect.arguments["end"]): str(effect.arguments["to"])
                for step in workflow.transitions
                for effect in step.then
                if effect.kind == "end" and effect.arguments["end"] in children
            },
        )

    def _made_in(
        self, states: Collection[str], served_from: Collection[str], announced: Collection[str]
    ) -> tuple[str, ...]:
        """Return the states in which a person fills the form of the paper, but those in which it has an effect; those before it is served, where there are any."""
        found = dict.fromkeys(
            state
            for step in self.workflow.transitions
            if step.form and not step.by_engine and self._renders(step)
            for state in step.sources
        )
        before = [state for state in found if state not in states and state not in announced]
        return tuple(state for state in before if state not in served_from) or tuple(before)

    def _made_on(self, served_from: Collection[str]) -> dict[Path, tuple[str, ...]]:
        """Return the days of the form of the paper from which clocks count while it is to be served."""
        found: dict[Path, tuple[str, ...]] = {}
        making = [step for step in self.workflow.transitions if step.form and self._renders(step)]
        for clock in self.workflow.clocks.values():
            if not clock.during.intersection(served_from):
                continue
            names = {name[:3] for limit in clock.limits if limit.since for name in limit.since.names()}
            for step in making:
                for path in sorted(names):
                    if len(path) == 3 and path[:2] == ("forms", step.form):
                        same = f"form.{path[2]}"
                        fields = [
                            name
                            for other in making
                            for name, value in _set(other)
                            if value is not None and value.source.strip() == same
                        ]
                        found[path] = tuple(dict.fromkeys(fields))
        return found

    def _along(self) -> frozenset[str]:
        """Return the other kinds that one step makes and another serves along with this one."""
        made: dict[str, set[str]] = {}
        served: dict[str, set[str]] = {}
        for step in self.workflow.transitions:
            for effect in step.then:
                if effect.kind == "render":
                    made.setdefault(step.id, set()).add(str(effect.arguments["render"]))
                if _serves(effect, None):
                    served.setdefault(step.id, set()).add(str(effect.arguments["paper"]))
        groups = [
            {kind for one in found.values() if self.kind in one for kind in one} for found in (made, served)
        ]
        return frozenset((groups[0] & groups[1]) - {self.kind})

    def _starts(self, step: Transition, clocks: frozenset[str]) -> bool:
        """Tell whether a step brings a case to where one of `clocks` begins."""
        return step.target is not None and any(
            step.id in clock.starts_on
            or (step.target in clock.during and not clock.during & set(step.sources))
            for clock in (self.workflow.clocks[name] for name in clocks)
        )

    def _serves(self, step: Transition) -> bool:
        return any(_serves(effect, self.kind) for effect in step.then)

    def _renders(self, step: Transition) -> bool:
        return any(
            effect.kind == "render" and effect.arguments["render"] == self.kind for effect in step.then
        )

    def _own_days(self, serving: Iterable[Transition]) -> frozenset[Path]:
        """Return where the day of service is: what the steps that enter it read, and fields they set to the same."""
        found: set[Path] = set()
        for step in serving:
            days = [
                on
                for effect in step.then
                if _serves(effect, self.kind) and isinstance(on := effect.arguments.get("on"), Expression)
            ]
            for on in days:
                found |= {_own(step, path) for path in on.names() if path[0] in ("form", "forms", "case")}
            written = {on.source.strip() for on in days}
            found |= {
                ("case", name)
                for name, value in _set(step)
                if value is not None and value.source.strip() in written
            }
        return frozenset(found)

    def _feeding(self, serving: Sequence[Transition], own: frozenset[Path]) -> list[Transition]:
        """Return the steps that set such a field and bring a case to where the engine enters the service."""
        entered = {state for step in serving if step.by_engine for state in step.sources}
        return [
            step
            for step in self.workflow.transitions
            if step.target in entered and any(("case", name) in own for name, _ in _set(step))
        ]

    def _bars(self, step: Transition, own: frozenset[Path]) -> bool:
        """Tell whether a step makes the paper, approves or serves it, or sets the day anew."""
        return any(
            (effect.kind == "render" and effect.arguments["render"] == self.kind)
            or (
                effect.kind == "paper"
                and effect.arguments["paper"] == self.kind
                and effect.arguments["becomes"] in _MAKES
            )
            for effect in step.then
        ) or any(("case", name) in own for name, _ in _set(step))

    def _after(self, serving: Iterable[Transition], barred: Sequence[Transition]) -> frozenset[str]:
        """Return the states a case comes to once the paper is served, before it would be served again."""
        waiting = [state for step in serving for state in ([step.target] if step.target else step.sources)]
        found: set[str] = set()
        while waiting:
            state = waiting.pop()
            if state in found:
                continue
            found.add(state)
            waiting += [
                step.target for step in self.workflow.leaving(state) if step.target and step not in barred
            ]
        return frozenset(found)

    def _closed(
        self,
        own: frozenset[Path],
        made: frozenset[Path],
        after: frozenset[str],
        barred: Sequence[Transition],
    ) -> tuple[frozenset[Path], frozenset[str]]:
        """Return the days and clocks that count from the service, and whatever is worked out from these."""
        days: set[Path] = set(own)
        clocks: set[str] = set()
        while True:
            before = len(days) + len(clocks)
            for clock in self.workflow.clocks.values():
                of_paper = after.issuperset(clock.during) and _clock_reads(clock, made)
                if of_paper or (after & clock.during and _clock_reads(clock, frozenset(days))):
                    clocks.add(clock.id)
            clocks = _with_those_beside(self.workflow, clocks)
            read = frozenset(days) | {("clocks", name) for name in clocks}
            days |= {
                ("case", name)
                for step in self.workflow.transitions
                if step not in barred and after & set(step.sources)
                for name, value in _set(step)
                if value is not None and _any_of(_days_read(value.node), read)
            }
            if len(days) + len(clocks) == before:
                return frozenset(days), frozenset(clocks)

    def _children(self, read: frozenset[Path]) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for step in self.workflow.transitions:
            for effect in step.then:
                if effect.kind != "start":
                    continue
                named = frozenset(
                    name
                    for name, value in effect.arguments.get("with", {}).items()
                    if isinstance(value, Expression) and _any_of(value.names(), read)
                )
                if named:
                    workflow = str(effect.arguments["start"])
                    found[workflow] = found.get(workflow, frozenset()) | named
        return found


def _serves(effect: Effect, kind: str | None) -> bool:
    arguments = effect.arguments
    return (
        effect.kind == "paper" and arguments["becomes"] == "served" and kind in (None, arguments.get("paper"))
    )


def _set(step: Transition) -> Iterator[tuple[str, Expression | None]]:
    """Yield the fields a step sets, each with the expression that gives its value; None for one that is written out."""
    for effect in step.then:
        if effect.kind == "set":
            for name, value in effect.arguments["set"].items():
                yield name, value if isinstance(value, Expression) else None


def _own(step: Transition, path: Path) -> Path:
    """Return a name of the form that is being filled in as one of the forms of the case."""
    return ("forms", str(step.form), *path[1:]) if path[0] == "form" and step.form else path


def _reads(step: Transition, paths: frozenset[Path]) -> bool:
    return any(_any_of(_days_read(condition.expression.node), paths) for condition in step.conditions)


def _clock_reads(clock: ClockRule, paths: frozenset[Path]) -> bool:
    return any(_any_of(expression.names(), paths) for expression in clock.read)


def _any_of(names: Iterable[Path], paths: frozenset[Path]) -> bool:
    """Tell whether one of `names` is one of `paths`, or within it."""
    return any(name[:size] in paths for name in names for size in range(1, len(name) + 1))


def _days_read(node: ExpressionNode) -> Iterator[Path]:
    """Yield the names an expression looks up for more than whether they have a value."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Call) and one.name in _WHETHER:
            continue
        if isinstance(one, Name):
            yield one.path
        waiting.extend(one.parts())


def _with_those_beside(workflow: Workflow, clocks: set[str]) -> set[str]:
    found = set(clocks)
    while more := {c.id for c in workflow.clocks.values() if c.beside & found} - found:
        found |= more
    return found
