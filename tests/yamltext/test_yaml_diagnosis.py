"""What the author most likely meant, on the line where it stands."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.yamltext.yaml_diagnosis import diagnose

#: The parser `engine.yamltext.source` reads with.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def found(text: str) -> tuple[int, int, str, str]:
    """Return line, column, rule and sentence of the fault the parser stumbles over."""
    with pytest.raises(yaml.YAMLError) as caught:
        list(yaml.parse(text, Loader=LOADER))
    problem = diagnose("f.yaml", text, caught.value)
    assert (problem.file, problem.severity) == ("f.yaml", "error")
    assert problem.end_column == problem.column + 1
    return problem.line, problem.column, problem.rule, str(problem.message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1\n", (2, 1, "tab-indentation", "行首的缩进里有制表符（TAB）")),
        ("a: 1\n\u3000b\nc: 2\n", (2, 1, "full-width-punctuation", "行首的缩进里有全角空格")),
        ("名称： 甲\n起始: a\n", (1, 3, "full-width-punctuation", "用了全角冒号“：”")),
        (
            "说明: 注意: 先核对\n",
            (1, 7, "quotes-needed", "一行里有两个冒号，看不出哪个分开键和值"),
        ),
        ("a:\n  名称: 甲\n  选填\nb: 1\n", (3, 3, "yaml-syntax", "“选填”单独一行，后面没有冒号")),
        (
            "a:\n  title: x\n  optional  # may stay empty\n",
            (3, 3, "yaml-syntax", "“optional”单独一行，后面没有冒号"),
        ),
        ("people:\n  - @甲\n", (2, 5, "quotes-needed", "以“@”开头的文字须加引号")),
        ("a: `x\n", (1, 4, "quotes-needed", "以“`”开头的文字须加引号")),
        (
            "b: 1\na: {that: x in [1, 2], else: 否}\n",
            (2, 16, "quotes-needed", "花括号里的表达式含有逗号或括号，须加引号"),
        ),
        ("a: 1\n b: 2\n", (2, 3, "yaml-syntax", "此处不应有冒号")),
        ("a: 1\nb: 'c\n", (3, 1, "yaml-syntax", "引号没有配对：第 2 行开始的文字没有收尾")),
        ("x: 1\na: [1, 2\nb: 3\n", (3, 2, "yaml-syntax", "方括号没有配对：第 2 行的“[”没有“]”")),
        ("a: {b: 1\nc: 3\n", (2, 2, "yaml-syntax", "花括号没有配对：第 1 行的“{”没有“}”")),
        ("a: - b\n", (1, 4, "yaml-syntax", "列表的“-”应另起一行")),
        ("a: 1\n- b\n", (2, 1, "yaml-syntax", "此处应是一个键，与第 1 行开始的各键对齐")),
        (
            "- a\nb: 1\n",
            (2, 1, "yaml-syntax", "此处应是以“-”开头的一项，与第 1 行开始的列表对齐"),
        ),
        ('a: "\\q"\n', (1, 5, "yaml-syntax", "双引号里的“\\”用法不对")),
        ("a: 1\n...\n%FOO x\n---\na: 1\n", (3, 5, "yaml-syntax", "以“%”开头的行不被支持")),
    ],
)
def test_the_fault_in_words(text: str, expected: tuple[int, int, str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a: 1\n b: 2\n", 2, "此处不应有冒号"),
        ("x: 1\na: [1, 2\nb: 3\n", 3, "方括号没有配对：第 2 行的“[”没有“]”"),
        ("a: - b\n", 1, "列表的“-”应另起一行"),
        ("a: 1\n- b\n", 2, "此处应是一个键，与第 1 行开始的各键对齐"),
        ("x:\n  - a\n  b: 1\n", 3, "此处应是以“-”开头的一项，与第 2 行开始的列表对齐"),
        ('a: "\\q"\n', 1, "双引号里的“\\”用法不对"),
    ],
)
def test_the_parser_written_in_python_is_understood_too(text: str, line: int, sentence: str) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        list(yaml.parse(text, Loader=yaml.SafeLoader))
    problem = diagnose("f.yaml", text, caught.value)
    assert (problem.line, problem.rule, str(problem.message)) == (line, "yaml-syntax", sentence)


def test_every_fault_with_a_known_mend_says_it() -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        list(yaml.parse("名称： 甲\n起始: a\n", Loader=LOADER))
    assert (
        str(diagnose("f", "名称： 甲\n起始: a\n", caught.value).hint) == "键的后面请用半角冒号“:”，再空一格"
    )


def test_an_error_without_a_place_is_told_with_what_the_parser_said() -> None:
    problem = diagnose("f.yaml", "a: 1\n", yaml.YAMLError("anything"))
    assert (problem.line, problem.column, str(problem.message)) == (1, 1, "看不懂这里的 YAML 写法（?）")

    class Strange(yaml.MarkedYAMLError):
        """An error this module has no sentence for, beyond the last line."""

    mark = yaml.Mark("f", 0, 99, 0, None, 0)
    problem = diagnose("f.yaml", "a: 1", Strange(problem="odd thing", problem_mark=mark))
    assert (problem.line, str(problem.message)) == (1, "看不懂这里的 YAML 写法（odd thing）")
