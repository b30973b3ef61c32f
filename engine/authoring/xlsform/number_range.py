"""The bounds of a question of the type ``range``: the column `parameters`, as XLSForm reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

#: ``start=1 end=10 step=1``; the parts may stand apart by spaces, commas or semicolons.
_PART = re.compile(r"([a-z_]+)\s*=\s*(-?\d{1,15}(?:\.\d{1,9})?)")
_BETWEEN = re.compile(r"[\s,;]*")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """From where to where, in which steps; not written, from 1 to 10 in steps of 1."""

    start: Decimal = Decimal(1)
    end: Decimal = Decimal(10)
    step: Decimal = Decimal(1)
    #: Something that is written could not be read.
    unclear: bool = False

    @property
    def whole(self) -> bool:
        """Tell whether its values are whole numbers."""
        return all(one == one.to_integral_value() for one in (self.start, self.end, self.step))

    @property
    def condition(self) -> str:
        """Return what an answer has to fulfil, as XLSForm writes it."""
        low, high = sorted((self.start, self.end))
        return f". >= {low:f} and . <= {high:f}"


def number_range(parameters: str) -> NumberRange:
    """Return the range that parameters describe; what cannot be read of them is as if it was not written."""
    found = {name: Decimal(text) for name, text in _PART.findall(parameters.lower())}
    rest = _BETWEEN.sub("", _PART.sub("", parameters.lower()))
    start, end = found.pop("start", Decimal(1)), found.pop("end", Decimal(10))
    step = found.pop("step", Decimal(1))
    if rest or found or step == 0:
        return NumberRange(start, end, unclear=True)
    return NumberRange(start, end, step)
