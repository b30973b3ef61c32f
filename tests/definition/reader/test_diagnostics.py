"""The small readings every part is made of: what is kept, and what is noted where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import FILE, book_of, node_of, open_part, said, value_of

from engine.definition.expression_errors import Fault
from engine.definition.reader.diagnostics import Diagnostics, MappingReader, kind_of
from engine.language import say
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity

Read = Callable[[Diagnostics, Node], Any]


def read(text: str, how: Read) -> tuple[Any, list[str]]:
    """Read what is written at ``x`` and return it with what was noted."""
    diagnostics = book_of(text)
    return how(diagnostics, value_of(text)), [line.split(" ", 1)[1] for line in said(diagnostics)]


def test_a_problem_stands_at_its_node_and_has_the_severity_of_its_rule() -> None:
    diagnostics = book_of("abc")
    diagnostics.report("bad-name", value_of("abc"), say("不好"))
    diagnostics.report("bad-name", value_of("abc"), say("不好"), say("改"), Severity.WARNING)
    first, second = diagnostics.problems
    assert (first.file, first.line, first.column, first.end_column) == (FILE, 1, 4, 7)
    assert (first.severity, first.hint) == (Severity.ERROR, None)
    assert (second.severity, str(second.hint)) == (Severity.WARNING, "改")


def test_a_muted_book_forgets_its_problems() -> None:
    diagnostics = Diagnostics(FILE, "x: 1\n", muted=True)
    diagnostics.report("bad-name", value_of("1"), say("不好"))
    diagnostics.fault(value_of("1"), Fault("bad-name", say("不好")))
    assert diagnostics.problems == []


@pytest.mark.parametrize(
    ("text", "column"), [("a = b", 6), ("'a = b'", 7), ("'it''s = b'", 4), ("[a = b]", 4)]
)
def test_a_fault_stands_at_its_own_column_where_that_can_be_told(text: str, column: int) -> None:
    diagnostics = book_of(text)
    diagnostics.fault(value_of(text), Fault("expression-syntax", say("等号"), None, 2, 1))
    (problem,) = diagnostics.problems
    assert (problem.line, problem.column, problem.end_column) == (1, column, column + 1)


def test_a_part_has_its_keys_in_english_with_their_places() -> None:
    diagnostics, part = open_part("名称: 甲\n要点: 乙\n依据: 丙\n", "row")
    assert list(part.entries) == ["title", "points", "basis"]
    assert diagnostics.problems == []
    _, part = open_part("title: 甲\nscope: bureau\n", "role")
    value = part.value("title")
    assert value is not None
    assert (part.key("title").line, value.column, part.value("by")) == (1, 8, None)
    assert part.key("by") is part.node


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("scope: bureau\n", "1:1 missing-key 缺少“title”（"),
        ("title:\nscope: bureau\n", "1:1 missing-value “title”后面没有内容"),
        ("title: 甲\nscope: bureau\n名称: 乙\n", "3:1 duplicate-key “名称”与第 1 行的“title”是同一个键"),
        ("title: 甲\nscope: bureau\ncolour: 乙\n", "3:1 unknown-key 此处没有“colour”这个键"),
        ("title: 甲\nscope: bureau\nby：: 乙\n", "3:1 full-width-punctuation 用了全角冒号“：”"),
    ],
)
def test_keys_unknown_repeated_missing_or_empty(text: str, problem: str) -> None:
    (found,) = said(open_part(text, "role")[0])
    assert found.startswith(problem)


def test_an_unknown_key_is_answered_with_a_near_one_or_with_those_there_are() -> None:
    near, far = (open_part(f"title: 甲\nscope: bureau\n{key}: 1\n", "role")[0] for key in ("titel", "zzzz"))
    assert "title" in str(near.problems[0].hint)
    assert str(far.problems[0].hint) == "请检查缩进；此处可用的键：title、scope"
    # Whoever writes Chinese is answered in Chinese; a word of another place is not taken for a slip of the pen.
    for key in ("栏目", "选填"):
        (problem,) = open_part(f"title: 甲\n{key}: 1\n", "case field")[0].problems
        assert str(problem.hint).startswith("请检查缩进；此处可用的键：名称、类型、编号"), problem.hint
    for key in ("since", "起算", "pauses_in"):
        (problem,) = open_part(f"title: 甲\n{key}: today\n", "state")[0].problems
        assert "clocks" in str(problem.hint), problem.hint
    taught, _ = open_part("title: 甲\ndefault: 1\n", "field")
    assert [problem.rule for problem in taught.problems] == ["form-default-forbidden"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a]", "wrong-shape 此处应是“键: 值”，实为列表"),
        ("a", "wrong-shape 此处应是“键: 值”，实为“a”"),
        ("title：甲", "full-width-punctuation 用了全角冒号“：”"),
        ("title:甲", "wrong-shape 冒号后面缺一个空格"),
    ],
)
def test_what_is_no_mapping(text: str, problem: str) -> None:
    assert read(text, lambda diagnostics, node: diagnostics.open(node, "role")) == (None, [problem])


def test_a_text_that_must_be_there_is_not_null() -> None:
    found, problems = read("{title: null}", lambda diagnostics, node: diagnostics.open(node, "role"))
    assert found is not None
    assert problems == ["missing-value “title”后面没有内容"]


@pytest.mark.parametrize(
    ("text", "kept", "problems"),
    [
        ("' 甲 '", "甲", []),
        ("12", "12", []),
        ("", None, []),
        ("null", None, []),
        ("~", None, []),
        ("'null'", "null", []),
        ("true", None, ["wrong-shape 此处应是文字，实为是或否（true）"]),
        ("[a]", None, ["wrong-shape 此处应是文字，实为列表"]),
        ("'  '", None, ["missing-value 此处应有文字，实为空白"]),
    ],
)
def test_texts(text: str, kept: str | None, problems: list[str]) -> None:
    assert read(text, Diagnostics.read_text) == (kept, problems)


@pytest.mark.parametrize(
    ("text", "kept", "problems"),
    [
        ("甲_1", "甲_1", []),
        ("", None, []),
        ("1a", None, ["bad-name 编号“1a”不合写法"]),
        ("true", None, ["bad-name 编号“true”不合写法"]),
        ("a\u200bb", None, ["bad-name 编号“a\u200bb”里有看不见的字符：U+200B"]),
        ("a，b", None, ["full-width-punctuation 编号“a，b”里有全角“，”"]),
        ("{a: 1}", None, ["wrong-shape 此处应是一个编号，实为一组“键: 值”"]),
    ],
)
def test_names(text: str, kept: str | None, problems: list[str]) -> None:
    assert read(text, Diagnostics.read_name) == (kept, problems)


@given(st.text(st.sampled_from("aZ9_甲-"), min_size=1, max_size=6))
@settings(max_examples=50)
def test_the_name_of_a_file_is_lower_case(name: str) -> None:
    kept, problems = read(f"'{name}'", lambda diagnostics, node: diagnostics.read_name(node, of_file=True))
    right = name[0] == "a" and set(name) <= set("a9_")
    assert (kept == name) is right is (problems == [])


def test_several_names_are_a_list_or_one_alone() -> None:
    assert read("a", lambda diagnostics, node: [name for name, _ in diagnostics.read_names(node)]) == (
        ["a"],
        [],
    )
    assert read(
        "[a, b, a]", lambda diagnostics, node: [name for name, _ in diagnostics.read_names(node)]
    ) == (
        ["a", "b"],
        ["duplicate-name “a”列了两次"],
    )
    assert read("[a, ]", lambda diagnostics, node: len(list(diagnostics.one_or_many(node)))) == (1, [])
    assert read("[a, '', ~]", lambda diagnostics, node: len(list(diagnostics.one_or_many(node))))[0] >= 2
    assert read("{a: b}", lambda diagnostics, node: list(diagnostics.one_or_many(node))) == (
        [],
        ["wrong-shape 此处应是一个编号或列表，实为一组“键: 值”"],
    )


@pytest.mark.parametrize(
    ("text", "kept", "problems"),
    [
        ("true", True, []),
        ("false", False, []),
        # The word alone: `optional`.
        ("", True, []),
        ("yes", False, ["wrong-shape 此处应写 true 或 false，实为“yes”"]),
        ("'true'", False, ["wrong-shape 此处应写 true 或 false，实为“true”"]),
        ("[true]", False, ["wrong-shape 此处应写 true 或 false，实为“列表”"]),
    ],
)
def test_flags(text: str, kept: bool, problems: list[str]) -> None:
    assert read(text, Diagnostics.read_flag) == (kept, problems)


@pytest.mark.parametrize(
    ("text", "kept", "problems"),
    [
        ("-12", -12, []),
        ("", None, []),
        ("012", None, ["wrong-shape 此处应是整数，实为“012”"]),
        ("'12'", None, ["wrong-shape 此处应是整数，实为“12”"]),
        ("true", None, ["wrong-shape 此处应是整数，实为“true”"]),
        ("1.5", None, ["wrong-shape 此处应是整数，实为“1.5”"]),
    ],
)
def test_whole_numbers(text: str, kept: int | None, problems: list[str]) -> None:
    assert read(text, Diagnostics.read_integer) == (kept, problems)


def test_words_of_either_language() -> None:
    words = {"forward": "顺延", "none": "不调整"}

    def word(diagnostics: Diagnostics, node: Node) -> str | None:
        return diagnostics.read_word(node, words)

    assert read("forward", word) == read("顺延", word) == ("forward", [])
    kept, problems = read("forwards", word)
    assert kept is None
    assert problems[0].startswith("unknown-word 应为下列之一：")
    diagnostics = book_of("forwards")
    diagnostics.read_word(value_of("forwards"), words)
    assert str(diagnostics.problems[0].hint) == "是否想写“forward”？"
    assert read("[none]", word)[1][0].endswith("实为“列表”")
    assert read("", word) == (None, [])


def test_mappings_with_keys_of_the_authors_own() -> None:
    def entries(diagnostics: Diagnostics, node: Node) -> list[str]:
        return [name for name, _, _ in diagnostics.entries(node)]

    assert read("{a: 1, 1b: 2, 乙: 3}", entries) == (["a", "乙"], ["bad-name 编号“1b”不合写法"])
    assert read(
        "{01: 1}", lambda diagnostics, node: [n for n, _, _ in diagnostics.entries(node, names=False)]
    ) == (
        ["01"],
        [],
    )
    assert read("[a]", entries) == ([], ["wrong-shape 此处应是“编号: 内容”，实为列表"])
    assert read("a：b", entries) == ([], ["full-width-punctuation 用了全角冒号“：”"])
    assert read("", entries) == ([], [])
    assert read("{a: 甲, b: }", lambda diagnostics, node: diagnostics.texts(node)) == (
        {"a": "甲"},
        ["missing-value “b”后面没有内容"],
    )


def test_items_of_a_list_of_parts() -> None:
    def count(diagnostics: Diagnostics, node: Node) -> int:
        return len(list(diagnostics.items(node)))

    assert read("[{a: 1}, b]", count) == (2, [])
    assert read("a", count) == (0, ["wrong-shape 此处应是列表，实为“a”"])
    diagnostics = Diagnostics(FILE, "x:\n  - a\n  -\n")
    node = node_of("x:\n  - a\n  -\n").get("x")
    assert len(list(diagnostics.items(node))) == 1
    assert said(diagnostics) == ["3:4 missing-value 列表的这一项是空的"]


def test_an_unknown_reference_is_answered_with_the_nearest() -> None:
    diagnostics = book_of("chef")
    diagnostics.unknown(
        "unknown-role", value_of("chef"), say("没有"), "chef", ["chief", "clerk"], Severity.WARNING
    )
    (problem,) = diagnostics.problems
    assert (problem.severity, "chief" in str(problem.hint)) == (Severity.WARNING, True)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("{a: 1}", "一组“键: 值”"),
        ("[a]", "列表"),
        ("true", "是或否（true）"),
        ("", "空白"),
        ("abc", "“abc”"),
        ("a" * 41, f"“{'a' * 40}…”"),
    ],
)
def test_what_a_node_is_in_words(text: str, called: str) -> None:
    assert str(kind_of(value_of(text))) == called


def test_a_blank_is_nothing_written() -> None:
    diagnostics = book_of()
    assert diagnostics.blank(value_of("")) is True
    assert diagnostics.blank(value_of("''")) is False
    assert isinstance(MappingReader(node_of("a: 1"), "role").key("x"), Node)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("clocks: {c: {title: 限, during: [], deadline: 5 days, basis: 内部规定}}", "during"),
        ("clocks: {c: {title: 限, 期间: [], deadline: 5 days, basis: 内部规定}}", "期间"),
    ],
)
def test_a_list_that_has_to_name_something_is_not_empty(line: str, key: str) -> None:
    from engine.definition.library import load_files

    text = (
        f"workflow: w\ntitle: 件\nabout: none\ninitial: s\nstart: {{by: clerk}}\n{line}\n"
        "states: {s: {title: 始, for: clerk, no deadline: 无}, z: {title: 完, final: true}}\n"
        "transitions: [{do: fin, title: 完, from: s, to: z}]\n"
    )
    found = [
        (one.line, one.rule, str(one.message)) for one in load_files({"w.yaml": text}).problems
        if one.rule == "missing-value"
    ]  # fmt: skip
    assert found == [(6, "missing-value", f"“{key}”后面没有内容")]
