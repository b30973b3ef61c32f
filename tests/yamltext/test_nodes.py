"""Nodes: what a key holds, and which entries have a plain key."""

from __future__ import annotations

from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


def scalar(text: str, line: int = 1) -> ScalarNode:
    """Return a plain value at the beginning of a line."""
    return ScalarNode(line, 1, line, 1 + len(text), text, text)


ONE, TWO, THREE = scalar("甲"), scalar("乙"), scalar("丙")
ODD = SequenceNode(4, 1, 4, 4, (ONE,))
MAPPING = MappingNode(
    1, 1, 5, 1, ((scalar("a"), ONE), (scalar("b"), TWO), (ODD, THREE), (scalar("a"), THREE))
)


def test_the_first_key_of_any_of_the_names_is_taken() -> None:
    assert MAPPING.get("a") is ONE
    assert MAPPING.get("名", "b") is TWO
    assert MAPPING.get("b", "a") is ONE
    assert MAPPING.get("c") is None
    assert MAPPING.get() is None


def test_entries_whose_key_is_no_single_value_are_passed_over() -> None:
    assert [(key.text, value) for key, value in MAPPING.texts()] == [("a", ONE), ("b", TWO), ("a", THREE)]


def test_two_pieces_are_the_same_only_where_they_are_one() -> None:
    assert scalar("甲") != ONE
    assert len({scalar("甲"), ONE, ONE}) == 2
    place: Node = ODD
    assert (place.line, place.column, place.end_line, place.end_column) == (4, 1, 4, 4)


def test_null_is_nothing_unless_it_is_quoted() -> None:
    assert [scalar(text).is_null for text in ("null", "~", "NULL", "nil", "无")] == [True] * 3 + [False] * 2
    assert not ScalarNode(1, 1, 1, 7, "null", "null", plain=False).is_null
