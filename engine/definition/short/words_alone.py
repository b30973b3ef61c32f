"""Words that are written alone in a part, for the key they are said under; and rows that are written as ``NAME: names``."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition import keywords
from engine.definition.grammar import SHAPES
from engine.lifecycle.verbs.table import DECLARED
from engine.yamltext.nodes import Node, ScalarNode, SequenceNode

_TYPES: Mapping[str, str] = {
    **keywords.TYPES,
    **{word: chinese for word, (chinese, _) in keywords.TYPES_MEANT.items()},
}
#: Parts of a list that may be written as ``NAME: names`` in place of their keys: what the name and the names are of.
ROWS_BY_NAME: Mapping[str, tuple[str, str]] = {
    "incompatible roles": ("role", "roles"),
    "incompatible steps": ("workflow", "steps"),
}

#: Shape -> the words that may stand alone in it, for the key they are said under: ``date`` says ``type: date``.
ALONE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **{
        shape: ("type", _TYPES)
        for shape, keys in SHAPES.items()
        if "type" in keys and keys["type"].words is keywords.TYPES
    },
    "role": ("scope", keywords.SCOPES),
    "supervision row": ("only", keywords.STATUSES),
    # Verbs that need say no more.
    "state": (
        "verbs",
        {
            word: str(spec.title)
            for word, spec in DECLARED.items()
            if not any(key.required for key in SHAPES[word].values())
        },
    ),
}


def said_alone(key: ScalarNode, value: Node, shape: str) -> tuple[str, Node] | None:
    """Return the key a word alone is said under, and the word as what is written there."""
    if shape not in ALONE or not isinstance(value, ScalarNode) or value.value is not None:
        return None
    under, words = ALONE[shape]
    if (word := keywords.word(key.text, words)) is None:
        return None
    word = keywords.TYPES_MEANT[word][1] if word in keywords.TYPES_MEANT else word
    return under, ScalarNode(key.line, key.column, key.end_line, key.end_column, word, word, key.plain)


def in_one_list(first: Node, more: Node) -> SequenceNode:
    """Return several words that stand alone in one part as the list of them."""
    items = first.items if isinstance(first, SequenceNode) else (first,)
    return SequenceNode(first.line, first.column, more.end_line, more.end_column, (*items, more))
