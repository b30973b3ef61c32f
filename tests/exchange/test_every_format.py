"""Every shipped format: what is written is read again, as a workbook and as CSV, and is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from format_factories import ONE, TWO

from engine.definition.resources import exchange_dir
from engine.exchange.folder import formats_in
from engine.exchange.formats import CellKind, ExchangeFormat, FormatColumn
from engine.exchange.rows import FormatRow, differences, rows_of_values
from engine.exchange.table_file import read_rows
from engine.exchange.writing import as_csv, as_workbook

FORMATS = formats_in(sorted(exchange_dir().glob("*.yaml"))).formats


def value_for(column: FormatColumn, number: int) -> object:
    """Return a value such as a case may have, with what is troublesome in a cell."""
    if column.codes:
        codes = list(column.codes)
        return codes[: 1 + number % 2] if column.kind is CellKind.LIST else codes[number % len(codes)]
    match column.kind:
        case CellKind.CREDIT_CODE:
            return (ONE, TWO)[number % 2]
        case CellKind.DIGITS:
            return str(number).rjust(column.digits or 6, "0")
        case CellKind.DATE:
            return f"2024-03-{number + 1:02d}"
        case CellKind.DATETIME:
            return f"2024-03-{number + 1:02d} 09:30:00"
        case CellKind.INTEGER:
            return number
        case CellKind.DECIMAL:
            return Fraction(number * 125 + 1, 100)
        case CellKind.LIST:
            return [f"甲{number}", "乙"]
    return ("=1+1", '0012“甲”，"引号",')[number][: column.most]


def rows_for(used: ExchangeFormat) -> Sequence[FormatRow]:
    """Return two rows in which every column is filled, those filled by hand and by the platform too."""
    made = rows_of_values(
        used,
        ((f"case-{n}", {c.id: value_for(c, n) for c in used.columns.values()}) for n in range(2)),
    )
    assert [str(problem) for problem in made.problems] == []
    assert all(all(row.cells.values()) for row in made.rows)
    return made.rows


@pytest.mark.parametrize("write", [as_workbook, as_csv])
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_is_written_is_read_again(
    name: str, write: Callable[[ExchangeFormat, Sequence[FormatRow]], bytes]
) -> None:
    used = FORMATS[name]
    ours = rows_for(used)
    content = write(used, ours)
    theirs = read_rows(used, content)
    assert ([str(one) for one in theirs.problems], theirs.ignored, theirs.hidden) == ([], (), None)
    assert [dict(row.cells) for row in theirs.rows] == [dict(row.cells) for row in ours]
    assert differences(used, theirs.rows, ours) == []
    assert write(used, theirs.rows) == content


def test_all_shipped_formats_are_walked() -> None:
    assert len(FORMATS) >= 11
    assert {"zhejiang_result", "xinyong_penalty", "objects", "year_measures"} <= FORMATS.keys()


def test_the_columns_of_a_penalty_are_those_of_its_decision() -> None:
    columns = FORMATS["xinyong_penalty"].columns
    said = {name: columns[name].value for name in ("CF_SY", "CF_YJ", "CF_NR")}
    assert {name: value.source if value else None for name, value in said.items()} == {
        "CF_SY": "forms.case_proposal.facts",
        "CF_YJ": "forms.case_proposal.law",
        "CF_NR": "forms.case_decision.content",
    }
