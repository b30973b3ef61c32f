"""Which forms, fields, parties and clocks can be set, and which surely are, when a case reaches a state.

A fixpoint over states and steps. A fact that is set stays set; ``may`` joins the ways into a state, ``must`` keeps what all
of them have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition import graph
from engine.definition.meaning.names_read import Fact
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import (
    Call,
    Compare,
    Expression,
    ExpressionNode,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.model.workflow import Effect, Workflow


@dataclass(frozen=True, slots=True)
class Entry:
    """One way a case begins: what it brings with it. `starter`: the workflow and the effect that open it; None: a person."""

    facts: frozenset[Fact]
    starter: str | None = None
    effect: Effect | None = None
    #: What the starter calls its own fields, and those of its forms.
    known: frozenset[str] = frozenset()
    #: Those of `facts` that need not be there.
    unsure: frozenset[Fact] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state to another, or to itself."""

    source: str
    target: str
    #: The number of the step; -1 for a return to an earlier state.
    step: int
    may: frozenset[Fact] = frozenset()
    #: What it may set and what it surely sets, in bits.
    may_bits: int = 0
    must_bits: int = 0


@dataclass(slots=True)
class _Bits:
    """Sets of facts as whole numbers, a bit for each fact: to join and compare them costs a tenth."""

    numbers: dict[Fact, int] = field(default_factory=dict)
    sets: dict[int, frozenset[Fact]] = field(default_factory=dict)

    def of(self, facts: Iterable[Fact]) -> int:
        bits = 0
        for fact in facts:
            bits |= 1 << self.numbers.setdefault(fact, len(self.numbers))
        return bits

    def facts(self, bits: int) -> frozenset[Fact]:
        found = self.sets.get(bits)
        if found is None:
            found = self.sets[bits] = frozenset(
                fact for fact, number in self.numbers.items() if bits >> number & 1
            )
        return found


def facts_set(effects: Iterable[Effect], workflow: Workflow, form: str | None) -> Iterable[tuple[Fact, bool]]:
    """Yield what some effects set, and whether they surely do: without a condition, and to what is surely there.

    `form` is the one whose answers they read.
    """
    for effect in effects:
        where = {"set": "case", "assign": "parties"}.get(effect.kind)
        if where is not None and ABOVE not in effect.arguments:
            for name, value in effect.arguments[effect.kind].items():
                lacks = isinstance(value, Expression) and may_lack(value.node, workflow, form)
                yield (where, name), effect.when is None and not lacks


def may_lack(node: ExpressionNode, workflow: Workflow, form: str | None) -> bool:
    """Tell whether a value may be missing because an answer it is made of need not be given."""
    if isinstance(node, Name):
        asked_in = form if node.path[0] == "form" else node.path[1] if node.path[0] == "forms" else None
        at = 1 if node.path[0] == "form" else 2
        found = workflow.forms.get(asked_in or "") if len(node.path) == at + 1 else None
        asked = found.field(node.path[at]) if found is not None else None
        return asked is not None and asked.answered and (not asked.required or asked.relevant is not None)
    if isinstance(node, Call) and node.name == "first_filled":
        return all(may_lack(part, workflow, form) for part in node.arguments)
    if isinstance(node, (Compare, Logic, Not, OverRows)):
        return isinstance(node, OverRows) and node.name in ("min", "max")
    return any(may_lack(part, workflow, form) for part in node.parts())


def written_by_steps(workflow: Workflow) -> list[tuple[frozenset[Fact], frozenset[Fact]]]:
    """Return what each step may set, and what it surely sets, in the order of the steps."""
    started: dict[str, list[Fact]] = {}
    for clock in workflow.clocks.values():
        for step in clock.starts_on:
            started.setdefault(step, []).append(("clocks", clock.id))
    written = []
    for transition in workflow.transitions:
        found = dict(facts_set(transition.then, workflow, transition.form))
        if transition.form is not None:
            found["forms", transition.form] = True
        found.update(dict.fromkeys(started.get(transition.id, ()), True))
        written.append((frozenset(found), frozenset(fact for fact, sure in found.items() if sure)))
    return written


def entries_of(workflow: Workflow, others: Iterable[Workflow]) -> tuple[Entry, ...]:
    """Return every way a case of `workflow` begins."""
    found = []
    if workflow.start_by or workflow.calendar_start:
        facts = {fact for fact, _ in facts_set(workflow.start_then, workflow, workflow.start_form)}
        surely = {
            fact for fact, sure in facts_set(workflow.start_then, workflow, workflow.start_form) if sure
        }
        if workflow.start_form is not None:
            surely.add(("forms", workflow.start_form))
        # Whoever starts it through an interface of the product may give the people no step of its own names. A fact is
        # taken over from the case above, where that one calls it the same.
        above = {("case", name) for other in others if other is not workflow for name in other.fields}
        given = {fact for fact in _declared(workflow) if fact[0] == "parties" or fact in above}
        facts |= surely | (given - written_somewhere(workflow))
        found.append(Entry(frozenset(facts), unsure=frozenset(facts - surely)))
    for other in others:
        for step in other.transitions:
            for effect in step.then:
                if effect.kind == "start" and effect.arguments["start"] == workflow.id:
                    brought = {("case", name) for name in effect.arguments.get("with", ())}
                    brought |= {("parties", name) for name in effect.arguments.get("parties", ())}
                    known = {asked.name for form in other.forms.values() for asked in form.fields}
                    found.append(
                        Entry(frozenset(brought), other.id, effect, frozenset(known | {*other.fields}))
                    )
    return tuple(found)


def _declared(workflow: Workflow) -> set[Fact]:
    parties = workflow.parties.keys() - workflow.superiors.keys()
    return {("parties", name) for name in parties} | {("case", name) for name in workflow.fields}


def written_somewhere(workflow: Workflow) -> set[Fact]:
    """Return what the steps of a workflow write."""
    return {fact for may, _ in written_by_steps(workflow) for fact in may}


def left_to_starter(fact: Fact, entry: Entry, entries: Iterable[Entry]) -> bool:
    """Tell whether a fact a case needs is missing because of who started it: another does bring it, or it brings nothing."""
    if entry.effect is None or fact in entry.facts:
        return False
    key = {"parties": "parties", "case": "with"}.get(fact[0])
    if key is None:
        return False
    has_it = fact[0] == "case" and fact[1] in entry.known
    return key not in entry.effect.arguments or has_it or any(fact in other.facts for other in entries)


def says_nothing(effect: Effect) -> bool:
    """Tell whether a ``start`` hands over nothing at all."""
    return not {"with", "parties", "about", "each"} & effect.arguments.keys()


#: In a process of more steps, what is written on a way back counts as written: the cost of the check stays that of the file.
MOST_STEPS = 400


@dataclass(slots=True)
class Ways:
    """All ways through one workflow."""

    workflow: Workflow
    entries: tuple[Entry, ...]
    #: Those of the workflow, where they are known already.
    edges: list[Edge] = field(default_factory=list)
    bits: _Bits = field(default_factory=_Bits)
    _entered: dict[frozenset[str], frozenset[Fact] | None] = field(default_factory=dict)
    _may: dict[frozenset[int], Mapping[str, frozenset[Fact]]] = field(default_factory=dict)
    _must: Mapping[str, frozenset[Fact]] | None = None
    #: For each step what it may set, and what it surely sets.
    written: Sequence[tuple[frozenset[Fact], frozenset[Fact]]] = ()
    _writers: Mapping[Fact, Sequence[int]] | None = None
    _leading: Mapping[str, Sequence[Edge]] | None = None
    _by_hubs: tuple[dict[str, list[tuple[int, str, int]]], Collection[str]] | None = None
    _again: frozenset[str] | None = None
    _returned_to: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.edges:
            return
        self.written = written_by_steps(self.workflow)
        states = self.workflow.states
        taken_from = graph.taken_from(self.workflow)
        for number, step in enumerate(self.workflow.transitions):
            may, must = self.written[number]
            bits = self.bits.of(may), self.bits.of(must)
            for source in taken_from[number]:
                if source in states and not states[source].final:
                    self.edges.append(Edge(source, step.target or source, number, may, *bits))
        self.edges += self._returns()

    def begun_by(self, entry: Entry) -> Ways:
        """Return the ways of a case that begins by one entry."""
        return Ways(self.workflow, (entry,), self.edges, self.bits, written=self.written)

    def writers(self, fact: Fact) -> Sequence[int]:
        """Return the numbers of the steps that may set a fact."""
        if self._writers is None:
            found: dict[Fact, list[int]] = {}
            for number, (may, _) in enumerate(self.written):
                for one in may:
                    found.setdefault(one, []).append(number)
            self._writers = found
        return self._writers.get(fact, ())

    def before(self, without: Collection[int]) -> Mapping[str, frozenset[Fact]]:
        """Return, for each state, what can be set there before some steps are taken for the first time."""
        steps = self.workflow.transitions
        # A state on no circle is entered once: all that is written on the way was written before.
        once = len(without) == 1 and not self._passed_again(steps[next(iter(without))].sources)
        return self.may() if once or len(steps) > MOST_STEPS else self.may(without)

    def taken_again(self, number: int) -> bool:
        """Tell whether a step may be taken more than once in a case."""
        step = self.workflow.transitions[number]
        if self._returned_to is None:
            leads = {source: targets - {source} for source, targets in self._leads().items()}
            self._returned_to = frozenset(graph.on_circles(leads))
        return step.target is None or not self._returned_to.isdisjoint(step.sources)

    def _passed_again(self, states: Collection[str]) -> bool:
        """Tell whether a case may come to one of some states more than once, or a step is taken in it that stays."""
        if self._again is None:
            self._again = frozenset(graph.on_circles(self._leads()))
        return not self._again.isdisjoint(states)

    def _leads(self) -> dict[str, set[str]]:
        leads: dict[str, set[str]] = {name: set() for name in self.workflow.states}
        for edge in self.edges:
            leads[edge.source].add(edge.target)
        return leads

    def leading_from(self, state: str) -> Sequence[Edge]:
        """Return the ways out of a state and those that stay in it, returns among them."""
        if self._leading is None:
            found: dict[str, list[Edge]] = {}
            for edge in self.edges:
                found.setdefault(edge.source, []).append(edge)
            self._leading = found
        return self._leading.get(state, ())

    def _returns(self) -> list[Edge]:
        """Return the ways back and out that are no steps: 退回 and 作废."""
        found = []
        before: dict[str, set[str]] | None = None
        for name, state in self.workflow.states.items():
            void, back = state.verbs.get("void"), state.verbs.get("return")
            targets = list(void.to) if void else []
            if back is not None:
                if before is None:
                    before = self._before()
                targets += back.to or sorted(before[name])
            found += [Edge(name, target, -1) for target in targets if target in self.workflow.states]
        return found

    def _before(self) -> dict[str, set[str]]:
        """Return, for each state, those a case can have passed."""
        found: dict[str, set[str]] = {name: set() for name in self.workflow.states}
        moved = True
        while moved:
            moved = False
            for edge in self.edges:
                passed = found[edge.source] | {edge.source}
                if not passed <= found[edge.target]:
                    found[edge.target] |= passed
                    moved = True
        return found

    def may(self, without: Collection[int] = ()) -> Mapping[str, frozenset[Fact]]:
        """Return, for each state a case can reach, what can be set there; `without` some steps, by number."""
        key = frozenset(without)
        found = self._may.get(key)
        if found is None:
            facts = self.bits.facts
            found = self._may[key] = {state: facts(bits) for state, bits in self._spread(key).items()}
        return found

    def must(self) -> Mapping[str, frozenset[Fact]]:
        """Return, for each state a case can reach, what is set there on every way."""
        if self._must is None:
            found: dict[str, int] = {}
            begins = [entry.facts - entry.unsure for entry in self.entries] or [frozenset()]
            found[self.workflow.initial] = self.bits.of(begins[0].intersection(*begins))
            waiting = deque([self.workflow.initial])
            while waiting:
                state = waiting.popleft()
                for edge in self.leading_from(state):
                    there = found[state] | edge.must_bits
                    known = found.get(edge.target)
                    kept = there if known is None else known & there
                    if kept != known:
                        found[edge.target] = kept
                        waiting.append(edge.target)
            self._must = {state: self.bits.facts(bits) for state, bits in found.items()}
        return self._must

    def on_first_entering(self, states: Collection[str]) -> frozenset[Fact] | None:
        """Return what can be set when a case comes into one of `states` for the first time; None: it never does."""
        key = frozenset(states)
        if key not in self._entered:
            self._entered[key] = self._first_entering(key)
        return self._entered[key]

    def _first_entering(self, states: frozenset[str]) -> frozenset[Fact] | None:
        if self.workflow.initial in states:
            return self.bits.facts(self._begin())
        before = self._spread(frozenset(), stop=states)
        found: int | None = None
        for edge in self.edges:
            if edge.target in states and edge.source not in states and edge.source in before:
                found = (found or 0) | before[edge.source] | edge.may_bits
        return None if found is None else self.bits.facts(found)

    def _begin(self) -> int:
        return self.bits.of(fact for entry in self.entries for fact in entry.facts)

    def _spread(self, without: frozenset[int], stop: frozenset[str] = frozenset()) -> dict[str, int]:
        """Return, for each state a case can reach, the bits of what can be set there."""
        outward, hubs = self.by_hubs()
        found: dict[str, int] = {self.workflow.initial: self._begin()}
        waiting = deque(found)
        # A state that waits already is not put in line again.
        queued = set(found)
        while waiting:
            state = waiting.popleft()
            queued.remove(state)
            if state in stop:
                continue
            here = found[state]
            for step, target, bits in outward.get(state, ()):
                if step in without or target in stop:
                    continue
                known = found.get(target)
                there = here | bits if known is None else here | bits | known
                if there != known:
                    found[target] = there
                    if target not in queued:
                        queued.add(target)
                        waiting.append(target)
        for hub in hubs:
            found.pop(hub, None)
        return found

    def by_hubs(self) -> tuple[Mapping[str, Sequence[tuple[int, str, int]]], Collection[str]]:
        """Return where each state leads, and which of the names there are hubs and no states.

        Of each way: the number of the step (below 0: none), the target, what it may set in bits. Steps that lead from the same many
        states to one are joined in a hub which all those states lead to: of steps ``from: any`` there are as many ways as steps and
        states together, and not as many as the one times the other.
        """
        if self._by_hubs is None:
            self._by_hubs = _by_hubs(self.edges)
        return self._by_hubs


#: Steps from so many states lead through a hub.
_MANY = 8


def _by_hubs(edges: Iterable[Edge]) -> tuple[dict[str, list[tuple[int, str, int]]], Collection[str]]:
    sources: dict[int, list[str]] = {}
    targets: dict[int, tuple[str, int]] = {}
    found: dict[str, list[tuple[int, str, int]]] = {}
    for edge in edges:
        if edge.step >= 0:
            sources.setdefault(edge.step, []).append(edge.source)
            if edge.source != edge.target:
                targets[edge.step] = edge.target, edge.may_bits
    many = {step for step in targets if len(sources[step]) >= _MANY}
    for edge in edges:
        if edge.step not in many:
            found.setdefault(edge.source, []).append((edge.step, edge.target, edge.may_bits))
    hubs: dict[frozenset[str], str] = {}
    for step in sorted(many):
        froms = frozenset(sources[step])
        hub = hubs.get(froms)
        if hub is None:
            # No state is called so.
            hub = hubs[froms] = f" {len(hubs)}"
            for source in sources[step]:
                found.setdefault(source, []).append((-1, hub, 0))
        target, bits = targets[step]
        found.setdefault(hub, []).append((step, target, bits))
    return found, tuple(hubs.values())
