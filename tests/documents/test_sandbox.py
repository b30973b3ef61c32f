from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from jinja2 import DictLoader, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from engine.documents.sandbox import make_sandbox, refused_node, wrong_sentence
from engine.documents.steps import MAX_LENGTH, StepBudgetError, budget, counted

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
        ("{{ '劳动合同法 第十条；《劳动法》第五十条' | cited }}", "《劳动合同法》第十条；《劳动法》第五十条"),
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
        "{{ {'a': 1} }}",
        "{{ [1, 2] }}",
        "{{ (1, {'a': 1}) }}",
        "{{ long | int }}",
        "{{ [numbers] | join }}",
        "{{ numbers | day }}",
    ],
)
def test_what_is_refused_while_it_runs(source: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        made(source)


SENTENCES_NOT_FILLED = [
    "{a.__class__}", "{a[0]}", "{a!r}", "{a:>200000000}", "{a:*^99999999}", "{0}", "{}", "{ a }", "{a", "{a.b[c]}",
]  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES_NOT_FILLED)
def test_only_names_stand_in_the_sentence_of_a_template(text: str) -> None:
    with pytest.raises(SecurityError, match="花括号里只能写名称"):
        made(f"{{{{ say({text!r}, a=name) }}}}")
    with pytest.raises(SecurityError, match="花括号里只能写名称"):
        made("{{ say(sentence, a=name) }}", sentence=text)
    tree = make_sandbox(DictLoader({}), "zh_CN").parse(f"一\n二{{{{ say({text!r}, a=name) }}}}")
    found = wrong_sentence(tree)
    assert found is not None
    assert found[0] == 2
    assert text[:1] in found[1]


def test_a_sound_sentence_is_let_through() -> None:
    sandbox = make_sandbox(DictLoader({}), "zh_CN")
    source = "{{ say('{a} {{b}}', a=1) }}{{ say('{a.b}') }}{{ say(name, a=1) }}{{ range(2) }}"
    assert wrong_sentence(sandbox.parse(source)) is None
    assert made("{{ say('{a}、{{b}}', a=numbers) }}{{ say('{a.b}') }}") == "3、1、2、{b}{a.b}"


def test_a_name_without_a_value_is_told() -> None:
    with pytest.raises(SecurityError, match=r"“\{b\}”没有给出值"):
        made("{{ say('{a}{b}', a=1) }}")


def test_no_sentence_grows_without_end() -> None:
    with pytest.raises(SecurityError, match="文字太长"):
        made("{{ say('" + "{a}" * 300 + "', a=long) }}")
    doubling = "{% set b = say('{a}{a}', a=long) %}"
    doubling += "".join("{% set b = say('{b}{b}', b=b) %}" for _ in range(30))
    with pytest.raises(SecurityError, match="文字太长"):
        made(doubling)


@pytest.mark.parametrize(
    "source",
    [
        *(
            f"{{{{ {value} | {name} }}}}"
            for name in ("upper", "lower", "trim", "e", "escape")
            for value in ("say", "map")
        ),
        "{{ range | upper }}",
        "{{ numbers | groups | join }}",
        "{{ say('{a}', a=say) }}",
        "{{ say('{a}', a=map) }}",
        "{{ say('{a}', a=[[1]]) }}",
        "{% for a in numbers %}{{ loop | upper }}{% endfor %}",
    ],
)
def test_nothing_that_is_no_text_is_made_one(source: str) -> None:
    with pytest.raises(SecurityError):
        made(source)


def test_characters_no_text_may_hold_are_shown() -> None:
    assert (
        made("{{ a }}{{ a | upper }}", a="甲\x1b[31m\u202e\n乙")
        == "甲\\u001b[31m\\u202e\n乙甲\\U001B[31M\\U202E\n乙"
    )


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
        ("\na\n\x00", (3, "\\u0000")),
        ("\n{{ 0x" + "f" * 300 + " }}", (2, "超过 300 位的数")),
        ("a\r\n{{ 7 }}", None),
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
    with pytest.raises(StepBudgetError):
        made(much, cost(much) - 1)


def test_parts_of_themselves_come_to_an_end() -> None:
    with pytest.raises(StepBudgetError):
        made("{% include 'own' %}", 10**9)


def test_a_part_that_was_left_may_be_entered_again() -> None:
    assert made("{% for n in many[:30] %}{% include 'part' %}{% endfor %}").count("[") == 30


def test_a_list_that_holds_itself_many_times_is_no_key() -> None:
    twice = "{% set t = (1, 1) %}" + "{% set t = (t, t) %}" * 40
    with pytest.raises(StepBudgetError):
        made(twice + "{% set d = {t: 1} %}")
    assert made("{% set d = {(1, 2): 3, 'a': 4} %}{{ d['a'] }}{{ d[(1, 2)] }}") == "43"


def test_what_is_made_is_counted_for_the_whole_document() -> None:
    with pytest.raises(StepBudgetError, match="16000000"):
        made(
            "{% for n in many %}{% if parts | join %}{% endif %}{% endfor %}",
            parts=["x" * 90_000] * 2,
            steps=10**9,
        )
    with pytest.raises(StepBudgetError, match="16000000"):
        made(
            "{% for n in many %}{% if text | groups(1) %}{% endif %}{% endfor %}",
            text="一" * 9_000,
            steps=10**9,
        )


def test_long_sentences_are_not_kept() -> None:
    with pytest.raises(SecurityError, match="文字太长"):
        made("{{ say(text) }}", text="一" * 2_001)


def test_a_field_may_be_called_as_a_method_is() -> None:
    """What a mapping holds is looked up first; its methods where they are called."""
    names = ("copy", "values", "get", "items", "keys", "pop")
    answers = {name: f"答{name}" for name in names}
    shown = made("".join("{{ f." + name + " }}" for name in names), f=answers)
    assert shown == "".join(answers.values())
    calling = "{% for name, value in f.items() %}{{ name }};{% endfor %}{{ f.get('copy') }}{{ f.values()|join('') }}"
    assert made(calling, f=answers) == "".join(f"{name};" for name in names) + "答copy" + shown
    # One that was not answered is absent, not a method.
    assert made("{{ f.copy | default('无') }}{{ f.values | default('无') }}", f={}) == "无无"
    for refused in ("{{ f.pop('copy') }}", "{{ f.copy() }}", "{{ f.update({}) }}"):
        for given in (answers, {}):
            with pytest.raises(SecurityError):
                made(refused, f=given)
