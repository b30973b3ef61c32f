"""Changing one thing somewhere inside a JSON value, as whoever forges a kit or a record would."""

from __future__ import annotations

import copy
import random
from typing import Any


def other(value: Any, chance: random.Random) -> Any:
    """Return another value of the same kind, or of another kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([1, -1, 7])
    if isinstance(value, str):
        if not value or chance.random() < 0.1:
            return value + chance.choice(["x", "0", "某"])
        place = chance.randrange(len(value))
        new = chance.choice([char for char in "0123456789abcdef某" if char != value[place]])
        return value[:place] + new + value[place + 1 :]
    return chance.choice([0, "", [], {}]) if value is None else None


def change(body: Any, chance: random.Random) -> Any:
    """Return a copy of a JSON value with one thing changed, taken away, put in or moved somewhere inside."""
    body = copy.deepcopy(body)
    inner: Any = body
    holder: Any = None
    key: Any = None
    while isinstance(inner, dict | list) and inner and (holder is None or chance.random() < 0.85):
        holder, key = inner, chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        inner = holder[key]
    if holder is None:
        return None
    act = chance.choice(["change", "change", "change", "drop", "double", "swap"])
    if act == "drop":
        del holder[key]
    elif act == "double" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(inner))
    elif act == "swap" and isinstance(holder, list):
        place = chance.randrange(len(holder))
        holder[key], holder[place] = holder[place], holder[key]
    else:
        holder[key] = other(inner, chance)
    return body
