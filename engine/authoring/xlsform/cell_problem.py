"""What of a workbook could not be kept: values that say in which sheet, row and column, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from engine.kernel.clean_text import quoted, quoted_text
from engine.language import Message, say
from engine.yamltext.problem import Severity


@dataclass(frozen=True, slots=True)
class BookCell:
    """A place in a workbook: `row` counts from 1, `column` is the letters a spreadsheet shows; 0 and empty: the whole sheet."""

    sheet: str
    row: int = 0
    column: str = ""
    #: What the header of the column says.
    title: str = ""

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Return what cells are sorted by."""
        return (self.sheet, self.row, len(self.column), self.column)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that was not kept, or not as it was written."""

    cell: BookCell
    rule: str
    severity: Severity
    message: Message
    hint: Message | None = None


def ordered(problems: Iterable[CellProblem]) -> tuple[CellProblem, ...]:
    """Return the problems by sheet, row and column, each once."""
    seen: dict[tuple[object, ...], CellProblem] = {}
    for problem in problems:
        seen.setdefault((*problem.cell.place, problem.rule, str(problem.message)), problem)
    return tuple(sorted(seen.values(), key=lambda one: (one.cell.place, one.rule)))


def as_text(file: str, problems: Iterable[CellProblem]) -> str:
    """Return ``file[sheet]row:column: message [rule]`` and a hint, for each problem."""
    lines = []
    for problem in ordered(problems):
        cell = problem.cell
        at = quoted_text(f"{file}[{cell.sheet}]{cell.column}{cell.row or ''}")
        lines.append(f"{at}: {quoted(_sentence(problem))} [{problem.rule}]")
        if problem.hint is not None:
            lines.append(f"    {quoted(say('提示：{hint}', hint=problem.hint))}")
    return "\n".join(lines)


def as_json(file: str, problems: Iterable[CellProblem]) -> str:
    """Return a JSON array of ``{file, sheet, row, column, header, rule, severity, message, hint}``."""
    rows = [
        {
            "file": file,
            "sheet": problem.cell.sheet,
            "row": problem.cell.row,
            "column": problem.cell.column,
            "header": problem.cell.title,
            "rule": problem.rule,
            "severity": problem.severity.value,
            "message": str(problem.message),
            "hint": None if problem.hint is None else str(problem.hint),
        }
        for problem in ordered(problems)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _sentence(problem: CellProblem) -> Message:
    cell = problem.cell
    message = problem.message
    if cell.row and cell.title:
        message = say(
            "工作表“{sheet}”第 {row} 行“{column}”列：{message}",
            sheet=cell.sheet,
            row=cell.row,
            column=cell.title,
            message=message,
        )
    if problem.severity is Severity.WARNING:
        return say("警告：{message}", message=message)
    if problem.severity is Severity.ADVICE:
        return say("建议：{message}", message=message)
    return message
