"""How much is made of a workbook: what is made of a small file may be large, since a list is copied into each question that offers it."""

from __future__ import annotations

from dataclasses import dataclass

#: Groups and repeats around one question; each repeat nests the form by three levels, and a form may have 60.
MAX_DEPTH = 15
#: Of so many languages at most the labels are looked at where the language chosen has none.
MAX_LANGUAGES = 20
#: Characters of a line, and of an expression, that count as one step more.
_LINE, _EXPRESSION = 50, 20


class FormTooLargeError(Exception):
    """More would be made of the workbook than its bytes allow; `most` steps are allowed."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(slots=True)
class Steps:
    """Counts what is made in all rounds: lines of the form and expressions, long ones several times."""

    most: int
    taken: int = 0

    @classmethod
    def of(cls, size: int) -> Steps:
        """Return the steps allowed for a workbook of `size` bytes."""
        return cls(16_000 + size // 8)

    def line(self, text: str) -> None:
        """Count a line. Raises FormTooLargeError."""
        self._take(1 + len(text) // _LINE)

    def expression(self, source: str) -> None:
        """Count an expression that is translated. Raises FormTooLargeError."""
        self._take(2 + len(source) // _EXPRESSION)

    def _take(self, number: int) -> None:
        self.taken += number
        if self.taken > self.most:
            raise FormTooLargeError(self.most)
