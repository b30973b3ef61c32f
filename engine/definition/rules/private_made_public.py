"""A private answer in a text for the public: the title of a publication, a public field of the case or of a form, the title of a published case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definition.meaning.effect_reads import expressions_of, fields_named, names_shown
from engine.definition.meaning.subject import FormPlaces, MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.yamltext.problem import Severity

#: Answers that name nobody by themselves and are copied into public fields with care, rather than shown.
_COUNTED = (
    FieldType.BOOLEAN,
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.MONEY,
    FieldType.RATIO,
    FieldType.DATE,
)


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the private answers that steps of one workflow make public."""
    published = _published(subject)
    for number, step in enumerate(subject.workflow.transitions):
        for message in _worked_out(subject.workflow, step):
            yield RuleFinding(
                subject.key(number, "form", "do"),
                message,
                say("请去掉那一栏的 public（公开），或确认可以公开后给所带的栏写 public: true"),
            )
        for effect in step.then:
            child = subject.others.get(str(effect.arguments.get("start", "")))
            shown = effect.kind == "publish" or (child is not None and child.id in published)
            for keys, expressions in expressions_of(effect):
                place = subject.argument(number, effect, *keys)
                if keys == ("title",) and shown:
                    for message in _in_title(subject.workflow, step, expressions):
                        yield RuleFinding(
                            place, message, say("请从标题里删去，或确认可以公开后写 public: true")
                        )
                elif len(keys) == 2 and keys[0] in ("set", "with"):
                    target = subject.workflow if keys[0] == "set" else child
                    asked = target.fields.get(keys[1]) if target is not None else None
                    if asked is not None and asked.public:
                        for message in _in_field(subject.workflow, step, expressions, asked):
                            yield RuleFinding(
                                place, message, say("请改带别的栏，或确认可以公开后给它写 public: true")
                            )


def _worked_out(workflow: Workflow, step: Transition) -> Iterator[Message]:
    """Yield what public questions of the form of a step are worked out from that is private and of the case, or of another form.

    What is of the form itself is looked at with the form.
    """
    form = workflow.forms.get(step.form or "")
    for asked in form.fields if form is not None else ():
        if asked.computed is None or not asked.public or asked.type in _COUNTED:
            continue
        for path in names_shown([asked.computed]):
            named = () if path[0] == "form" else fields_named(workflow, step, path)
            hidden = next((one for one in named if _hidden(one, path)), None)
            if hidden is not None:
                yield _taken_into(hidden, asked)
                break


def _published(subject: MeaningInput) -> set[str]:
    """Return the workflows that publish something under the title of their case."""
    found = set()
    for other in subject.others.values():
        for step in other.transitions:
            for effect in step.then:
                if effect.kind == "publish":
                    title = effect.arguments.get("title")
                    if title is None or any(
                        path == ("case", "title") for one in title.expressions() for path in one.names()
                    ):
                        found.add(other.id)
    return found


def _in_title(workflow: Workflow, step: Transition, expressions: Iterable[Expression]) -> Iterator[Message]:
    for expression in expressions:
        for path in expression.names():
            hidden = next((one for one in fields_named(workflow, step, path) if not one.public), None)
            if hidden is not None:
                name = ".".join(path)
                yield say(
                    "“{field}”（{name}）没有写 public（公开），却写进了对外的标题",
                    field=hidden.title,
                    name=name,
                )
            elif path[0] in workflow.parties or path == ("actor", "name"):
                yield say("对外的标题里有办理人的姓名")
            elif path == ("reason",):
                yield say("对外的标题里有办理时写的理由")


def _in_field(
    workflow: Workflow, step: Transition, expressions: Iterable[Expression], asked: Field
) -> Iterator[Message]:
    hidden: list[Field] = []
    for path in names_shown(expressions):
        if path == ("reason",):
            yield say("办理时写的理由带入了公开的字段“{field}”", field=asked.title)
        hidden.extend(one for one in fields_named(workflow, step, path) if _hidden(one, path))
    if hidden and asked.type not in _COUNTED:
        yield _taken_into(hidden[0], asked)


def _hidden(asked: Field, path: tuple[str, ...]) -> bool:
    """Tell whether a private answer is one that is shown, rather than counted; `path` may name a column of its rows."""
    column = next((one for one in asked.columns if one.name == path[-1]), asked)
    return not asked.public and column.type not in _COUNTED


def _taken_into(source: Field, asked: Field) -> Message:
    return say(
        "“{source}”没有写 public（公开），却带入了公开的字段“{field}”",
        source=source.title,
        field=asked.title,
    )


def check_form(subject: FormPlaces) -> Iterator[RuleFinding]:
    """Yield the public questions of a form that are worked out from its private answers."""
    for asked in subject.form.fields:
        if asked.computed is None or not asked.public or asked.type in _COUNTED:
            continue
        for path in names_shown([asked.computed]):
            source = subject.form.field(path[1]) if path[0] == "form" and len(path) > 1 else None
            if source is not None and _hidden(source, path):
                yield RuleFinding(
                    subject.place(asked.computed),
                    _taken_into(source, asked),
                    say(
                        "请去掉这一栏的 public（公开），或确认可以公开后给“{field}”写 public: true",
                        field=source.title,
                    ),
                )
                break


RULE = Rule(
    id="private-made-public",
    severity=Severity.ERROR,
    text=say("没有写 public（公开）的栏不写进公示的标题，也不带入公开的字段。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "检查结果（{{ form.staff }}）"}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "检查结果（{{ case.title }}）"}
""",
    meaning=check,
    of_form=check_form,
    blocks_graph=False,
)
