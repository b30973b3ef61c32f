"""What is wrong with a file or one of its rows: values that say where, what was seen, what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.clean_text import quoted
from engine.kernel.refusal import NextAction
from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class Unusual:
    """One value a rule about the world finds unusual, and a person may confirm: of one row, in one column."""

    rule: str
    #: The id of the row, as far as it can be read.
    id: str
    column: str
    seen: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One cell that cannot stand. `row` is the row as a spreadsheet numbers it, the first row being 1."""

    row: int
    #: The header as the file writes it, or the column's title where the file lacks it; empty: the whole row.
    column: str
    seen: str
    expected: Message
    hint: Message | None = None
    #: Set where the value may be confirmed as it is.
    unusual: Unusual | None = None

    def __str__(self) -> str:
        # A very long cell is shown by its beginning.
        seen = self.seen if len(self.seen) <= 60 else self.seen[:57] + "…"
        if not self.column:
            sentence = say("第 {row} 行：{expected}", row=self.row, expected=self.expected)
        elif not seen:
            sentence = say(
                "第 {row} 行“{column}”是空的：{expected}",
                row=self.row,
                column=self.column,
                expected=self.expected,
            )
        else:
            sentence = say(
                "第 {row} 行“{column}”填的是“{seen}”：{expected}",
                row=self.row,
                column=self.column,
                seen=seen,
                expected=self.expected,
            )
        return _in_one_line(sentence, self.hint)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something that keeps a whole file from being read; rows cannot be skipped around it."""

    message: Message
    hint: Message | None = None
    #: The row or line concerned, from 1, where there is one.
    row: int | None = None
    #: The file concerned, where it is not the register's file itself.
    file: str | None = None
    #: What to do next, where a face has words of its own for it; they stand for the hint then.
    next: NextAction | None = None

    def __str__(self) -> str:
        if self.file is not None and self.row is not None:
            sentence = say(
                "{file} 第 {row} 行：{message}", file=self.file, row=self.row, message=self.message
            )
        elif self.file is not None:
            sentence = say("{file}：{message}", file=self.file, message=self.message)
        elif self.row is not None:
            sentence = say("第 {row} 行：{message}", row=self.row, message=self.message)
        else:
            sentence = self.message
        return _in_one_line(sentence, self.hint)


def _in_one_line(sentence: Message, hint: Message | None) -> str:
    """Return a sentence and its hint: what a file says is said again, so that no cell makes a line of its own."""
    sentence = quoted(sentence)
    return str(sentence) if hint is None else f"{sentence} {quoted(say('（提示：{hint}）', hint=hint))}"
