"""Tables from CSV files, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.kernel.clean_text import clean
from engine.language import Message, say
from engine.register.columns import Profile
from engine.register.problem import FileProblem
from engine.register.sheet.grid import Grid, RowsAgain, TableError
from engine.register.sheet.header import (
    SEARCHED,
    find_header,
    header_problems,
    no_header,
    recognised,
)
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_COLUMNS, Limits
from engine.register.sheet.text_encoding import Encoding, find_encoding

_DELIMITERS = (",", "\t", ";", "，")
#: Characters of one record, whether it stands on one line or on many.
_MAX_RECORD_LENGTH = 1_000_000
_HEAD = 20_000


def read_csv(data: bytes, profile: Profile, encoding: str | None = None) -> Grid:
    """Return the table in the bytes of a CSV file. Raises `TableError`; so does going through the rows."""
    if not data.strip():
        raise TableError(no_header([], profile))
    found = find_encoding(data, lambda head, chinese: _knows_header(head, profile, chinese=chinese), encoding)
    delimiter = _delimiter(_text(data, found).read(_HEAD), profile)
    first = list(islice(_records(data, found, delimiter), SEARCHED))
    header = find_header(first, profile)
    if header is None:
        raise TableError(no_header(first, profile))
    if problems := header_problems(header, profile):
        raise TableError(*problems)
    last = header.row

    def body() -> Iterator[tuple[int, Sequence[str]]]:
        return (row for row in _records(data, found, delimiter) if row[0] > last)

    return Grid(header, RowsAgain(body), found.notes, ragged_is_wrong=True)


def _text(data: bytes, encoding: Encoding) -> io.TextIOWrapper:
    stream = io.BytesIO(data)
    stream.seek(encoding.start)
    return io.TextIOWrapper(stream, encoding.codec, newline="")


def _knows_header(head: str, profile: Profile, *, chinese: bool) -> bool:
    for delimiter in _DELIMITERS:
        for cells in _first(head[:_HEAD], delimiter):
            known = [cell for cell in cells if profile.column_of(cell)]
            if known and (not chinese or any(not cell.isascii() for cell in known)):
                return True
    return False


def _delimiter(head: str, profile: Profile) -> str:
    """Return the delimiter by which a row near the top names most columns; the comma where none does better."""
    scores = {
        delimiter: max((recognised(cells, profile) for cells in _first(head, delimiter)), default=0)
        for delimiter in _DELIMITERS
    }
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _first(head: str, delimiter: str) -> Iterator[Sequence[str]]:
    try:
        for row in islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), SEARCHED):
            yield [clean(cell) for cell in row[:MAX_COLUMNS]]
    except csv.Error:
        # The cut may run through a quoted cell; what came before is what is looked at.
        return


class _Lines:
    """The lines of a text, as the reader of CSV asks for them; refuses a record without end."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_MAX_RECORD_LENGTH)
        if not line:
            raise StopIteration
        self._taken += len(line)
        if self._taken >= _MAX_RECORD_LENGTH:
            raise csv.Error("a record is too long")
        return line

    def next_record(self) -> None:
        """Begin another record."""
        self._taken = 0


def _records(data: bytes, encoding: Encoding, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    lines = _Lines(_text(data, encoding))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    most = Limits.of(len(data)).rows
    number = filled = 0
    started = 1
    try:
        for number, cells in enumerate(reader, 1):
            lines.next_record()
            started = reader.line_num + 1
            if not any(cells):
                continue
            filled += 1
            if filled > most:
                raise TableError(_too_many(say("文件有 {most} 行以上，以它的大小不像名录", most=most)))
            if len(cells) > MAX_COLUMNS:
                raise TableError(
                    _too_many(
                        say("一行有 {seen} 格，最多 {most} 格", seen=len(cells), most=MAX_COLUMNS), number
                    )
                )
            if max(map(len, cells)) > MAX_CELL_LENGTH:
                raise TableError(_too_many(say("一格的文字超过 {most} 字", most=MAX_CELL_LENGTH), number))
            yield number, cells
    except csv.Error as error:
        raise TableError(
            FileProblem(
                say("从文件第 {line} 行起读不出一行完整的记录（引号不成对，或一格过长）", line=started),
                say("格中若有引号，须写成两个引号，并把整格放在引号里；最好直接导入 .xlsx"),
                number + 1,
            )
        ) from error


def _too_many(message: Message, row: int | None = None) -> FileProblem:
    return FileProblem(message, say("请核对是否选错了文件，或引号不成对"), row)
