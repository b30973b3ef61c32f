"""What numbers count: a product of named units, so that money and persons are never added or compared.

A unit is written in a field's ``unit:`` as one word (``元``), a product (``人·日``) or a quotient (``元/日``). No word
at all is a plain number. `RATIO` is the unit of ratios; a quotient of two equal units is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import Message, say

_SPLIT = re.compile(r"([·*/])")
#: Words that count the same.
_SAME: Mapping[str, str] = {"名": "人", "天": "日", "自然日": "日", "个工作日": "工作日"}


@dataclass(frozen=True, slots=True)
class Unit:
    """Base units with their powers, in the order of their names. Without any it is a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """Return the unit of a product; with `sign` -1, of a quotient."""
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def spelled(self) -> Message:
        """Return what people call the unit."""
        if self == RATIO:
            return say("比例")
        if not self.powers:
            return say("无单位的数")
        over = [name for name, power in self.powers for _ in range(power)]
        under = [name for name, power in self.powers for _ in range(-power)]
        text = "·".join(over) or "1"
        return say("“{unit}”", unit="/".join([text, *under]))


PLAIN = Unit()
RATIO = Unit((("%", 1),))
DAYS = Unit((("日", 1),))
MINUTES = Unit((("分钟", 1),))
PERSONS = Unit((("人", 1),))


def unit_of(written: str | None) -> Unit:
    """Return the unit a field says; a plain number where it says none."""
    if not written:
        return PLAIN
    found, sign = PLAIN, 1
    for part in _SPLIT.split(written.replace(" ", "")):
        if part in ("·", "*", "/", "", "1"):
            # Everything behind a stroke is below it, as in ``元/人/日``; the one of ``1/日`` counts nothing.
            sign = -1 if part == "/" else sign
            continue
        found = found.times(Unit(((_SAME.get(part, part), 1),)), sign)
    return found


def added(a: Unit | None, b: Unit | None) -> tuple[Unit | None, bool]:
    """Return the unit of a sum and whether the two fit: an unknown one takes the other."""
    if a is None or b is None:
        return a or b, True
    return a, a == b


def multiplied(a: Unit | None, b: Unit | None) -> Unit | None:
    """Return the unit of a product: a ratio of something is something."""
    if a is None or b is None:
        return None if RATIO in (a, b) else a or b
    if RATIO in (a, b):
        return b if a == RATIO else a
    return a.times(b)


def divided(a: Unit | None, b: Unit | None) -> Unit | None:
    """Return the unit of a quotient; of two equal ones a ratio, of two plain numbers not known."""
    if a is None or b is None:
        return a if b is None or b == RATIO else None
    if b == RATIO:
        return a
    if a == b:
        return RATIO if a != PLAIN else None
    if RATIO in (a, b):
        return None
    return a.times(b, -1)
