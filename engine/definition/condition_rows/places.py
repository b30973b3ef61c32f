"""Every condition of a file of definitions, with its place: found by the grammar the reader follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: Kinds of files, by the key they begin with.
_KINDS = ("workflow", "form", "bureau", "site")
_HEADINGS = {"section": "heading", "page": "page heading"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionPlace:
    """One condition and where it belongs."""

    node: ScalarNode
    #: The key it is written at: ``when``, ``require``, ``warn``, ``constraint``, ``to``, …
    key: str
    #: The shape and the name of the part it belongs to: ``transition`` and ``submit``, ``field`` and ``route``.
    shape: str = ""
    part: str = ""
    #: What the part is called.
    title: str = ""
    #: The form that ``form.`` means there; "" where there is none.
    form: str = ""
    #: What is said where a requirement does not hold, or the state an outcome leads to.
    says: str = ""

    @property
    def text(self) -> str:
        """Return the condition as it is written."""
        return self.node.text.strip()


def conditions_in(root: Node | None) -> list[ConditionPlace]:
    """Return every condition of a file, in the order written."""
    if not isinstance(root, MappingNode):
        return []
    for key, value in root.texts():
        kind = keywords.canonical(key.text)
        if kind in _KINDS:
            own = value.text if isinstance(value, ScalarNode) and kind == "form" else ""
            name = value.text if isinstance(value, ScalarNode) else ""
            nowhere = ConditionPlace(node=key, key="", shape=kind, part=name, title=_title(root), form=own)
            return sorted(_in_part(root, kind, nowhere), key=lambda one: (one.node.line, one.node.column))
    return []


def _in_part(node: Node, shape: str, around: ConditionPlace) -> Iterator[ConditionPlace]:
    if not isinstance(node, MappingNode) or shape not in SHAPES:
        return
    texts = {keywords.canonical(key.text): value for key, value in node.texts()}
    name = texts.get("do")
    if isinstance(name, ScalarNode) and shape == "transition":
        around = replace(around, part=name.text)
    form = texts.get("form")
    if isinstance(form, ScalarNode) and shape not in _KINDS:
        around = replace(around, form=form.text)
    for key, value in node.texts():
        english = keywords.canonical(key.text)
        spec = SHAPES[shape].get(english)
        if spec is not None:
            yield from _in_value(value, spec, replace(around, key=english))


def _in_value(value: Node, spec: KeySpec, around: ConditionPlace) -> Iterator[ConditionPlace]:
    items = value.items if isinstance(value, SequenceNode) else ()
    match spec.form:
        case ValueShape.CONDITION:
            yield from _condition(value, around)
        case ValueShape.PART | ValueShape.OVERDUE | ValueShape.SIGN | ValueShape.JOIN:
            yield from _in_part(value, spec.of, around)
        case ValueShape.PARTS:
            for key, part in _texts(value):
                yield from _in_part(part, spec.of, _named(around, spec.of, key.text, part))
        case (
            ValueShape.VERBS | ValueShape.LIST | ValueShape.FIELDS | ValueShape.OUTCOMES | ValueShape.EFFECTS
        ):
            inside = {
                ValueShape.LIST: _item,
                ValueShape.FIELDS: _field,
                ValueShape.OUTCOMES: _outcome,
                ValueShape.EFFECTS: _effect,
            }.get(spec.form, _in_part)
            # Verbs that say more are a mapping, or stand in the list of the others.
            for item in (value, *items) if inside is _in_part else items:
                yield from inside(item, spec.of, around)


def _texts(node: Node) -> Iterator[tuple[ScalarNode, Node]]:
    return node.texts() if isinstance(node, MappingNode) else iter(())


def _outcome(item: Node, shape: str, around: ConditionPlace) -> Iterator[ConditionPlace]:
    for number, (key, outcome) in enumerate(_texts(item)):
        if number == 0 and keywords.canonical(key.text) != "else":
            yield from _condition(outcome, replace(around, says=key.text))
    if isinstance(item, MappingNode) and len(item.entries) > 1:
        yield from _in_part(replace(item, entries=item.entries[1:]), shape, around)


def _effect(item: Node, _shape: str, around: ConditionPlace) -> Iterator[ConditionPlace]:
    texts = list(_texts(item))
    what = next((f"{key.text} {value.text}" for key, value in texts if isinstance(value, ScalarNode)), "")
    for key, value in texts:
        english = keywords.canonical(key.text)
        # ``where`` says which of several cases.
        if english in ("when", "where"):
            yield from _condition(
                value, replace(around, key="then" if english == "when" else "where", says=what)
            )


def _item(item: Node, shape: str, around: ConditionPlace) -> Iterator[ConditionPlace]:
    if shape == "requirement" and isinstance(item, MappingNode):
        texts = {keywords.canonical(key.text): value for key, value in item.texts()}
        says = texts.get("else")
        if "that" in texts:
            yield from _condition(
                texts["that"], replace(around, says=says.text if isinstance(says, ScalarNode) else "")
            )
        return
    yield from _in_part(item, shape, _named(around, shape, around.part, item))


def _field(item: Node, shape: str, around: ConditionPlace) -> Iterator[ConditionPlace]:
    for key, value in _texts(item):
        heading = _HEADINGS.get(keywords.canonical(key.text))
        if heading is not None and isinstance(value, ScalarNode):
            yield from _in_part(
                item, heading, replace(around, shape=heading, part=value.text, title=value.text)
            )
            return
        yield from _in_part(value, shape, _named(around, shape, key.text, value))


def _named(around: ConditionPlace, shape: str, name: str, part: Node) -> ConditionPlace:
    return replace(around, shape=shape, part=name, title=_title(part))


def _title(node: Node) -> str:
    texts = {keywords.canonical(key.text): value for key, value in _texts(node)}
    title = texts.get("title")
    return title.text if isinstance(title, ScalarNode) else ""


def _condition(value: Node, around: ConditionPlace) -> Iterator[ConditionPlace]:
    if isinstance(value, ScalarNode) and value.value is not None:
        yield replace(around, node=value)
