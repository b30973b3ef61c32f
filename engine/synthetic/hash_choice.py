"""Choices that look random and are the same every time: for made-up registers, never for a draw."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Item = TypeVar("Item")


def hash_mod(below: int, *parts: object) -> int:
    """Return a number from 0 to `below` - 1 that depends on `parts` alone, on every machine and version."""
    text = "\0".join(map(str, parts)).encode()
    return int.from_bytes(sha256(text).digest(), "big") % below


def pick(items: Sequence[Item], *parts: object) -> Item:
    """Return one of `items`."""
    return items[hash_mod(len(items), *parts)]


def by_weight(items: Sequence[Item], weights: Sequence[int], *parts: object) -> Item:
    """Return one of `items`, each as often as its weight in the sum of all. Weights are whole numbers."""
    number = hash_mod(sum(weights), *parts)
    for item, weight in zip(items, weights, strict=True):
        if number < weight:
            return item
        number -= weight
    raise AssertionError(number)
