"""What a template of a paper reads, and whether it can do without it."""

from __future__ import annotations

import pytest

from engine.definition.meaning.paper_reads import PaperRead, reads_of

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
