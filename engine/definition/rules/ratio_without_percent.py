"""A ratio written as a number above one: the percent sign is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression, Literal
from engine.lifecycle.model.form import Field, FieldType
from engine.yamltext.problem import Severity

#: The arguments of effects that are ratios.
_RATIOS = ("ratios",)


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the ratios effects are given, write or hand over."""
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            child = subject.others.get(str(effect.arguments.get("start", "")))
            given: list[tuple[tuple[str, ...], object]] = [
                ((name,), effect.arguments[name]) for name in _RATIOS if name in effect.arguments
            ]
            fields: dict[str, Mapping[str, Field]] = {"set": subject.workflow.fields}
            if child is not None:
                fields["with"] = child.fields
            for key, known in fields.items():
                for name, value in effect.arguments.get(key, {}).items():
                    if name in known and known[name].type is FieldType.RATIO:
                        given.append(((key, name), value))
            for keys, value in given:
                whole = _above_one(value)
                if whole is not None:
                    yield RuleFinding(
                        subject.argument(number, effect, *keys),
                        say("比例“{text}”是 {text}00%", text=whole),
                        say("写法如 {text}%", text=whole),
                    )


def _above_one(value: object) -> int | None:
    """Return the whole number above one that a value is written as."""
    written = value.node if isinstance(value, Expression) else value
    number = written.value if isinstance(written, Literal) else written
    if isinstance(number, str) and number.isdecimal():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, (int, Fraction)):
        return None
    return int(number) if number > 1 and number == int(number) else None


RULE = Rule(
    id="ratio-without-percent",
    severity=Severity.WARNING,
    text=say("比例写成 5%、0.05 或 1/20；写成 5 是 500%。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5', else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5%', else: 不符合要求, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
