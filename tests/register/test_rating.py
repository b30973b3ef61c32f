"""Choosing a class by scheme and day, and made-up ratings that say so."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from engine.register.rating import Rating, choose, with_rating
from engine.register.sheet.checked_entries import CheckedEntry
from engine.synthetic.ratings import MADE_UP, with_made_up_ratings

ROWS = [
    {"scheme": "credit", "class": "B", "date": None, "source": "甲"},
    {"scheme": "credit", "class": "A", "date": "2024-01-05", "source": "乙"},
    {"scheme": "credit", "class": "C", "date": "2024-07-01", "source": "丙"},
    {"scheme": "integrity", "class": "A", "date": "2024-12-31", "source": "丁"},
]


@pytest.mark.parametrize(
    ("on", "grade"),
    [(None, "C"), (date(2024, 7, 1), "C"), (date(2024, 6, 30), "A"), (date(2023, 1, 1), "B")],
)
def test_the_newest_that_holds_is_chosen(on: date | None, grade: str) -> None:
    for rows in (ROWS, ROWS[::-1]):
        chosen = choose({"ratings": rows}, "credit", on)
        assert chosen is not None
        assert chosen.grade == grade


def test_no_rating_is_no_class() -> None:
    assert choose({}, "credit") is None
    assert choose({"ratings": ROWS}, "other") is None
    assert choose({"ratings": ROWS[3:]}, "integrity", date(2024, 1, 1)) is None
    chosen = choose({"ratings": ROWS}, "credit")
    assert chosen is not None
    assert (chosen.grade, chosen.source) == ("C", "丙")


def test_a_rating_of_the_same_day_is_replaced() -> None:
    entry = CheckedEntry("objects", "A", "甲", None, {"ratings": ROWS})
    again = with_rating(entry, Rating("credit", "D", "2024-07-01", "戊"))
    assert len(again.data["ratings"]) == len(ROWS)
    assert choose(again.data, "credit") == Rating("credit", "D", "2024-07-01", "戊")
    assert entry.data["ratings"] == ROWS


def test_made_up_ratings_keep_to_their_shares_and_say_what_they_are() -> None:
    entries = [CheckedEntry("objects", f"E{number}", "甲") for number in range(4000)]
    shares = [Fraction(40, 100), Fraction(40, 100), Fraction(15, 100), Fraction(5, 100)]
    made = with_made_up_ratings(entries, "credit", "ABCD", shares, 7, given_on=date(2024, 1, 1))
    assert {row["source"] for entry in made for row in entry.data["ratings"]} == {MADE_UP}
    counts = Counter(rating.grade for one in made if (rating := choose(one.data, "credit")) is not None)
    assert counts.total() == len(made)
    for grade, share in zip("ABCD", shares, strict=True):
        # Five standard deviations of the draw, rounded up.
        assert abs(counts[grade] - 4000 * share) < 160
    assert made == with_made_up_ratings(entries, "credit", "ABCD", [8, 8, 3, 1], 7, given_on=date(2024, 1, 1))
    assert made[::-1] == with_made_up_ratings(
        entries[::-1], "credit", "ABCD", shares, 7, given_on=date(2024, 1, 1)
    )
    assert made != with_made_up_ratings(entries, "credit", "ABCD", shares, 8, given_on=date(2024, 1, 1))


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [1, 1, 1]])
def test_shares_that_make_no_sense(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\["):
        with_made_up_ratings([], "credit", ["A", "B"], weights, 1)
