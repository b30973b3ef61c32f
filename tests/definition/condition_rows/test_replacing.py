"""A condition is replaced where it is; all other bytes stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_conditions import shipped_files

from engine.definition.condition_rows.places import conditions_in
from engine.definition.condition_rows.replacing import NotReplacedError, replaced
from engine.yamltext.source import read_source

PLACES = [
    (name, number)
    for name, text in shipped_files().items()
    for number in range(len(conditions_in(read_source(name, text).root)))
]
VALUES = [
    "form.a",
    "form.route == 'filed'",
    "form.a in ['x', 'y'] and not form.b",
    "'none' not in form.c",
    "form.d == '#: {a}, \"b\" \\\\'",
    "form.e == '中文：，'",
]


@given(st.sampled_from(PLACES), st.sampled_from(VALUES))
def test_only_that_place_is_other(place: tuple[str, int], value: str) -> None:
    name, number = place
    text = shipped_files()[name]
    before = conditions_in(read_source(name, text).root)
    chosen = before[number]
    found = replaced(text, chosen.node, value)
    after = conditions_in(read_source(name, found).root)
    assert [one.text for one in after] == [
        value if place == number else one.text for place, one in enumerate(before)
    ]
    line = chosen.node.line - 1
    old, new = text.split("\n"), found.split("\n")
    assert old[:line] + old[line + 1 :] == new[:line] + new[line + 1 :]
    assert new[line].startswith(old[line][: chosen.node.column - 1])
    assert new[line].endswith(old[line][chosen.node.end_column - 1 :])
    # And back again: every byte as before, where it was not quoted without need.
    back = next(
        one for one in after if one.node.line == chosen.node.line and one.node.column == chosen.node.column
    )
    again = replaced(found, back.node, chosen.node.text)
    assert len(again.split("\n")) == len(old)
    assert conditions_in(read_source(name, again).root)[number].text == chosen.text


def test_a_value_on_several_lines_is_left_alone() -> None:
    text = "form: a\nconstraints:\n  - that: >\n      form.a\n      and form.b\n    else: 不行\n"
    (chosen,) = conditions_in(read_source("a", text).root)
    with pytest.raises(NotReplacedError, match="几行"):
        replaced(text, chosen.node, "form.a")
    one_line = text.replace(">\n      form.a\n      and form.b", "form.a and form.b")
    (chosen,) = conditions_in(read_source("a", one_line).root)
    with pytest.raises(NotReplacedError):
        replaced(one_line, chosen.node, "form.a\nand form.b")
    # A node of another text has no place here.
    with pytest.raises(NotReplacedError):
        replaced("form: a\n", chosen.node, "form.a")


def test_comments_and_quotes_beside_it_stay() -> None:
    text = 'form: a\nconstraints:  # 两条\n  - {that: form.a, else: "不行"}  # 见办法\n'
    (chosen,) = conditions_in(read_source("a", text).root)
    assert replaced(text, chosen.node, "form.b == 'x'") == text.replace("form.a", "form.b == 'x'")
    found = replaced(text, chosen.node, "form.b in ['x', 'y']")
    assert found == text.replace("form.a", "\"form.b in ['x', 'y']\"")
