"""Whether an archive package is what was packed: read piece by piece, so that memory does not grow with its documents."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.documents.archive import line_of
from engine.documents.package import verify
from engine.documents.package.sentences import SENTENCES
from engine.documents.package.verify import entry_of
from engine.files.containers import Container, ContainerError, open_container
from engine.files.reading import file_digest
from engine.kernel.budget import JSON_ERRORS, PACKAGE, PACKAGE_PART, read_json
from engine.kernel.instants import from_text
from engine.kernel.plain_text import visible
from engine.language import SOURCE_LANGUAGE, Message, current_language, say
from engine.lifecycle.chain import Event, breaks

#: What a package of the first format is known by; those made since are BagIt.
FORMAT = "ssj-archive/1"
MANIFEST = "manifest.json"
EVENTS = "events.jsonl"
_CASE = "case.json"
#: A package is taken for a bag while one of these is in it.
_OF_A_BAG = tuple(f"/{name}" for name in (verify.DECLARATION, verify.MANIFEST, verify.SHA256, verify.SHA512))
_CHUNK = 1 << 20
#: A package made again to be compared is kept in memory up to this size, beyond it in a temporary file.
_IN_MEMORY = 16_000_000


@dataclass(slots=True)
class _Contents:
    """What is in a package: the digest of each file, and the files that are looked into."""

    digests: dict[str, str] = field(default_factory=dict)
    manifest: bytes = b""
    case: bytes = b""
    #: How many events there are, the hash of the last, and what is wrong with their chain.
    events: int = 0
    last: str = ""
    problems: list[Message] = field(default_factory=list)


def verify_package(path: Path, sha256: str | None = None) -> list[Message]:
    """Return what is wrong with a package, nothing if it is whole. Never raises for what is in the file.

    Every byte of the file counts: it must be exactly what `write_package` makes of the files it holds. Somebody
    who makes the whole package anew is found only with `sha256`, what `write_package` returned, kept elsewhere.
    """
    try:
        digest = file_digest(path)
        with open_container(path, PACKAGE) as package:
            packed = verify.wrongly_packed(package.archive.infolist(), path.stat().st_size)
            if packed:
                return [_sentence(code, values) for code, values in packed]
            bag = any(name.endswith(_OF_A_BAG) for name in package.sizes())
            problems = _check_bag(path) if bag else _check(_look_into(package))
            if sha256 is not None and digest != sha256:
                replaced = say(
                    "归档包“{path}”的 SHA-256 与归档时的记录不符：整包被换过或被改动", path=str(path)
                )
                return [replaced, *problems]
            if not problems and not bag and _made_again(package) != digest:
                return [
                    say(
                        "归档包“{path}”的文件内容未变，但包本身被改动过（时间、次序、附注或多余字节）",
                        path=str(path),
                    )
                ]
            return problems
    except (ContainerError, *JSON_ERRORS):
        return [say("归档包“{path}”已损坏或被改动，解不开。请从备份取原件。", path=str(path))]
    except OSError as problem:
        return [say("归档包“{path}”读不出：{why}", path=str(path), why=problem.strerror or str(problem))]


def package_notes(path: Path) -> list[Message]:
    """Return what is to be said of a package that is whole: signatures on what was lawfully changed, documents without PDF."""
    with open_container(path, PACKAGE) as package:
        bag = any(name.endswith(_OF_A_BAG) for name in package.sizes())
    return [_sentence(code, values) for code, values in verify.notes(path)] if bag else []


def _check_bag(path: Path) -> list[Message]:
    """Return what the program inside every package finds, in sentences."""
    return [_sentence(code, values) for code, values in verify.problems(path)]


def _sentence(code: str, values: Mapping[str, Any]) -> Message:
    """Return the sentence of the program, which has it in two languages, as a sentence of the product."""
    chinese, english = SENTENCES[code]
    sentence = english if current_language() != SOURCE_LANGUAGE else chinese
    return say(
        "{text}", text=verify.filled(sentence, {key: visible(str(one)) for key, one in values.items()})
    )


def _look_into(package: Container) -> _Contents:
    found = _Contents()
    for name in package.sizes():
        hashed = hashlib.sha256()
        if name == EVENTS:
            _read_events(_hashing(package.pieces(name), hashed), found)
        elif name in (MANIFEST, _CASE):
            content = package.read(name, PACKAGE_PART.bytes)
            hashed.update(content)
            if name == MANIFEST:
                found.manifest = content
            else:
                found.case = content
        else:
            for part in package.pieces(name):
                hashed.update(part)
        found.digests[name] = hashed.hexdigest()
    return found


def _hashing(pieces: Iterator[bytes], hashed: Any) -> Iterator[bytes]:
    for part in pieces:
        hashed.update(part)
        yield part


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in pieces:
        *lines, rest = (rest + part).split(b"\n")
        yield from lines
        if len(rest) > PACKAGE_PART.bytes:
            raise ContainerError(say("“{name}”太大", name=EVENTS))
    if rest:
        yield rest


def _read_events(pieces: Iterator[bytes], found: _Contents) -> None:
    def events() -> Iterator[Event]:
        for line in _lines(pieces):
            event = _read_event(read_json(line, PACKAGE_PART))
            found.events, found.last = found.events + 1, event.hash
            yield event

    try:
        found.problems = [
            say("第 {seq} 条事件：{what}", seq=seq, what=what) for seq, what in breaks(events())
        ]
    except JSON_ERRORS:
        found.problems = [say("事件记录读不出：被改动")]
    # Where the lines cannot be read any further, their digest is still wanted.
    for _ in pieces:
        pass


def _check(found: _Contents) -> list[Message]:
    try:
        manifest = read_json(found.manifest, PACKAGE_PART)
        listed: dict[str, str] = dict(manifest["files"])
        count, head = int(manifest["events"]), str(manifest["chain_head"])
        known = manifest["format"] == FORMAT and isinstance(manifest["case"], str)
    except JSON_ERRORS:
        return [say("归档包没有可读的 manifest.json，不是本产品的归档包，或已被改动")]
    if not known:
        return [say("归档包的格式是“{seen}”，本程序认得的是“{known}”", seen=manifest["format"], known=FORMAT)]
    problems = [
        say("文件“{name}”不在包里：被删除", name=name) for name in sorted(listed) if name not in found.digests
    ]
    for name, digest in sorted(found.digests.items()):
        if name == MANIFEST:
            continue
        if name not in listed:
            problems.append(say("文件“{name}”不在清单里：后来添加", name=name))
        elif digest != listed[name]:
            problems.append(say("文件“{name}”的内容与清单不符：被改动", name=name))
    if line_of(manifest) != found.manifest:
        problems.append(say("manifest.json 的写法被改动"))
    if not problems and _case_id(found.case) != manifest["case"]:
        problems.append(say("清单所记的案件编号与案件文件不符：被改动"))
    if not problems:
        problems += found.problems
        if found.events != count or (found.events and found.last != head):
            problems.append(say("事件记录与清单所记的条数或链头不符：末尾被截去或添加"))
    return problems


def _case_id(content: bytes) -> object:
    try:
        return read_json(content, PACKAGE_PART)["id"]
    except JSON_ERRORS:
        return None


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


def _made_again(package: Container) -> str:
    """Return the SHA-256 of the package that `write_package` makes of the same files."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as again:
            for name, size in sorted(package.sizes().items()):
                entry = entry_of(name)
                # Said beforehand, as it is where the content is given as a whole.
                entry.file_size = size
                with again.open(entry, "w") as target:
                    for part in package.pieces(name):
                        target.write(part)
        made.seek(0)
        hashed = hashlib.sha256()
        while part := made.read(_CHUNK):
            hashed.update(part)
        return hashed.hexdigest()
