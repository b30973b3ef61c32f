"""Reading a register's file as a whole: what can be imported, what cannot and why, what was passed over.

Nothing is stored here and the clock is not asked. Whoever stores takes `ImportResult.importable`, which is empty while
any row is bad, unless bad rows are to be skipped.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.kernel.formula_guard import guarded
from engine.language import Message, say
from engine.register.check import CheckedEntry, check_rows
from engine.register.columns import Profile
from engine.register.problem import FileProblem, RowProblem
from engine.register.profile import built_in, load_profile
from engine.register.sheet.grid import TableError
from engine.register.sheet.open_table import open_table


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What a file was found to hold."""

    kind: str
    #: The good rows; import them through `importable`.
    entries: tuple[CheckedEntry, ...] = ()
    #: What is wrong with rows, by row and column.
    problems: tuple[RowProblem, ...] = ()
    #: What is wrong with the file as a whole; rows cannot be skipped around it.
    faults: tuple[FileProblem, ...] = ()
    #: Titles the register has no column for; their contents are not imported.
    ignored_columns: tuple[str, ...] = ()
    #: How many rows the file holds, good and bad, without the header and blank rows.
    rows: int = 0
    #: (title in the file, the register's column, its title), in the file's order: what a preview shows.
    mapping: tuple[tuple[str, str, str], ...] = ()
    #: What the reader had to decide, and what whoever maintains the register may want to know.
    notes: tuple[Message, ...] = ()
    header: tuple[str, ...] = ()
    #: The bad rows as the file has them: (row, cells).
    bad_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults and not self.problems

    def importable(self, *, skip_bad: bool = False) -> tuple[CheckedEntry, ...]:
        """Return the entries that may be stored: all, or none; with `skip_bad` all but the bad rows."""
        if self.faults or (self.problems and not skip_bad):
            return ()
        return self.entries


def read_register(
    kind: str,
    path: Path,
    profile: Profile | Path | None = None,
    encoding: str | None = None,
    *,
    sheet: str | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
) -> ImportResult:
    """Return what the CSV or Excel file `path` holds of the register `kind` (see `engine.register.profile.KINDS`).

    `profile` is a deployment's own, or the file it is in; without one the built-in profile reads the headers
    offices use. `codes` are the bureau's lists (``sections``, ``roles``: code -> title): with them a section may be
    written by its title and an unknown one is a problem; without them sections and roles are kept as written.
    Never raises for what a file holds; raises KeyError for an unknown kind.
    """
    chosen = built_in(kind)
    if isinstance(profile, Path):
        loaded, wrong = load_profile(profile)
        if loaded is None:
            return ImportResult(kind=kind, faults=wrong)
        chosen = loaded
    elif profile is not None:
        chosen = profile
    if chosen.kind != kind:
        fault = FileProblem(
            say("导入方案是{theirs}的，不能用来导入{ours}", theirs=chosen.title, ours=built_in(kind).title)
        )
        return ImportResult(kind=kind, faults=(fault,))
    try:
        table = open_table(path, chosen, encoding=encoding, sheet=sheet)
        checked = check_rows(table, chosen, codes=codes, source=path.name)
    except TableError as unreadable:
        return ImportResult(kind=kind, faults=unreadable.problems)
    faults: tuple[FileProblem, ...] = ()
    if checked.rows == 0:
        faults = (FileProblem(say("只有表头，没有一行内容"), None, table.header.row),)
    header = table.header
    return ImportResult(
        kind=kind,
        entries=checked.entries,
        problems=checked.problems,
        faults=faults,
        ignored_columns=header.ignored(chosen),
        rows=checked.rows,
        mapping=tuple(
            (title, column, chosen.columns[column].title)
            for title, column in zip(header.titles, header.columns, strict=True)
            if column is not None
        ),
        notes=(*table.notes, *_undated(checked.entries)),
        header=header.titles,
        bad_rows=checked.bad,
    )


def _undated(entries: tuple[CheckedEntry, ...]) -> tuple[Message, ...]:
    count = sum(any(not rating["date"] for rating in entry.data.get("ratings", ())) for entry in entries)
    if not count:
        return ()
    return (say("{count} 行的等级没有评定日期；同一等级制有几次评定时，无日期的视为最早", count=count),)


def write_skipped(reading: ImportResult, path: Path) -> int:
    """Write the bad rows, each with its row number and reasons, as CSV (UTF-8 with mark); return how many.

    The columns are the file's own, so the file can be corrected and imported as it is; its last two columns are
    passed over. A cell that Excel would take for a formula is written with a single quote before it.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in reading.problems:
        reasons[problem.row].append(str(problem))
    width = max([len(reading.header), *(len(cells) for _, cells in reading.bad_rows)])
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*map(guarded, reading.header), *[""] * (width - len(reading.header)), "行号", "问题"])
    for row, cells in reading.bad_rows:
        padded = [*map(guarded, cells), *[""] * (width - len(cells))]
        writer.writerow([*padded, row, guarded("\n".join(reasons[row]))])
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    return len(reading.bad_rows)
