"""Lines are counted as the reader of YAML counts them."""

from __future__ import annotations

import pytest

from engine.yamltext.lines import line_starts, lines_of
from engine.yamltext.nodes import MappingNode
from engine.yamltext.source import read_source


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_a_node_stands_in_the_line_it_names(mark: str) -> None:
    text = f"a: 1{mark}b: here"
    root = read_source("f.yaml", text).root
    assert isinstance(root, MappingNode)
    _, value = root.entries[1]
    assert lines_of(text)[value.line - 1][value.column - 1 :] == "here"
    assert text[line_starts(text)[value.line - 1] + value.column - 1 :] == "here"


def test_the_break_at_the_end_begins_a_line() -> None:
    assert lines_of("a\n") == ["a", ""]
    assert line_starts("a\n") == [0, 2]
    assert lines_of("") == [""]
