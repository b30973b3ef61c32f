"""A private answer in a text for the public: a title, a public field, what the log of draws says, a note on a paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.definition.meaning.answers.of_any_case import Meant, meant, paths_shown, spelled, written
from engine.definition.meaning.domains import Path
from engine.definition.meaning.effect_reads import expressions_of, names_shown
from engine.definition.meaning.gaps import texts_kept
from engine.definition.meaning.public.texts import REASON, SHOWN, SeenBy, titles_shown
from engine.definition.meaning.subject import FormPlaces, MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect, Transition
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
_TITLE = say("请从标题里删去，或确认可以公开后写 public: true")
_FIELD = say("请改带别的栏，或确认可以公开后给它写 public: true")
_TEXT = say("请改写别的内容，或确认可以公开后给它写 public: true")


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the private answers that steps of one workflow make public."""
    workflow = subject.workflow
    for number, step in enumerate(workflow.transitions):
        for message in _worked_out(subject, step):
            yield RuleFinding(
                subject.key(number, "form", "do"),
                message,
                say("请去掉那一栏的 public（公开），或确认可以公开后给所带的栏写 public: true"),
            )
        for effect in step.then:
            for keys, found in _made_public(subject, step, effect):
                for message, hint in found:
                    yield RuleFinding(subject.argument(number, effect, *keys), message, hint)
    if workflow.start_then:
        # The form a case is started with is read as that of a step is.
        begins = Transition(id="start", title="", sources=(), target=None, form=workflow.start_form)
        for effect in workflow.start_then:
            for keys, found in _made_public(subject, begins, effect):
                written = effect.arguments[keys[0]]
                place = subject.place(written[keys[1]] if len(keys) == 2 else None, subject.read.top)
                for message, hint in found:
                    yield RuleFinding(place, message, hint)


def _made_public(
    subject: MeaningInput, step: Transition, effect: Effect
) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[Message, Message]]]]:
    """Yield the keys of an effect whose text the public sees, with the private answers in it and what to do about them."""
    for keys, expressions in expressions_of(effect):
        shown = SHOWN.get((effect.kind, keys[0]), SeenBy.OFFICE)
        if shown is SeenBy.OFFICE or not expressions:
            continue
        read = _EffectRead(subject, step, effect)
        child = subject.others.get(str(effect.arguments.get("start", "")))
        if shown is SeenBy.FIELD:
            into = written(subject.workflow, subject.others, effect, keys)
            asked = next((one.asked for one in into if one.asked.public), None)
            if asked is not None:
                yield keys, ((one, _FIELD) for one in _in_field(read, expressions, asked))
        elif shown is SeenBy.REASONS:
            yield keys, ((one, _TEXT) for one in _in_reasons(read, expressions))
        elif shown is SeenBy.PAPER:
            yield keys, ((one, _TEXT) for one in _in_note(read, expressions))
        elif keys == ("title",):
            if shown is SeenBy.EVERYBODY or (child is not None and child.id in titles_shown(subject)):
                yield keys, ((one, _TITLE) for one in _in_title(read, expressions))
        else:
            yield keys, ((one, _TEXT) for one in _in_log(read, expressions))


@dataclass(frozen=True, slots=True)
class _EffectRead:
    """What the names in an effect of a step mean."""

    subject: MeaningInput
    step: Transition
    effect: Effect

    def meant(self, path: Path) -> list[Meant]:
        """Return the fields a name means, also of other cases and of rows that are gone through."""
        return meant(self.subject.workflow, self.subject.others, self.step, path)

    def fields(self, path: Path) -> list[Field]:
        """Return the fields `meant` finds, alone."""
        return [one.asked for one in self.meant(path)]

    def shown(self, expressions: Iterable[Expression]) -> Iterator[Path]:
        """Yield the names whose text is shown."""
        return paths_shown(self.effect, expressions)


def _worked_out(subject: MeaningInput, step: Transition) -> Iterator[Message]:
    """Yield what public questions of the form of a step are worked out from that is private and of a case, or of another form.

    What is of the form itself is looked at with the form.
    """
    form = subject.workflow.forms.get(step.form or "")
    for asked in form.fields if form is not None else ():
        if asked.computed is None or not asked.public or asked.type in _COUNTED:
            continue
        for path in names_shown([asked.computed]):
            named = () if path[0] == "form" else meant(subject.workflow, subject.others, step, path)
            hidden = next((one.asked for one in named if _hidden(one.asked, path)), None)
            if hidden is not None:
                yield _taken_into(hidden, asked)
                break


def _in_title(read: _EffectRead, expressions: Iterable[Expression]) -> Iterator[Message]:
    for path in read.shown(expressions):
        hidden = next((one for one in read.fields(path) if not one.public), None)
        if hidden is not None:
            name = spelled(path)
            yield say(
                "“{field}”（{name}）没有写 public（公开），却写进了对外的标题",
                field=hidden.title,
                name=name,
            )
        elif path[0] in read.subject.workflow.parties or path == ("actor", "name"):
            yield say("对外的标题里有办理人的姓名")
        elif path == ("reason",):
            yield say("对外的标题里有办理时写的理由")


def _in_log(read: _EffectRead, expressions: Iterable[Expression]) -> Iterator[Message]:
    """Yield the private answers in what the public log of draws says word for word."""
    for path in read.shown(expressions):
        hidden = next((one for one in read.fields(path) if _hidden(one, path)), None)
        if hidden is not None:
            yield say(
                "“{field}”（{name}）没有写 public（公开），却写进了公开的抽取记录",
                field=hidden.title,
                name=spelled(path),
            )
        elif path[0] in read.subject.workflow.parties or path == ("actor", "name"):
            yield say("公开的抽取记录里有办理人的姓名")


def _in_reasons(read: _EffectRead, expressions: Iterable[Expression]) -> Iterator[Message]:
    """Yield the rows whose reasons are written freely, are not public, and come into the public log of draws."""
    for path in names_shown(expressions):
        for asked in read.fields(path):
            column = next((one for one in asked.columns if one.name == REASON), None)
            if column is not None and _words(column) and not (asked.public or column.public):
                yield say(
                    "“{field}”的“{column}”没有写 public（公开），却写进了公开的抽取记录",
                    field=asked.title,
                    column=column.title,
                )


def _in_note(read: _EffectRead, expressions: Iterable[Expression]) -> Iterator[Message]:
    """Yield the private words in a note on a paper; a code of a list is no words."""
    for path in read.shown(expressions):
        for one in read.meant(path):
            asked = one.asked
            column = next((each for each in asked.columns if each.name == path[-1]), asked)
            of = one.of if one.of is not read.subject.workflow else None
            few = one.of is not None and texts_kept(read.subject, asked.name, of) is not None
            if _words(column) and not few and not (asked.public or column.public):
                yield say(
                    "“{field}”（{name}）没有写 public（公开），却写进了文书的附注，随文书发出",
                    field=asked.title,
                    name=spelled(path),
                )


def _words(asked: Field) -> bool:
    return asked.type in (FieldType.TEXT, FieldType.LONG_TEXT)


def _in_field(read: _EffectRead, expressions: Iterable[Expression], asked: Field) -> Iterator[Message]:
    hidden: list[Field] = []
    for path in read.shown(expressions):
        if path == ("reason",):
            yield say("办理时写的理由带入了公开的字段“{field}”", field=asked.title)
        hidden.extend(one for one in read.fields(path) if _hidden(one, path))
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
    text=say("没有写 public（公开）的栏不写进公示的标题、公开的抽取记录和发出的文书，也不带入公开的字段。"),
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
