"""What a template of a paper reads, and whether it can do without it."""

from __future__ import annotations

import pytest

from engine.definition.meaning.paper_reads import COMPUTED, STATEMENT, WHOLE, PaperRead, reads_of, scan_of

PARTS = {"_part": "<p>\n{{ shown.visit.note }}</p>", "_self": '{% include "_self.html" %}'}


def said(text: str) -> list[str]:
    return [
        f"{read.line} {read.fact[1]}.{read.field}{'!' if read.needed else ''}"
        for read in reads_of("paper", {**PARTS, "paper": text})
        if read.field
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>{{ shown.visit.staff }}</p>", ["1 visit.staff!"]),
        ("<p>\n{{ forms['visit'].staff }}</p>", ["2 visit.staff!"]),
        ('{{ shown.visit.staff | default("") }}', ["1 visit.staff"]),
        ('{{ shown.visit.staff | join("、") | default("") }}', ["1 visit.staff"]),
        ("{% if shown.visit.staff is defined %}{{ shown.visit.staff }}{% endif %}", ["1 visit.staff"] * 2),
        ("{% if shown.visit %}{{ shown.visit.a }}{% else %}{{ shown.visit.b }}{% endif %}{{ shown.visit.c }}",
         ["1 visit.a", "1 visit.b", "1 visit.c!"]),
        ("{% if x %}{% elif shown.visit %}{{ shown.visit.a }}{% endif %}", ["1 visit.a"]),
        ("{% for row in shown.visit.rows | default([]) %}{{ shown.visit.a }}{% endfor %}", ["1 visit.rows", "1 visit.a"]),
        ("{% set visit = shown.visit | default({}) %}{{ visit.a }}{{ visit.b | default('') }}", ["1 visit.a!", "1 visit.b"]),
        ("{% set visit = shown.visit %}{% set visit = other %}{{ visit.a }}", []),
        ("{{ forms.visit.a + 1 if forms.visit.a | default('') is number else ' ' }}", ["1 visit.a"] * 2),
        ("{{ case.fields.outcome }}{{ case.title }}", ["1 outcome.outcome!"]),
        ("{{ 'shown.visit.a' }}{# {{ shown.visit.a }} #}{{ x.shown.visit.a }}", []),
        ('{% include "_part.html" %}', ["2 visit.note!"]),
        ('{% if shown.visit %}{% include "_part.html" %}{% endif %}', ["2 visit.note"]),
        ('{% include "_self.html" %}{% include "_gone.html" %}', []),
        ("{% endif %}{{ shown.visit.a", []),
    ],
)  # fmt: skip
def test_what_is_read_and_whether_it_is_needed(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_read_names_its_place_and_whether_it_is_of_an_earlier_version() -> None:
    text = '{% set before = shown["visit"] | default({}) %}\n  {{ before.note | default("") }}'
    fact = ("forms", "visit")
    assert reads_of("paper", {"paper": text}) == (
        PaperRead("paper", 1, 17, fact, "", needed=False, direct=True, earlier=True),
        PaperRead("paper", 2, 6, fact, "note", needed=False, direct=False, earlier=True),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% for f in ['a', 'b'] %}{{ shown.visit[f] }}{% endfor %}", ["1 visit.a!", "1 visit.b!"]),
        ("{% for f, t in [('a', '甲')] %}{{ t }}{{ shown.visit[f] | default('') }}{% endfor %}", ["1 visit.a"]),
        ("{% set f = 'a' if x else 'b' %}{{ case.fields[f] }}", ["1 a.a!", "1 b.b!"]),
        ("{% for form in ['visit', 'late'] %}{{ shown[form].a }}{% endfor %}", ["1 visit.a!", "1 late.a!"]),
        ("{% set v = shown.visit if x else {} %}{{ v.a }}", ["1 visit.a"]),
        ("{% set v = shown.visit if x else shown.late %}{{ v.a }}", ["1 visit.a", "1 late.a"]),
        ("{{ (shown.visit | default(shown.late, true)).a }}", ["1 visit.a", "1 late.a"]),
        ("{% if x %}{% set v = shown.visit %}{% else %}{% set v = shown.late %}{% endif %}{{ v.a }}", ["1 visit.a!", "1 late.a!"]),
        ("{{ '}}' }}{{ shown.visit.a }}", ["1 visit.a!"]),
    ],
)  # fmt: skip
def test_names_the_template_chooses_from_its_own_words_are_followed(text: str, expected: list[str]) -> None:
    assert said(text) == expected
    assert scan_of("paper", {"paper": text})[1] == ()


@pytest.mark.parametrize(
    ("text", "why", "column"),
    [
        ("{{ shown.visit[name] }}", COMPUTED, 4),
        ("{{ case.fields[name] }}", COMPUTED, 4),
        ("{% set f = other %}{{ case[f] }}", COMPUTED, 23),
        ("{% set v = shown.visit %}{{ v[name] }}", COMPUTED, 29),
        ("{% set f = 'a' %}{% for f in names %}{{ shown.visit[f] }}{% endfor %}", COMPUTED, 41),
        ("{{ parties[name] }}", COMPUTED, 4),
        ("{% include name %}", COMPUTED, 4),
        ("{% for name, value in shown.visit.items() %}{% endfor %}", WHOLE, 23),
        ("{{ shown.visit.get(name) }}", WHOLE, 4),
        ("{{ [forms.visit] | map(attribute=name) | join }}", WHOLE, 5),
        ("{{ case.fields | dictsort }}", WHOLE, 4),
        ("{% for form in forms %}{% endfor %}", WHOLE, 16),
        ("{% with all = shown %}{% endwith %}", WHOLE, 15),
        ("{% macro one(name) %}{{ shown.visit[name] }}{% endmacro %}", STATEMENT, 4),
        ("{% from 'part.html' import one %}", STATEMENT, 4),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_at_its_place(text: str, why: str, column: int) -> None:
    found = scan_of("paper", {"paper": text})[1][0]
    assert (found.why, found.line, found.column) == (why, 1, column)


@pytest.mark.parametrize(
    "text",
    [
        "{% if shown.visit and not forms.late %}{% endif %}",
        "{{ '是' if shown.visit else '否' }}",
        "{% if (shown.visit | default({})) is defined %}{% endif %}",
        "{{ shown.visit.rows[0].name }}{{ rows[name] }}{% for p in parties.team %}{{ p[name] }}{% endfor %}",
        "{{ forms.visit.bases | order }}{{ say('{case}', case=1) }}",
    ],
)
def test_asking_and_rows_are_not_refused(text: str) -> None:
    assert scan_of("paper", {"paper": text})[1] == ()
