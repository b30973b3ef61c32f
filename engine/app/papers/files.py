"""Kept files: what may be kept, and keeping one with a case: its bytes once under their digest, and an entry in the history."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.papers.facts import PaperRefusedError
from engine.app.ports.papers import KeptFile
from engine.files.active_content import declares_type, holds_files, runs_in_office, runs_in_pdf
from engine.files.containers import ContainerError, check_zip
from engine.files.pictures import MAX_PIXELS, PictureError, picture_size
from engine.kernel.budget import KEPT_CONTAINER
from engine.kernel.file_types import ENDINGS, file_type, fits
from engine.language import say
from engine.lifecycle.case import EventKind
from engine.lifecycle.forms.personal import PersonalText

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case

#: Types that are zips, and types that are pictures.
CONTAINERS, PICTURES = ("docx", "xlsx", "ofd"), ("jpeg", "png")
_ZIP_END, _TAIL, _HEAD = b"PK\x05\x06", 22 + 65_535, 1024
#: The end of a zip of one file, long enough that the bytes of no picture look like it: some programs look for it anywhere.
_WHOLE_END = _ZIP_END + bytes(4)
#: What makes a page or a program of the bytes of a picture, wherever it is in them, and of what is behind the end of a
#: PDF: long enough that no picture has it by accident.
_ANOTHER = re.compile(rb"<(\?php\s|script[\s>/]|html[\s>]|!doctype\s|iframe[\s>])", re.IGNORECASE)
_PDF_END = b"%%EOF"


def type_of(content: bytes, name: str) -> str:
    """Return what a file is by its content. Raises PaperRefusedError for what is not kept, and for a name that says otherwise."""
    found = file_type(content)
    if found is None:
        raise PaperRefusedError(say("这种文件不能存入；可以存：{types}", types=list(ENDINGS)))
    if not fits(name, found):
        raise PaperRefusedError(say("“{name}”的内容是 {type}，与文件名不符", name=name, type=found))
    _require_sound(content, name, found)
    return found


def _require_sound(content: bytes, name: str, found: str) -> None:
    """Raise PaperRefusedError for what is two things at once, runs something, or grows beyond measure where it is opened."""
    if _is_another(content, found):
        raise PaperRefusedError(say("“{name}”同时也是另一种文件，不能存入", name=name))
    if found in CONTAINERS:
        _require_sound_document(content, name)
    elif found == "pdf" and holds_files(content):
        raise PaperRefusedError(
            say("“{name}”里面还有别的文件，不能存入；请打印成 PDF 再存，里面的文件另行存入", name=name)
        )
    elif found == "pdf" and runs_in_pdf(content):
        raise PaperRefusedError(say("“{name}”带有程序，不能存入；请打印成 PDF 再存", name=name))
    elif found in PICTURES:
        _require_sound_picture(content, name)


def _is_another(content: bytes, found: str) -> bool:
    """Tell whether some program would open a file as something else than it is."""
    # The end of a zip, or the beginning of another kind, within the first or last bytes: some program would open it as that.
    if found != "pdf" and b"%PDF-" in content[:_HEAD]:
        return True
    if found not in CONTAINERS and _ZIP_END in content[-_TAIL:]:
        return True
    if found == "pdf":
        return _ANOTHER.search(content[content.rfind(_PDF_END) + 1 :]) is not None
    # A telephone may write a film or a second picture behind the end; a page or a program it never does.
    return found in PICTURES and (_WHOLE_END in content or _ANOTHER.search(content) is not None)


def _require_sound_document(content: bytes, name: str) -> None:
    try:
        check_zip(content, KEPT_CONTAINER)
        typed = declares_type(content)
        active = not typed and (b"vbaProject.bin" in content or runs_in_office(content))
    except ContainerError as problem:
        raise PaperRefusedError(say("“{name}”：{problem}", name=name, problem=problem.message)) from None
    if active:
        raise PaperRefusedError(
            say("“{name}”带有宏、嵌入的对象或者从别处取来的部件，不能存入；请另存为 PDF", name=name)
        )
    if typed:
        raise PaperRefusedError(
            say(
                "“{name}”的部件里有文档类型声明（DTD），可能取来别的文件，不能存入；请另存为 PDF",
                name=name,
            )
        )


def _require_sound_picture(content: bytes, name: str) -> None:
    try:
        width, height = picture_size(content)
    except PictureError:
        raise PaperRefusedError(say("“{name}”不是完好的图片", name=name)) from None
    if width * height > MAX_PIXELS:
        message = say("“{name}”有 {width} × {height} 像素，太大", name=name, width=width, height=height)
        raise PaperRefusedError(message)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep: its bytes, and what it is called."""

    content: bytes
    name: str
    title: str

    def as_json(self) -> dict[str, Any]:
        """Return what the words of the command are kept as; the bytes by their digest."""
        return {"content": self.content, "name": self.name, "title": self.title}


def keep_with_case(uow: UnitOfWork, case: Case, store: FileStore, file: NewFile, by: str) -> KeptFile:
    """Keep a file with a case. Raises PaperRefusedError for a kind of file that is not kept."""
    kind = type_of(file.content, file.name)
    number = len(uow.transaction.papers.files(case.id)) + 1
    kept = KeptFile(
        id=f"{case.id}/F{number}",
        case=case.id,
        title=file.title,
        name=file.name,
        sha256=store.put(file.content),
        size=len(file.content),
        type=kind,
        at=uow.now,
        by=by,
    )
    uow.transaction.papers.add_file(kept)
    # A name may be that of the person a scan is of.
    name = PersonalText(kept.name)
    body = {"title": "存入附件", "file": kept.id, "name": name, "sha256": kept.sha256, "type": kind}
    uow.record(uow.seen(case.id) or case, EventKind.RECORDED.value, by, body)
    return kept
