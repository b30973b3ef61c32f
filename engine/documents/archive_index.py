"""The first page of an archive package: what it holds, readable in any browser for as long as there are any."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.app.ports.records import Document, Publication
from engine.kernel.instants import to_text
from engine.kernel.plain_text import visible_value
from engine.language import Message, current_language, say
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event


def index_page(
    case: Case,
    events: Sequence[Event],
    documents: Sequence[Document],
    publications: Sequence[Publication],
    files: Mapping[str, bytes],
    title: str,
    missing: Sequence[Message],
) -> bytes:
    """Return ``index.html``: the case, its files with sizes and digests, its events, and what is missing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("pages")),
        autoescape=True,
        finalize=visible_value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("archive_index.html").render(
        say=lambda text, **values: say(text, **values).render(),
        language=current_language(),
        case=case,
        title=title,
        events=[(event.seq, to_text(event.at), event.actor, event.kind, event.hash) for event in events],
        documents=len(documents),
        publications=len(publications),
        files=[
            (name, len(content), hashlib.sha256(content).hexdigest())
            for name, content in sorted(files.items())
        ],
        missing=[message.render() for message in missing],
    )
    return page.encode("utf-8", "replace")
