"""A register in an Excel workbook: which sheet it is on, where its header is, what is wrong with the file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.register.columns import Profile
from engine.register.problem import FileProblem
from engine.register.sheet.grid import Grid, TableError
from engine.register.sheet.header import SEARCHED, Header, find_header, header_problems, no_header
from engine.register.sheet.workbook import DAMAGED, Sheet, Workbook

#: Unpacked, a workbook may be so large; the rest of one that claims more is not read.
MAX_UNPACKED = 1_000_000_000

Rows = Iterator[tuple[int, Sequence[str]]]


def read_workbook(data: bytes, profile: Profile, sheet: str | None = None) -> Grid:
    """Return the table in a workbook: on the sheet of that name, or on the only visible one with the right header.

    Raises `TableError`; so does going through the rows, where the workbook is damaged.
    """
    book = _open(data)
    usable: list[tuple[Sheet, Header]] = []
    wrong: list[FileProblem] = []
    for candidate in _candidates(book, sheet):
        first = list(islice(_rows(book, candidate), SEARCHED))
        header = find_header(first, profile)
        problems = header_problems(header, profile) if header else (no_header(first, profile),)
        if header is not None and not problems:
            usable.append((candidate, header))
        wrong += [
            FileProblem(
                say("工作表“{name}”：{message}", name=candidate.name, message=problem.message),
                problem.hint,
                problem.row,
            )
            for problem in problems
        ]
    if not usable:
        raise TableError(*wrong)
    if len(usable) > 1:
        raise TableError(
            FileProblem(
                say(
                    "{count} 个工作表都像{register}：{names}",
                    count=len(usable),
                    register=profile.title,
                    names=[found.name for found, _ in usable],
                ),
                say("请指明一个工作表，或分成几个文件"),
                next=NextAction("name_sheet"),
            )
        )
    chosen, header = usable[0]
    notes: tuple[Message, ...] = (
        (say("读取工作表“{name}”", name=chosen.name),) if len(book.sheets) > 1 else ()
    )
    return Grid(header, _body(book, chosen, header.row), notes)


def _open(data: bytes) -> Workbook:
    try:
        book = Workbook(io.BytesIO(data), MAX_UNPACKED)
    except DAMAGED as error:
        raise TableError(_damaged()) from error
    return book


def _candidates(book: Workbook, name: str | None) -> list[Sheet]:
    visible = [sheet for sheet in book.sheets if sheet.visible]
    if name is None:
        return visible
    named = [sheet for sheet in book.sheets if sheet.name == name]
    if not named:
        raise TableError(
            FileProblem(
                say("没有名为“{name}”的工作表", name=name),
                say("现有：{names}", names=[sheet.name for sheet in visible]),
            )
        )
    return named


def _damaged() -> FileProblem:
    return FileProblem(
        say("文件不是完好的 Excel 工作簿（.xlsx）"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入")
    )


def _body(book: Workbook, sheet: Sheet, header_row: int) -> Rows:
    try:
        yield from (row for row in _rows(book, sheet) if row[0] > header_row)
    finally:
        book.close()


def _rows(book: Workbook, sheet: Sheet) -> Rows:
    try:
        yield from book.rows(sheet)
    except DAMAGED as error:
        raise TableError(_damaged()) from error
