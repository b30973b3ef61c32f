"""What a row of a condition can be made of: questions, operators by the type of the question, values by its choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition.condition_rows.rows import ConditionRow, RowOperator, length_of, written
from engine.definition.expressions import parse_expression
from engine.definition.types import BOOLEAN, DATE, NUMBER, TEXT, Type, ValueKind, record, type_of
from engine.language import Message, say
from engine.lifecycle.expressions.expression import ListOf, Literal
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Workflow

#: Operator -> what it is called.
OPERATORS: Mapping[RowOperator, Message] = {
    RowOperator.IS: say("是"),
    RowOperator.IS_NOT: say("不是"),
    RowOperator.LESS: say("小于（早于）"),
    RowOperator.AT_MOST: say("不大于（不晚于）"),
    RowOperator.MORE: say("大于（晚于）"),
    RowOperator.AT_LEAST: say("不小于（不早于）"),
    RowOperator.ONE_OF: say("是其中之一"),
    RowOperator.NONE_OF: say("不在其中"),
    RowOperator.HAS: say("含有"),
    RowOperator.HAS_NOT: say("不含"),
    RowOperator.SHARES: say("至少含其中一项"),
    RowOperator.SHARES_NONE: say("其中一项都不含"),
    RowOperator.YES: say("答“是”"),
    RowOperator.NO: say("答“否”"),
    RowOperator.FILLED: say("已填"),
    RowOperator.EMPTY: say("没有填"),
}
#: Operators whose value is a list of values.
OF_SEVERAL = frozenset({RowOperator.ONE_OF, RowOperator.NONE_OF, RowOperator.SHARES, RowOperator.SHARES_NONE})
_KNOWN = (RowOperator.FILLED, RowOperator.EMPTY)
_EQUAL = (RowOperator.IS, RowOperator.IS_NOT)
_ORDER = (RowOperator.LESS, RowOperator.AT_MOST, RowOperator.MORE, RowOperator.AT_LEAST)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?")
#: Between several values.
_BETWEEN = re.compile("[,，、]")
#: What comes before a value that is an expression, as in the text of a definition.
COMPUTED = "="


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """Something a row can ask of."""

    path: str
    title: str
    type: Type
    #: Code -> text, where it is answered by choosing.
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Tell whether it asks how many entries there are: there is always a number."""
        return self.path.startswith(length_of("")[:-1])

    @property
    def operators(self) -> tuple[RowOperator, ...]:
        """Return the operators that make sense for its type."""
        match self.type.kind:
            case ValueKind.BOOLEAN:
                return (RowOperator.YES, RowOperator.NO, *_EQUAL, *_KNOWN)
            case ValueKind.LIST:
                listed = (RowOperator.HAS, RowOperator.HAS_NOT, RowOperator.SHARES, RowOperator.SHARES_NONE)
                return (*listed, *_KNOWN)
            case ValueKind.RECORD:
                return _KNOWN
            case ValueKind.TEXT:
                return (*_EQUAL, RowOperator.ONE_OF, RowOperator.NONE_OF, *_KNOWN)
            case ValueKind.ANY:
                return tuple(RowOperator)
        return (*_EQUAL, *_ORDER) if self.counts else (*_EQUAL, *_ORDER, *_KNOWN)


def questions_for(workflow: Workflow | None, forms: Mapping[str, Form], form: str) -> list[RowQuestion]:
    """Return what a condition may ask: the answers to `form`, facts of the case, earlier forms of the workflow, the day."""
    found: list[RowQuestion] = []
    if (own := forms.get(form)) is not None:
        found += _fields(own.fields, "form.", "")
    if workflow is not None:
        found += _fields(tuple(workflow.fields.values()), "case.", str(say("案件")))
        for name in forms_filled(workflow):
            if (other := forms.get(name)) is not None and name != form:
                found += _fields(other.fields, f"forms.{name}.", other.title)
    found.append(RowQuestion("today", str(say("今天")), DATE))
    found.append(RowQuestion("actor.id", str(say("办理的人")), TEXT))
    if workflow is not None:
        for name, title in workflow.parties.items():
            found.append(RowQuestion(name, title, record({}, more=True)))
            found.append(RowQuestion(length_of(name), str(say("{what}的人数", what=title)), NUMBER))
    return found


def forms_filled(workflow: Workflow) -> list[str]:
    """Return the forms its steps fill in, in the order of the steps, each once."""
    names = [workflow.start_form, *(step.form for step in workflow.transitions)]
    return list(dict.fromkeys(name for name in names if name))


def _fields(fields: Sequence[Field], prefix: str, of: str) -> Iterator[RowQuestion]:
    for one in fields:
        if one.type is FieldType.NOTE:
            continue
        found = type_of(one)
        title = str(say("{form}：{field}", form=of, field=one.title)) if of else one.title
        codes = found.choices or (found.item.choices if found.item is not None else None) or {}
        path = prefix + one.written
        yield RowQuestion(path, title, found, codes)
        if found.kind is ValueKind.LIST:
            yield RowQuestion(length_of(path), str(say("{what}的项数", what=title)), NUMBER)


def typed_values(row: ConditionRow, question: RowQuestion | None) -> list[str]:
    """Return the value of a row as it is typed: plain where it is a plain value, behind ``=`` where it is an expression."""
    if row.operator.alone:
        return []
    parsed = parse_expression(row.value, None).expression
    node = parsed.node if parsed is not None else None
    if isinstance(node, ListOf) and row.operator in OF_SEVERAL:
        texts = [_typed(item.value, question) for item in node.items if isinstance(item, Literal)]
        if len(texts) == len(node.items) and None not in texts:
            return [text for text in texts if text is not None]
    if isinstance(node, Literal) and row.operator not in OF_SEVERAL:
        text = _typed(node.value, question)
        if text is not None:
            return [text]
    return [f"{COMPUTED} {row.value}"]


def _typed(value: object, question: RowQuestion | None) -> str | None:
    """Return a value so that `value_of` gives it back; None where that is only so as an expression."""
    text = value if isinstance(value, str) else written(Literal(value))  # type: ignore[arg-type]
    if not text or text != text.strip() or text.startswith(COMPUTED) or _BETWEEN.search(text):
        return None
    same = _literal(text, question) == written(Literal(value))  # type: ignore[arg-type]
    return text if same else None


def value_of(typed: Sequence[str], operator: RowOperator, question: RowQuestion | None) -> str | None:
    """Return what was typed or chosen as it is written in an expression; None where nothing was, or it is no value.

    Several values are chosen, or typed with commas between.
    """
    if operator.alone:
        return ""
    texts = [text.strip() for text in typed if text.strip()]
    if not texts:
        return None
    if texts[0].startswith(COMPUTED):
        parsed = parse_expression(texts[0][len(COMPUTED) :].strip(), None).expression
        return None if parsed is None else written(parsed.node)
    if operator not in OF_SEVERAL:
        return _literal(texts[0], question)
    items = [part.strip() for text in texts for part in _BETWEEN.split(text) if part.strip()]
    return f"[{', '.join(_literal(item, question) for item in items)}]"


def _literal(text: str, question: RowQuestion | None) -> str:
    kind = question.type if question is not None else None
    if kind is not None and (kind.number or kind.vague) and _NUMBER.fullmatch(text):
        return text
    if kind is not None and kind.kind is BOOLEAN.kind and text in ("true", "false"):
        return text
    return written(Literal(text)) or ""


def titles_of(questions: Sequence[RowQuestion]) -> Mapping[str, str]:
    """Return the titles of questions by their dotted names; of two with one name the first counts."""
    return {one.path: one.title for one in reversed(questions)}


def name_of(path: str, questions: Sequence[RowQuestion]) -> str:
    """Return what a name is called: the title of its question, else the name itself."""
    return next((one.title for one in questions if one.path == path), path)
