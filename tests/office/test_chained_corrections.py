"""Several corrections one after another: what follows is what a case would have that was right from the start."""

from __future__ import annotations

from random import Random
from typing import Any

from bureau_factories import Bureau, done

from tests.examples import examples

FORMS = (
    "form: first\ntitle: 表一\nfields:\n  - a: {title: 数, type: integer}\n  - k: {title: 类, choices: {p: 甲, q: 乙, o: 其他}}\n",
    "form: second\ntitle: 表二\nfields:\n  - m: {title: 倍, type: integer}\n",
    "form: third\ntitle: 表三\nfields:\n  - n: {title: 数, type: integer}\n",
)
FLOW = """
workflow: chained
title: 件
about: none
initial: s
start: {by: clerk, form: first, then: [{set: {x: = form.a}}]}
verbs: [correct: {by: clerk}]
fields:
  - x: {title: 一, type: integer}
  - y: {title: 二, type: integer}
  - z: {title: 三, type: integer}
  - size: {title: 大小, type: text}
  - kind: {title: 类, type: text}
states:
  s: {title: 始, for: clerk, no deadline: 无}
  t: {title: 中, for: clerk, no deadline: 无}
  u: {title: 后, for: clerk, no deadline: 无}
  e: {title: 完, final: true}
transitions:
  - do: one
    title: 一
    from: s
    to: t
    form: second
    then:
      - set: {y: = case.x * form.m}
      - {set: {size: 大}, when: case.y > 10}
      - {set: {size: 小}, when: case.y <= 10}
      - {set: {kind: 重}, when: forms.first.k == 'p'}
      - {set: {kind: 轻}, when: forms.first.k == 'q'}
  - {do: two, title: 二, from: t, to: u, form: third, then: [{set: {z: = case.y + form.n, x: = case.x + 1}}]}
  - {do: fin, title: 完, from: u, to: e}
"""


def test_each_fact_is_what_the_answers_come_to() -> None:
    corrected = 0
    for seed in range(examples(15, 400)):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        bureau = Bureau(*FORMS, FLOW)
        given: dict[str, Any] = {
            "a": random.randint(0, 5),
            "k": random.choice("pqo"),
            "m": random.randint(0, 5),
            "n": 3,
        }
        case = bureau.start("chained", answers={"a": given["a"], "k": given["k"]})
        bureau.take(case, "one", answers={"m": given["m"]})
        bureau.take(case, "two", answers={"n": given["n"]})
        for _ in range(8):
            name = random.choice(sorted(given))
            form = {"a": "first", "k": "first", "m": "second", "n": "third"}[name]
            wanted = random.choice("pqo") if name == "k" else random.randint(0, 9)
            if wanted == given[name]:
                continue
            done(
                bureau.application.do(
                    "correct", case, "anna", fact=f"{form}.{name}", value=str(wanted), reason="看错"
                )
            )
            given[name], corrected = wanted, corrected + 1
            a, m, n = given["a"], given["m"], given["n"]
            facts = {
                "x": a + 1,
                "y": a * m,
                "z": a * m + n,
                "size": "大" if a * m > 10 else "小",
                "kind": {"p": "重", "q": "轻"}.get(given["k"]),
            }
            assert {name: bureau.case(case).fields.get(name) for name in facts} == facts, (seed, given)
        assert bureau.findings() == []
    assert corrected > 50
