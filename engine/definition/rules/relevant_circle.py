"""Questions of a form that depend on each other in a circle: none of them is ever asked, or none can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.meaning.subject import FormPlaces
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Field
from engine.yamltext.problem import Severity


def check(subject: FormPlaces) -> Iterator[RuleFinding]:
    """Yield each circle once, at the first of its conditions."""
    form = subject.form
    reads = {asked.name: _read(asked) for asked in form.fields}
    known = {name: {other for other in read if other in reads} for name, read in reads.items()}
    circling = graph.on_circles(known)
    reported: set[str] = set()
    for asked in form.fields:
        if asked.name in reported or asked.name not in circling:
            continue
        for other in sorted(known[asked.name]):
            circle = graph.path(known, other, asked.name)
            if circle is None:
                continue
            reported.update(circle)
            around = [found for name in [asked.name, *circle[:-1]] if (found := form.field(name))]
            computed = all(one.computed is not None and one.relevant is None for one in around)
            yield RuleFinding(
                subject.place(_expression(asked)),
                say("这几栏互相等着，绕成了圈：{fields}", fields=[one.title for one in around]),
                say("请让其中一栏的 when（当）或 computed（计算）不看别的栏"),
                # What is worked out from itself never has a value: no case can do anything with it.
                Severity.ERROR if computed else None,
            )
            break


def _expression(asked: Field) -> Expression | None:
    return asked.relevant.expression if asked.relevant is not None else asked.computed


def _read(asked: Field) -> set[str]:
    expressions = [asked.computed] if asked.computed is not None else []
    if asked.relevant is not None:
        expressions.append(asked.relevant.expression)
    return {
        path[1]
        for expression in expressions
        for path in expression.names()
        if len(path) > 1 and path[0] == "form"
    }


RULE = Rule(
    id="relevant-circle",
    severity=Severity.WARNING,
    text=say("表单各栏的 when（当）和 computed（计算）不能绕成圈。"),
    wrong="""\
form: sample
title: 示例
fields:
  - a: {title: 甲, boolean, when: form.b}
  - b: {title: 乙, boolean, when: form.a}
""",
    right="""\
form: sample
title: 示例
fields:
  - a: {title: 甲, boolean}
  - b: {title: 乙, boolean, when: form.a}
""",
    of_form=check,
    blocks_graph=False,
)
