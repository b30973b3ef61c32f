"""Archive packages: everything about one case in one file, which shows any byte that was changed later.

A package is a zip with fixed times and order: the same case gives the same bytes. ``manifest.json`` names the
SHA-256 of every other file and the head of the event chain; ``index.html`` can be read without the product.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.app.ports.records import Document, Publication
from engine.documents.archive_index import index_page
from engine.files.output import create_file, place_new, require_new
from engine.kernel.file_names import folded, safe_file_name
from engine.kernel.instants import to_text
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event, canonical

FORMAT = "ssj-archive/1"
MANIFEST = "manifest.json"
EVENTS = "events.jsonl"
#: The oldest time a zip can name; a fixed time keeps packages of the same case alike to the byte.
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


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
        "case.json": line_of(_case(case)),
        EVENTS: b"".join(line_of(_event(event)) for event in events),
        "answers.json": line_of({form: dict(answers) for form, answers in sorted(case.forms.items())}),
    }
    for document in documents:
        files[_free(files, "documents", document.name or f"{document.kind}.html")] = document.content
    for publication in publications:
        files[_free(files, "publications", f"{publication.id.replace('/', '-')}.json")] = line_of(
            _publication(publication)
        )
    for name, content in (kept or {}).items():
        files[_free(files, "files", name)] = content
    files["index.html"] = index_page(case, events, documents, publications, files, title, missing)
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


def write_package(files: Mapping[str, bytes], path: Path) -> str:
    """Write a package to `path`, which must be free, whole or not at all; return its SHA-256.

    Raises OutputExistsError, OSError.
    """
    require_new(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = package_bytes(files)
    half = path.with_name(f".{path.name}.half")
    try:
        half.unlink(missing_ok=True)
        create_file(half, content)
        place_new(half, path)
    finally:
        half.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()


def package_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of `files`, the same bytes on every machine: stored as they are, since compressors differ."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(files):
            package.writestr(entry_of(name), files[name])
    return out.getvalue()


def entry_of(name: str) -> zipfile.ZipInfo:
    """Return what a package says of one of its files."""
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def missing_pieces(
    case: Case,
    documents: Sequence[Document],
    publications: Sequence[Publication],
    required: Sequence[Mapping[str, Any]],
) -> list[Message]:
    """Return a sentence for every piece the archive of `case` lacks.

    Each entry of `required` is data of the bureau: ``{document: KIND}``, ``{publication: KIND}``,
    ``{form: ID}`` or ``{form: ID, field: NAME}``, with ``title`` and optionally ``basis``, and ``states`` or
    ``when: {form, field, value}`` for pieces only some cases need. An entry of another shape is reported.
    """
    kinds = {document.kind for document in documents}
    published = {p.kind for p in publications if p.withdrawn_at is None}
    found: list[Message] = []
    for piece in required:
        have = _has(piece, case, kinds, published)
        if have is None:
            found.append(
                say(
                    "归档清单有一条看不懂：{piece}；应写明 document、publication 或 form",
                    piece=str(dict(piece)),
                )
            )
        elif not have and _asked(piece, case):
            name = str(
                piece.get("title") or piece.get("document") or piece.get("publication") or piece["form"]
            )
            if piece.get("basis"):
                found.append(say("缺少：{name}（{basis}）", name=name, basis=str(piece["basis"])))
            else:
                found.append(say("缺少：{name}", name=name))
    return found


def _has(piece: Mapping[str, Any], case: Case, documents: set[str], publications: set[str]) -> bool | None:
    if "document" in piece:
        return str(piece["document"]) in documents
    if "publication" in piece:
        return str(piece["publication"]) in publications
    if "form" in piece:
        answers = case.forms.get(str(piece["form"]))
        if answers is None:
            return False
        return "field" not in piece or answers.get(str(piece["field"])) not in (None, "", [], False)
    return None


def _asked(piece: Mapping[str, Any], case: Case) -> bool:
    states = piece.get("states")
    if states and case.state not in states:
        return False
    when = piece.get("when")
    if not when:
        return True
    given = case.forms.get(str(when.get("form")), {}).get(str(when.get("field")))
    wanted = when.get("value")
    return wanted in given if isinstance(given, list | tuple) else given == wanted


def line_of(value: Mapping[str, Any]) -> bytes:
    """Return a value as the package writes it: one canonical line."""
    return (canonical(value) + "\n").encode("utf-8", "backslashreplace")


def _event(event: Event) -> dict[str, Any]:
    return {
        "stream": event.stream,
        "seq": event.seq,
        "at": to_text(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "body": dict(event.body),
        "previous": event.previous,
        "hash": event.hash,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "workflow": case.workflow,
        "version": case.version,
        "state": case.state,
        "title": case.title,
        "section": case.section,
        "parent": case.parent,
        "opened_at": to_text(case.opened_at),
        "closed_at": to_text(case.closed_at) if case.closed_at else None,
        "subject": dict(case.subject),
        "fields": dict(case.fields),
        "parties": {name: list(people) for name, people in case.parties.items()},
        "head": case.head,
        "events": case.rev,
    }


def _publication(publication: Publication) -> dict[str, Any]:
    return {
        "id": publication.id,
        "kind": publication.kind,
        "case": publication.case,
        "title": publication.title,
        "body": dict(publication.body),
        "published_at": to_text(publication.published_at),
        "due_on": publication.due_on.isoformat() if publication.due_on else None,
        "late": publication.late,
        "withdrawn_at": to_text(publication.withdrawn_at) if publication.withdrawn_at else None,
        "withdrawn_because": publication.withdrawn_because,
    }


def _free(files: Mapping[str, bytes], folder: str, name: str) -> str:
    """Return a name in `folder` that every system can unpack and nothing else has."""
    taken = {folded(other.removeprefix(f"{folder}/")) for other in files if other.startswith(f"{folder}/")}
    return f"{folder}/{safe_file_name(name, taken)}"
