"""Words alone and rows by a name are said under keys there are."""

from __future__ import annotations

from engine.definition.grammar import SHAPES
from engine.definition.short.words_alone import ALONE, ROWS_BY_NAME, in_one_list, said_alone
from engine.yamltext.nodes import MappingNode, ScalarNode
from engine.yamltext.source import read_source


def written(text: str) -> tuple[ScalarNode, ScalarNode]:
    root = read_source("x", text).root
    assert isinstance(root, MappingNode)
    ((key, value),) = root.texts()
    assert isinstance(value, ScalarNode)
    return key, value


def test_each_is_said_under_a_key_there_is() -> None:
    assert all(under in SHAPES[shape] for shape, (under, _) in ALONE.items())
    assert all(shape in SHAPES for shape in ROWS_BY_NAME)


def test_a_word_alone_is_what_stands_under_its_key() -> None:
    under, word = said_alone(*written("several:"), "field") or ("", ScalarNode(1, 1, 1, 1, "", ""))
    assert (under, getattr(word, "text", "")) == ("type", "choices")
    assert said_alone(*written("several: yes"), "field") is None
    assert said_alone(*written("several:"), "workflow") is None


def test_several_words_alone_are_one_list() -> None:
    one, other = written("withdraw:")[0], written("claim:")[0]
    assert in_one_list(in_one_list(one, other), one).items == (one, other, one)
