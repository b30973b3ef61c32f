"""Chance for the simulation of people, the same every time for the same seed. Never used for a draw."""

from __future__ import annotations

from engine.synthetic.hash_choice import hash_mod


def happens_with_probability(per_thousand: int, *parts: object) -> bool:
    """Tell whether something that happens so often in a thousand happens here."""
    return hash_mod(1000, *parts) < per_thousand


def between(least: int, most: int, *parts: object) -> int:
    """Return a number from `least` to `most`."""
    return least + hash_mod(most - least + 1, *parts)


def digits(count: int, *parts: object) -> str:
    """Return so many digits, as dice would show them."""
    return "".join(str(hash_mod(10, *parts, number)) for number in range(count))
