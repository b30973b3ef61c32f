"""What a package of a deployment is made with: the bytes of its kept files, and PDF/A where that is installed."""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.files.content_store import ContentStore

if TYPE_CHECKING:
    from datetime import date

    from engine.app.ports.case_file import CaseFile
    from engine.deployment.home import Home
    from engine.documents.package.contents import ToPdf


def kept_files(home: Home, found: CaseFile) -> dict[str, bytes] | None:
    """Return the bytes of the kept files of a case by their digest; None where one is not as it was kept."""
    store = ContentStore(home.files)
    kept: dict[str, bytes] = {}
    for file in found.files:
        content = store.get(file.sha256)
        if content is None or sha256(content).hexdigest() != file.sha256:
            return None
        kept[file.sha256] = content
    return kept


def pdf_maker(home: Home) -> ToPdf:
    """Return what makes a PDF/A of a document; None for each where that is not installed."""
    if find_spec("typst") is None:
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
