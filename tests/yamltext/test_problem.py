"""Problems: their order, and how they are shown to people, programs and a code-hosting site."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.plain_text import width
from engine.language import say
from engine.yamltext.problem import Problem, Severity, as_github, as_json, as_text, has_errors, ordered

ERROR = Problem("b.yaml", 2, 8, "unknown-role", Severity.ERROR, say("没有这个角色"), say("请核对"), 13)
WARNING = Problem("b.yaml", 1, 1, "unused", Severity.WARNING, say("没有用到"))
ADVICE = Problem("a.yaml", 9, 1, "plain", Severity.ADVICE, say("可以写短些"))
EVERY = (ERROR, WARNING, ADVICE)
SOURCES = {"b.yaml": "title: 甲\n名称： for clerk\r\n"}


def test_problems_come_by_place_and_each_once() -> None:
    assert ordered([*EVERY, *EVERY]) == (ADVICE, WARNING, ERROR)
    assert ERROR.place == ("b.yaml", 2, 8, "unknown-role", "没有这个角色")


@given(st.permutations(EVERY))
def test_the_order_they_were_found_in_does_not_matter(found: list[Problem]) -> None:
    assert ordered(found) == (ADVICE, WARNING, ERROR)


def test_two_sentences_with_other_values_are_two_problems() -> None:
    one, other = (
        Problem("a", 1, 1, "r", Severity.ERROR, say("没有“{name}”", name=name)) for name in ("甲", "乙")
    )
    assert ordered([one, other, one]) == (one, other)


def test_only_an_error_keeps_a_definition_from_use() -> None:
    assert has_errors(EVERY)
    assert not has_errors([WARNING, ADVICE])
    assert not has_errors([])


def test_text_shows_sentence_line_caret_and_hint() -> None:
    assert as_text(EVERY, SOURCES).split("\n") == [
        "a.yaml:9:1: 建议：可以写短些 [plain]",
        "b.yaml:1:1: 警告：没有用到 [unused]",
        "    title: 甲",
        "    ^",
        "b.yaml:2:8: 没有这个角色 [unknown-role]",
        "    名称： for clerk",
        "    " + " " * 10 + "^~~~~",
        "    提示：请核对",
    ]


def test_of_a_long_line_only_the_part_around_the_place_is_shown() -> None:
    far = Problem("a", 1, 301, "r", Severity.ERROR, say("错"), end_column=304)
    _, shown, caret = as_text([far], {"a": "x" * 300 + "abc" + "y" * 300}).split("\n")
    assert shown.strip() == "x" * 60 + "abc" + "y" * 57
    assert shown[caret.index("^") : caret.index("^") + 3] == "abc"
    assert caret.endswith("^~~")


def test_a_place_behind_the_end_of_its_line_or_file_is_no_accident() -> None:
    behind = Problem("a", 1, 40, "r", Severity.ERROR, say("错"))
    assert as_text([behind], {"a": "abc"}) == "a:1:40: 错 [r]\n    abc\n       ^"
    assert as_text([Problem("a", 7, 1, "r", Severity.ERROR, say("错"))], {"a": "abc"}) == "a:7:1: 错 [r]"
    assert as_text([behind], {"a": "   "}) == "a:1:40: 错 [r]"


def test_json_has_fixed_keys() -> None:
    assert json.loads(as_json([ERROR, WARNING])) == [
        {
            "file": "b.yaml",
            "line": 1,
            "column": 1,
            "rule": "unused",
            "severity": "warning",
            "message": "没有用到",
            "hint": None,
        },
        {
            "file": "b.yaml",
            "line": 2,
            "column": 8,
            "rule": "unknown-role",
            "severity": "error",
            "message": "没有这个角色",
            "hint": "请核对",
        },
    ]
    assert as_json([]) == "[]"


def test_commands_for_a_code_hosting_site_escape_what_separates() -> None:
    odd = Problem("a,b:c%.yaml", 1, 1, "r", Severity.ERROR, say("一半是 50%\n两行"))
    assert as_github([*EVERY, odd]).split("\n") == [
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=r::一半是 50%25%0A两行",
        "::notice file=a.yaml,line=9,col=1,title=plain::可以写短些",
        "::warning file=b.yaml,line=1,col=1,title=unused::没有用到",
        "::error file=b.yaml,line=2,col=8,endColumn=13,title=unknown-role::没有这个角色%0A请核对",
    ]


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("甲a：", 5), ("ｱ", 1), ("Ａ", 2)])
def test_chinese_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns
