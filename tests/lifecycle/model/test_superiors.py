"""Superiors as a definition names them, in either language."""

from __future__ import annotations

import pytest

from engine.lifecycle.model.people.superiors import Superiors, superiors_named


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("superior of applicant", Superiors("applicant")),
        ("applicant的上级", Superiors("applicant")),
        ("superior 2 of applicant", Superiors("applicant", 2)),
        ("申请人的第2级上级", Superiors("申请人", 2)),
        ("superiors of applicant up to 3", Superiors("applicant", 3, up_to=True)),
        ("申请人的各级上级至第3级", Superiors("申请人", 3, up_to=True)),
        ("superior of", None),
        ("superior 0 of applicant", None),
        ("clerk", None),
    ],
)
def test_who_is_named(text: str, found: Superiors | None) -> None:
    assert superiors_named(text) == found


def test_each_is_a_party_with_a_title() -> None:
    assert Superiors("applicant", 2).name == "superior 2 of applicant"
    assert str(Superiors("applicant", 3, up_to=True).title("请假人")) == "请假人的各级上级（至第 3 级）"
    assert superiors_named(Superiors("a", 4, up_to=True).name) == Superiors("a", 4, up_to=True)
