"""What was typed, by name."""

from __future__ import annotations

from engine.web.forms.typed import Typed, TypedFile


def test_texts_and_files_by_name() -> None:
    typed = Typed({"q.a": ["1", "2"], "b": ["3"]}, {"q.f": [TypedFile("x", "0")]})
    assert typed.one("q.a") == "2"
    assert typed.one("none") == ""
    assert typed.all("q.a") == ["1", "2"]
    assert list(typed.pairs("q.")) == [("q.a", "1"), ("q.a", "2"), ("q.f.name", "x"), ("q.f.sha256", "0")]
