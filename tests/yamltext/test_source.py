"""Strict YAML as nodes with places, and every fault of a file at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.plain import plain_value
from engine.yamltext.problem import Severity
from engine.yamltext.source import DEEPEST, MAX_BYTES, Source, read_source


def rules(content: str | bytes) -> list[tuple[int, int, str]]:
    """Return line, column and rule of every fault."""
    found = read_source("f.yaml", content).problems
    assert all(problem.severity is Severity.ERROR and problem.file == "f.yaml" for problem in found)
    return [(problem.line, problem.column, problem.rule) for problem in found]


def place(node: Node | None) -> tuple[int, int, int, int]:
    assert node is not None
    return node.line, node.column, node.end_line, node.end_column


def test_every_piece_has_its_place() -> None:
    source = read_source("f.yaml", "名称: 甲厂\nlist:\n  - 12\n  - 'x y'\n")
    root = source.root
    assert isinstance(root, MappingNode)
    (key, name), (_, listed) = root.entries
    assert isinstance(name, ScalarNode)
    assert isinstance(listed, SequenceNode)
    assert (place(key), place(name)) == ((1, 1, 1, 3), (1, 5, 1, 7))
    number, quoted = listed.items
    assert isinstance(number, ScalarNode)
    assert isinstance(quoted, ScalarNode)
    assert (number.value, number.plain, place(number)) == (12, True, (3, 5, 3, 7))
    assert (quoted.value, quoted.plain, place(quoted)) == ("x y", False, (4, 5, 4, 10))
    assert source.problems == ()


def test_the_text_is_kept_without_mark_and_carriage_returns() -> None:
    source = read_source("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert source.text == "a: 1\nb: 2\n"
    assert source.file == "f.yaml"


def test_an_empty_file_has_no_root_and_no_fault() -> None:
    assert read_source("f.yaml", "# 空\n") == Source("f.yaml", "# 空\n", None, ())


#: Values whose JSON is strict YAML too; longer numbers and control characters are text or refused there.
PLAIN = st.recursive(
    st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=["Cc"]), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcd甲", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(PLAIN)
def test_what_json_writes_is_read_as_the_same_value(value: Any) -> None:
    source = read_source("f.yaml", json.dumps({"x": value}, ensure_ascii=False))
    assert source.problems == ()
    assert source.root is not None
    assert plain_value(source.root) == {"x": value}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"x: \xff\xfe\xff", (1, 4, "file-encoding")),
        ("a: 1\n说明: 张三".encode("gb18030"), (2, 2, "file-encoding")),
        ("a: 1\nb: \x07\n", (2, 4, "file-encoding")),
        ("a" * (MAX_BYTES + 1), (1, 1, "file-size")),
        ("[" * (DEEPEST + 1), (1, DEEPEST + 1, "nesting-depth")),
        ("a: 1\n---\nb: 1\n", (2, 1, "yaml-feature")),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", (1, 1, "yaml-feature")),
        ("a: &x 1\n", (1, 4, "yaml-feature")),
        ("a: !x 1\n", (1, 4, "yaml-feature")),
        ("a: [*x]\n", (1, 5, "yaml-feature")),
        ("[a]: 1\n", (1, 1, "yaml-feature")),
        ("<<: 1\n", (1, 1, "yaml-feature")),
        ("a: 1\n\u3000b: 2\n", (2, 1, "full-width-punctuation")),
        ("a: {b: 1, b: 2}\n", (1, 11, "duplicate-key")),
        ("a: [1\n", (2, 1, "yaml-syntax")),
    ],
)
def test_what_is_not_allowed_and_where(content: str | bytes, expected: tuple[int, int, str]) -> None:
    assert rules(content)[0] == expected


def test_a_file_in_another_encoding_is_told_from_no_text_at_all() -> None:
    gbk, none = (
        str(read_source("f.yaml", content).problems[0].message)
        for content in ("说明: 张三".encode("gb18030"), b"\xff\xfe\xff")
    )
    assert gbk == "文件不是 UTF-8 编码，看来是 GBK（GB18030）"
    assert none == "文件不是 UTF-8 编码"


def test_a_quoted_merge_key_is_a_key() -> None:
    assert rules("'<<': 1\n") == []


def test_faults_of_the_structure_come_together_and_no_more_than_a_hundred() -> None:
    assert rules("a: &x 1\nb: *x\nb: 2\n") == [
        (1, 4, "yaml-feature"),
        (2, 4, "yaml-feature"),
        (3, 1, "duplicate-key"),
    ]
    many = read_source("f.yaml", "".join(f"k{n}: &a {n}\n" for n in range(150)))
    assert (len(many.problems), many.root) == (100, None)
    twice = read_source("f.yaml", "a: 1\n" * 150)
    assert (len(twice.problems), twice.root) == (100, None)


def test_the_end_of_the_place_is_given_only_on_the_same_line() -> None:
    (short,) = read_source("f.yaml", "a: !x 1\n").problems
    assert (short.column, short.end_column) == (4, 8)
    (long,) = read_source("f.yaml", "? [a,\n   b]\n: 1\n").problems
    assert (long.column, long.end_column) == (3, 0)


@given(st.binary(max_size=120) | st.text(max_size=60))
def test_nothing_raises_and_no_root_comes_without_a_reason(content: str | bytes) -> None:
    source = read_source("f.yaml", content)
    lines = source.text.count("\n") + 2
    assert all(1 <= problem.line <= max(lines, 130) for problem in source.problems)
    assert source.root is None or isinstance(source.root, Node)


@pytest.mark.parametrize("written", ['"\\e[31m"', '"甲\\u202e"', "甲\u202e", '"\\0"', '"a\\x9b"'])
def test_control_characters_are_no_text(written: str) -> None:
    assert rules(f"a: 1\nb: {written}\n") == [(2, 4, "yaml-feature")]
    assert rules(f"{written}: 1\n")[0][2] == "yaml-feature"


def test_lines_are_text() -> None:
    assert rules('a: |\n  一\n  二\nb: "一\\n二\\t三"\n') == []
