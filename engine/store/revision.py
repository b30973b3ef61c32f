"""The revision of the tables this program works with, and which others it can work on."""

from __future__ import annotations

#: The revision this program works with; a test compares it with the scripts.
EXPECTED = "0021"

#: What is stored in place of a revision in a database whose data has moved to another one.
MOVED = "ssj-moved"


def order(revision: str) -> tuple[int, ...]:
    """Return what revisions are compared by. Raises ValueError for what is none."""
    return tuple(int(part) for part in revision.split("."))


def works_on(revision: str, expected: str = EXPECTED) -> bool:
    """Tell whether a program that expects one revision can work on a newer one of the same number."""
    try:
        seen, own = order(revision), order(expected)
    except ValueError:
        return False
    return seen[0] == own[0] and seen >= own
