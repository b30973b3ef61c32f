"""The YAML of an import profile: plain values, and every surprise reported by its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.profile_text import MAX_BYTES, read_profile_text

values = st.recursive(
    st.text(st.sampled_from("ab甲 :-#"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab甲", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab甲", min_size=1, max_size=3), values, max_size=4))
@settings(max_examples=50)
def test_mappings_lists_and_texts_come_back(value: dict[str, object]) -> None:
    # JSON is YAML.
    assert read_profile_text(json.dumps(value, ensure_ascii=False).encode(), "p") == (value, [])


def test_every_scalar_is_a_text() -> None:
    assert read_profile_text(b"\xef\xbb\xbfa: 007\nb: yes\nc:\nd: [1.0, null]\n", "p") == (
        {"a": "007", "b": "yes", "c": "", "d": ["1.0", "null"]},
        [],
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a" * (MAX_BYTES + 1), "p.yaml：文件超过 1 MB，不像导入方案"),
        (b"a: \xff", "p.yaml：文件不是 UTF-8 编码"),
        (b"a: 1\nb: &x 2", "p.yaml 第 2 行：导入方案不使用锚点、别名和标签"),
        (b"a: !!int 2", "p.yaml 第 1 行：导入方案不使用锚点、别名和标签"),
        (b"a: b: c", "p.yaml 第 1 行：YAML 写法有误：mapping values are not allowed in this context"),
        (b"a: \x07", "p.yaml：文件中有 YAML 不允许的字符"),
        (b"", "p.yaml 第 1 行：导入方案的最外层应为“键: 值”"),
        (b"- a", "p.yaml 第 1 行：导入方案的最外层应为“键: 值”"),
    ],
)
def test_what_is_no_profile_gives_nothing_but_a_sentence(data: bytes, says: str) -> None:
    value, problems = read_profile_text(data, "p.yaml")
    assert value == {}
    assert [str(problem) for problem in problems] == [says]


def test_repeats_and_odd_keys_are_reported_together() -> None:
    _, problems = read_profile_text(b"a: 1\nb: {x: 1, x: 2}\na: 3\n[q]: 4\n", "p")
    assert [str(problem) for problem in problems] == [
        "p 第 2 行：“x”写了两次",
        "p 第 3 行：“a”写了两次",
        "p 第 4 行：键应为文字",
    ]
