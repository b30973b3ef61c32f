"""Files of the first language, made into files of today: the same tree with the same places, its words those of today.

Published versions of that language keep loading by it. What is not known is left unchanged, for the reader to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.definition import keywords
from engine.definition.older.first_expressions import (
    condition_today,
    expression_today,
    read,
    template_today,
)
from engine.lifecycle.effects import EFFECTS, EffectKind
from engine.lifecycle.expressions.expression import Literal
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: Keys of the first language that are written otherwise today, by the key of the part they stand in.
_FIELD_KEYS = {"relevant": "when", "适用": "当", "least": "min", "most": "max"}
_CONDITIONS = ("that", "when", "relevant", "适用", "where")
_EXPRESSIONS = ("since", "computed", "each", "rows")


def to_today(root: MappingNode) -> MappingNode:
    """Return a file of the first language as one of today."""
    kind = root.entries[0][0] if root.entries else root
    of_form = isinstance(kind, ScalarNode) and keywords.canonical(kind.text) == "form"
    made = _mapping(root, _FORM if of_form else "")
    return made if isinstance(made, MappingNode) else root


#: Means the key above a form, whose fields had to be answered only where they said so.
_FORM = "form"


def _fields(node: SequenceNode, asked: bool) -> SequenceNode:
    """Return a list of fields as ``name: what is said of it``; with `asked`, those that need no answer say so."""
    return replace(node, items=tuple(_field(item, asked) for item in node.items))


def _field(item: Node, asked: bool) -> Node:
    if not isinstance(item, MappingNode):
        return item
    words = {keywords.canonical(key.text) for key, _ in item.texts()} | {key.text for key, _ in item.texts()}
    names = [(key, value) for key, value in item.entries if isinstance(key, ScalarNode) and key.text in _NAME]
    if len(names) != 1:
        return item
    entries: list[tuple[Node, Node]] = []
    required = False
    for key, value in item.entries:
        text = key.text if isinstance(key, ScalarNode) else ""
        if text in _NAME:
            continue
        if text in _REQUIRED:
            required = isinstance(value, ScalarNode) and value.value is True
            continue
        word = keywords.canonical(text)
        if word == "columns" and isinstance(value, SequenceNode):
            entries.append((key, _fields(value, asked)))
        else:
            entries.append((_renamed(key, True, ""), _value(value, word)))
    if asked and not required and "computed" not in words:
        place = (item.line, item.column, item.end_line, item.end_column)
        entries.append((ScalarNode(*place, "optional", "optional"), ScalarNode(*place, "true", True)))
    return replace(item, entries=((names[0][1], replace(item, entries=tuple(entries))),))


_NAME = ("name", "标识")
_REQUIRED = ("required", "必填")


def _node(node: Node, key: str) -> Node:
    if isinstance(node, MappingNode):
        return _mapping(node, key)
    if isinstance(node, SequenceNode):
        return replace(node, items=tuple(_node(item, key) for item in node.items))
    if isinstance(node, ScalarNode) and "{{" in node.text:
        return _scalar(node, template_today(node.text))
    return node


def _mapping(node: MappingNode, key: str) -> Node:
    if key == "then" and (effect := _effect(node)) is not None:
        return effect
    entries: list[tuple[Node, Node]] = []
    for name, value in node.entries:
        word = keywords.canonical(name.text) if isinstance(name, ScalarNode) else ""
        if word == "fields" and isinstance(value, SequenceNode):
            entries.append((name, _fields(value, key == _FORM)))
        else:
            entries.append((_renamed(name, False, key), _value(value, word)))
    return replace(node, entries=tuple(entries))


def _renamed(name: Node, field: bool, key: str) -> Node:
    if not isinstance(name, ScalarNode):
        return name
    if field and name.text in _FIELD_KEYS:
        return _scalar(name, _FIELD_KEYS[name.text])
    if key == "extend" and name.text == "most":
        return _scalar(name, "max")
    return name


def _value(value: Node, word: str) -> Node:
    if word in _CONDITIONS:
        return condition_node(value)
    if word in _EXPRESSIONS and isinstance(value, ScalarNode):
        return _scalar(value, expression_today(value.text))
    if word == "overdue" and isinstance(value, SequenceNode):
        return _overdue(value)
    if word == "verbs" and isinstance(value, MappingNode):
        return _verbs(value)
    return _node(value, word)


def condition_node(value: Node) -> Node:
    """Return a condition as an expression on one line."""
    if isinstance(value, ScalarNode) and value.value is None:
        return value
    text = condition_today(value)
    if text is None:
        return value
    if isinstance(value, ScalarNode):
        return _scalar(value, text)
    return ScalarNode(value.line, value.column, value.end_line, value.end_column, text, text)


def _scalar(node: ScalarNode, text: str) -> ScalarNode:
    return node if text == node.text else replace(node, text=text, value=text)


def _effect(node: MappingNode) -> MappingNode | None:
    written = {keywords.canonical(key.text): value for key, value in node.texts()}
    kind = next((word for word in written if word in EFFECTS), None)
    if kind is None:
        return None
    own, others = EFFECTS[kind]
    arguments = {kind: own, **others}
    entries: list[tuple[Node, Node]] = []
    for name, value in node.entries:
        word = keywords.canonical(name.text) if isinstance(name, ScalarNode) else ""
        floor = kind == "commit" and word == "least" and isinstance(name, ScalarNode)
        shown = _scalar(name, "min") if floor and isinstance(name, ScalarNode) else name
        word = "min" if floor else word
        argument = arguments.get(word)
        form = argument.kind if argument is not None else None
        if form is EffectKind.VALUE:
            entries.append((shown, value_node(value)))
        elif form is EffectKind.VALUES and isinstance(value, MappingNode):
            inner = tuple((one, value_node(written)) for one, written in value.entries)
            entries.append((shown, replace(value, entries=inner)))
        else:
            entries.append((shown, _value(value, word)))
    return replace(node, entries=tuple(entries))


def value_node(node: Node) -> Node:
    """Return an expression of the first language as a value of today: ``= expression``, or the literal it was."""
    if not isinstance(node, ScalarNode) or node.value is None:
        return node
    found = read(node.text.strip(), True)
    if isinstance(found, Literal) and isinstance(found.value, (str, int)):
        text = str(found.value) if not isinstance(found.value, bool) else node.text.strip().lower()
        if not text.lstrip().startswith("="):
            return replace(node, text=text, value=found.value)
    text = f"= {expression_today(node.text)}"
    return replace(node, text=text, value=text)


def _overdue(node: SequenceNode) -> Node:
    entries: list[tuple[Node, Node]] = []
    for item in node.items:
        if not isinstance(item, MappingNode):
            return node
        keys = {keywords.canonical(key.text): (key, value) for key, value in item.texts()}
        after = keys.pop("after", (None, None))[1]
        if not isinstance(after, ScalarNode):
            return node
        name = (
            replace(after, text="at once", value="at once")
            if after.text.startswith("0 ") or after.text in _ZERO
            else after
        )
        if set(keys) == {"notify"}:
            entries.append((name, keys["notify"][1]))
        else:
            entries.append((name, replace(item, entries=tuple(keys.values()))))
    return MappingNode(node.line, node.column, node.end_line, node.end_column, _apart(entries))


_ZERO = ("0日", "0天", "0个工作日", "0工作日", "0小时", "0个小时", "0个自然日", "0个办公小时", "0办公小时")


def _apart(entries: list[tuple[Node, Node]]) -> tuple[tuple[Node, Node], ...]:
    """Return the entries with keys that differ: two of one period are written one of them in the other number."""
    seen: set[str] = set()
    made = []
    for name, value in entries:
        text = name.text if isinstance(name, ScalarNode) else ""
        while text in seen:
            text = "当即" if text == "at once" else _other_spelling(text)
        seen.add(text)
        made.append((_scalar(name, text) if isinstance(name, ScalarNode) else name, value))
    return tuple(made)


def _other_spelling(text: str) -> str:
    """Return the same period written another way: spaces between the number and its unit do not count."""
    number = text[: len(text) - len(text.lstrip("0123456789"))]
    return f"{number} {text[len(number) :]}"


def _verbs(node: MappingNode) -> Node:
    bare = [key for key, value in node.entries if isinstance(value, ScalarNode) and value.value is None]
    rest = [
        (
            key,
            _mapping(value, keywords.canonical(key.text))
            if isinstance(value, MappingNode) and isinstance(key, ScalarNode)
            else value,
        )
        for key, value in node.entries
        if key not in bare
    ]
    if not bare:
        return replace(node, entries=tuple(rest))
    items = (*bare, *((replace(node, entries=tuple(rest)),) if rest else ()))
    return SequenceNode(node.line, node.column, node.end_line, node.end_column, items)


#: Language number -> what makes a file of it one of today; today's needs nothing.
READERS: Mapping[int, Callable[[MappingNode], MappingNode]] = {1: to_today}
