"""What a paper reads while it is made, the check has seen, or it has refused the template: tried with made-up templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader

from engine.definition.meaning.paper_reads import scan_of
from engine.definition.resources import forms_dir
from engine.documents.sandbox import make_sandbox
from engine.documents.steps import StepBudget, counted

FIELDS = ("p", "q", "r")
PART = "{{ x.q }}{{ shown.b.r }}"


class Noted(dict[str, Any]):
    """Answers that note which of them are read."""

    def __init__(self, name: str, read: set[tuple[str, str]]) -> None:
        super().__init__({one: f"{name}.{one}" for one in FIELDS})
        self.name, self.read = name, read

    def __getitem__(self, key: str) -> Any:
        found = super().__getitem__(key)
        self.read.add((self.name, key))
        return found

    def _whole(self) -> None:
        self.read.update((self.name, one) for one in FIELDS)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add((self.name, key))
        return super().get(key, default)

    def items(self) -> Any:
        self._whole()
        return super().items()

    def values(self) -> Any:
        self._whole()
        return super().values()


def read_while_made(text: str, *, chosen: bool) -> set[tuple[str, str]]:
    """Return what is read when a template is rendered, until it ends or fails."""
    read: set[tuple[str, str]] = set()
    shown = {name: Noted(name, read) for name in ("a", "b")}
    sandbox = make_sandbox(DictLoader({"part.html": PART}), "zh_CN")
    values = {
        "shown": shown,
        "forms": shown,
        "case": {"title": "", "fields": Noted("case", read)},
        "c": chosen,
    }
    try:
        # To count what a step costs it looks at values no template shows.
        with counted(100_000), patch.object(StepBudget, "weigh", return_value=1):
            sandbox.from_string(text).render(**values)
    except Exception:  # noqa: BLE001, S110 - whatever fails, what was read until then counts
        pass
    return read


def seen_by_the_check(text: str) -> set[tuple[str, str]] | None:
    """Return what the check says a template reads; None where it refuses the template."""
    reads, refused = scan_of("paper", {"paper": text, "part": PART})
    if refused:
        return None
    return {("case" if one.fact[0] == "case" else one.fact[1], one.field) for one in reads if one.field}


ALONE = [
    "{% set x = shown.a %}", "{% set x = shown.a | default({}) %}", "{% set x = shown.b if c else {} %}", "{% set x = shown.a if c else shown.b %}",
    '{% set x = forms["b"] %}', "{% set y = x %}", "{% set x = c %}", "{% set x = shown.a or shown.b %}", "{% set x, y = shown.a, shown.b %}",
    "{% set x = [shown.a] | first %}", "{% set x = {'k': shown.a}['k'] %}", "{% set x = case.fields %}", "{% set x = shown %}", "{% set x = not c and shown.b %}",
    "{% set f = 'p' %}", "{% set f = 'q' if c else 'r' %}", "{% set f = g %}", "{% set g = 'a' %}", "{% set f = ['r'] | first %}", "{% set f = x.p %}",
    "{{ x.p }}", "{{ y.q }}", "{{ x[f] }}", "{{ x['r'] }}", "{{ x[g] }}", "{{ shown.a[f] }}", "{{ shown[g].p }}", "{{ shown[g][f] }}", "{{ forms.a.get(f) }}", "{{ x.get('q') }}",
    "{{ case.fields[f] }}", "{{ case.fields.q }}", "{{ case['fields'].r }}", "{{ case[f] }}", "{{ (shown.a | default(shown.b, true)).p }}", "{{ (shown.a or shown.b)[f] }}",
    "{{ (x).p }}", "{{ (shown.a).q }}", "{{ (shown.a if c else shown.b).r }}", "{{ (shown).a.p }}", "{{ (shown.a, shown.b)[0].p }}", "{{ shown . b . q }}",
    "{{ [shown.a] | map(attribute='p') | join }}", "{{ [x, y] | map(attribute='q') | join }}", "{{ shown | items | list | length }}", "{{ (x | items | first)[1] }}", "{{ x | dictsort | length }}",
    "{{ '}}' }}{{ shown.a.q }}", "{{ \"it's\" }}{{ shown.b.p }}", "{{ '{%' }}{{ x.r }}", "{{- shown.a.r -}}", "{%- set x = shown.b -%}", "{% include 'part.html' %}", "{% include g %}",
    "{{ x | default(shown.b.q) }}", "{{ say('{n}', n=shown.a.p) }}", "{{ say('{x}', x=x.q) }}", "{{ c and shown.a.p }}", "{{ shown.a.p if shown.a else shown.b.q }}",
]  # fmt: skip
AROUND = [
    ("{% if c %}", "{% endif %}"), ("{% if shown.a %}", "{% else %}{{ x.r }}{% endif %}"), ("{% if x.p is defined %}", "{% endif %}"),
    ("{% for f in ['p', 'q'] %}", "{% endfor %}"), ("{% for f, t in [('p', '甲'), ('r', '乙')] %}", "{% endfor %}"), ("{% for f in FIELDS %}", "{% endfor %}"), ("{% for f in shown.a %}", "{% endfor %}"),
    ("{% for f, v in shown.b.items() %}{{ v }}", "{% endfor %}"), ("{% for v in x.values() %}{{ v }}", "{% endfor %}"), ("{% for g in ('a', 'b') %}", "{% endfor %}"), ("{% for x in [shown.a, shown.b] %}", "{% endfor %}"),
    ("{% for x in [1] %}", "{% endfor %}"), ("{% with x = shown.b %}", "{% endwith %}"), ("{% with f = 'r' %}", "{% endwith %}"), ("{% with %}", "{% endwith %}"), ("{% block one %}", "{% endblock %}"),
]  # fmt: skip

_PIECES = st.recursive(
    st.sampled_from(ALONE),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=5).map("".join),
        st.tuples(st.sampled_from(AROUND), st.lists(inner, min_size=1, max_size=4)).map(
            lambda made: f"{made[0][0]}{''.join(made[1])}{made[0][1]}"
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_nothing_is_read_that_was_not_seen(text: str) -> None:
    _hold(text)


def _every_two() -> Iterator[str]:
    for first in ALONE:
        for second in ALONE:
            yield first + second
        for begin, end in AROUND:
            yield f"{first}{begin}{{{{ x[f] }}}}{{{{ x.p }}}}{end}"
            yield f"{begin}{first}{end}{{{{ x[f] }}}}{{{{ x.q }}}}{{{{ shown[g].r }}}}"


def test_no_two_pieces_hide_what_they_read() -> None:
    for text in _every_two():
        _hold(text)


def _hold(text: str) -> None:
    seen = seen_by_the_check(text)
    if seen is not None:
        for chosen in (True, False):
            assert read_while_made(text, chosen=chosen) <= seen, text


@pytest.mark.parametrize(
    "text",
    [
        "{% for f in ['p', 'q'] %}{{ shown.a[f] }}{% endfor %}",
        "{% set x = shown.a if c else {} %}{{ x.p }}",
        "{% set f = 'q' if c else 'r' %}{{ case.fields[f] }}",
        "{% for g in ('a', 'b') %}{{ shown[g].p }}{% endfor %}",
    ],
)
def test_what_can_be_followed_is_followed(text: str) -> None:
    assert seen_by_the_check(text)
    assert read_while_made(text, chosen=True)


def test_the_shipped_templates_are_followed_whole() -> None:
    texts = {file.stem: file.read_text("utf-8") for file in (forms_dir() / "templates").glob("*.html")}
    assert len(texts) > 40
    assert [one for name in texts for one in scan_of(name, texts)[1]] == []
