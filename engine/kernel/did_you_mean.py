"""Did you mean: the known name nearest to one that is not known, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice

from engine.language import Message, say

#: Of a longer list so many names are looked at, and so many compared letter by letter: what a hint costs has a limit.
_LOOKED_AT = 400
_COMPARED = 80


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name of `known` most like `word`, or None when none is much like it.

    Letters left out, added, changed or swapped are forgiven, about one in three; in a short Chinese word one
    character may differ. Of a list of thousands the first names are looked at.
    """
    best: tuple[float, str] | None = None
    plain = word.casefold()
    for name in _likely(word, plain, list(islice(known, _LOOKED_AT))):
        other = name.casefold()
        if plain == other:
            return name
        longest = max(len(plain), len(other))
        most = min(max(1, longest // 3), longest - 1)
        steps = _steps(plain, other, most)
        if steps > most:
            continue
        likeness = 1 - steps / longest + SequenceMatcher(None, plain, other).ratio() / 10
        if len(plain) == len(other) and sorted(plain) == sorted(other):
            # The same letters in another order are sooner meant than one letter more or less.
            likeness += 1 / 100
        if best is None or likeness > best[0]:
            best = (likeness, name)
    return None if best is None else best[1]


def _likely(word: str, plain: str, names: list[str]) -> list[str]:
    """Return the names to compare: all of a list that is not long, else those that begin or end as the word does, in their order."""
    if len(names) <= _COMPARED:
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
    return alike[:_COMPARED]


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


def _steps(first: str, second: str, most: int) -> int:
    """Return how many letters to add, drop, change or swap with the neighbour to get from one to the other.

    More than `most` are not counted to the end: what is returned then is more than `most`.
    """
    if abs(len(first) - len(second)) > most or max(len(first), len(second)) > 64:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) > most:
            return most + 1
        before_last, last = last, row
    return last[-1]
