"""What is wrong with the text of an expression before it is understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.expression_errors import MAX_LENGTH, before_parsing, syntax_fault, without_strings


@pytest.mark.parametrize(
    ("source", "rule", "message", "at", "length"),
    [
        ("  ", "expression-syntax", "此处应有表达式，实为空白", 0, 1),
        ("a" * (MAX_LENGTH + 1), "expression-syntax", "表达式有 501 个字符，最多 500 个", 0, 1),
        ("a\nb", "expression-syntax", "表达式应写在一行里", 0, 1),
        ("1 + {{ a }}", "expression-syntax", "此处直接写表达式，不用花括号", 4, 2),
        ("a %}", "expression-syntax", "此处直接写表达式，不用花括号", 2, 2),
        ("'，' == a，b", "full-width-punctuation", "用了全角“，”", 8, 1),
        ("(" * 21, "expression-syntax", "括号嵌套超过 20 层", 20, 1),
    ],
)
def test_what_keeps_a_text_from_being_parsed(
    source: str, rule: str, message: str, at: int, length: int
) -> None:
    fault = before_parsing(source)
    assert fault is not None
    assert (fault.rule, str(fault.message), fault.at, fault.length) == (rule, message, at, length)


@pytest.mark.parametrize(
    "source", ["a == '，{{ }}'", "a" * MAX_LENGTH, "(" * 20 + "a" + ")" * 20, "a == b\n", "f(x)[0]" * 30]
)
def test_what_may_be_parsed(source: str) -> None:
    assert before_parsing(source) is None


def test_a_full_width_sign_is_answered_with_its_half_width_one() -> None:
    fault = before_parsing("a ≥ 1")
    assert fault is not None
    assert str(fault.hint) == "请改为半角“>=”"


@given(
    st.lists(st.sampled_from(["a", " ", "'x'", '"，"', "'\\''", "(", "==", "中"]), max_size=12).map("".join)
)
@settings(max_examples=50)
def test_quoted_texts_are_blanked_out_in_their_places(source: str) -> None:
    bare = without_strings(source)
    assert len(bare) == len(source)
    assert "'" not in bare
    assert "，" not in bare
    assert all(char == own for char, own in zip(bare, source, strict=True) if char != " ")


@pytest.mark.parametrize(
    ("source", "raw", "message", "at"),
    [
        ("a = 1", "", "单个“=”不是比较", 2),
        ("a && b", "", "此处的“并且”写法不对", 2),
        ("'&&' 且 b", "", "此处的“并且”写法不对", 5),
        ("a || b", "", "此处的“或者”写法不对", 2),
        ("!a", "", "此处的“非”写法不对", 0),
        ("a <> b", "", "“<>”不是比较", 2),
        ("a; b", "", "一处只能写一个表达式", 1),
        ("a ? b", "unexpected char '?' at 2", "表达式里不能用“?”", 2),
        ("a + 'b", 'unexpected char "\'" at 4', "看不懂这个表达式", 0),
        ("a + 'b", "unexpected char ''' at 4", "引号没有配对", 4),
        ("f(a", "", "括号“(”与“)”没有配对", 1),
        ("a]", "", "括号“[”与“]”没有配对", 1),
        ("a b", "expected token", "看不懂这个表达式", 0),
    ],
)
def test_what_the_author_most_likely_meant(source: str, raw: str, message: str, at: int) -> None:
    fault = syntax_fault(source, raw)
    assert (fault.rule, str(fault.message), fault.at) == ("expression-syntax", message, at)
