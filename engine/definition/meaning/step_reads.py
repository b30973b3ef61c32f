"""What a step reads that no way to it can have written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.names_read import Fact, facts_read
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.nodes import Node


@dataclass(slots=True)
class StepReads:
    """One step of a workflow, looked at over all ways that lead to it."""

    subject: MeaningInput
    number: int
    sources: list[str] = field(init=False)
    _sure: frozenset[Fact] = field(init=False)
    _always: frozenset[Fact] = field(init=False)
    _step: Transition = field(init=False)
    #: The steps of the same name.
    _same: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        steps = self.subject.workflow.transitions
        self._step = steps[self.number]
        self._same = self.subject.numbers_of(self._step.id)
        ways = self.subject.ways
        self.sources = [state for state in self._step.sources if state in ways.may()]
        surely = [ways.must().get(state, frozenset()) for state in self.sources]
        self._sure = frozenset[Fact]().union(*surely)
        self._always = surely[0].intersection(*surely) if surely else frozenset()

    def unwritten(self) -> Iterator[tuple[Node, Fact]]:
        """Yield where the step reads something, and what, that cannot be there."""
        if self.sources:
            yield from self._in_conditions()
            yield from self._in_effects()
            yield from self._in_form()
            yield from self._by()

    def notified(self) -> Iterator[tuple[Node, Fact]]:
        """Yield the messages for people none of whom can be there the first time."""
        workflow = self.subject.workflow
        for effect in self._step.then:
            names = effect.arguments["notify"] if effect.kind == "notify" else ()
            facts = [("parties", one) for name in names if (one := workflow.party_behind(name))]
            if not facts or len(facts) < len(names):
                continue
            before = self.subject.ways.before({self.number})
            own, _ = self.subject.ways.written[self.number]
            there = frozenset[Fact]().union(
                own, self._sure, *(before[state] for state in self.sources if state in before)
            )
            if not there & set(facts):
                yield self.subject.argument(self.number, effect, "notify"), facts[0]

    def _among(
        self, expressions: Iterable[Expression], without: Collection[int], also: frozenset[Fact] = frozenset()
    ) -> set[Fact]:
        """Return what is read and was not there the first time, when the steps `without` had not been taken yet."""
        # What is surely there in every state the step comes from is there the first time, too.
        read = facts_read((one.node for one in expressions), self.subject.workflow) - also - self._always
        if not read:
            return read
        before, must = self.subject.ways.before(without), self.subject.ways.must()
        # What is surely there only in a state that is come to by the step itself was not there the first time.
        reached = [before[state] | must[state] for state in self.sources if state in before]
        return {fact for fact in read if not any(fact in there for there in reached)} if reached else set()

    def _in_conditions(self) -> Iterator[tuple[Node, Fact]]:
        step, subject = self._step, self.subject
        if step.when is not None:
            for fact in self._among(step.when.expressions(), {self.number}):
                yield subject.place(step.when.expression, subject.key(self.number, "when", "to")), fact
        for requirement in (*step.require, *step.warn):
            place = subject.place(requirement.that.expression, subject.key(self.number, "require", "warn"))
            for fact in self._among(requirement.that.expressions(), self._same):
                yield place, fact

    def _in_effects(self) -> Iterator[tuple[Node, Fact]]:
        own, _ = self.subject.ways.written[self.number]
        for effect in self._step.then:
            for keys, expressions in expressions_of(effect):
                for fact in self._among(expressions, {self.number}, own):
                    yield self.subject.argument(self.number, effect, *keys), fact

    def _in_form(self) -> Iterator[tuple[Node, Fact]]:
        form = self.subject.workflow.forms.get(self._step.form or "")
        for asked in form.fields if form is not None else ():
            conditions = [asked.relevant, *(constraint.that for constraint in asked.constraints)]
            found = [one.expression for one in conditions if one is not None]
            if asked.computed is not None:
                found.append(asked.computed)
            for fact in self._among(found, self._same):
                yield self.subject.key(self.number, "form"), fact

    def _by(self) -> Iterator[tuple[Node, Fact]]:
        workflow, may = self.subject.workflow, self.subject.ways.may()
        for name in self._step.by:
            party = workflow.party_behind(name)
            fact = ("parties", party or name)
            if party is not None and not any(fact in may[state] for state in self.sources):
                yield self.subject.key(self.number, "by"), fact
