"""Every text of the language in which an answer can stand is known, with who sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from faults_put_in import texts, w

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import load_files
from engine.definition.meaning.public.texts import SHOWN, WITH_ANSWERS, SeenBy
from engine.definition.rules.private_made_public import RULE
from engine.lifecycle.effects import EFFECTS, EffectKind
from engine.lifecycle.verbs.table import DECLARED

Place = tuple[str, str]

#: Arguments in which no answer stands: names, words, conditions on a child, and the form the others are taken from.
WITHOUT = {
    *(EffectKind.WORD, EffectKind.WORDS, EffectKind.AUDIENCE, EffectKind.WORKFLOW, EffectKind.PUBLICATION),
    *(EffectKind.CLOCK, EffectKind.FLAG, EffectKind.CHILD, EffectKind.END, EffectKind.SOURCE),
}
#: Expressions outside effects, and where what they come to is seen.
EXPRESSIONS: dict[Place, str] = {
    ("field", "computed"): "judged by `private-made-public` where the field is public",
    ("row field", "computed"): "of a row: shown with the list it is in, which is public or is not",
    ("clock", "since"): "a day",
    ("limit", "since"): "a day",
    ("retention rule", "since"): "a day",
    **{("tally", name): "a number" for name in ("count", "sum", "min", "max")},
    ("supervision row", "alike"): "compared, never shown",
    ("report column", "value"): "a report inside the office",
    ("statistics group", "value"): "a table inside the office",
}
#: Texts that no shipped file writes in the places that are looked through; a new one is to be shipped, or looked at and named here.
NOT_SHIPPED: set[Place] = {
    *(
        (part, "basis")
        for part in ("archive piece", "case field", "column", "row field", "limit", "retention rule")
    ),
    *((part, "basis") for part in ("row by name", *DECLARED)),
    *(
        (part, "help")
        for part in ("articles", "branch", "bureau", "case field", "clock", "column", "heading")
    ),
    *((part, "help") for part in ("page heading", "row field", "site", "transition")),
    *(("branch", "title"), ("transition", "title"), ("heading", "section"), ("page heading", "page")),
    *(
        ("column", "unit"),
        ("row field", "unit"),
        ("field", "exclusive"),
        ("row field", "exclusive"),
        ("offer", "codes"),
    ),
    *(
        ("office hours", "hours"),
        ("season", "from"),
        ("season", "to"),
        ("season", "hours"),
        ("paper policy", "sections"),
    ),
    *(("rule switch", "reason"), ("sign", "mode"), ("workflow", "effective")),
}
#: Names of laws by which citations are found: they are compared, never shown.
_COMPARED = {("law", "short")}
_PLAIN = (ValueShape.TEXT, ValueShape.TEXTS, ValueShape.TEXT_LIST)
_BRACES = '"{{ form.witness }}"'


def test_every_argument_is_known() -> None:
    answered = {
        (effect, name)
        for effect, (own, others) in EFFECTS.items()
        for name, argument in ((effect, own), *others.items())
        if argument.kind in WITH_ANSWERS
    }
    assert answered == set(SHOWN)


def test_every_kind_of_argument_is_known() -> None:
    assert set(EffectKind) == WITH_ANSWERS | WITHOUT
    assert not WITH_ANSWERS & WITHOUT


def test_every_way_to_be_seen_is_judged() -> None:
    assert {SeenBy.EVERYBODY, SeenBy.TITLE, SeenBy.FIELD, SeenBy.PAPER, SeenBy.REASONS} == set(SeenBy) - {
        SeenBy.OFFICE
    }
    assert set(SeenBy) == set(SHOWN.values())
    assert RULE.meaning is not None


def test_every_expression_is_known() -> None:
    written = {
        (shape, key)
        for shape, keys in SHAPES.items()
        for key, spec in keys.items()
        if spec.form is ValueShape.EXPRESSION
    }
    assert written == set(EXPRESSIONS)


def plain_texts(node: yaml.Node, shape: str) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    """Yield part and key of every text without places in a part of the grammar."""
    if not isinstance(node, yaml.MappingNode) or shape not in SHAPES:
        return
    for key, value in node.value:
        name = keywords.canonical(key.value)
        spec = SHAPES[shape].get(name)
        if spec is None:
            continue
        if spec.form in _PLAIN:
            inner = [pair[1] for pair in value.value] if isinstance(value, yaml.MappingNode) else [value]
            listed = [
                one
                for each in inner
                for one in (each.value if isinstance(each, yaml.SequenceNode) else [each])
            ]
            yield from (((shape, name), one) for one in listed if isinstance(one, yaml.ScalarNode))
        for part, below in _parts(spec, value):
            yield from plain_texts(below, part)


def _parts(spec: KeySpec, value: yaml.Node) -> list[tuple[str, yaml.Node]]:
    items = list(value.value) if isinstance(value, yaml.SequenceNode) else [value]
    pairs = [pair for item in items if isinstance(item, yaml.MappingNode) for pair in item.value]
    if spec.form is ValueShape.VERBS:
        return [(keywords.canonical(word.value), inner) for word, inner in pairs]
    if spec.form in (ValueShape.PARTS, ValueShape.OVERDUE, ValueShape.FIELDS):
        return [(spec.of, inner) for _, inner in pairs]
    return [(spec.of, item) for item in items] if spec.of else []


def _of(file: str) -> list[tuple[Place, yaml.ScalarNode]]:
    top = yaml.compose(texts()[file])
    assert isinstance(top, yaml.MappingNode)
    found = plain_texts(top, keywords.canonical(top.value[0][0].value))
    return [
        (place, node) for place, node in found if node.start_mark.line == node.end_mark.line and node.value
    ]


def test_every_plain_text_is_tried() -> None:
    shipped = {place for file in texts() for place, _ in _of(file)}
    written = {
        (shape, key) for shape, keys in SHAPES.items() for key, spec in keys.items() if spec.form in _PLAIN
    }
    assert written - shipped <= NOT_SHIPPED
    assert written >= NOT_SHIPPED


@pytest.mark.parametrize("file", [w("bureau"), w("page_types"), w("articles"), w("inspection"), w("batch")])
def test_places_in_a_plain_text_are_named(file: str) -> None:
    text = texts()[file]
    tried = _of(file)
    for _, node in reversed(tried):
        text = text[: node.start_mark.index] + _BRACES + text[node.end_mark.index :]
    problems = load_files({**texts(), file: text}).problems
    seen = {one.line for one in problems if one.file == file}
    assert {place for place, node in tried if node.start_mark.line + 1 not in seen} <= _COMPARED
