"""Keys of rows as the history of a format keeps them."""

from __future__ import annotations

from engine.app.exchange.receipts import key_text


def test_keys_with_bars_inside_are_different_keys() -> None:
    assert key_text(["a|b", "c"]) != key_text(["a", "b|c"])
    assert key_text(["a", "b"]) == "a|b"
