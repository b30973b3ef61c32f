"""The file an archive package is: a zip with fixed times and order, so that the same case gives the same bytes.

What is in it is in `engine.documents.package`.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.app.ports.records import Publication
from engine.documents.package.verify import entry_of
from engine.files.output import create_file, place_new, require_new
from engine.kernel.instants import to_text
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event, canonical


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


def line_of(value: Mapping[str, Any]) -> bytes:
    """Return a value as the package writes it: one canonical line."""
    return (canonical(value) + "\n").encode("utf-8", "backslashreplace")


def event_json(event: Event) -> dict[str, Any]:
    """Return an event as plain values, with all its hash is computed from."""
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


def case_json(case: Case) -> dict[str, Any]:
    """Return a case as plain values."""
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


def publication_json(publication: Publication) -> dict[str, Any]:
    """Return a publication as plain values."""
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
