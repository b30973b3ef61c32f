"""Widths in a terminal."""

from __future__ import annotations

import click
import pytest

from engine.cli.text_width import text_width


@pytest.mark.parametrize(
    ("text", "places"),
    [("", 0), ("abc", 3), ("双随机", 6), ("（a）", 5), ("ｱ", 1), (click.style("双", fg="red"), 2)],
)
def test_a_chinese_character_takes_two_places_and_a_colour_none(text: str, places: int) -> None:
    assert text_width(text) == places
