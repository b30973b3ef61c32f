"""What was decided at one step by an answer that is put right since: which step the engine takes, what was asked and done. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import RunningClock
from engine.lifecycle.command import TakenStep
from engine.lifecycle.deadlines.clock_transitions import asked_again
from engine.lifecycle.deadlines.corrected_clocks import counted_from_corrected
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, Expression, ExpressionNode, Logic
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Effect, Transition
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.correcting.changed_names import ChangedNames

Scope = Mapping[str, Any]

#: What has been said stays said: an answer in a message, in a paper or on a page has rules of its own.
_SAYING = frozenset({"notify", "copy_to"})
#: In the scope of a step that is looked at again it is the engine who acts, whoever did.
_NOT_KEPT = frozenset({"actor"})
#: What an expression calls one of several rows itself.
_OF_ROWS = frozenset({"it"})
_SHOWING = frozenset({*_SAYING, "publish", "withdraw", "render", "paper", "archive"})


def clocks_of_then(
    process: Process, one: TakenStep, names: Iterable[str], then: Scope, now: Scope
) -> dict[str, RunningClock]:
    """Return the clocks of the case at a step, those in `names` counted from what is right. Raises EvaluationError."""
    found = dict(one.before.clocks)
    for name in names:
        clock = process.workflow.clocks[name]
        counted = counted_from_corrected(process, clock, found[name], then, now)
        try:
            counted = asked_again(process, clock, counted, one.at, now, one.before.clocks)
            due = process.time.recount(clock, counted, one.before.clocks)
        except ValueError:
            message = say("时限“{clock}”超出日历所能计算的年份（1—9999 年），请核对日期", clock=clock.title)
            raise EvaluationError(message) from None
        found[name] = replace(counted, due_on=due.due_on, due_at=due.due_at)
    return found


def taken_before(
    process: Process,
    one: TakenStep,
    reads: ChangedNames,
    then: Scope,
    now: Scope,
    clocks: Mapping[str, RunningClock],
) -> tuple[Transition, bool] | None:
    """Return the step the engine would have taken instead of a step, before it, and whether that is certain.

    `then` and `now` are the scopes of the case before the step, with the answers as they were and as they are right; `clocks` are
    those of then, counted from what is right.
    """
    state = one.before.state
    if state not in process.workflow.states:
        return None
    steps = process.automatic_steps(state)
    # Of those the engine takes at once it takes the first.
    for step in steps[: steps.index(one.step)] if one.step in steps else steps:
        for way in process.steps(state)[step]:
            if not _may_be_otherwise(way, reads):
                continue
            was = _goes(way, one, then, one.before.clocks)
            would = _goes(way, one, now, clocks)
            if was is True or would is False:
                continue
            if was == would and not _read_beside_the_unknown(way, reads, now):
                continue
            return way, would is True and way.join is None
    return None


def _may_be_otherwise(way: Transition, reads: ChangedNames) -> bool:
    return way.on_expiry in reads.clocks or any(map(reads.any, way.conditions))


def _goes(way: Transition, one: TakenStep, scope: Scope, clocks: Mapping[str, RunningClock]) -> bool | None:
    """Tell whether the engine takes a step in `scope`; None where that is not known."""
    parts = [_holds(condition, scope) for condition in way.conditions]
    if way.on_expiry is not None:
        clock = clocks.get(way.on_expiry)
        parts.append(clock is not None and clock.paused_at is None and clock.due_at <= one.at)
    if False in parts:
        return False
    return None if None in parts else True


def _read_beside_the_unknown(way: Transition, reads: ChangedNames, scope: Scope) -> bool:
    return any(
        _is_unknown(clause, scope) and reads.any(Expression("", clause))
        for condition in way.conditions
        for clause in _clauses(condition)
    )


def _clauses(condition: Condition) -> tuple[ExpressionNode, ...]:
    node = condition.expression.node
    return node.items if isinstance(node, Logic) and node.op == "and" else (node,)


def _holds(condition: Condition, scope: Scope) -> bool | None:
    """Tell whether a condition holds as far as that is known; None where what one of its clauses reads is not known any more."""
    found: list[bool | None] = []
    for clause in _clauses(condition):
        try:
            value = clause.compile()(scope)
        except EvaluationError:
            value = None
        found.append(None if _is_unknown(clause, scope) else value is True)
    if False in found:
        return False
    return None if None in found else True


def _is_unknown(clause: ExpressionNode, scope: Scope) -> bool:
    """Tell whether a clause reads what the history does not have: children, registers, whoever acted."""
    roots = {path[0] for path in Expression("", clause).names()}
    return bool(roots & _NOT_KEPT) or not roots <= {*scope, *_OF_ROWS}


def unmet_requirements(
    requirements: Iterable[Requirement], reads: ChangedNames, then: Scope, now: Scope
) -> tuple[list[RefusalReason], bool]:
    """Return the requirements that held with the answers of then and do not with the right ones; and whether for each that is known."""
    found, known = [], True
    for one in requirements:
        if not reads.any(one.that):
            continue
        was, would = (_holds(one.that, scope) for scope in (then, now))
        if was is not False and would is False:
            clause = "; ".join(one.that.failing(now))
            found.append(RefusalReason("guard", say("{text}", text=one.message), one.basis, clause))
        elif any(_is_unknown(each, now) and reads.any(Expression("", each)) for each in _clauses(one.that)):
            known = False
    return found, known


def asked_otherwise(
    form: Form, given: Mapping[str, Any], reads: ChangedNames, then: Scope, now: Scope
) -> tuple[list[RefusalReason], Field | None]:
    """Return what a form that was handed in with other answers asks of what it was `given`, and does not hold; and the first question it asks, or works out, otherwise."""
    for asked in form.fields:
        offers = (one for one in asked.offered if _chosen(given.get(asked.name), one.codes))
        if any(_said(one.when, then) is True and _said(one.when, now) is not True for one in offers):
            return [], asked
        shown, computed = asked.relevant, asked.computed
        if shown is not None and reads.any(shown) and _said(shown, then) != _said(shown, now):
            return [], asked
        if (
            computed is not None
            and reads.any(computed)
            and _worked_out(computed, then) != _worked_out(computed, now)
        ):
            return [], asked
        if given.get(asked.name) and any(map(reads.any, _of_columns(asked))):
            return [], asked
    constraints = (*form.constraints, *(one for asked in form.fields for one in asked.constraints))
    unmet, _ = unmet_requirements(constraints, reads, then, now)
    return unmet, None


def _chosen(answer: Any, codes: tuple[str, ...]) -> bool:
    return any(one in codes for one in answer) if isinstance(answer, list) else answer in codes


def _of_columns(asked: Field) -> Iterator[Condition | Expression]:
    """Yield what the columns of rows read."""
    for column in asked.columns:
        if column.relevant is not None:
            yield column.relevant
        if column.computed is not None:
            yield column.computed
        yield from (one.that for one in column.constraints)
        yield from (one.when for one in column.offered)


def done_otherwise(effects: Iterable[Effect], reads: ChangedNames, then: Scope, now: Scope) -> Effect | None:
    """Return the first effect besides `set` that would have been done, or not, or for others, or with other values.

    What a message said, a paper or a page says of the answer is not looked at.
    """
    for effect in effects:
        if effect.kind == "set":
            continue
        if effect.when is not None and reads.any(effect.when):
            was, would = _said(effect.when, then), _said(effect.when, now)
            if was != would and not (effect.kind in _SAYING and was is True):
                return effect
            if would is not True:
                continue
        if effect.kind in _SHOWING:
            continue
        for value in _expressions(effect.arguments):
            if reads.any(value) and _worked_out(value, then) != _worked_out(value, now):
                return effect
    return None


def _said(condition: Condition, scope: Scope) -> bool | None:
    try:
        return condition.holds(scope)
    except EvaluationError:
        return None


def _worked_out(expression: Expression, scope: Scope) -> Any:
    try:
        return expression.value(scope)
    except EvaluationError:
        return None


def _expressions(value: Any) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _expressions(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _expressions(one)
