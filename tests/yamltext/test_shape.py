"""YAML is measured on its events: depth, nodes, anchors; the values are those of YAML 1.1 all the same."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
import yaml

from engine.kernel.budget import Budget, BudgetExceededError, RepeatedKeyError
from engine.yamltext.shape import YAML_ERRORS, _Keys, _measured, first_feature, load_plain

ROOT = Path(__file__).parents[2]

SMALL = Budget(bytes=10_000, depth=5, nodes=50)


def test_values_are_those_of_yaml() -> None:
    text = "a: 1\nb: [yes, 2024-01-02, '02:30', x]\nc: {d: ~}\n"
    assert load_plain(text, SMALL) == {
        "a": 1,
        "b": [True, dt.date(2024, 1, 2), "02:30", "x"],
        "c": {"d": None},
    }
    assert load_plain("", SMALL) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 6, "嵌套"),
        ("- " * 6 + "a", "嵌套"),
        ("? " * 6, "嵌套"),
        ("[" + "a," * 60 + "]", "50 项"),
        ("x" * 10_001, "字节"),
        ("a: &x 1\nb: *x\n", "第 1 行"),
        ("a: 1\nb: !!python/name:os.system x\n", "第 2 行"),
        ("a: " + "1:" * 100 + "1", "18 位"),
        ("a: " + "9" * 30, "18 位"),
    ],
)
def test_what_is_too_much_is_not_loaded(text: str, says: str) -> None:
    with pytest.raises(BudgetExceededError) as refused:
        load_plain(text, SMALL)
    assert says in refused.value.message.render("zh_CN")


@pytest.mark.parametrize(
    "text", ["a: 2024-02-30", "a: [", "a: \x07", "{a: 1}: 2", "a: 0x", "[a]: b", "a: 9999-99-99T99:99:99"]
)
def test_whatever_the_library_raises_is_of_its_family(text: str) -> None:
    with contextlib.suppress(*YAML_ERRORS):
        load_plain(text, SMALL)


def test_the_line_of_the_first_feature() -> None:
    assert first_feature("a: 1\n", SMALL) == 0
    assert first_feature("a: 1\nb: &x 2\n", SMALL) == 2
    with pytest.raises(yaml.YAMLError):
        first_feature("a: b: c", SMALL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 1\n", "“a”写了两次：第 1 行和第 3 行"),
        ("{a: 1, a: 2}", "“a”写了两次：第 1 行和第 1 行"),
        ("x:\n- a: 1\n  'a': 2\n", "“a”写了两次：第 2 行和第 3 行"),
        ("a: {b: [c, {d: 1, e: 2, d: 3}]}\n", "“d”写了两次"),
        ("? [a, a]\n: {b: 1, b: 2}\n", "“b”写了两次"),
        ('? "a\\u001b"\n: 1\n"a\\e": 2\n', "“a\\u001b”写了两次"),
    ],
)
def test_no_key_stands_twice_in_a_mapping(text: str, said: str) -> None:
    with pytest.raises(RepeatedKeyError) as refused:
        load_plain(text, SMALL)
    assert said in refused.value.message.render("zh_CN")


def test_the_same_text_elsewhere_is_no_repeated_key() -> None:
    text = "a: a\nb: {a: a, c: [a, a, {a: 1}, {a: 2}]}\nc: {b: {}, c: []}\n"
    assert load_plain(text, SMALL)["b"]["c"] == ["a", "a", {"a": 1}, {"a": 2}]


def test_no_file_that_is_shipped_has_a_key_twice() -> None:
    files = [file for root in ("engine", "exchange") for file in (ROOT / root).rglob("*.yaml")]
    assert len(files) > 20
    wide = Budget(bytes=10**8, depth=100, nodes=10**7)
    for file in files:
        keys = _Keys()
        _measured(file.read_text("utf-8"), wide, keys)
        assert keys.repeated is None, (file, keys.repeated)
