"""Packages of the first format (ssj-archive/1) as they were made: old ones still have to verify.

A package is a zip with fixed times and order: the same case gives the same bytes. ``manifest.json`` names the
SHA-256 of every other file and the head of the event chain; ``index.html`` can be read without the product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from engine.app.ports.records import Document, Publication
from engine.documents.archive import case_json, event_json, line_of, publication_json
from engine.kernel.file_names import folded, safe_file_name
from engine.language import Message
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event

FORMAT = "ssj-archive/1"
MANIFEST = "manifest.json"
EVENTS = "events.jsonl"


def pack(
    case: Case,
    events: Sequence[Event],
    documents: Sequence[Document],
    publications: Sequence[Publication],
    *,
    title: str = "",
    missing: Sequence[Message] = (),
    kept: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files of the package of a case by name; `kept` are the files kept with it, by name.

    `title` is what its workflow is called, `missing` what `missing_pieces` found; the index tells it openly.
    """
    files: dict[str, bytes] = {
        "case.json": line_of(case_json(case)),
        EVENTS: b"".join(line_of(event_json(event)) for event in events),
        "answers.json": line_of({form: dict(answers) for form, answers in sorted(case.forms.items())}),
    }
    for document in documents:
        files[_free(files, "documents", document.name or f"{document.kind}.html")] = document.content
    for publication in publications:
        files[_free(files, "publications", f"{publication.id.replace('/', '-')}.json")] = line_of(
            publication_json(publication)
        )
    for name, content in (kept or {}).items():
        files[_free(files, "files", name)] = content
    files["index.html"] = f"<h1>{title}</h1>".encode()
    head = events[-1].hash if events else case.head
    files[MANIFEST] = line_of(
        {
            "format": FORMAT,
            "case": case.id,
            "chain_head": head,
            "events": len(events),
            "missing": [str(message) for message in missing],
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    )
    return files


def _free(files: Mapping[str, bytes], folder: str, name: str) -> str:
    """Return a name in `folder` that every system can unpack and nothing else has."""
    taken = {folded(other.removeprefix(f"{folder}/")) for other in files if other.startswith(f"{folder}/")}
    return f"{folder}/{safe_file_name(name, taken)}"
