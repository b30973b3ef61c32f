"""What a template asks for and is not given is noted; what it is given is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.missing_answers import default_of, noting
from engine.documents.render import render


def test_a_name_that_is_not_there_is_noted() -> None:
    context, asked = noting({"forms": {"notice": {"a": 1}}, "shown": {"notice": {}}, "number": "1"})
    assert (context["number"], context["forms"]["notice"]["a"], list(asked)) == ("1", 1, [])
    with pytest.raises(KeyError):
        context["shown"]["notice"]["place"]
    assert list(asked) == [("notice", "place")]


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("{{ shown.notice.place | default('') }}", ["notice.place"]),
        ("{{ shown.notice.place | default('　　年　月　日') }}", ["notice.place"]),
        ("{{ shown.notice.place | default('本局') }}", []),
        ("{{ shown.moved.day | default(shown.notice.day) }}", []),
        ("{{ shown.moved.day | default(shown.notice.place) | default('　　') }}", ["notice.place"]),
        ("{{ shown.moved.day | default(shown.notice.place) | d(shown.notice.day) }}", []),
        ("{{ shown.notice.day | default(shown.moved.day) }}", []),
        ("{{ shown.notice.day | default(shown.moved.day) | default('　　') }}", []),
        # Asked only whether it is there: nothing is written.
        ("{% if shown.moved.day is defined %}{{ shown.moved.day }}{% endif %}", []),
        ("{% if shown.moved.day is not defined %}　{% endif %}", []),
        ("{% if shown.moved.day is undefined %}{{ shown.moved.day | d('') }}{% endif %}", ["moved.day"]),
        # Once with something in its place, once without.
        ("{{ shown.moved.day | default(1) }}{{ shown.moved.day | default('') }}", ["moved.day"]),
    ],
)
def test_what_another_value_takes_the_place_of_is_no_blank(
    tmp_path: Path, template: str, left: list[str]
) -> None:
    (tmp_path / "paper.html").write_text(template, encoding="utf-8")
    context, asked = noting({"forms": {}, "shown": {"notice": {"day": "3月"}, "moved": {}}})
    render("paper", context, [tmp_path])
    assert [".".join(place) for place, times in asked.items() if times > 0] == left


def test_of_other_values_it_is_the_default_of_the_library() -> None:
    assert [default_of("a", "b"), default_of("", "b"), default_of("", "b", True)] == ["a", "", "b"]
