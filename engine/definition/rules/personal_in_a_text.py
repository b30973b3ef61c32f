"""A personal answer in a title or a message: the text made of it stays when the answer is destroyed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.answers.of_any_case import meant, paths_shown, personal_facts, spelled
from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.workflow import Effect
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the personal answers that steps of one workflow write into a text."""
    copies = personal_facts(subject)
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            for keys, expressions in _templates(effect):
                for path in paths_shown(effect, expressions):
                    named = meant(subject.workflow, subject.others, step, path)
                    asked = next(
                        (one.asked for one in named if one.asked.personal or one.fact in copies), None
                    )
                    if asked is None:
                        continue
                    yield RuleFinding(
                        subject.argument(number, effect, *keys),
                        say(
                            "“{field}”（{name}）是个人信息，写进标题或消息后不能随案卷销毁",
                            field=asked.title,
                            name=spelled(path),
                        ),
                        say("请从这段文字里删去；看得到案件的人可以在案件里查看"),
                    )


def _templates(effect: Effect) -> Iterator[tuple[tuple[str, ...], list[Expression]]]:
    """Yield the expressions of the texts of an effect, with the keys under which they stand."""
    for keys, expressions in expressions_of(effect):
        if len(keys) == 1 and isinstance(effect.arguments.get(keys[0]), Template):
            yield keys, expressions


RULE = Rule(
    id="personal-in-a-text",
    severity=Severity.ERROR,
    text=say("标为 personal（个人信息）的栏不写进标题和消息：答复销毁以后，写成的文字还在。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {notify: section_chief, message: "见证人 {{ form.witness }}"}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {notify: section_chief, message: "“{{ case.title }}”已办结"}
""",
    meaning=check,
    blocks_graph=False,
)
