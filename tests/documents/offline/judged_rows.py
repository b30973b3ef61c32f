"""Answers with rows, conditions, codes offered at times and constraints: what the form keeps of each, and what it says first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FORM = """form: judged
title: 逐行核对表
fields:
  - area: {title: 地区, choices: {n: 北, s: 南}}
  - few: {title: 数目, integer, min: 0, max: 9, optional: true}
  - kinds:
      title: 种类
      type: choices
      choices: {a: 甲, b: 乙, c: 丙}
      offered: [{codes: [a, b], when: form.area == 'n'}]
      optional: true
  - plain:
      title: 素表
      type: list
      optional: true
      max: 3
      columns:
        - what: {title: 名目}
        - sum: {title: 金额, type: money, optional: true}
  - list:
      title: 清单
      type: list
      optional: true
      min: 1
      max: 3
      columns:
        - what: {title: 问题}
        - sum: {title: 金额, type: money, optional: true, constraint: [{that: it.sum != 13, else: 不得为十三}]}
        - why: {title: 原因, when: "it.sum > 100"}
        - north: {title: 北边的事, when: form.area == 'n', optional: true}
        - way: {title: 办法, choices: {x: 子, y: 丑}, offered: [{codes: [x], when: "it.sum > 100"}], optional: true}
        - half: {title: 一半, type: money, computed: "round(it.sum / 2, 2)", constraint: [{that: it.half != 6, else: 一半不得为六}]}
  - must:
      title: 须列
      type: list
      when: form.few == 3
      columns:
        - note: {title: 备注, optional: true}
        - north: {title: 北边的事, when: form.area == 'n', optional: true}
  - total: {title: 合计, type: money, computed: "sum(form.list, it.sum)", when: filled(form.list), constraint: [{that: form.total <= 600, else: 合计不得超过六百}]}
  - big: {title: 大额说明, when: form.total > 500}
constraints:
  - {that: form.area == 'n' or form.few < 5, else: 南方不得超过五}
  - {that: "empty(form.list) or count(form.list, it.what == '重') == 0", else: 清单里不得写重}
"""
#: What was typed: the rows of the lists as the phone holds them, a hidden column that was answered before among them.
ANSWERS: tuple[Mapping[str, Any], ...] = (
    {"area": "n", "list": [{"what": "甲", "sum": "12"}]},
    {"area": "n", "list": [{"what": "甲", "sum": "700", "why": "乙"}], "big": "丙"},
    {"area": "n"},
    {},
    {"area": "s", "few": "9"},
    {"area": "s", "few": "4"},
    {"area": "s"},
    {"area": "n", "few": "三"},
    {"area": "n", "kinds": ["a", "c"]},
    {"area": "s", "few": "1", "kinds": ["c"]},
    {"area": "s", "few": "1", "kinds": ["a", "c"]},
    {"area": "n", "list": [{}]},
    {"area": "n", "list": [{}, {"what": "少发"}, {"what": "\u200b"}]},
    {"area": "n", "list": [{"sum": "5"}]},
    {"area": "n", "list": [{"what": "少发"}, {"sum": "5"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "abc"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "200"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "200", "why": "无"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "１３"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "200", "why": "无", "way": "x"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "50", "way": "x"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "50", "way": "y"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "600", "why": "无"}]},
    {"area": "n", "list": [{"what": "少发", "sum": "600", "why": "无"}], "big": "说明"},
    {"area": "n", "list": [{"what": "甲"}, {"what": "乙"}, {"what": "丙"}, {"what": "丁"}]},
    {"area": "n", "list": [{"what": "重"}]},
    {"area": "n", "list": [{"what": "甲", "north": "有"}]},
    {"area": "n", "list": [{"what": "甲\u202e"}]},
    {"area": "n", "plain": [{}]},
    {"area": "n", "plain": [{}, {"what": "x", "sum": "1"}]},
    {"area": "n", "plain": [{"sum": "1"}]},
    {"area": "n", "plain": [{"what": "x", "sum": "1元"}]},
    {"area": "n", "plain": [{"what": "x"}, {"sum": "1元"}]},
    {"area": "n", "plain": [{"what": "1"}, {"what": "2"}, {"what": "3"}, {"what": "4"}]},
)
#: Answers of which a part is not asked any more: what the phone holds, and the same without it.
HIDDEN: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
    (
        {"area": "n", "list": [{"what": "少发", "sum": "50", "why": "无"}]},
        {"area": "n", "list": [{"what": "少发", "sum": "50"}]},
    ),
    (
        {"area": "s", "few": "1", "list": [{"what": "甲", "north": "有"}]},
        {"area": "s", "few": "1", "list": [{"what": "甲"}]},
    ),
    (
        {"area": "n", "list": [{"what": "少发", "sum": "50"}], "big": "说明"},
        {"area": "n", "list": [{"what": "少发", "sum": "50"}]},
    ),
    (
        {"area": "s", "few": "1", "list": [{"north": "有"}, {"what": "甲"}]},
        {"area": "s", "few": "1", "list": [{"what": "甲"}]},
    ),
    ({"area": "s", "few": "1", "list": [{"north": "有"}]}, {"area": "s", "few": "1"}),
)
