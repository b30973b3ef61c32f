"""Made-up ratings: in about the shares asked for, marked as made up, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from engine.register.rating import choose
from engine.register.sheet.checked_entries import CheckedEntry
from engine.synthetic.ratings import MADE_UP, with_made_up_ratings

ENTRIES = [CheckedEntry("objects", f"E{n}", f"示例{n}") for n in range(400)]


def test_classes_come_in_about_their_shares() -> None:
    rated = with_made_up_ratings(ENTRIES, "credit", "AB", [Fraction(3, 4), Fraction(1, 4)], 1)
    assert [entry.id for entry in rated] == [entry.id for entry in ENTRIES]
    found = Counter(entry.data["ratings"][0]["class"] for entry in rated)
    assert 260 <= found["A"] <= 340
    assert found["A"] + found["B"] == 400


def test_every_rating_says_that_nobody_gave_it_and_when() -> None:
    (entry,) = with_made_up_ratings(ENTRIES[:1], "credit", ["A"], [1], 1, given_on=date(2024, 1, 1))
    assert entry.data["ratings"] == [
        {"scheme": "credit", "class": "A", "date": "2024-01-01", "source": MADE_UP}
    ]
    (undated,) = with_made_up_ratings(ENTRIES[:1], "credit", ["A"], [1], 1)
    chosen = choose(undated.data, "credit")
    assert chosen is not None
    assert (chosen.grade, chosen.source) == ("A", MADE_UP)
    assert undated.data["ratings"][0]["date"] is None


def test_the_class_depends_on_seed_scheme_and_id_alone() -> None:
    weights = [1, 1]
    first = with_made_up_ratings(ENTRIES, "credit", "AB", weights, "seed")
    assert with_made_up_ratings(ENTRIES[::-1], "credit", "AB", weights, "seed")[::-1] == first
    assert with_made_up_ratings(ENTRIES, "credit", "AB", weights, "other") != first
    # Shares that are the same in proportion are the same shares.
    assert with_made_up_ratings(ENTRIES, "credit", "AB", [Fraction(1, 2)] * 2, "seed") == first


@pytest.mark.parametrize(("classes", "weights"), [("AB", [1]), ("AB", [0, 0]), ("AB", [2, -1]), ("", [])])
def test_shares_that_make_no_sense_are_refused(classes: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\("):
        with_made_up_ratings(ENTRIES, "credit", classes, weights, 1)
