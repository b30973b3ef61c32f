"""The rows of a list whose columns have conditions: each row is judged as a small form, which is ``it``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from engine.language import Message, say
from engine.lifecycle.expressions.arithmetic import decimal_text, is_number
from engine.lifecycle.expressions.expression import ZONE, EvaluationError, Scope, number_in
from engine.lifecycle.forms.exact_values import EXACT, too_exact
from engine.lifecycle.forms.fields import counted, read_value
from engine.lifecycle.forms.order import in_order_of_need
from engine.lifecycle.forms.relevance import answered_rows, is_blank, not_offered, relevant_now
from engine.lifecycle.model.form import Field, FieldType


def has_conditions(asked: Field) -> bool:
    """Tell whether the rows of a list cannot be judged by the types of their columns alone."""
    return any(
        not column.answered
        or column.relevant is not None
        or column.constraints
        or column.offered
        or has_conditions(column)
        for column in asked.columns
    )


def read_rows(asked: Field, value: Any, scope: Scope) -> tuple[list[dict[str, Any]], list[Message]]:
    """Return the rows as they are kept and every sentence about what cannot stand, in the order of the rows."""
    title = asked.title
    if not isinstance(value, list):
        return [], [
            say("“{title}”应为{expected}，实为“{seen}”", title=title, expected=say("列表"), seen=value)
        ]
    kept: list[dict[str, Any]] = []
    problems: list[Message] = []
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            problems.append(say("“{title}”第 {row} 行应为“栏：值”", title=title, row=number))
            continue
        unknown = sorted(set(map(str, row)) - {column.name for column in asked.columns})
        if unknown:
            problems.append(
                say("“{title}”第 {row} 行没有这些栏：{names}", title=title, row=number, names=unknown)
            )
        out: dict[str, Any] = {}
        problems += [
            say("“{title}”第 {row} 行：{problem}", title=title, row=number, problem=problem)
            for problem in _read_row(asked, row, out, scope)
        ]
        kept.append({column.name: out[column.name] for column in asked.columns if column.name in out})
    _, problem = counted(asked, list(kept))
    return kept, [*problems, problem] if problem is not None else problems


def row_so_far(asked: Field, row: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Return a row that is being filled in as the conditions of its columns see it: what is read of it, and worked out."""
    found: dict[str, Any] = {}
    for _ in _read_row(asked, row, found, scope):
        # What is wrong with it is said once the row is handed in.
        continue
    return found


def _read_row(asked: Field, row: Mapping[str, Any], out: dict[str, Any], scope: Scope) -> Iterator[Message]:
    """Fill `out` with the answers of one row and yield what is wrong with it."""
    inside = {**scope, "it": out}
    sound = []
    for column in in_order_of_need(asked.columns, "it"):
        if not column.answered:
            if column.name in row:
                yield say("“{title}”由系统计算，不应填写", title=column.title)
            if column.computed is not None and relevant_now(column, inside):
                try:
                    out[column.name] = computed_value(column, inside)
                except EvaluationError as problem:
                    yield problem.message
                    continue
                if out[column.name] is not None:
                    sound.append(column)
            continue
        cell = row.get(column.name)
        problems = _read_cell(column, answered_rows(column, cell) if column.columns else cell, out, inside)
        yield from problems
        if not problems and column.name in out:
            sound.append(column)
    for column in sound:
        yield from _against(column, inside)


def _read_cell(column: Field, cell: Any, out: dict[str, Any], inside: Scope) -> list[Message]:
    """Keep one cell of a row in `out` and return what is wrong with it."""
    if not relevant_now(column, inside):
        return [] if is_blank(cell) else [say("“{title}”在此情形下不适用，请勿填写", title=column.title)]
    if is_blank(cell):
        return [say("“{title}”必须填写", title=column.title)] if column.required else []
    answer, problems = read_answer(column, cell, inside)
    if not problems:
        out[column.name] = answer
    return problems


def _against(column: Field, inside: Scope) -> Iterator[Message]:
    """Yield the sentences of the constraints of a column that do not hold."""
    for constraint in column.constraints:
        try:
            holds = constraint.that.holds(inside)
        except EvaluationError:
            # What it compares is missing or wrong, and that is said already.
            continue
        if not holds:
            yield say("{text}", text=constraint.message)


def read_answer(asked: Field, value: Any, scope: Scope) -> tuple[Any, list[Message]]:
    """Return one answer as it is kept, and what is wrong with it in this scope."""
    if asked.columns and has_conditions(asked):
        return read_rows(asked, value, scope)
    kept, problem = read_value(asked, value, scope.get(ZONE))
    if problem is None and asked.offered:
        problem = not_offered(asked, kept, scope)
    return kept, [problem] if problem is not None else []


def rows_worked_out(asked: Field, rows: Any, scope: Scope) -> Any:
    """Return the rows of a list with its computed columns anew, where they are asked for. Raises EvaluationError."""
    if not isinstance(rows, list):
        return rows
    found = []
    for row in rows:
        out = dict(row)
        for column in in_order_of_need(asked.columns, "it"):
            if column.computed is not None and column.name in out:
                out[column.name] = worked_out_again(column, out[column.name], {**scope, "it": out})
        found.append(out)
    return found


def worked_out_again(asked: Field, before: Any, scope: Scope) -> Any:
    """Return what a computed field comes to now; the same number as `before` in the writing that has. Raises EvaluationError."""
    now = computed_value(asked, scope)
    same = type(now) is not type(before) and is_number(before) and number_in(now) == before
    return before if same else now


def computed_value(asked: Field, scope: Scope) -> Any:
    """Return what a computed field comes to, as an answer is kept; None where one it rests on is missing or wrong.

    A number has the form a typed one of its type is kept in: an integer is one, a decimal or money a decimal in a text, a ratio
    hundredths in a text. Raises EvaluationError where it has more places than the field keeps.
    """
    assert asked.computed is not None  # noqa: S101 - narrows the type; callers have looked
    try:
        value = asked.computed.value(scope)
    except EvaluationError:
        return None
    if not is_number(value):
        return value
    if (problem := too_exact(asked, value)) is not None:
        raise EvaluationError(problem)
    if asked.type is FieldType.RATIO:
        return f"{decimal_text(value * 100)}%"
    if asked.type in EXACT or (isinstance(value, Fraction) and value.denominator != 1):
        return decimal_text(value)
    return int(value)
