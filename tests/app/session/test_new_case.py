from __future__ import annotations

from engine.app.session.new_case import NewCase, Started


def test_what_is_left_out_stays_out() -> None:
    assert NewCase(title="甲").as_words() == {"title": "甲"}
    assert NewCase(title="甲", answers={"a": 1}).as_words() == {"title": "甲"}


def test_what_is_asked_for_as_plain_values() -> None:
    new = NewCase(
        title="甲",
        section="north",
        parent="plan-1",
        subject={"id": "E1"},
        fields={"n": 1},
        parties={"inspectors": ("a", "b")},
    )
    words = new.as_words()
    assert words == {
        "title": "甲",
        "section": "north",
        "parent": "plan-1",
        "subject": {"id": "E1"},
        "fields": {"n": 1},
        "parties": {"inspectors": ["a", "b"]},
    }
    assert NewCase(**{**words, "parties": {"inspectors": ("a", "b")}}) == new


def test_started_cases_keep_their_order() -> None:
    assert Started(("b", "a"), released=True).ids == ("b", "a")
    assert Started((), released=False) == Started((), False)
