"""A bureau with one plan that starts visits, and units of work on its store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bureau_factories import Bureau

from engine.app.execution.apply import start_cases
from engine.app.session.effect_context import EffectContext
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.chain import Event, follow
from engine.lifecycle.command import Actor
from engine.lifecycle.decision import Decision
from engine.lifecycle.expressions.expression import Expression, Literal, Name
from engine.lifecycle.model.workflow import Effect

PLAN = """
workflow: plan
title: 计划
about: plan
initial: draft
start: {by: clerk}
parties: {inspectors: 检查人员}
fields:
  - total: {title: 数量, type: integer, public: true}
  - secret: {title: 内部}
states:
  draft:
    title: 草拟
    for: clerk
    deadline: 5 working days
    verbs: {void: {by: clerk, to: void}}
  running:
    title: 实施中
    for: clerk
    verbs: {void: {by: clerk, to: void, with_children: true}, suspend: {by: clerk}, resume: {by: clerk}}
  closed: {title: 已办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - do: dispatch
    title: 派发
    from: draft
    to: running
    then:
      - start: visit
        each: "['一', '二']"
        title: "检查{{ it }}"
  - {do: start_one, title: 加派, from: draft, to: draft, then: [{start: visit, title: 检查}]}
  - do: all_done
    title: 全部完成
    from: running
    to: closed
    join: {workflow: visit, reached: [closed]}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, verbs: [claim, void: {by: clerk, to: void}]}
  checking: {title: 待审核, for: chief}
  closed: {title: 已办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: send, title: 送审, from: open, to: checking}
  - {do: finish, title: 办结, from: [open, checking], to: closed}
"""


def visit_bureau(*others: str) -> Bureau:
    """Return a bureau with plans and visits."""
    return Bureau(VISIT, PLAN, *others)


@contextmanager
def unit(bureau: Bureau) -> Iterator[UnitOfWork]:
    """Open a unit of work on a writing transaction; what it gathers is written at the end."""
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        yield uow
        uow.flush()


def decided(step: str = "test", **other: Any) -> Decision:
    """Return a decision that changes nothing but what is given."""
    other = {"kind": EventKind.ADVANCED, "title": "办理", "change": Change(), **other}
    return Decision(step=step, **other)


def context_of(
    uow: UnitOfWork, case: Case, scope: Mapping[str, Any] | None = None, **decision: Any
) -> EffectContext:
    """Return what an effect of a step of `case` works on; `scope` is what its expressions see."""
    seen = {"case": dict(case.fields), **(scope or {})}
    return EffectContext(uow, case, decided(**decision), Actor("anna", "north"), seen, start_cases)


def effect(kind: str, **arguments: Any) -> Effect:
    """Return an effect as a definition holds it."""
    return Effect(kind=kind, arguments=arguments)


def value(given: Any) -> Expression:
    """Return an expression that is this value."""
    return Expression(str(given), Literal(given))


def name(path: str) -> Expression:
    """Return an expression that looks a dotted name up."""
    return Expression(path, Name(tuple(path.split("."))))


def audited_bureau() -> Bureau:
    """Return a bureau with two visits, the first of which was sent on a day later and ended the day after."""
    bureau = visit_bureau()
    first, _ = bureau.start("visit"), bureau.start("visit")
    bureau.later(days=1)
    bureau.take(first, "send")
    bureau.later(days=1)
    bureau.take(first, "finish", "carl")
    return bureau


def rows_of(bureau: Bureau, stream: str) -> list[Event]:
    """Return the rows of a history themselves, to be changed past everything that guards them."""
    with bureau.look() as transaction:
        rows: list[Event] = transaction.events._streams[stream]  # type: ignore[attr-defined] # rows in memory
    return rows


def rewrite(bureau: Bureau, stream: str, seq: int) -> None:
    """Change who did an entry, and make the chain and the case anew, so that both are whole."""
    rows = rows_of(bureau, stream)
    for at in range(seq - 1, len(rows)):
        event = rows[at]
        actor = "zoe" if event.seq == seq else event.actor
        previous = rows[at - 1].hash if at else event.previous
        rows[at] = follow(stream, event.seq, event.at, actor, event.kind, event.body, previous)
    with bureau.look() as transaction:
        cases = transaction.cases._cases.rows  # type: ignore[attr-defined] # rows in memory
        cases[stream] = replace(cases[stream], head=rows[-1].hash)
