"""Places as people read them."""

from __future__ import annotations

from engine.lifecycle.forms.places import place_text


def test_a_place_with_and_without_its_address() -> None:
    assert place_text({"latitude": "1", "longitude": "2"}) == "1, 2"
    assert place_text({"latitude": "1", "longitude": "2", "address": "某路"}) == "1, 2（某路）"
    assert place_text("某路") == "某路"
