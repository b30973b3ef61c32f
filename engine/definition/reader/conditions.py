"""Expressions, conditions, values and the sentences of requirements."""

from __future__ import annotations

import re
from typing import Any

from engine.definition.expressions import EVERY_FUNCTION, Names, Parsed, parse_condition, parse_expression
from engine.definition.reader.diagnostics import Diagnostics, kind_of
from engine.definition.templates import as_written, parse_template, shows_places
from engine.definition.types import Type, can_be_kept, counts_alike, kind_name, type_of
from engine.language import Message, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Literal, Logic
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.forms.exact_values import places_kept
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.requirement import Requirement
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.plain import plain_value

#: A text that can only have been meant as an expression: a name with a point, or a call.
#: So many codes of a choice are named in a sentence.
_CODES_SHOWN = 6
_DOTTED = re.compile(r"([^\W\d]\w*)(?:\.[^\W\d]\w*)+")
_CALLED = re.compile(rf"(?:{'|'.join(EVERY_FUNCTION)})\(.*\)", re.DOTALL)
#: Keys of the structures conditions were written in before, and what is written instead of each now.
_STRUCTURES = {
    "all": "a and b",
    "any": "a or b",
    "not": "not a",
    "field": "a == b",
    "every": "every(rows, it.a == b)",
    "count": "count(rows, it.a == b) >= 2",
    "全部": "a and b",
    "任一": "a or b",
    "非": "not a",
    "项": "a == b",
    "逐一": "every(rows, it.a == b)",
    "计数": "count(rows, it.a == b) >= 2",
}


def read_expression(diagnostics: Diagnostics, node: Node | None, names: Names | None) -> Parsed | None:
    """Read a one-line expression; None when there is none or it is wrong (and noted)."""
    text = _source(diagnostics, node)
    if text is None or node is None:
        return None
    if diagnostics.muted:
        return None
    parsed = parse_expression(text, names)
    for fault in parsed.faults:
        diagnostics.fault(node, fault)
    diagnostics.keep(parsed.expression, node)
    return parsed if parsed.expression is not None else None


def read_template(diagnostics: Diagnostics, node: Node | None, names: Names | None) -> Template | None:
    """Read a text with ``{{ names }}`` in it."""
    text = diagnostics.read_text(node, places=True)
    if text is None or node is None or diagnostics.muted:
        return None
    template, faults = parse_template(text, names)
    for fault in faults:
        diagnostics.fault(node, fault)
    diagnostics.keep(template, node)
    return template


def read_requirements(
    diagnostics: Diagnostics, node: Node | None, names: Names | None
) -> list[tuple[Requirement, Node]]:
    """Read a list of ``that / else / basis`` with their places."""
    found = []
    for item in diagnostics.items(node):
        part = diagnostics.open(item, "requirement")
        if part is None:
            continue
        that = read_condition(diagnostics, part.value("that"), names)
        message = diagnostics.read_text(part.value("else"))
        basis = diagnostics.read_text(part.value("basis"))
        if that is not None and message is not None:
            found.append((Requirement(that=that, message=message, basis=basis), part.key("that")))
    return found


def read_condition(diagnostics: Diagnostics, node: Node | None, names: Names | None) -> Condition | None:
    """Read an expression that must be true or false; None when there is none or it is wrong (and noted)."""
    if node is None or diagnostics.blank(node) or diagnostics.muted:
        return None
    if isinstance(node, ScalarNode):
        parsed = parse_condition(node.text.strip(), names)
        for fault in parsed.faults:
            diagnostics.fault(node, fault)
        diagnostics.keep(parsed.expression, node)
        return Condition(parsed.expression) if parsed.expression is not None else None
    hint = say("条件是一行表达式，如 form.staff > 0 and form.signed")
    if isinstance(node, MappingNode):
        instead = next((_STRUCTURES[key.text] for key, _ in node.texts() if key.text in _STRUCTURES), None)
        if instead is not None:
            hint = say("条件只用表达式，请写 {example}", example=instead)
    diagnostics.report("wrong-shape", node, say("此处应是条件，实为{seen}", seen=kind_of(node)), hint)
    return None


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """Return the condition that holds where two hold, either of which may not be written."""
    if first is None or second is None:
        return first or second
    one, other = first.expression, second.expression
    node = Logic("and", (*_clauses(one.node), *_clauses(other.node)))
    return Condition(Expression(f"({one.source}) and ({other.source})", node))


def _clauses(node: ExpressionNode) -> tuple[ExpressionNode, ...]:
    return node.items if isinstance(node, Logic) and node.op == "and" else (node,)


def read_written_value(
    diagnostics: Diagnostics, node: Node, names: Names | None, asked: Field | None = None
) -> Expression | None:
    """Read a place of a value: ``= expression``, or anything else, kept as it is.

    A value that is kept is checked against the field it is for, where that is known.
    """
    if diagnostics.muted or diagnostics.blank(node):
        return None
    if isinstance(node, ScalarNode) and ("{" in node.text or "｛" in node.text) and shows_places(node.text):
        diagnostics.report("value-not-expression", node, *as_written(node.text))
        return None
    if isinstance(node, ScalarNode) and node.text.lstrip().startswith("="):
        return _computed(diagnostics, node, names, asked)
    if isinstance(node, ScalarNode) and _is_expression(node.text, names):
        diagnostics.report(
            "value-not-expression",
            node,
            say("“{text}”会原样记成文字", text=node.text),
            say("要取它的值，请写“= {text}”", text=node.text),
        )
        return None
    value = plain_value(node)
    if asked is not None:
        value, problem = read_value(asked, value)
        if problem is not None:
            hint = say("要取表达式的值，请在前面加“= ”")
            diagnostics.report("type-mismatch", node, say("{text}", text=problem), hint)
            return None
    return Expression(_shown(node), Literal(_frozen(value)))


def _computed(
    diagnostics: Diagnostics, node: ScalarNode, names: Names | None, asked: Field | None = None
) -> Expression | None:
    text = node.text.lstrip()[1:]
    if text.startswith("="):
        message, hint = say("表达式前面只写一个“=”"), say("如 = form.route == 'filed'")
        diagnostics.report("expression-syntax", node, message, hint)
        return None
    parsed = parse_expression(text.strip(), names)
    skipped = len(node.text) - len(text.lstrip())
    for fault in parsed.faults:
        diagnostics.fault(node, fault, skipped)
    if parsed.expression is not None and parsed.type.unrounded:
        message = say("除出来的数可能除不尽，记下以前须写明怎样取整")
        diagnostics.report(
            "unit-mismatch", node, message, say("如 round({text}, 2)、round_up(……)", text=text.strip())
        )
        return None
    if parsed.expression is not None and asked is not None and not can_be_kept(parsed.type, type_of(asked)):
        message = say(
            "“{text}”是{kind}，不能记到“{field}”里：那里是{wanted}",
            text=text.strip(),
            kind=_kind_with_codes(parsed.type),
            field=asked.title,
            wanted=_kind_with_codes(type_of(asked)),
        )
        diagnostics.report("type-mismatch", node, message)
        return None
    if parsed.expression is not None and asked is not None:
        kept_unit(diagnostics, node, parsed.type, asked)
        if not kept_places(diagnostics, node, parsed.type, asked, text.strip()):
            return None
    diagnostics.keep(parsed.expression, node)
    return parsed.expression


def _kind_with_codes(found: Type) -> Message:
    """Return what a value is, in words: of a choice with its codes."""
    if found.choices is None:
        return kind_name(found.kind)
    return say("选项（{codes}）", codes=list(found.choices)[:_CODES_SHOWN])


def kept_places(diagnostics: Diagnostics, node: Node, found: Type, asked: Field, text: str) -> bool:
    """Tell whether a field keeps as many places as a number may have that was worked out; report it where not."""
    most = places_kept(asked)
    if most is None or not found.number:
        return True
    places = found.most_places
    if not found.unrounded and (places is None or places <= most):
        return True
    if found.unrounded or places is None:
        message = say("除出来的数可能除不尽，记下以前须写明怎样取整")
    else:
        message = say(
            "“{text}”算出来可能有 {places} 位小数，“{field}”只记 {most} 位，记下以前须写明怎样取整",
            text=text,
            places=places,
            field=asked.title,
            most=most,
        )
    example = f"round({text}, {most})" if most else f"round({text})"
    diagnostics.report("unit-mismatch", node, message, say("如 {example}、round_up(……)", example=example))
    return False


def kept_unit(diagnostics: Diagnostics, node: Node, found: Type, asked: Field) -> None:
    """Report a number that counts something else than the field it is kept in."""
    wanted = type_of(asked)
    if counts_alike(found, wanted) or found.unit is None or wanted.unit is None:
        return
    diagnostics.report(
        "unit-mismatch",
        node,
        say(
            "算出来的是{found}，不能记到“{field}”里：那里是{wanted}",
            found=found.unit.spelled(),
            field=asked.title,
            wanted=wanted.unit.spelled(),
        ),
        say("请先换算，或改字段的 unit（单位量）；按日、按人计的比例写明每什么，如 '0.05%/日'"),
    )


def _is_expression(text: str, names: Names | None) -> bool:
    if _CALLED.fullmatch(text):
        return True
    dotted = _DOTTED.fullmatch(text)
    return dotted is not None and names is not None and dotted[1] in names


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _shown(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return node.text
    return str(plain_value(node))


def _source(diagnostics: Diagnostics, node: Node | None) -> str | None:
    if node is None or diagnostics.blank(node):
        return None
    if isinstance(node, ScalarNode):
        return node.text.strip()
    hint = None
    if isinstance(node, MappingNode):
        hint = say("以“{”开头的文字会被当成 YAML 的花括号；表达式不用花括号")
    if isinstance(node, SequenceNode):
        hint = say("以“[”开头的表达式请整个加引号")
    diagnostics.report("wrong-shape", node, say("此处应是表达式，实为{seen}", seen=kind_of(node)), hint)
    return None
