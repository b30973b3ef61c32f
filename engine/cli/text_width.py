"""How wide a text is in a terminal, for tables and for help."""

from __future__ import annotations

from unicodedata import east_asian_width

import click


def text_width(text: str) -> int:
    """Return how many places a text takes in a terminal: a Chinese character takes two, a colour none."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in click.unstyle(text))
