"""Did you mean: the known name nearest to one that is not known, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import islice
from operator import itemgetter

from engine.language import Message, say

#: Of a longer list so many names are looked at, and so many compared letter by letter, fewer of long ones: what a hint
#: costs has a limit, since a file may have a thousand names that are not known.
_LOOKED_AT = 400
_COMPARED, _FEWEST, _LETTERS = 80, 20, 1800
#: Of names that are about as many steps away so many are held against the word as a whole.
_WEIGHED = 4
#: Nothing longer is compared.
_LONGEST = 64


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name of `known` most like `word`, or None when none is much like it.

    Letters left out, added, changed or swapped are forgiven, about one in three; in a short Chinese word one
    character may differ. Of a list of thousands the first names are looked at.
    """
    plain = word.casefold()
    near: list[tuple[Fraction, str, str]] = []
    for name in _likely(word, plain, list(islice(known, _LOOKED_AT))):
        other = name.casefold()
        if plain == other:
            return name
        longest = max(len(plain), len(other))
        most = min(max(1, longest // 3), longest - 1)
        if abs(len(plain) - len(other)) <= most and longest <= _LONGEST:
            steps = _steps(plain, other)
            if steps <= most:
                near.append((Fraction(steps, longest), name, other))
    near.sort(key=itemgetter(0))
    return max(near[:_WEIGHED], key=lambda one: _likeness(plain, one[2], one[0]), default=(0, None, ""))[1]


def _likeness(word: str, other: str, distance: Fraction) -> Fraction:
    """Return how alike two words are; the more alike, the more."""
    alike = SequenceMatcher(None, word, other).ratio()
    # The same letters in another order are sooner meant than one letter more or less.
    moved = len(word) == len(other) and sorted(word) == sorted(other)
    return Fraction(alike) / 10 - distance + Fraction(moved, 100)


def _likely(word: str, plain: str, names: list[str]) -> list[str]:
    """Return the names to compare: all of a list that is not long, else those that begin or end as the word does, in their order."""
    compared = min(_COMPARED, max(_FEWEST, _LETTERS // max(len(word), 1)))
    if len(names) <= compared:
        return names
    if word in names:
        return [word]
    first, last = plain[:2], plain[-2:]
    longer, shorter = len(word) * 3 // 2 + 1, len(word) * 2 // 3 - 1
    alike = [
        name
        for name in names
        if shorter <= len(name) <= longer and (name.startswith(first) or name.endswith(last))
    ]
    return alike[:compared]


#: More names than this are not listed: a long list teaches nothing.
_LISTED = 12


def did_you_mean(word: str, known: Iterable[str]) -> Message | None:
    """Return a hint: the nearest name, else the known names when they are few, else None."""
    names = list(dict.fromkeys(islice(known, _LOOKED_AT)))
    found = nearest(word, names)
    if found is not None:
        return say("是否想写“{name}”？", name=found)
    if 0 < len(names) <= _LISTED:
        return say("可写：{names}", names=names)
    return None


def _steps(first: str, second: str) -> int:
    """Return how many letters to add, drop, change or swap with the neighbour to get from one to the other.

    All rows of a column at once, as bits of a number: H. Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and
    Damerau Edit Distances", 2003.
    """
    places: dict[str, int] = {}
    for number, letter in enumerate(first):
        places[letter] = places.get(letter, 0) | 1 << number
    whole, last = (1 << len(first)) - 1, 1 << len(first) >> 1
    more, less, same, before, steps = whole, 0, 0, 0, len(first)
    for letter in second:
        here = places.get(letter, 0)
        swapped = (~same & here) << 1 & before
        same = ((here & more) + more ^ more | here | less | swapped) & whole
        higher, lower = less | ~(same | more) & whole, same & more
        steps += bool(higher & last) - bool(lower & last)
        higher, lower = higher << 1 | 1, lower << 1
        more, less = (lower | ~(same | higher)) & whole, higher & same & whole
        before = here
    return steps
