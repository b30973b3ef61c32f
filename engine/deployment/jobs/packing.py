"""What a package of a deployment is made with: the bytes of its kept files, and PDF/A where that is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.app.papers.file_answers import content_of
from engine.documents.package.filed_papers import without_pdf
from engine.files.content_store import ContentStore
from engine.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.app.ports.case_file import CaseFile
    from engine.deployment.home import Home
    from engine.documents.package.contents import ToPdf
    from engine.language import Message


class DamagedFilesError(Exception):
    """Records or kept files of a case are not as its history has them; the message names each."""

    def __init__(self, wrong: Sequence[Message]) -> None:
        self.message = say("{files}；请先核验", files=list(wrong))
        super().__init__(str(self.message))


def require_as_in_history(found: CaseFile) -> None:
    """Raise DamagedFilesError where papers, publications or the firm are other than the history says."""
    if found.unlike:
        raise DamagedFilesError(found.unlike)


def kept_files(home: Home, found: CaseFile) -> dict[str, bytes]:
    """Return the bytes of the kept files of a case by their digest. Raises DamagedFilesError."""
    store = ContentStore(home.files)
    kept: dict[str, bytes] = {}
    wrong: list[Message] = []
    for file in found.files:
        content = content_of(store, file)
        if isinstance(content, bytes):
            kept[file.sha256] = content
        else:
            wrong.append(content)
    if wrong:
        raise DamagedFilesError(wrong)
    return kept


def no_pdf(files: Mapping[str, bytes]) -> Message | None:
    """Return the sentence on the documents of a package that have no PDF/A; None where each has one."""
    names = without_pdf(files)
    if not names:
        return None
    if not can_write_pdf():
        return say(
            "没有 PDF/A：本机没有装写 PDF 的组件，包里的文书只有 HTML 原件。请安装 shuangsuiji[pdf] 后重新打包"
        )
    return say("没有 PDF/A：{names} 写不成 PDF，包里只有 HTML 原件", names=names)


def can_write_pdf() -> bool:
    """Tell whether what writes PDF is installed."""
    return find_spec("typst") is not None


def pdf_maker(home: Home) -> ToPdf:
    """Return what makes a PDF/A of a document; None for each where that is not installed."""
    if not can_write_pdf():
        return lambda content, made_on: None

    def made(content: bytes, made_on: date) -> bytes | None:
        from engine.documents.paper.formats import written
        from engine.documents.paper.tree import PaperError

        try:
            return written(content, ".pdf", made_on, [home.forms / "fonts"])
        except PaperError:
            # The original is in the package as it is.
            return None

    return made
