"""Reading a register's file as a whole: what can be imported, what cannot and why, what was passed over.

Nothing is stored here and the clock is not asked. Whoever stores takes `ImportResult.importable`, which is empty while
any row is bad, unless bad rows are to be skipped.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.files.output import create_file
from engine.kernel.formula_guard import guarded
from engine.language import Message, say
from engine.register.check import Checked, check_rows
from engine.register.columns import Profile
from engine.register.problem import FileProblem, RowProblem, Unusual
from engine.register.profile import built_in, load_profile
from engine.register.sheet.checked_entries import CheckedEntry, KeptEntries
from engine.register.sheet.grid import Grid, TableError
from engine.register.sheet.open_table import open_table


class HiddenAnswer(StrEnum):
    """What to do with rows and columns the office's program does not show."""

    INCLUDE = "include"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True)
class HiddenParts:
    """What a file holds and the office's program does not show: filled rows, and the titles of columns that are read."""

    rows: tuple[int, ...]
    columns: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"rows": list(self.rows), "columns": list(self.columns)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What a file was found to hold."""

    kind: str
    #: The good rows; import them through `importable`.
    entries: Sequence[CheckedEntry] = ()
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
    #: row -> the entry it makes once its unusual values are confirmed.
    unusual: Mapping[int, CheckedEntry] = field(default_factory=dict)
    #: What the office's program does not show, where there is any.
    hidden: HiddenParts | None = None

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults and not self.problems

    def importable(self, *, skip_bad: bool = False) -> Sequence[CheckedEntry]:
        """Return the entries that may be stored: all, or none; with `skip_bad` all but the bad rows."""
        if self.faults or (self.problems and not skip_bad):
            return ()
        return self.entries

    def confirmed(self, values: Collection[Unusual]) -> ImportResult:
        """Return the reading with these unusual values taken as they are."""
        problems = tuple(one for one in self.problems if one.unusual is None or one.unusual not in values)
        wrong = {one.row for one in problems}
        taken = {row: entry for row, entry in self.unusual.items() if row not in wrong}
        entries = self.entries
        return replace(
            self,
            entries=entries.also(taken.values())
            if isinstance(entries, KeptEntries)
            else (*entries, *taken.values()),
            problems=problems,
            bad_rows=tuple(bad for bad in self.bad_rows if bad[0] not in taken),
            unusual={row: entry for row, entry in self.unusual.items() if row in wrong},
        )


def hidden_sentence(hidden: HiddenParts) -> Message:
    """Return what a file holds and the office's program does not show."""
    words = {"rows": len(hidden.rows), "columns": list(hidden.columns), "some": list(hidden.rows[:10])}
    if not hidden.columns:
        return say("文件里有 {rows} 行被隐藏或筛掉，表格软件里看不见（第 {some} 行…）", **words)
    if not hidden.rows:
        return say("文件里有隐藏的列，表格软件里看不见：{columns}", **words)
    return say(
        "文件里有 {rows} 行被隐藏或筛掉（第 {some} 行…），有隐藏的列：{columns}，表格软件里看不见", **words
    )


def read_register(
    kind: str,
    path: Path,
    profile: Profile | Path | None = None,
    encoding: str | None = None,
    *,
    sheet: str | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
    hidden: HiddenAnswer | None = None,
) -> ImportResult:
    """Return what the CSV or Excel file `path` holds of the register `kind` (see `engine.register.profile.KINDS`).

    `profile` is a deployment's own, or the file it is in; without one the built-in profile reads the headers
    offices use. `codes` are the bureau's lists (``sections``, ``roles``: code -> title): with them a section may be
    written by its title and an unknown one is a problem; without them sections and roles are kept as written.
    Hidden rows and columns are read unless `hidden` says to leave them out; whether somebody must be asked is for
    whoever imports. Never raises for what a file holds; raises KeyError for an unknown kind.
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
    leave_out = hidden is HiddenAnswer.LEAVE_OUT
    try:
        table = open_table(path, chosen, encoding=encoding, sheet=sheet)
        checked = check_rows(table, chosen, codes=codes, source=path.name, leave_out_hidden=leave_out)
    except TableError as unreadable:
        return ImportResult(kind=kind, faults=unreadable.problems)
    header = table.header
    columns = [
        None if leave_out and place in table.hidden_columns else name
        for place, name in enumerate(header.columns)
    ]
    faults: tuple[FileProblem, ...] = ()
    if checked.cut:
        fault = FileProblem(
            say("已有 {count} 处问题，其余各行没有看", count=len(checked.problems)),
            say("请核对文件是否就是这个名录、列与表头是否对应"),
        )
        faults = (fault,)
    if checked.rows == 0:
        faults = (FileProblem(say("只有表头，没有一行内容"), None, header.row),)
    return ImportResult(
        kind=kind,
        entries=checked.entries,
        problems=checked.problems,
        faults=faults,
        ignored_columns=header.ignored(chosen),
        rows=checked.rows,
        mapping=tuple(
            (title, column, chosen.columns[column].title)
            for title, column in zip(header.titles, columns, strict=True)
            if column is not None
        ),
        notes=(*table.notes, *_about_rows(checked), *_undated(chosen, checked.entries)),
        header=header.titles,
        bad_rows=checked.bad,
        unusual=checked.unusual,
        hidden=hidden_parts(table),
    )


def hidden_parts(table: Grid) -> HiddenParts | None:
    """Return what of a table the office's program does not show, of the columns that are read; None where that is nothing."""
    columns = tuple(
        title
        for place, (title, column) in enumerate(zip(table.header.titles, table.header.columns, strict=True))
        if column is not None and place in table.hidden_columns
    )
    rows = tuple(sorted(table.hidden_rows))
    return HiddenParts(rows, columns) if rows or columns else None


def _about_rows(checked: Checked) -> tuple[Message, ...]:
    notes = []
    if checked.formulas_only:
        notes.append(say("{count} 行只有公式、没有内容，已略过", count=checked.formulas_only))
    if checked.short:
        notes.append(say("{count} 行末尾的空格没有写出，按空处理", count=checked.short))
    return tuple(notes)


def _undated(profile: Profile, entries: Sequence[CheckedEntry]) -> tuple[Message, ...]:
    if not any(made.into == "ratings" for made in profile.lists.values()):
        return ()
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
    create_file(path, out.getvalue().encode("utf-8-sig"))
    return len(reading.bad_rows)
