from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from jinja2 import DictLoader, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from engine.documents.sandbox import MAX_LENGTH, make_sandbox, refused_node
from engine.documents.steps import TooMuch, budget, counted

VALUES: dict[str, Any] = {
    "name": "<甲>",
    "day": date(2024, 9, 4),
    "numbers": [3, 1, 2],
    "rows": [{"team": "b", "n": 2}, {"team": "a", "n": 1}, {"team": "b", "n": 3}],
    "map": {"z": 1, "a": 2},
    "long": "x" * 1_000,
    "many": list(range(1_000)),
}


def made(source: str, steps: int = 100_000, language: str = "zh_CN", **more: Any) -> str:
    sandbox = make_sandbox(DictLoader({"part": "[{{ name }}]", "own": "{% include 'own' %}"}), language)
    with counted(steps):
        return sandbox.from_string(source).render(**VALUES, **more)


def cost(source: str) -> int:
    sandbox = make_sandbox(DictLoader({"part": "[{{ name }}]"}), "zh_CN")
    with counted(10**9):
        sandbox.from_string(source).render(**VALUES)
        return budget().steps - budget().left


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ name }}", "&lt;甲&gt;"),
        ("{{ empty }}{{ yes }}{{ no }}", "是否"),
        ("{{ numbers[0] + 4 }}", "7"),
        (
            "{{ day | day }} {{ '2024-09-04' | day }} {{ '2024-09-04T01:00:00' | day }}",
            "2024年9月4日 " * 2 + "2024年9月4日",
        ),
        ("{{ 'soon' | day }}{{ 7 | day }}{{ empty | day }}", "soon7"),
        ("{{ ['<', 1, empty] | join('，') }}", "&lt;，1，"),
        ("{{ ['a', 'b'] | join }}", "a、b"),
        ("{% for part in 'abcdefghij' | groups %}{{ part }} {% endfor %}", "abcdefgh ij "),
        ("{% for part in 'abcde' | groups(2) %}{{ part }} {% endfor %}", "ab cd e "),
        ("{% for part in 'abc' | groups(0) %}{{ part }} {% endfor %}", "a b c "),
        ("{% for line in ' a \n\n b' | paragraphs %}{{ line }};{% endfor %}", "a;b;"),
        ("{% for n in numbers | sort %}{{ n }}{% endfor %}", "123"),
        ("{% for n in numbers | reverse %}{{ n }}{% endfor %}", "213"),
        ("{{ rows | map(attribute='team') | unique | join }}", "b、a"),
        ("{% for key, value in map | dictsort %}{{ key }}{{ value }}{% endfor %}", "a2z1"),
        ("{% for team, found in rows | groupby('team') %}{{ team }}{{ found | length }}{% endfor %}", "a1b2"),
        ("{% for key in map.keys() %}{{ key }}{{ map.get(key) }}{% endfor %}", "z1a2"),
        ("{% for n in numbers[:2] %}{{ n }}{% endfor %}", "31"),
        ("{{ numbers | select('gt', 1) | join }} {{ 3 in numbers }} {{ 9 not in numbers }}", "3、2 是 是"),
        ("{% if 1 < numbers[0] <= 3 != 4 %}yes{% endif %}{% if 1 > 2 >= 0 %}no{% endif %}", "yes"),
        ("{{ 'ABC' is upper }}{{ 2 is even }}{{ name is defined }}", "是是是"),
        ("{{ missing | default('-') }}", "-"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ("{{ say('{count} 条', count=2) }}", "2 条"),
        ("{% include 'part' %}", "[&lt;甲&gt;]"),
    ],
)
def test_what_templates_may_do(source: str, text: str) -> None:
    assert made(source, empty=None, yes=True, no=False) == text


def test_sentences_are_in_the_language_of_the_document() -> None:
    assert made("{{ say('已确认 {count} 条', count=2) }}", language="en") == "2 acknowledged"
    assert made("{{ html }}", html=Markup("<b>甲</b>")) == "<b>甲</b>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ name.upper() }}",
        "{{ name.__class__ }}",
        "{{ numbers.append(1) }}",
        "{{ map.update({'b': 1}) }}",
        "{{ map.pop('z') }}",
        "{{ day.isoformat() }}",
        "{{ say.__globals__ }}",
        "{{ name + name }}",
        "{{ numbers + numbers }}",
        "{{ 1 + 'a' }}",
        "{{ numbers }}",
        "{{ map }}",
        "{{ [numbers] | join }}",
        "{{ numbers | day }}",
    ],
)
def test_what_is_refused_while_it_runs(source: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        made(source)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("plain {{ name }}", None),
        ("\n{% macro m() %}{% endmacro %}", (2, "macro")),
        ("{% filter upper %}a{% endfilter %}", (1, "filter")),
        ("{% set a %}x{% endset %}", (1, "set … endset")),
        ("\n\n{{ 'a' ~ 'b' }}", (3, "~")),
        ("{{ 2 * 3 }}", (1, "*")),
        ("{{ 2 ** 3 }}", (1, "**")),
        ("{{ '%9d' % 3 }}", (1, "%")),
        ("{% autoescape false %}a{% endautoescape %}", (1, "autoescape")),
        ("{% import 'part' as p %}", (1, "import")),
        ("{% from 'part' import p %}", (1, "from")),
    ],
)
def test_what_a_template_may_not_hold(source: str, found: tuple[int, str] | None) -> None:
    assert refused_node(make_sandbox(DictLoader({}), "zh_CN").parse(source)) == found


@pytest.mark.parametrize(
    "name", ["center", "format", "indent", "pprint", "replace", "safe", "tojson", "wordwrap"]
)
def test_filters_that_are_not_there(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=name):
        made(f"{{{{ name | {name} }}}}")


def test_one_step_makes_no_text_without_end() -> None:
    with pytest.raises(SecurityError):
        made("{{ parts | join }}", parts=["x" * (MAX_LENGTH // 2 + 1)] * 2, steps=10**9)
    assert len(made("{{ parts | join('') }}", parts=["x" * (MAX_LENGTH // 2)] * 2, steps=10**9)) == MAX_LENGTH


@pytest.mark.parametrize(
    ("little", "much"),
    [
        ("{% for n in numbers %}{% endfor %}", "{% for n in many %}{% endfor %}"),
        ("{{ numbers | sort | first }}", "{{ many | sort | first }}"),
        ("{{ numbers | list | length }}", "{{ many | list | length }}"),
        ("{{ numbers | reverse | first }}", "{{ many | reverse | first }}"),
        ("{{ name | upper }}", "{{ long | upper }}"),
        ("{{ name | groups | length }}", "{{ long | groups | length }}"),
        ("{{ 'a' is upper }}", "{{ long is upper }}"),
        ("{{ 9 in numbers }}", "{{ -9 in many }}"),
        ("{{ name == name }}", "{{ many == many }}"),
        ("{{ 9 is in numbers }}", "{{ 9 is in many }}"),
        ("{{ numbers[:1] | length }}", "{{ many[:1] | length }}"),
        ("{{ map.get(1) }}", "{{ map.get(long) }}"),
        ("{{ name }}", "{% include 'part' %}"),
    ],
)
def test_more_costs_more_and_ends(little: str, much: str) -> None:
    assert 0 < cost(little) < cost(much)
    assert cost(much) == cost(much)
    made(much, cost(much))
    with pytest.raises(TooMuch):
        made(much, cost(much) - 1)


def test_parts_of_themselves_come_to_an_end() -> None:
    with pytest.raises(TooMuch):
        made("{% include 'own' %}", 10**9)


def test_a_part_that_was_left_may_be_entered_again() -> None:
    assert made("{% for n in many[:30] %}{% include 'part' %}{% endfor %}").count("[") == 30
