"""The first page of an archive package: what it holds, readable in any browser for as long as there are any."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.app.ports.case_file import Addressee
from engine.documents.form_sheet import page_template
from engine.documents.package.filed_papers import without_pdf
from engine.kernel.instants import to_text
from engine.language import Message, current_language, say

if TYPE_CHECKING:
    from engine.app.ports.case_file import CaseFile
    from engine.app.ports.records import Document


def index_page(
    found: CaseFile,
    documents: Sequence[Document],
    files: Mapping[str, bytes],
    addressee: Addressee,
    missing: Sequence[Message],
) -> bytes:
    """Return ``index.html``: the case, its files with sizes and digests, its events, and what is missing.

    `files` are those below ``data/``. The copy of the firm names no person and shows no event.
    """
    firm = addressee is Addressee.FIRM
    page = page_template("archive_index.html").render(
        say=lambda text, **values: say(text, **values).render(),
        language=current_language(),
        case=found.case,
        title=found.title,
        firm=firm,
        events=[
            (event.seq, to_text(event.at), event.actor, event.title or event.kind, event.hash)
            for event in (() if firm else found.events)
        ],
        documents=len(documents),
        publications=len(found.publications),
        files=[
            (name, len(content), hashlib.sha256(content).hexdigest())
            for name, content in sorted(files.items())
        ],
        missing=[message.render() for message in missing],
        no_pdf=without_pdf(files),
    )
    return page.encode("utf-8", "replace")
