"""A table as bytes in exactly one way: UTF-8, TAB and LF, rows ordered by the bytes of the first column.

Reading is strict. Whatever another program might read differently (byte-order marks, carriage returns, invisible
characters, outer spaces, texts that are not NFC) is refused and named, never repaired: the digest of these bytes is
what was promised before the draw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from engine.draw.refused import SHOWN
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

#: Control, format (zero-width), surrogate, private, unassigned characters and separators of lines and paragraphs.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_OUTER_SPACE = re.compile(r"(?:^|[\t;])[^\S\n\t]|[^\S\n\t](?:[\t;]|$)", re.MULTILINE)


def render_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the bytes of a table whose `rows` are ordered here by their first value. Nothing else is changed."""
    ordered = sorted(rows, key=lambda row: row[0].encode("utf-8", "surrogatepass"))
    lines = ["\t".join(columns), *("\t".join(row) for row in ordered)]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def parse_table(columns: Sequence[str], data: bytes) -> tuple[list[list[str]], list[RefusalReason]]:
    """Return the rows of a table and every problem of its form; the rows are empty when there is a problem."""
    problems = list(_limited(_form_problems(columns, data)))
    if problems:
        return [], problems
    lines = data.decode().split("\n")[1:-1]
    rows = [line.split("\t") for line in lines]
    problems = list(_limited(_row_problems(columns, rows)))
    return ([] if problems else rows), problems


def at_line(line: int, message: Message, hint: Message | None = None) -> RefusalReason:
    """Return a problem of one line of a table (the header is line 1)."""
    return RefusalReason("roster", say("第 {line} 行：{message}", line=line, message=message), hint=hint)


def _form_problems(columns: Sequence[str], data: bytes) -> Iterator[RefusalReason]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield at_line(1, say("文件开头有字节序标记 BOM"), say("请保存为不带 BOM 的 UTF-8"))
        data = data[3:]
    if b"\r" in data:
        line = data.count(b"\n", 0, data.index(b"\r")) + 1
        yield at_line(line, say("有回车符 CR"), say("行尾只能是一个换行符 LF"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield at_line(
            data.count(b"\n", 0, error.start) + 1, say("有不是 UTF-8 的字节"), say("请保存为 UTF-8")
        )
        return
    if not text.endswith("\n"):
        yield at_line(text.count("\n") + 1, say("最后一行没有换行符"), say("文件须以换行符结尾，以防被截断"))
    header, expected = text.split("\n", 1)[0].rstrip("\r"), "\t".join(columns)
    if header != expected:
        yield at_line(
            1,
            say(
                "表头应为 {expected}，实为 {seen}", expected=" ".join(columns), seen=header.replace("\t", " ")
            ),
            say("列名和次序固定，列与列之间用一个制表符分隔"),
        )
    yield from _character_problems(text.replace("\r", ""))


def _character_problems(text: str) -> Iterator[RefusalReason]:
    used = set(text) - {"\n", "\t"}
    bad = {char for char in used if unicodedata.category(char) in _INVISIBLE}
    # Looked for where there is any space at all: in most rosters there is none.
    spaced = any(map(str.isspace, used)) and _OUTER_SPACE.search(text) is not None
    normal = unicodedata.is_normalized("NFC", text)
    if not bad and not spaced and normal:
        return
    for number, line in enumerate(text.split("\n"), 1):
        for char in sorted(bad.intersection(line)):
            yield at_line(
                number,
                say("有看不见的字符 U+{code}", code=f"{ord(char):04X}"),
                say("请在登记资料中删去该字符后重新生成名册"),
            )
        if spaced and _OUTER_SPACE.search(line):
            yield at_line(number, say("有值的首尾带空格"), say("请在登记资料中删去多余的空格后重新生成名册"))
        if not normal and not unicodedata.is_normalized("NFC", line):
            yield at_line(
                number,
                say("有字符不是统一码标准形式 NFC"),
                say("应为：{right}", right=unicodedata.normalize("NFC", line).replace("\t", " ")),
            )


def _row_problems(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[RefusalReason]:
    before: str | None = None
    for number, row in enumerate(rows, 2):
        if len(row) != len(columns):
            yield at_line(
                number,
                say("应有 {expected} 列，实有 {seen} 列", expected=len(columns), seen=len(row)),
                say("空值也要保留制表符"),
            )
            continue
        key = row[0]
        if before is not None and key == before:
            yield at_line(number, say("编号 {id} 重复", id=key), say("一个编号只能有一行"))
        elif before is not None and key < before:
            yield at_line(
                number,
                say("编号 {id} 排在 {before} 之后，次序不对", id=key, before=before),
                say("各行须按编号的字节次序排列"),
            )
        before = key


def _limited(problems: Iterator[RefusalReason]) -> Iterator[RefusalReason]:
    for count, problem in enumerate(problems):
        if count == SHOWN:
            rest = 1 + sum(1 for _ in problems)
            yield RefusalReason("more", say("另有 {rest} 处问题未列出", rest=rest))
            return
        yield problem
