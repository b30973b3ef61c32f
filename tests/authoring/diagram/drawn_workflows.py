"""Workflows that are drawn in tests."""

from __future__ import annotations

from engine.authoring.diagram.condition_words import ConditionWords
from engine.definition.library import load_files

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组}
fields:
  - received: {title: 收到日期, type: date}
states:
  open: {title: 待检查, for: [team, chief], deadline: 5 days, verbs: {void: {by: clerk, to: void}}}
  waiting: {title: 等待}
  done: {title: 办结, final: true, open_children: leave}
  void: {title: 作废, final: true}
clocks:
  whole:
    title: 总期限
    during: [waiting]
    deadline: {10 working days: suggested}
    since: case.received
    overdue: {at once: [chief]}
transitions:
  - {do: note, title: "记录: \\"甲\\"; 乙", from: open}
  - {do: send, title: 送出, from: open, to: waiting, then: [{start: visit}]}
  - {do: judge, title: 判断, from: open, form: judgement, to: [{waiting: form.result == 'fine'}, {else: done}]}
  - {do: go_on, title: 继续, from: waiting, to: done, automatic: true}
  - {do: joined, title: 齐备, from: waiting, to: done, join: {workflow: visit, reached: [done]}}
  - {do: lapse, title: 到期, from: [waiting, open], to: done, after: 3 days}
  - {do: over, title: 期满, from: waiting, to: done, on_expiry: whole}
"""
FORM = """
form: judgement
title: 判断表
fields:
  - result: {title: 结论, type: choice, choices: {fine: 合格的, bad: 不合格的}}
  - note: {title: 备注}
  - lines:
      title: 各行
      type: list
      columns:
        - kind: {title: 类别, type: choice, choices: {fine: 好的, bad: 坏的}}
"""
CHILD = """
workflow: small
title: 小件
about: none
initial: a
start: {by: clerk}
verbs: {void: {by: clerk, to: gone}}
states:
  a: {title: 甲, for: clerk}
  b: {title: 乙, for: clerk}
  c: {title: 丙, for: clerk}
  end: {title: 丁, final: true}
  gone: {title: 没了, final: true}
transitions:
  - {do: one, title: 一, from: a, to: b}
  - {do: two, title: 二, from: b, to: c}
  - {do: three, title: 三, from: c, to: end}
"""


def words_of(text: str) -> ConditionWords:
    """Return the words of a workflow beside the form of these."""
    loaded = load_files({"flow.yaml": text, "form.yaml": FORM}, partial=True)
    (workflow,) = loaded.workflows.values()
    return ConditionWords(workflow, loaded.workflows, loaded.bureau)


VISIT = words_of(FLOW)
