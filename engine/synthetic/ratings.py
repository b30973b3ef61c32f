"""Made-up ratings for samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm

from engine.register.rating import Rating, with_rating
from engine.register.sheet.checked_entries import CheckedEntry
from engine.synthetic.hash_choice import by_weight

#: What a rating says of itself that nobody gave.
MADE_UP = "示例（虚构）"


def with_made_up_ratings(
    entries: Iterable[CheckedEntry],
    scheme: str,
    classes: Sequence[str],
    weights: Sequence[int | Fraction],
    seed: int | str,
    *,
    given_on: date | None = None,
) -> tuple[CheckedEntry, ...]:
    """Return the entries with made-up classes, in about the shares of `weights`, marked as made up.

    The class depends on the seed, the scheme and the object's id alone. Raises ValueError where classes and weights
    do not pair up or no weight is positive.
    """
    shares = [Fraction(weight) for weight in weights]
    if len(shares) != len(classes) or min(shares, default=Fraction(0)) < 0 or sum(shares) <= 0:
        raise ValueError((classes, weights))
    whole = [int(share * lcm(*(share.denominator for share in shares))) for share in shares]
    day = given_on.isoformat() if given_on is not None else None
    return tuple(
        with_rating(entry, Rating(scheme, by_weight(classes, whole, seed, scheme, entry.id), day, MADE_UP))
        for entry in entries
    )
