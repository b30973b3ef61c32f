"""A workflow whose deadline has every kind of step, and a case of it."""

from __future__ import annotations

from walk_factories import Walk, process_of

FLOW = """
workflow: visit
title: 检查
about: object
initial: visit
start: {by: clerk}
states:
  visit: {title: 待检查, for: clerk}
  waiting: {title: 待补正, for: clerk}
  review: {title: 待审核, for: chief}
  closed: {title: 已办结, final: true}
clocks:
  visit_due:
    title: 检查时限
    during: [visit, waiting]
    pauses_in: waiting
    deadline: 10 working days
    basis: 某办法 第一条
    remind: 2 working days before
    overdue:
      at once: clerk
      3 days: {escalate: [chief, deputy], every: 2 days, notify: clerk, urgent: true}
      20 days: {reassign: chief}
  report_due: {title: 报告时限, during: [visit, waiting], deadline: 3 days after visit_due}
transitions:
  - {do: ask, title: 要求补正, from: visit, to: waiting}
  - {do: go_on, title: 补正收到, from: waiting, to: visit}
  - {do: submit, title: 报审, from: [visit, waiting], to: review}
  - {do: lapse, title: 逾期退回, from: review, to: visit, after: 30 days}
  - {do: close, title: 办结, from: review, to: closed}
"""
PROCESS = process_of(FLOW)
CLOCK = PROCESS.workflow.clocks["visit_due"]


def walk(at: str = "2024-09-02") -> Walk:
    """Return a case that has just begun."""
    return Walk("", process=PROCESS, at=at)
