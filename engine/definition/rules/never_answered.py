"""A form nobody can fill in where a case comes to it: what was written on the way leaves no answer its constraints allow, or no code to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.definition.meaning.answers.facts_kept import FactsOfWays, facts_kept
from engine.definition.meaning.answers.number_bounds import NUMBERS
from engine.definition.meaning.answers.order_chains import contradict
from engine.definition.meaning.answers.values_there import ValuesThere
from engine.definition.meaning.domains import FieldOf, Path
from engine.definition.meaning.fields_known import STATE, fields_of
from engine.definition.meaning.gaps import fields_kept
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.starters import can_hold
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import (
    Compare,
    Expression,
    ExpressionNode,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the constraints and choices of forms that leave no answer in a step of the workflow."""
    asked: dict[str, list[_FormCondition]] = subject.known.asked_of_forms
    for number, step in enumerate(subject.workflow.transitions):
        form = subject.workflow.forms.get(step.form or "")
        if form is None or not any(state in subject.ways.may() for state in step.sources):
            continue
        if form.id not in asked:
            asked[form.id] = list(_asked(form))
        shown = [
            *(one for one in asked[form.id] if one.question not in (*step.hidden, *step.read_only)),
            *(
                _FormCondition(one.that.expression, one.that.expression.node, of_step=True)
                for one in step.require
                if any(path[0] in ("form", "case", "forms") for path in subject.paths(one.that.expression))
            ),
        ]
        if any(one.of_the_way for one in shown):
            yield from _StepFilled(subject, number, form).unanswered(shown)


@dataclass(frozen=True, slots=True)
class _FormCondition:
    """What must hold of the answers to a form."""

    expression: Expression
    node: ExpressionNode
    question: str | None = None
    #: The question whose codes are offered under conditions.
    offered: Field | None = None
    #: A requirement of the step.
    of_step: bool = False
    #: The names it reads, and those among them that are not of the form.
    read: frozenset[Path] = field(init=False)
    names: frozenset[Path] = field(init=False)

    def __post_init__(self) -> None:
        read = frozenset(part.path for part in walked(self.node) if isinstance(part, Name))
        object.__setattr__(self, "read", read)
        object.__setattr__(self, "names", frozenset(path for path in read if path[0] != "form"))

    @property
    def of_the_way(self) -> bool:
        """Tell whether it depends on what was written before, or on what may be chosen."""
        return self.offered is not None or any(path[0] in ("case", "forms") for path in self.names)


def _asked(form: Form) -> Iterator[_FormCondition]:
    """Yield what must hold of a form that is filled in: its constraints, those of what is always answered, and that a code is left."""
    for constraint in form.constraints:
        yield _FormCondition(constraint.that.expression, constraint.that.expression.node)
    for asked in form.fields:
        if not asked.required:
            continue
        for constraint in asked.constraints:
            yield _FormCondition(
                constraint.that.expression, _where_asked(asked, constraint.that.expression.node), asked.name
            )
        if asked.offered and asked.type in (FieldType.CHOICE, FieldType.CHOICES):
            node = _some_code(asked)
            if node is not None:
                yield _FormCondition(
                    asked.offered[0].when.expression, _where_asked(asked, node), asked.name, asked
                )


def _where_asked(asked: Field, node: ExpressionNode) -> ExpressionNode:
    return node if asked.relevant is None else Logic("or", (Not(asked.relevant.expression.node), node))


def _some_code(asked: Field) -> ExpressionNode | None:
    """Return that a code may be chosen; None where one always may and none is asked for."""
    codes: list[ExpressionNode] = []
    single = asked.type is FieldType.CHOICE
    free = False
    for code in asked.choices:
        offers = [offer.when.expression.node for offer in asked.offered if code in offer.codes]
        free = free or not offers
        chosen = [Compare(Name(("form", asked.name)), "==", Literal(code))] if single else []
        may = [offers[0] if len(offers) == 1 else Logic("or", tuple(offers))] if offers else []
        parts = (*chosen, *may)
        codes.append(Literal(True) if not parts else parts[0] if len(parts) == 1 else Logic("and", parts))
    if free and not single:
        return None
    return codes[0] if len(codes) == 1 else Logic("or", tuple(codes))


@dataclass(slots=True)
class _StepFilled:
    """A step that fills in a form, with what is known of the case when it comes."""

    subject: MeaningInput
    number: int
    form: Form
    step: Transition = field(init=False)
    field_of: FieldOf = field(init=False)
    #: What the form has by itself, and the step.
    of_form: FieldOf = field(init=False)
    of_step: FieldOf = field(init=False)

    def __post_init__(self) -> None:
        workflow = self.subject.workflow
        self.step = workflow.transitions[self.number]
        kept = fields_kept(self.subject, self.form)
        self.of_form = fields_of(None, self.form)
        self.of_step = plainly = fields_of(workflow, self.form, self.step.sources)
        self.field_of = lambda path: plainly(path) if path == STATE else kept(path)

    def unanswered(self, asked: Sequence[_FormCondition]) -> Iterator[RuleFinding]:
        """Yield the first of what cannot be answered, by itself or beside the others."""
        for one in asked:
            if one.of_the_way and self._never([one]):
                yield self._finding(one, self._kept([one]).written)
                return
        of_the_way = [one for one in asked if one.of_the_way]
        about = self._beside(of_the_way, asked)
        if len(about) > 1 and self._never(about):
            yield self._finding(of_the_way[-1], self._kept(about).written)

    def _beside(
        self, first: Sequence[_FormCondition], asked: Sequence[_FormCondition]
    ) -> list[_FormCondition]:
        """Return what asks for the same questions as some that depend on the way, and these."""
        names = frozenset[Path]().union(*(one.read for one in first))
        return [one for one in asked if one.read & names]

    def _kept(self, asked: Sequence[_FormCondition]) -> FactsOfWays:
        return facts_kept(self.subject, sorted({path for one in asked for path in one.names}))

    def _never(self, asked: Sequence[_FormCondition]) -> bool:
        """Tell whether no answers meet some conditions, whichever way the case came."""
        known, ways = self._known(asked), self._kept(asked).ways
        by_itself = any(one.offered for one in asked)
        if not (known or by_itself or any(ways) or self._bounded(asked)):
            return False
        nodes = [one.node for one in asked]
        for facts in ways:
            together = [*nodes, *facts]
            if not contradict(together, self.field_of) and can_hold(together, self.field_of, known):
                return False
        if not any(
            can_hold(facts, self.field_of, known) and not contradict(facts, self.field_of) for facts in ways
        ):
            # What is known contradicts itself: the way is none.
            return False
        # What is so whatever the way is said of the form.
        plainly = self.of_step if any(one.of_step for one in asked) else self.of_form
        return by_itself or (can_hold(nodes, plainly, {}) and not contradict(nodes, plainly))

    def _bounded(self, asked: Sequence[_FormCondition]) -> bool:
        """Tell whether some conditions read a number with bounds that was written before."""
        fields = (self.field_of(path) for one in asked for path in one.names if path[0] in ("case", "forms"))
        return any(one is not None and one.type in NUMBERS for one in fields)

    def _known(self, asked: Sequence[_FormCondition]) -> Mapping[str, Sequence[Any]]:
        values, known = ValuesThere.of(self.subject), {}
        for path in {path for one in asked for path in one.names}:
            if path[0] == "forms" and path[1:2] == (self.form.id,):
                continue
            there = values.before(path, self.step.sources) if len(path) in (2, 3) else None
            if there is not None and there - {None}:
                known[".".join(path)] = sorted(there - {None}, key=str)
        return known

    def _finding(self, one: _FormCondition, written: Mapping[Path, Any]) -> RuleFinding:
        subject, step = self.subject, self.step
        names = {"step": step.title, "form": self.form.title, "ways": self._ways(one, written)}
        if one.offered is not None:
            message = say(
                "“{step}”办到这里填“{form}”时，“{field}”没有一个选项可选，又必须填（{ways}），案件会一直停在这一步",
                field=one.offered.title,
                **names,
            )
            hint = say("请核对 offered（可选条件）和前面各步写入的内容，或留一个总是可选的选项")
        else:
            message = say(
                "“{step}”办到这里填“{form}”时，这个条件怎样填都不成立（{ways}），案件会一直停在这一步",
                **names,
            )
            hint = say("请核对这个条件和前面各步写入的内容")
        file, places = subject.known.forms.get(self.form.id, (None, None))
        if one.of_step:
            return RuleFinding(
                subject.place(one.expression, subject.key(self.number, "require")), message, hint
            )
        if places is None:
            return RuleFinding(subject.key(self.number, "form"), message, hint)
        return RuleFinding(places.place(one.expression), message, hint, file=file)

    def _ways(self, one: _FormCondition, written: Mapping[Path, Any]) -> list[Message]:
        """Return which steps wrote what a condition reads, and what can be there."""
        known = self._known([one])
        found = []
        for path in sorted(one.names):
            name = ".".join(path)
            if path[0] == "forms" and len(path) == 3:
                steps = [other.title for other in self.subject.workflow.transitions if other.form == path[1]]
            else:
                steps = [write.step.title or write.workflow.title for write in written.get(path, ())]
            if not steps:
                continue
            values = [value for value in known.get(name, ()) if not isinstance(value, Fraction)]
            values = values or [
                write.value.source
                for write in written.get(path, ())
                if isinstance(write.value, Expression) and not isinstance(write.value.node, Name)
            ]
            by = list(dict.fromkeys(steps))
            found.append(
                say(
                    "{name} 由“{steps}”写入：{values}",
                    name=name,
                    steps=by,
                    values=[_said(one) for one in values],
                )
                if values
                else say("{name} 由“{steps}”写入", name=name, steps=by)
            )
        return found or [say("没有先写入的内容，是这张表自己的条件")]


def _said(value: Any) -> Message | str:
    if value is True or value is False:
        return say("是") if value else say("否")
    return str(value)


RULE = Rule(
    id="never-answered",
    severity=Severity.ERROR,
    text=say("案件走到填表的一步时，表单的校验总有答案能满足，必填的选择题总有选项可选。"),
    wrong="""\
fields:
  - limit: {title: 人数上限, integer}
states:
  open: {title: 待办, for: clerk}
  checking: {title: 检查, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: begin, title: 受理, from: open, to: checking, then: [{set: {limit: 0}}]}
  - do: finish
    title: 办结
    from: checking
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0 and form.staff <= case.limit, else: 人数不对, basis: 条例 第一条}
""",
    right="""\
fields:
  - limit: {title: 人数上限, integer}
states:
  open: {title: 待办, for: clerk}
  checking: {title: 检查, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: begin, title: 受理, from: open, to: checking, then: [{set: {limit: 20}}]}
  - do: finish
    title: 办结
    from: checking
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0 and form.staff <= case.limit, else: 人数不对, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
