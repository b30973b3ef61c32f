"""Did you mean: the known name nearest to one that is not known, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from engine.language import Message, say


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name of `known` most like `word`, or None when none is much like it.

    Letters left out, added, changed or swapped are forgiven, about one in three; in a short Chinese word one
    character may differ.
    """
    best: tuple[float, str] | None = None
    plain = word.casefold()
    for name in known:
        other = name.casefold()
        if plain == other:
            return name
        steps = _steps(plain, other)
        longest = max(len(plain), len(other))
        if steps > max(1, longest // 3) or steps >= longest:
            continue
        likeness = 1 - steps / longest + SequenceMatcher(None, plain, other).ratio() / 10
        if len(plain) == len(other) and sorted(plain) == sorted(other):
            # The same letters in another order are sooner meant than one letter more or less.
            likeness += 1 / 100
        if best is None or likeness > best[0]:
            best = (likeness, name)
    return None if best is None else best[1]


#: More names than this are not listed: a long list teaches nothing.
_LISTED = 12


def did_you_mean(word: str, known: Iterable[str]) -> Message | None:
    """Return a hint: the nearest name, else the known names when they are few, else None."""
    names = list(dict.fromkeys(known))
    found = nearest(word, names)
    if found is not None:
        return say("是否想写“{name}”？", name=found)
    if 0 < len(names) <= _LISTED:
        return say("可写：{names}", names=names)
    return None


def _steps(first: str, second: str) -> int:
    """Return how many letters to add, drop, change or swap with the neighbour to get from one to the other."""
    if abs(len(first) - len(second)) > max(len(first), len(second)) // 2 or max(len(first), len(second)) > 64:
        return 99
    before_last: list[int] = []
    last = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]
