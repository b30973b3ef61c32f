"""A requirement that does not name its legal basis."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the requirements without a basis."""
    for requirement, place in subject.requirements:
        if requirement.basis is None:
            yield RuleFinding(
                place,
                say("“{message}”没有写依据", message=requirement.message),
                say("有法定依据的，请写 basis（依据）"),
            )


RULE = Rule(
    id="requirement-without-basis",
    severity=Severity.ADVICE,
    text=say("须满足的条件最好写明依据，退回时一并告知。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require:
      - {that: "case.title != '甲'", else: 名称不能是甲}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require:
      - {that: "case.title != '甲'", else: 名称不能是甲, basis: 条例 第一条}
""",
    check=check,
    blocks_graph=False,
)
