"""A workflow that declares every verb, and a case of it."""

from __future__ import annotations

from typing import Any

from walk_factories import Walk, process_of

from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.command import CasePath
from engine.lifecycle.decision import Outcome

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {signers: 签署人}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 10 working days
    verbs:
      - claim
      - reassign: {by: chief, among: [clerk, deputy], basis: 某办法 第八条}
      - extend: {by: chief, clock: open, max: 8 working days, times: 2, basis: 某办法 第九条}
      - suspend: {by: chief, pauses: [open]}
      - urge: {by: chief, times: 2, receipt: true}
      - void: {by: chief, to: void}
  review:
    title: 待审核
    for: chief
    deadline: 5 working days
    verbs:
      - return: {by: chief, to: open, keep_clocks: true}
      - withdraw
      - extend: {by: chief, approve: deputy}
      - void: {by: chief, to: void, approve: deputy}
      - add_signer: {by: chief, among: deputy}
      - drop_signer: {by: chief}
  done: {title: 办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: submit, title: 报审, from: open, to: review}
  - {do: sign, title: 签发, from: review, to: done, sign: {mode: all, by: signers}}
"""
PROCESS = process_of(FLOW)


def walk(**new: Any) -> Walk:
    """Return a case that has just begun."""
    return Walk("", process=PROCESS, **new)


def in_review(**new: Any) -> Walk:
    """Return a case that waits for review."""
    return walk(state="review", parties={"signers": ("anna", "carl")}, **new)


PASSED = CasePath(states=("open", "review"))


def happened(outcome: Outcome) -> tuple[EventKind, Change, tuple[str, ...]]:
    """Return the event of a verb that was done, what changes, and whom it tells."""
    assert not isinstance(outcome, Refusal), str(outcome)
    kind, _, change, notices = outcome
    return kind, change, tuple(to for to, _ in notices)


def codes(outcome: Outcome) -> list[str]:
    """Return the codes of the reasons a verb was refused for."""
    assert isinstance(outcome, Refusal)
    return [reason.code for reason in outcome.reasons]
