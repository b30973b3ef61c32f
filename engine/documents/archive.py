"""Archive packages: everything about one case in one file, which shows any byte that was changed later.

A package is a zip with fixed times and order: the same case gives the same bytes. ``manifest.json`` names the
SHA-256 of every other file and the head of the event chain; ``index.html`` can be read without the product.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.app.ports.records import Document, Publication
from engine.documents.archive_index import index_page
from engine.kernel.file_names import folded, safe_file_name
from engine.kernel.instants import from_text, to_text
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event, breaks, canonical

FORMAT = "ssj-archive/1"
MANIFEST = "manifest.json"
EVENTS = "events.jsonl"
#: The oldest time a zip can name; a fixed time keeps packages of the same case alike to the byte.
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
#: A package larger than this, unpacked, is not looked at: a zip of a few kilobytes could fill a disk.
_MAX_BYTES = 2_000_000_000


def pack(
    case: Case,
    events: Sequence[Event],
    documents: Sequence[Document],
    publications: Sequence[Publication],
    *,
    title: str = "",
    missing: Sequence[Message] = (),
) -> dict[str, bytes]:
    """Return the files of the package of a case by name.

    `title` is what its workflow is called, `missing` what `missing_pieces` found; the index tells it openly.
    """
    files: dict[str, bytes] = {
        "case.json": _line(_case(case)),
        EVENTS: b"".join(_line(_event(event)) for event in events),
        "answers.json": _line({form: dict(answers) for form, answers in sorted(case.forms.items())}),
    }
    for document in documents:
        files[_free(files, "documents", document.name or f"{document.kind}.html")] = document.content
    for publication in publications:
        files[_free(files, "publications", f"{publication.id.replace('/', '-')}.json")] = _line(
            _publication(publication)
        )
    files["index.html"] = index_page(case, events, documents, publications, files, title, missing)
    head = events[-1].hash if events else case.head
    files[MANIFEST] = _line(
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
    """Write a package to `path`, whole or not at all, and return its SHA-256. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = package_bytes(files)
    half = path.with_name(f".{path.name}.half")
    try:
        half.write_bytes(content)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()


def package_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of `files`, the same bytes on every machine: stored as they are, since compressors differ."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, files[name])
    return out.getvalue()


def verify_package(path: Path, sha256: str | None = None) -> list[Message]:
    """Return what is wrong with a package, nothing if it is whole. Never raises for what is in the file.

    Every byte of the file counts: it must be exactly what `write_package` makes of the files it holds. Somebody
    who makes the whole package anew is found only with `sha256`, what `write_package` returned, kept elsewhere.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        return [say("归档包“{path}”读不出：{why}", path=str(path), why=problem.strerror or str(problem))]
    try:
        files = _unpack(content)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return [say("归档包“{path}”已损坏或被改动，解不开。请从备份取原件。", path=str(path))]
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        replaced = say("归档包“{path}”的 SHA-256 与归档时的记录不符：整包被换过或被改动", path=str(path))
        return [replaced, *_check_files(files)]
    problems = _check_files(files)
    if not problems and package_bytes(files) != content:
        problems.append(
            say(
                "归档包“{path}”的文件内容未变，但包本身被改动过（时间、次序、附注或多余字节）", path=str(path)
            )
        )
    return problems


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


def _unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        if len(set(names)) != len(names) or sum(entry.file_size for entry in entries) > _MAX_BYTES:
            raise ValueError("names twice, or too much")
        return {entry.filename: package.read(entry) for entry in entries}


def _check_files(files: Mapping[str, bytes]) -> list[Message]:
    try:
        manifest = json.loads(files[MANIFEST])
        listed: dict[str, str] = dict(manifest["files"])
        count, head = int(manifest["events"]), str(manifest["chain_head"])
        known = manifest["format"] == FORMAT and isinstance(manifest["case"], str)
    except (KeyError, ValueError, TypeError, RecursionError):
        return [say("归档包没有可读的 manifest.json，不是本产品的归档包，或已被改动")]
    if not known:
        return [say("归档包的格式是“{seen}”，本程序认得的是“{known}”", seen=manifest["format"], known=FORMAT)]
    problems = [
        say("文件“{name}”不在包里：被删除", name=name) for name in sorted(listed) if name not in files
    ]
    for name, content in sorted(files.items()):
        if name == MANIFEST:
            continue
        if name not in listed:
            problems.append(say("文件“{name}”不在清单里：后来添加", name=name))
        elif hashlib.sha256(content).hexdigest() != listed[name]:
            problems.append(say("文件“{name}”的内容与清单不符：被改动", name=name))
    if _line(manifest) != files[MANIFEST]:
        problems.append(say("manifest.json 的写法被改动"))
    if not problems and _case_id(files.get("case.json", b"")) != manifest["case"]:
        problems.append(say("清单所记的案件编号与案件文件不符：被改动"))
    if not problems:
        problems += _check_events(files.get(EVENTS, b""), count, head)
    return problems


def _case_id(content: bytes) -> object:
    try:
        return json.loads(content)["id"]
    except (KeyError, ValueError, TypeError, RecursionError):
        return None


def _check_events(content: bytes, count: int, head: str) -> list[Message]:
    try:
        events = [_read_event(json.loads(line)) for line in content.splitlines()]
    except (KeyError, ValueError, TypeError, RecursionError):
        return [say("事件记录读不出：被改动")]
    problems = [say("第 {seq} 条事件：{what}", seq=seq, what=what) for seq, what in breaks(events)]
    if len(events) != count or (events and events[-1].hash != head):
        problems.append(say("事件记录与清单所记的条数或链头不符：末尾被截去或添加"))
    return problems


def _line(value: Mapping[str, Any]) -> bytes:
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


def _read_event(body: Mapping[str, Any]) -> Event:
    return Event(
        body["stream"],
        body["seq"],
        from_text(body["at"]),
        body["actor"],
        body["kind"],
        body["body"],
        body["previous"],
        body["hash"],
    )


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
