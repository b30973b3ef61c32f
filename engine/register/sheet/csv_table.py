"""Tables from CSV files."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.register.columns import Profile
from engine.register.problem import FileProblem
from engine.register.sheet.grid import Grid, TableError
from engine.register.sheet.header import (
    SEARCHED,
    find_header,
    header_problems,
    no_header,
    recognised,
)

_DELIMITERS = (",", "\t", ";", "，")


_DECLARED = {
    "utf8": "utf-8-sig", "utf8sig": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030",
    "ansi": "gb18030", "cp936": "gb18030",
}  # fmt: skip


_SHOWN = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}


def read_csv(data: bytes, profile: Profile, encoding: str | None = None) -> Grid:
    """Return the table in the bytes of a CSV file. Raises `TableError`."""
    if not data.strip():
        raise TableError(no_header([], profile))
    text, notes = _decode(data, profile, encoding)
    delimiter = _delimiter(text, profile)
    rows = _records(text, delimiter)
    first = list(islice(rows, SEARCHED))
    header = find_header(first, profile)
    if header is None:
        raise TableError(no_header(first, profile))
    if problems := header_problems(header, profile):
        raise TableError(*problems)

    def body() -> Iterator[tuple[int, Sequence[str]]]:
        yield from (row for row in first if row[0] > header.row)
        yield from rows

    return Grid(header, body(), notes, ragged_is_wrong=True)


def _decode(data: bytes, profile: Profile, declared: str | None) -> tuple[str, tuple[Message, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4096]:
        raise TableError(
            FileProblem(
                say("文件不是 UTF-8 或 GB18030 的文本（可能是 Excel 的“Unicode 文本”，即 UTF-16）"),
                say("请另存为“CSV UTF-8（逗号分隔）”，或直接导入 .xlsx"),
            )
        )
    if declared is not None:
        codec = _DECLARED.get(declared.casefold().replace("-", "").replace("_", ""))
        if codec is None:
            raise TableError(
                FileProblem(
                    say("不认识编码“{name}”", name=declared),
                    say("可写：{names}", names=list(_SHOWN.values())),
                )
            )
        return _decoded(data, codec), ()
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data, "utf-8-sig"), ()
    readable = []
    for codec, shown in _SHOWN.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _knows_header(text, profile, chinese=codec == "gb18030"):
            notes = (say("按 {encoding} 编码读取", encoding=shown),) if codec != "utf-8-sig" else ()
            return text, notes
        readable.append((codec, text))
    if readable and readable[0][0] == "utf-8-sig":
        return readable[0][1], ()
    if readable:
        raise TableError(
            FileProblem(
                say("文件不是 UTF-8 编码；按 GB18030 能读出文字，但表头中没有认得的中文列名，不能断定"),
                say("若确是 GB18030（GBK）编码，请指明编码；否则请另存为 CSV UTF-8"),
                next=NextAction("name_encoding"),
            )
        )
    return _decoded(data, "utf-8-sig"), ()


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(
            FileProblem(
                say("此处不是 {encoding} 编码", encoding=_SHOWN[codec]),
                say("请在 Excel 或 WPS 中打开，核对有无乱码，再另存为“CSV UTF-8（逗号分隔）”"),
                line,
            )
        ) from error


def _knows_header(text: str, profile: Profile, *, chinese: bool) -> bool:
    head = text[:20_000]
    for delimiter in _DELIMITERS:
        for cells in _first(head, delimiter):
            known = [cell for cell in cells if profile.column_of(cell)]
            if known and (not chinese or any(not cell.isascii() for cell in known)):
                return True
    return False


def _delimiter(text: str, profile: Profile) -> str:
    """Return the delimiter by which a row near the top names most columns; the comma where none does better."""
    head = text[:20_000]
    scores = {
        delimiter: max((recognised(cells, profile) for cells in _first(head, delimiter)), default=0)
        for delimiter in _DELIMITERS
    }
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _first(head: str, delimiter: str) -> Iterator[Sequence[str]]:
    try:
        for row in islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), SEARCHED):
            yield [cell.strip() for cell in row]
    except csv.Error:
        # The cut may run through a quoted cell; what came before is what is looked at.
        return


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    started = 1
    try:
        for number, cells in enumerate(reader, 1):
            started = reader.line_num + 1
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise TableError(
            FileProblem(
                say("从文件第 {line} 行起读不出一行完整的记录（引号不成对，或一格过长）", line=started),
                say("格中若有引号，须写成两个引号，并把整格放在引号里；最好直接导入 .xlsx"),
                number + 1,
            )
        ) from error
