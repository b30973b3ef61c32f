"""A register in a workbook: which sheet it is on, where its header is, what is hidden, what is wrong with the file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from engine.kernel.clean_text import clean
from engine.kernel.plain_text import visible
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.register.columns import CellType, Profile
from engine.register.problem import FileProblem
from engine.register.sheet.book.compound_file import SIGNATURE
from engine.register.sheet.book.container import DuplicatePartError, TooMuchError, WorkbookContainerError
from engine.register.sheet.book.facts import EncryptedError, PlaceError, SheetFacts
from engine.register.sheet.book.workbook import BinaryError, open_book, rows_of
from engine.register.sheet.grid import Grid, RowsAgain, TableError
from engine.register.sheet.header import SEARCHED, Header, find_header, header_problems, no_header
from engine.register.sheet.html_table import charset_of, tables_in
from engine.register.sheet.limits import MAX_NAMED, MAX_SHEETS, Limits
from engine.register.sheet.number_format import ShownCells
from engine.register.sheet.text_encoding import find_encoding

Rows = Iterator[tuple[int, Sequence[str]]]


#: Takes the columns (from 0) in which what a cell holds counts, whatever its format shows.
Look = Callable[[Collection[int]], tuple[Rows, SheetFacts]]
#: Such columns.
_NUMBERS = frozenset({CellType.INTEGER, CellType.RATIO})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sheet that may hold the register. `look` returns its rows, anew each time, and what is known besides them."""

    name: str
    visible: bool
    look: Look


def read_workbook(data: bytes, profile: Profile, sheet: str | None = None) -> Grid:
    """Return the table in a workbook: on the sheet of that name, or on the only visible one with the right header.

    Raises `TableError`; so does going through the rows, where the workbook is damaged.
    """
    try:
        book = open_book(data)
    except WorkbookContainerError as error:
        if type(error) is WorkbookContainerError and data.startswith(SIGNATURE[:4]):
            raise TableError(
                FileProblem(
                    say("文件不是完好的旧版 Excel 工作簿（.xls）"),
                    say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入"),
                )
            ) from error
        raise TableError(workbook_problem(error)) from error

    if len(book.sheets) > MAX_SHEETS:
        raise TableError(
            FileProblem(
                say("工作簿有 {count} 个工作表，最多 {most} 个", count=len(book.sheets), most=MAX_SHEETS),
                say("请把要导入的工作表另存为一个文件，再导入"),
            )
        )
    known: dict[int, SheetFacts] = {}

    def look(place: int) -> Look:
        def looked(held: Collection[int]) -> tuple[Rows, SheetFacts]:
            facts = known.get(place)
            if facts is None:
                facts = known[place] = book.facts(book.sheets[place])
            return rows_of(book, book.sheets[place], facts, held), facts

        return looked

    candidates = [_Candidate(one.name, one.visible, look(place)) for place, one in enumerate(book.sheets)]
    return _grid(candidates, profile, sheet)


def read_web_page(
    data: bytes, profile: Profile, sheet: str | None = None, encoding: str | None = None
) -> Grid:
    """Return the table in a web page that has the name of a workbook. Raises `TableError`."""
    found = find_encoding(
        data,
        lambda head, chinese: _names_columns(head, profile, chinese=chinese),
        encoding or charset_of(data),
    )
    try:
        tables = tables_in(data[found.start :].decode(found.codec), Limits.of(len(data)))
    except WorkbookContainerError as error:
        raise TableError(workbook_problem(error)) from error
    if not tables:
        raise TableError(
            FileProblem(
                say("这个文件其实是网页，其中没有表格"),
                say("请在浏览器或 Excel 中打开，另存为 .xlsx 或 CSV UTF-8，再导入"),
            )
        )

    def look(place: int) -> Look:
        table = tables[place]
        hidden = [number - 1 for number, _, unseen in table.rows if unseen]
        columns = [(column, column) for column in sorted(table.hidden_columns)]
        rows = [(number, cells) for number, cells, _ in table.rows]
        return lambda _held: (iter(rows), SheetFacts(hidden_rows=hidden, hidden_columns=columns))

    candidates = [
        _Candidate(str(say("表格{number}", number=place + 1)), True, look(place))
        for place in range(len(tables))
    ]
    grid = _grid(candidates, profile, sheet)
    notes = (say("这个文件虽以 .xls 命名，其实是网页；读取了其中的表格"), *grid.notes)
    return replace(grid, notes=notes)


def _names_columns(head: str, profile: Profile, *, chinese: bool) -> bool:
    parts = [piece.partition(">")[2] for piece in head.split("<")]
    return any(profile.column_of(part) and not (chinese and part.isascii()) for part in parts if part.strip())


def _grid(candidates: list[_Candidate], profile: Profile, name: str | None) -> Grid:
    usable: list[str] = []
    found: tuple[_Candidate, Header, _Begun] | None = None
    wrong: list[FileProblem] = []
    for candidate in _asked_for(candidates, name):
        begun = _begin(candidate)
        header = find_header(begun.first, profile)
        problems = header_problems(header, profile) if header else (no_header(begun.first, profile),)
        if header is not None and not problems:
            usable.append(candidate.name)
            # Rows of another one are not kept meanwhile.
            found = found or (candidate, header, begun)
        wrong += [
            FileProblem(
                say("工作表“{name}”：{message}", name=candidate.name, message=problem.message),
                problem.hint,
                problem.row,
            )
            for problem in problems
        ]
    hidden = [one.name for one in candidates if not one.visible]
    if found is None:
        raise TableError(*wrong, *_hidden_problem(hidden, name))
    if len(usable) > 1:
        raise TableError(
            FileProblem(
                say(
                    "{count} 个工作表都像{register}：{names}",
                    count=len(usable),
                    register=profile.title,
                    names=usable[:MAX_NAMED],
                ),
                say("请指明一个工作表，或分成几个文件"),
                next=NextAction("name_sheet"),
            )
        )
    chosen, header, begun = found
    facts, last = begun.facts, header.row
    held = frozenset(
        place
        for place, name_ in enumerate(header.columns)
        if name_ is not None and profile.columns[name_].type in _NUMBERS
    )
    again = facts.shown is not None and not held.isdisjoint(facts.shown.columns)

    def body() -> Rows:
        # The first time goes on where the search for the header ended.
        rows = chain(begun.first, begun.rest) if begun.fresh() and not again else _looked(chosen, held)[0]
        return (row for row in rows if row[0] > last)

    notes = [say("读取工作表“{name}”", name=chosen.name)] if len(candidates) > 1 else []
    if name is None and hidden:
        notes.append(say("隐藏的工作表没有读：{names}", names=hidden))
    if not chosen.visible:
        notes.append(say("工作表“{name}”是隐藏的", name=chosen.name))
    if facts.formulas:
        notes.append(say("{count} 格是公式，按存盘时的结果读取", count=facts.formulas))
    if facts.shown is not None:
        notes += _about_shown(facts.shown)
    return Grid(
        header,
        RowsAgain(body),
        tuple(notes),
        hidden_rows=frozenset(row + 1 for row in facts.hidden_rows if row >= header.row),
        hidden_columns=frozenset(place for place in range(len(header.titles)) if facts.column_hidden(place)),
        formula_rows=frozenset(row + 1 for row in facts.formula_rows if row >= header.row),
    )


def _about_shown(shown: ShownCells) -> Iterator[Message]:
    if shown.first is not None:
        row, number = shown.first
        yield say(
            "{count} 格显示的与存盘的不同（如第 {row} 行，格式“{code}”），按显示的读取；整数、比例列按存盘的数读取",
            count=shown.count,
            row=row + 1,
            code=visible(shown.formats[number].code),
        )
    if shown.first_unknown is not None:
        row, number = shown.first_unknown
        yield say(
            "{count} 格显示的与存盘的不同（如第 {row} 行，格式“{code}”），这种格式不能照读，按存盘的数读取，请核对",
            count=shown.unknown,
            row=row + 1,
            code=visible(shown.formats[number].code),
        )


def _asked_for(candidates: list[_Candidate], name: str | None) -> list[_Candidate]:
    visible = [one for one in candidates if one.visible]
    if name is None:
        return visible
    named = [one for one in candidates if clean(one.name) == clean(name)]
    if not named:
        raise TableError(
            FileProblem(
                say("没有名为“{name}”的工作表", name=name),
                say("现有：{names}", names=[one.name for one in visible]),
            )
        )
    return named


def _hidden_problem(hidden: list[str], name: str | None) -> tuple[FileProblem, ...]:
    if name is not None or not hidden:
        return ()
    message = say("隐藏的工作表没有读：{names}", names=hidden)
    return (FileProblem(message, say("要读其中一个，请指明它的名字"), next=NextAction("name_sheet")),)


@dataclass(slots=True)
class _Begun:
    """A sheet whose first rows were read."""

    first: list[tuple[int, Sequence[str]]]
    rest: Rows
    facts: SheetFacts
    taken: bool = False

    def fresh(self) -> bool:
        """Tell whether nobody has asked before: the rows can be gone through once."""
        fresh, self.taken = not self.taken, True
        return fresh


def _begin(candidate: _Candidate) -> _Begun:
    rows, facts = _looked(candidate, ())
    return _Begun(list(islice(rows, SEARCHED)), rows, facts)


def _looked(candidate: _Candidate, held: Collection[int]) -> tuple[Rows, SheetFacts]:
    try:
        rows, facts = candidate.look(held)
    except WorkbookContainerError as error:
        raise TableError(workbook_problem(error)) from error
    return _understood(rows), facts


def _understood(rows: Rows) -> Rows:
    try:
        yield from rows
    except WorkbookContainerError as error:
        raise TableError(workbook_problem(error)) from error


def workbook_problem(error: WorkbookContainerError) -> FileProblem:
    """Return the sentence about a workbook that cannot be read."""
    if isinstance(error, EncryptedError):
        return FileProblem(
            say("工作簿加了密码"), say("请在 Excel 或 WPS 中打开，另存为不带密码的 .xlsx，再导入")
        )
    if isinstance(error, BinaryError):
        return FileProblem(
            say("不读二进制工作簿（.xlsb）"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入")
        )
    if isinstance(error, DuplicatePartError):
        return FileProblem(
            say("工作簿里有两个部分同名（{name}），不能断定读哪一个", name=error.name),
            say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入"),
        )
    if isinstance(error, PlaceError):
        return FileProblem(
            say("工作表里有两行或两格占同一个位置，不能断定读哪一个"),
            say("请在 Excel 或 WPS 中打开，核对这一行，另存为 .xlsx，再导入"),
            error.row + 1,
        )
    if isinstance(error, TooMuchError):
        what, mend = _TOO_MUCH.get(error.what, _TOO_MUCH["unpacked"])
        if error.most is None:
            return FileProblem(say("以文件的大小，{what}太多，没有读", what=what), mend)
        return FileProblem(
            say(
                "以文件的大小，{what}太多（最多 {most} {unit}），没有读",
                what=what,
                most=error.most,
                unit=_UNITS.get(error.what, _UNITS["unpacked"]),
            ),
            mend,
        )
    return FileProblem(
        say("文件不是完好的 Excel 工作簿（.xlsx）"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入")
    )


_FEWER = say(
    "请另存为 CSV UTF-8 再导入，CSV 没有这个限制；或删去表格右边、下边不用的行、列和格式，或分成几个文件"
)
_UNITS: dict[str, Message] = {
    "unpacked": say("字节"),
    "elements": say("个"),
    "places": say("格"),
    "columns": say("个"),
    "rows": say("个"),
    "text": say("字节"),
    "shared": say("段"),
    "cell": say("字"),
    "styles": say("种"),
    "formulas": say("格"),
}
_TOO_MUCH: dict[str, tuple[Message, Message]] = {
    "unpacked": (say("解压后的内容"), _FEWER),
    "elements": (say("单元格、格式或其他部件"), _FEWER),
    "places": (say("占用的行列"), _FEWER),
    "columns": (say("占用的列"), _FEWER),
    "rows": (say("占用的行"), _FEWER),
    "text": (say("文字"), say("请核对是否选错了文件；另存为 CSV UTF-8 再导入，或分成几个文件")),
    "shared": (say("各格共用的文字"), _FEWER),
    "cell": (say("一格的文字"), say("请核对是否选错了文件")),
    "styles": (say("单元格格式"), _FEWER),
    "formulas": (say("公式"), say("请选中表格，复制后“选择性粘贴为数值”，再存盘导入")),
}
