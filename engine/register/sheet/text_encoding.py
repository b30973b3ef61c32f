"""The encoding of a text file: what it is read by, and where it is not what it should be. Nothing is decoded whole."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.register.problem import FileProblem
from engine.register.sheet.grid import TableError

_PIECE = 1 << 16
#: So much of the top of a file is looked at for its header.
_HEAD = 65_536

#: Ways to write an encoding, folded, and the codec. GB18030 holds all of GBK and GB2312.
_DECLARED = {
    "utf8": "utf-8", "utf8sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030",
    "ansi": "gb18030", "cp936": "gb18030",
}  # fmt: skip
_SHOWN = {"utf-8": "UTF-8", "gb18030": "GB18030"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is decoded: by which codec, from which byte on."""

    codec: str
    start: int
    notes: tuple[Message, ...] = ()


def find_encoding(
    data: bytes, knows_header: Callable[[str, bool], bool], declared: str | None = None
) -> Encoding:
    """Return how `data` is decoded, having made sure that all of it can be. Raises `TableError`.

    The rule: the declared encoding if there is one; a UTF-8 mark; otherwise the first of UTF-8 and GB18030 that reads
    the whole file and makes the header one that `knows_header`; its second argument asks for Chinese titles, since
    English ones prove nothing about GB18030.
    """
    start = 0
    while data.startswith(codecs.BOM_UTF8, start):
        # Some programs write a second mark before the one that is there.
        start += len(codecs.BOM_UTF8)
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
        return _whole(data, codec, start)
    if start:
        return _whole(data, "utf-8", start)
    wrong: dict[str, int | None] = {}
    known: dict[str, bool] = {}
    for codec, shown in _SHOWN.items():
        at = wrong[codec] = _first_wrong_byte(data, codec)
        head = data[: _HEAD if at is None else min(_HEAD, at)].decode(codec, "ignore")
        known[codec] = knows_header(head, codec == "gb18030")
        if at is None and known[codec]:
            notes = (say("按 {encoding} 编码读取", encoding=shown),) if codec != "utf-8" else ()
            return Encoding(codec, 0, notes)
    if wrong["utf-8"] is None:
        return Encoding("utf-8", 0)
    # A header in Chinese that UTF-8 makes sense of was meant in UTF-8; one in English says nothing.
    top = data[: min(_HEAD, wrong["utf-8"])].decode("utf-8", "ignore")
    if wrong["gb18030"] is None and not knows_header(top, True):
        raise TableError(
            FileProblem(
                say("文件不是 UTF-8 编码；按 GB18030 能读出文字，但表头中没有认得的中文列名，不能断定"),
                say("若确是 GB18030（GBK）编码，请指明编码；否则请另存为 CSV UTF-8"),
                next=NextAction("name_encoding"),
            )
        )
    # Whichever encoding makes sense of the header is the one the file was meant in.
    meant = "gb18030" if known["gb18030"] and not known["utf-8"] else "utf-8"
    raise TableError(_not_this_encoding(data, meant, wrong[meant] or 0))


def _whole(data: bytes, codec: str, start: int) -> Encoding:
    at = _first_wrong_byte(data, codec, start)
    if at is not None:
        raise TableError(_not_this_encoding(data, codec, at))
    return Encoding(codec, start)


def _not_this_encoding(data: bytes, codec: str, at: int) -> FileProblem:
    line = data.count(b"\n", 0, at) + 1
    place = at - (data.rfind(b"\n", 0, at) + 1) + 1
    words = {"encoding": _SHOWN[codec], "byte": f"0x{data[at]:02X}", "place": place}
    hint = say("请在 Excel 或 WPS 中打开，核对有无乱码，再另存为“CSV UTF-8（逗号分隔）”")
    if codec == "gb18030" and data[at] == 0x80:
        message = say(
            "此处不是 {encoding} 编码：本行第 {place} 个字节是 {byte}（Windows 的 GBK 用它表示“€”，{encoding} 没有）",
            **words,
        )
        return FileProblem(message, hint, line)
    return FileProblem(say("此处不是 {encoding} 编码：本行第 {place} 个字节是 {byte}", **words), hint, line)


def _first_wrong_byte(data: bytes, codec: str, start: int = 0) -> int | None:
    """Return where `data` cannot be decoded; None where all of it can."""
    view = memoryview(data)
    decoder = codecs.getincrementaldecoder(codec)()
    for begin in range(start, len(data) + 1, _PIECE):
        kept = len(decoder.getstate()[0])
        piece = view[begin : begin + _PIECE]
        try:
            decoder.decode(piece, final=begin + _PIECE > len(data))
        except UnicodeDecodeError as error:
            return begin - kept + error.start
    return None
