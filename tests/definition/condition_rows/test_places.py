"""Conditions are found wherever the grammar has one."""

from __future__ import annotations

import re

from shipped_conditions import shipped_files

from engine.definition.condition_rows.places import conditions_in
from engine.yamltext.source import read_source

WORKFLOW = """\
workflow: errand
title: 差事
fields:
  - done: {title: 已办, type: boolean, when: case.a}
states:
  open:
    title: 待办
    branches:
      one: {title: 一, for: clerk, form: look, when: form.b}
    verbs:
      - withdraw: {require: [{that: case.c, else: 不行}]}
transitions:
  - do: close
    title: 办结
    form: look
    to:
      - ended: form.d
      - else: open
    require:
      - {that: form.e, else: 须e}
    warn:
      - {that: form.f, else: 看f}
    then:
      - {render: order, when: form.h}
  - {do: 退回, title: 退回, 去向: open, 当: form.g}
"""
FORM = """\
form: look
fields:
  - section: 一
    when: form.a
  - found: {title: 发现, when: form.b, constraint: [{that: form.c, else: 须c}]}
  - codes: {title: 代码, offered: [{codes: [x], when: form.d}]}
constraints:
  - {that: form.e, else: 须e}
"""


def found(text: str) -> list[tuple[str, str, str, str, str]]:
    return [
        (one.text, one.key, one.part, one.form, one.says)
        for one in conditions_in(read_source("a", text).root)
    ]


def test_the_conditions_of_a_workflow() -> None:
    assert found(WORKFLOW) == [
        ("form.b", "when", "one", "look", ""),
        ("case.c", "require", "open", "", "不行"),
        ("form.d", "to", "close", "look", "ended"),
        ("form.e", "require", "close", "look", "须e"),
        ("form.f", "warn", "close", "look", "看f"),
        ("form.h", "then", "close", "look", "render order"),
        ("form.g", "when", "退回", "", ""),
    ]


def test_the_conditions_of_a_form() -> None:
    assert found(FORM) == [
        ("form.a", "when", "一", "look", ""),
        ("form.b", "when", "found", "look", ""),
        ("form.c", "constraint", "found", "look", "须c"),
        ("form.d", "when", "codes", "look", ""),
        ("form.e", "constraints", "look", "look", "须e"),
    ]


def test_what_is_no_definition_has_none() -> None:
    assert found("") == found("- a") == found("a: b") == []


def test_none_of_the_shipped_ones_is_overlooked() -> None:
    written = re.compile(r"(?:^|[\s{])(?:that|when|where): (?!\n)")
    for name, text in shipped_files().items():
        bare = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
        assert len(found(text)) >= len(written.findall(bare)), name
