"""The formats a paper is written in, chosen by the ending of a file's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.tree import PaperError
from engine.kernel.did_you_mean import nearest
from engine.language import say

#: Ending -> the extra of the package that writes it, and the library it brings; HTML needs none.
FORMATS: Mapping[str, tuple[str, str] | None] = {
    ".html": None,
    ".docx": ("word", "docx"),
    ".pdf": ("pdf", "typst"),
}


def format_of(name: str) -> str:
    """Return the ending that says in which format a file of this name is written. Raises PaperError for others.

    A name without an ending means HTML.
    """
    ending = Path(name).suffix.lower()
    if not ending or ending == ".htm":
        return ".html"
    if ending in FORMATS:
        return ending
    meant = nearest(ending, FORMATS)
    known = "、".join(FORMATS)
    if meant:
        raise PaperError(
            say(
                "文书不能写成“{ending}”文件。是不是“{meant}”？可以写成：{known}。",
                ending=ending,
                meant=meant,
                known=known,
            )
        )
    raise PaperError(say("文书不能写成“{ending}”文件。可以写成：{known}。", ending=ending, known=known))


def written(content: bytes, ending: str, made_on: date, fonts: Sequence[Path] = ()) -> bytes:
    """Return a rendered document (`content`, UTF-8 HTML) in the format of `ending`, one of `FORMATS`.

    `made_on` goes into the properties of the file, `fonts` are folders with fonts of the bureau. Raises PaperError when
    the format is not installed, or the document uses what the format has no counterpart of.
    """
    needed = FORMATS[ending]
    if needed is None:
        return content
    extra, library = needed
    if find_spec(library) is None:
        raise PaperError(
            say(
                "没有安装写 {ending} 的组件。请安装 shuangsuiji[{extra}]，或改用 .html 文件。",
                ending=ending,
                extra=extra,
            )
        )
    paper = read_paper(content.decode("utf-8"))
    if ending == ".docx":
        from engine.documents.paper.word import word_bytes

        return word_bytes(paper, made_on)
    from engine.documents.paper.pdf import pdf_bytes

    return pdf_bytes(paper, made_on, fonts)
