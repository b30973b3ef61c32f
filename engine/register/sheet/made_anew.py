"""A sequence whose items are kept in little memory, and made anew each time one is asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")
#: What an item is made of, or where that is found.
Kept = TypeVar("Kept")


class MadeAnew(Sequence[Item], Generic[Kept, Item]):
    """Items of whatever is kept of each; equal to any sequence of equal items."""

    __slots__ = ("_kept",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, kept: Sequence[Kept]) -> None:
        """Take what is kept of each item, in their order."""
        self._kept = kept

    @abstractmethod
    def _made(self, kept: Kept) -> Item:
        """Return an item."""

    @abstractmethod
    def _of(self, kept: Sequence[Kept]) -> Sequence[Item]:
        """Return a sequence like this one of other items."""

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        return self._of(self._kept[place]) if isinstance(place, slice) else self._made(self._kept[place])

    def __iter__(self) -> Iterator[Item]:
        return map(self._made, self._kept)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({[*self]!r})"
