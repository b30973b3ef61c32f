"""Whatever a template of 64 KB asks for ends after 2 seconds of processor time.

Every filter, test, function and operator is tried with large values. One that is not listed here fails the walk until
somebody has said with what it is tried.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from jinja2 import DictLoader, nodes

from engine.documents import steps as counting
from engine.documents.render import RenderError, render
from engine.documents.sandbox import _REFUSED_NODES, make_sandbox
from engine.documents.steps import STEPS

#: The walk is made with so much less than a document may cost, and its bound is as much lower.
SHARE = 100
#: Processor time of a whole document, and of what is read before a step is counted.
SECONDS, ONCE = 2.0, 0.05

NESTED = "{% set t = (1, 1) %}" + "{% set t = (t, t) %}" * 40
#: How each large value `a` is made.
VALUES = {
    "characters": f"{{% set a = '{'一' * 20_000}' %}}",
    "wide characters": f"{{% set a = '{'𠮷' * 15_000}' %}}",
    "marks": f"{{% set a = '{'《' * 20_000}' %}}",
    "spaces": f"{{% set a = '{' ' * 60_000}' %}}",
    "what is escaped": f"{{% set a = '{'&' * 60_000}' %}}",
    "what is shown": "{% set a = '" + "\\x01" * 15_000 + "' %}",
    "lines": "{% set a = '" + "b\\n" * 20_000 + "' %}",
    "digits": f"{{% set a = '{'9' * 60_000}' %}}",
    "short digits": f"{{% set a = '{'9' * 300}' %}}",
    "articles": f"{{% set a = '{'法 第一条至第九百九条、' * 1_500}' %}}",
    "parts": f"{{% set a = '{'；一 第' * 4_000}' %}}",
    "nested": NESTED + "{% set a = t %}",
    "nested in a list": NESTED + "{% set a = [{'a': t}, {'a': t}] %}",
    "numbers": "{% set a = numbers %}",
    "rows": "{% set a = rows %}",
    "texts": f"{{% set b = '{'一' * 20_000}' %}}{{% set a = [b, b, b, b] %}}",
    "a number": f"{{% set a = {'9' * 299} %}}",
    "a mapping": "{% set a = table %}",
}
CONTEXT: dict[str, Any] = {
    "numbers": list(range(20_000)),
    "rows": [{"a": n, "n": "x" * 200, "t": (1, 2)} for n in range(2_000)],
    "table": {f"k{n}": n for n in range(20_000)},
}
LONG_PATH = "'" + "0." * 1_000 + "0'"
#: With what each filter is tried; `""` is without anything.
FILTERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("abs", "assistance", "cited", "count", "day", "e", "elsewhere", "escape", "first", "items"),
            *("last", "length", "list", "lower", "order", "otherwise", "owed", "paragraphs", "reverse"),
            *("trim", "upper"),
        ),
        ("",),
    ),
    "d": ("(a)",),
    "default": ("(a, true)",),
    "dictsort": ("", "(by='value')"),
    "groupby": ("('a')", "('n')", f"({LONG_PATH})"),
    "groups": ("(1)", "(8)"),
    "int": ("", "(0, 16)"),
    "join": ("", "(a)"),
    "map": ("('e')", "('int')", "('groups', 1)", "(attribute='a')", f"(attribute={LONG_PATH})"),
    "reject": ("", "('in', a)"),
    "rejectattr": ("('a')", f"({LONG_PATH})"),
    "select": ("('upper')", "('in', a)"),
    "selectattr": ("('n', 'lower')", f"({LONG_PATH})"),
    "sort": ("", "(attribute='n')", "(attribute='a,n,a,n')"),
    "unique": ("", "(attribute='n')"),
}
ALONE = (
    *("boolean", "callable", "defined", "escaped", "even", "false", "filter", "float", "integer", "iterable"),
    *(
        "lower",
        "mapping",
        "none",
        "number",
        "odd",
        "sequence",
        "string",
        "test",
        "true",
        "undefined",
        "upper",
    ),
)
WITH_ANOTHER = (
    *("!=", "<", "<=", "==", ">", ">=", "divisibleby", "eq", "equalto", "ge", "greaterthan", "gt", "in"),
    *("le", "lessthan", "lt", "ne", "sameas"),
)
TESTS = dict.fromkeys(ALONE, "") | dict.fromkeys(WITH_ANOTHER, "(a)")
FUNCTIONS = {"range": "range(90000)", "say": "say('{x}{x}{x}{x}{x}', x=a)"}
EXPRESSIONS: dict[type[nodes.Expr], tuple[str, ...]] = {
    nodes.Add: ("a + a",),
    nodes.Sub: ("a - a",),
    nodes.Div: ("a / 3",),
    nodes.FloorDiv: ("a // 3",),
    nodes.Neg: ("-a",),
    nodes.Pos: ("+a",),
    nodes.Not: ("not a",),
    nodes.And: ("a and a",),
    nodes.Or: ("a or a",),
    nodes.CondExpr: ("a if a else a",),
    nodes.Compare: (
        *tuple(f"a {sign} a" for sign in ("==", "!=", "<", "<=", ">", ">=", "in", "not in")),
        "'z' in a",
        "a in [a, 1]",
        "-1 in a",
    ),
    nodes.Getattr: ("a.n", "a.items()", "a.get(a)", "a.keys()", "a.values()"),
    nodes.Getitem: ("a[a]", "a[0]", "a[1:]", "a[::-1]", "table[a]"),
    nodes.Dict: ("{a: 1}", "{'a': a}"),
    nodes.List: ("[a, a]",),
    nodes.Tuple: ("(a, a)",),
    nodes.Call: (*FUNCTIONS.values(), "a()", "table.get(a)()"),
    nodes.Filter: ("a | e",),
    nodes.Test: ("a is lower",),
    nodes.Const: ("9",),
    nodes.TemplateData: ("9",),
    nodes.Name: ("a",),
}
#: Parts of the others, families of them, and what only extensions of Jinja make.
NOT_WRITTEN = {
    *("Expr", "BinExpr", "UnaryExpr", "Literal", "Slice", "NSRef", "_FilterTestCommon", "EnvironmentAttribute"),
    *("ExtensionAttribute", "ImportedName", "InternalName", "MarkSafe", "MarkSafeIfAutoescape", "ContextReference"),
    "DerivedContextReference",
}  # fmt: skip
#: Filters that do nothing before somebody asks for an item.
LAZY = {"map", "reject", "rejectattr", "select", "selectattr", "unique"}
LOOPS = "{% for i in range(99999) %}{% for j in range(99) %}", "{% endfor %}{% endfor %}"


def _kinds(kind: type[nodes.Expr]) -> Iterator[type[nodes.Expr]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


def _written() -> dict[str, tuple[str, ...]]:
    """Return what is tried, by what it is."""
    return {
        **{f"filter {name}": tuple(f"a | {name}{given}" for given in ways) for name, ways in FILTERS.items()},
        **{
            f"test {name}": (f"a is {name}{given}",) for name, given in TESTS.items() if name[0] not in "!<=>"
        },
        **{f"test {name}": (f"[a, a] | select('{name}', a)",) for name in TESTS if name[0] in "!<=>"},
        "what is put between": ("'xyz' | join(a)",),
        "a value that is not there": (
            "nowhere | default(a)",
            "nowhere | d(a) | e",
            "(nowhere | default(a))()",
        ),
        **{f"expression {kind.__name__}": ways for kind, ways in EXPRESSIONS.items()},
    }


def test_whatever_may_be_written_is_tried() -> None:
    sandbox = make_sandbox(DictLoader({}), "zh_CN")
    assert {name for name in sandbox.filters if not name.startswith("- ")} == set(FILTERS)
    assert {name for name in sandbox.tests if not name.startswith("- ")} == set(TESTS)
    assert set(sandbox.globals) == set(FUNCTIONS)
    known = {kind.__name__ for kind in (*EXPRESSIONS, *_REFUSED_NODES)} | NOT_WRITTEN
    assert {kind.__name__ for kind in _kinds(nodes.Expr)} - known == set()


def _seconds(source: str, allowed: int) -> float:
    """Return the processor time of one document of a template, made or refused."""
    began = time.process_time()
    with suppress(RenderError):
        render("own", CONTEXT, [], steps=allowed, drafts={"own.html": source})
    return time.process_time() - began


@pytest.mark.parametrize("what", _written())
def test_time_is_bounded(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MADE", counting.MADE // SHARE)
    for value, made in VALUES.items():
        for way in _written()[what]:
            lazy = what.removeprefix("filter ") in LAZY
            used = f"{{% for x in {way} %}}{{% endfor %}}" if lazy else f"{{% if {way} %}}{{% endif %}}"
            source = made + LOOPS[0] + used + LOOPS[1]
            assert len(source.encode()) < 65_536
            # The least of three: the machine has other work.
            most = SECONDS / SHARE + ONCE
            assert any(_seconds(source, STEPS // SHARE) <= most for _ in range(3)), (value, used)
