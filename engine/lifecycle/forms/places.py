"""A place as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language import say


def place_text(value: Any) -> str:
    """Return latitude and longitude, with the address where there is one: ``39.9042, 116.4074（某路1号）``."""
    if not isinstance(value, Mapping):
        return str(value)
    degrees = f"{value.get('latitude')}, {value.get('longitude')}"
    if not value.get("address"):
        return degrees
    return str(say("{place}（{address}）", place=degrees, address=value["address"]))
