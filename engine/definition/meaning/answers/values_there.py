"""Which answers a question can have when a case is in a state: what the steps on the way there were taken for."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.definition.meaning.answers.number_bounds import NUMBERS
from engine.definition.meaning.answers.numbers_there import (
    FieldWrite,
    numbers_distinguished,
    numbers_given,
    writes,
)
from engine.definition.meaning.fields_known import fields_of
from engine.definition.meaning.gaps import texts_kept
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.starters import answers_left, can_hold, conditions_of, values_given
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.ways import MOST_STEPS, may_lack
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Logic, Name, Not
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect, Transition

Path = tuple[str, ...]
#: The answers there can be; None among them: none was given.
Answers = frozenset[Any]
_NONE: Answers = frozenset({None})
#: Questions with more answers are not followed.
MOST_ANSWERS = 40


def taken_when(subject: MeaningInput, number: int) -> list[ExpressionNode]:
    """Return what must hold for an outcome of a step to be taken: its own conditions, and none of those of the outcomes before it."""
    steps = subject.workflow.transitions
    step = steps[number]
    before = [
        Not(other.when.expression.node)
        for other in steps[max(0, number - 16) : number]
        if other.id == step.id and other.when is not None and set(step.sources) <= set(other.sources)
    ]
    return [*conditions_of(subject.workflow, step), *before]


@dataclass(slots=True)
class ValuesThere:
    """The answers to the questions of one workflow, worked out for those that are asked after."""

    subject: MeaningInput
    _found: dict[Path, Mapping[str, Answers] | None] = field(default_factory=dict)
    _conditions: dict[int, list[ExpressionNode]] = field(default_factory=dict)
    #: Question -> the number of each step whose conditions ask for it, with those conditions.
    _asking: dict[Path, dict[int, list[ExpressionNode]]] | None = None
    _all: dict[Path, Answers | None] = field(default_factory=dict)

    @classmethod
    def of(cls, subject: MeaningInput) -> ValuesThere:
        """Return the answers of a workflow, worked out once for all rules."""
        if subject.values is None:
            subject.values = cls(subject)
        found: ValuesThere = subject.values
        return found

    def conditions(self, number: int) -> list[ExpressionNode]:
        """Return what must hold for an outcome of a step to be taken."""
        found = self._conditions.get(number)
        if found is None:
            found = self._conditions[number] = taken_when(self.subject, number)
        return found

    def before(self, path: Path, sources: Sequence[str]) -> Answers | None:
        """Return the answers to a question there can be in some states; None where they are not known."""
        if path not in self._found:
            self._found[path] = self._worked_out(path)
        there = self._found[path]
        if there is None:
            return None
        return frozenset[Any]().union(*(there.get(state, frozenset()) for state in sources))

    def asked_by(self, path: Path) -> set[str]:
        """Return the names of the steps whose conditions ask for a question."""
        steps = self.subject.workflow.transitions
        return {steps[number].id for number in self._asked_at().get(path, ())}

    def _about(self, number: int, path: Path) -> list[ExpressionNode]:
        """Return the conditions of a step that ask for a question."""
        return self._asked_at().get(path, {}).get(number, [])

    def _asked_at(self) -> Mapping[Path, Mapping[int, list[ExpressionNode]]]:
        if self._asking is None:
            self._asking = {}
            for number, step in enumerate(self.subject.workflow.transitions):
                for node in self.conditions(number):
                    for name in names_in([node], step):
                        self._asking.setdefault(name, {}).setdefault(number, []).append(node)
        return self._asking

    def _asked_by_forms(self) -> Iterator[tuple[Transition, ExpressionNode]]:
        """Yield what the questions of the forms steps fill in ask for, each with one of these steps."""
        workflow = self.subject.workflow
        for step in {step.form: step for step in workflow.transitions if step.form}.values():
            for asked in workflow.forms[step.form or ""].fields:
                yield from ((step, one.that.expression.node) for one in asked.constraints)
                yield from ((step, offer.when.expression.node) for offer in asked.offered)

    def _worked_out(self, path: Path) -> Mapping[str, Answers] | None:
        subject = self.subject
        workflow, ways = subject.workflow, subject.ways
        every = self.every(path)
        if every is None or not ways.entries or len(workflow.transitions) > MOST_STEPS:
            return None
        found = {workflow.initial: self._begins(path, every)}
        corrected = _corrected(subject) if path[0] == "forms" else frozenset()
        after: dict[tuple[int, Answers], Answers] = {}
        waiting, queued = deque([workflow.initial]), {workflow.initial}
        # What comes of several answers is what comes of each: a hub is for many states.
        leading, hubs = ways.by_hubs()
        while waiting:
            state = waiting.popleft()
            queued.remove(state)
            there = found[state]
            if state in corrected and there != _NONE:
                there |= every
            for step, target, _ in leading.get(state, ()):
                if step < 0:
                    then = there
                else:
                    key = (step, there)
                    if key not in after:
                        after[key] = self._after(path, step, there, every)
                    then = after[key]
                known = found.get(target)
                if then and (known is None or not then <= known):
                    found[target] = then | (known or frozenset())
                    if target not in queued:
                        queued.add(target)
                        waiting.append(target)
        for hub in hubs:
            found.pop(hub, None)
        for state in corrected & found.keys():
            if found[state] != _NONE:
                found[state] |= every
        return found

    def every(self, path: Path) -> Answers | None:
        """Return all answers a question may have; None where they are not few, or not known."""
        if path not in self._all:
            self._all[path] = self._every(path)
        return self._all[path]

    def _every(self, path: Path) -> Answers | None:
        asked = fields_of(self.subject.workflow, None)(path)
        if asked is None or not asked.answered:
            return None
        if path[0] == "forms" and not self._filled_in(path[1]):
            return None
        if asked.type is FieldType.BOOLEAN:
            return frozenset({True, False})
        if asked.type is FieldType.CHOICE and 0 < len(asked.choices) <= MOST_ANSWERS:
            return frozenset(asked.choices)
        if asked.type in NUMBERS:
            steps = self.subject.workflow.transitions
            asking = [
                *self._asked_by_forms(),
                *(
                    (steps[number], node)
                    for number, nodes in self._asked_at().get(path, {}).items()
                    for node in nodes
                ),
            ]
            return numbers_distinguished(self.subject, path, asking)
        if path[0] == "case" and asked.type is FieldType.TEXT:
            kept = texts_kept(self.subject, path[1])
            return frozenset(kept) if kept else None
        return None

    def _filled_in(self, form: str) -> bool:
        """Tell whether a step fills in a form as a whole, rather than for an item."""
        workflow = self.subject.workflow
        return form == workflow.start_form or any(step.form == form for step in workflow.transitions)

    def _begins(self, path: Path, every: Answers) -> Answers:
        """Return the answers a case begins with."""
        workflow = self.subject.workflow
        fact = (path[0], path[1])
        brought = frozenset[Any]()
        for entry in self.subject.ways.entries:
            if fact not in entry.facts or fact in entry.unsure:
                brought |= _NONE
            if fact in entry.facts:
                brought |= self._brought(path, every)
            if path[0] == "forms" and fact in entry.facts:
                asked = fields_of(workflow, None)(path)
                brought |= _NONE if asked is None or _may_be_left_out(asked) else frozenset()
        return brought

    def _brought(self, path: Path, every: Answers) -> Answers:
        """Return the answers a case begins with that surely has one."""
        asked = fields_of(self.subject.workflow, None)(path)
        if asked is None or asked.type not in NUMBERS:
            return every
        if path[0] == "forms":
            form = self.subject.workflow.forms.get(path[1])
            own = _constraints(asked)
            return (
                answers_left(own, fields_of(self.subject.workflow, form), f"form.{path[2]}", every)
                if own
                else every
            )
        found = frozenset[Any]()
        for write in writes(self.subject, path[1]) or ():
            if write.at_first:
                found |= frozenset(numbers_given(write, every)) | self._lacks(write)
        return found

    @staticmethod
    def _lacks(write: FieldWrite) -> Answers:
        of, node = write.workflow, write.value.node if isinstance(write.value, Expression) else None
        return _NONE if node is not None and may_lack(node, of, write.step.form) else frozenset()

    def _after(self, path: Path, number: int, there: Answers, every: Answers) -> Answers:
        """Return the answers there can be after a step, of those there can be before it."""
        workflow = self.subject.workflow
        step = workflow.transitions[number]
        field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
        if path[0] == "forms" and path[1] == step.form:
            asked = field_of(("form", path[2]))
            nodes = [*self._about(number, path), *([] if asked is None else _constraints(asked))]
            given = answers_left(nodes, field_of, f"form.{path[2]}", every)
            return given | (_NONE if asked is None or _may_be_left_out(asked) else frozenset())
        about = self._about(number, path)
        if about:
            there = answers_left(about, field_of, ".".join(path), there)
        if path[0] != "case" or not there:
            return there
        found = set(there)
        for effect in step.then:
            if effect.kind == "set" and ABOVE not in effect.arguments and path[1] in effect.arguments["set"]:
                value = effect.arguments["set"][path[1]]
                given = self._set(step, effect, value, every)
                if effect.when is None and None not in given:
                    found.clear()
                found |= given
        return frozenset(found)

    def _set(self, step: Transition, effect: Effect, value: object, every: Answers) -> Answers:
        workflow = self.subject.workflow
        lacks = isinstance(value, Expression) and may_lack(value.node, workflow, step.form)
        if any(isinstance(one, Fraction) for one in every):
            # The set itself: many effects of one field have as many numbers.
            given: Collection[Any] = numbers_given(FieldWrite(workflow, step, effect, value), every)
        else:
            given = values_given(workflow, step, effect, value)
        return (frozenset(given) if given else every) | (_NONE if lacks else frozenset())


def _constraints(asked: Field) -> list[ExpressionNode]:
    return [one.that.expression.node for one in asked.constraints]


def _may_be_left_out(asked: Field) -> bool:
    return not asked.required or asked.relevant is not None


def names_in(nodes: Sequence[ExpressionNode], step: Transition) -> set[Path]:
    """Return the questions some conditions of a step ask for, those of its own form among the others."""
    found = set[Path]()
    for node in nodes:
        for part in walked(node):
            if isinstance(part, Name):
                path = part.path
                if path[0] == "form" and len(path) == 2 and step.form is not None:
                    found.add(("forms", step.form, path[1]))
                elif (path[0] == "case" and len(path) == 2) or (path[0] == "forms" and len(path) == 3):
                    found.add(path)
    return found


def _corrected(subject: MeaningInput) -> frozenset[str]:
    """Return the states in which an answer may be corrected: it is another then, whatever a step was taken for."""
    states = subject.workflow.states
    return frozenset(name for name, state in states.items() if "correct" in state.verbs)


def never_there(
    values: ValuesThere, number: int, node: ExpressionNode
) -> Iterator[tuple[ExpressionNode, Path, Answers]]:
    """Yield the parts of a condition that never hold with the answers to a question there can be when the step comes."""
    workflow = values.subject.workflow
    step = workflow.transitions[number]
    field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
    parts = (node, *node.items) if isinstance(node, Logic) and node.op == "or" else (node,)
    for part in parts:
        for path in sorted(names_in([part], step)):
            of_a_form = path[0] == "forms"
            if of_a_form and (path[1] == step.form or len(values.asked_by(path)) < 2):
                # What the step itself asks, and what no other step was taken for.
                continue
            every, there = values.every(path), values.before(path, step.sources)
            if every is None or there is None or there <= _NONE or there >= every:
                continue
            known = {".".join(path): sorted(there, key=str)}
            if not can_hold([part], field_of, known) and can_hold([part], field_of, {}):
                yield part, path, there
                return
