"""A record that an offline form has saved: read within bounds, its files taken out."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.documents.offline.kit import RECORD
from engine.kernel.budget import JSON_ERRORS, KEPT_FILE, OFFLINE_RECORD, BudgetExceededError, read_json
from engine.language import Message, say

#: Files of one record: more photographs, shrunk as they are, would be more bytes than a record may have.
MAX_FILES = 5_000


class OfflineRecordError(Exception):
    """A file is no record of an offline form; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True, slots=True)
class OfflineFile:
    """A picture or another file in a record."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OfflineRecord:
    """What somebody filled in without a network. `digest` is the same for the same answers to the same form.

    `missing` are the files that were taken and are not in the record: (title of the question or "", name of the file), `unfit`
    those that are in it and cannot be kept, with why.
    """

    case: str
    step: str
    version: int
    state: str
    entered_at: str
    person: str
    device: str
    saved_at: str
    answers: Mapping[str, Any]
    files: Mapping[str, OfflineFile]
    digest: str
    missing: Sequence[tuple[str, str]] = ()
    unfit: Sequence[tuple[str, Message]] = ()


def read_record(content: bytes) -> OfflineRecord:
    """Return the record in a file. Raises OfflineRecordError."""
    try:
        # A number with a point stays the text it is, as in a file of answers; words for what is no number are no JSON.
        body = read_json(content, OFFLINE_RECORD, parse_float=str, parse_constant=_no_number)
        known = body["format"] == RECORD
        texts = {name: _text(body[name]) for name in ("case", "step", "state", "entered_at", "kit")}
        more = {name: _text(body.get(name, "")) for name in ("person", "device", "saved_at")}
        version, answers = int(body["version"]), dict(body["answers"])
        given = dict(body.get("files") or {})
        missing = [(_text(one["question"]), _text(one["name"])) for one in body.get("missing") or ()]
        found = {str(name): _file(one) for name, one in given.items()} if len(given) <= MAX_FILES else {}
    except BudgetExceededError as problem:
        raise OfflineRecordError(problem.message) from None
    except JSON_ERRORS:
        raise OfflineRecordError(say("这不是离线表单保存的文件，或已损坏")) from None
    if not known:
        raise OfflineRecordError(say("这个文件的格式不认得：{seen}", seen=str(body["format"])[:40]))
    if len(given) > MAX_FILES:
        message = say("这份记录有 {count} 个附件，最多 {most} 个", count=len(given), most=MAX_FILES)
        raise OfflineRecordError(message)
    files = {name: one for name, one in found.items() if isinstance(one, OfflineFile)}
    unfit = {name: one for name, one in found.items() if not isinstance(one, OfflineFile)}
    digest = hashlib.sha256()
    for part in (texts["kit"], texts["step"], repr(sorted(_flat("", answers)))):
        digest.update(part.encode("utf-8", "backslashreplace") + b"\n")
    for name, file in sorted(files.items()):
        digest.update(
            f"{name} {hashlib.sha256(file.content).hexdigest()}\n".encode("utf-8", "backslashreplace")
        )
    texts.pop("kit")
    there, _ = without_files(answers, lambda name: name in unfit)
    there, nameless = without_files(there, lambda name: name not in files)
    return OfflineRecord(
        **texts,
        **more,
        version=version,
        answers=there,
        files=files,
        digest=digest.hexdigest(),
        missing=[*missing, *(("", name) for name in nameless)],
        unfit=list(unfit.values()),
    )


def without_files(value: Any, lost: Callable[[str], bool]) -> tuple[Any, list[str]]:
    """Return answers without the files that are lost, asked by their id in the record, and the names of these."""
    names: list[str] = []

    def gone(one: Any) -> bool:
        named = one.get("offline") if isinstance(one, Mapping) else None
        if not isinstance(named, str) or not lost(named):
            return False
        name = one.get("name")
        names.append(name if isinstance(name, str) else named)
        return True

    def kept(one: Any) -> Any:
        if isinstance(one, Mapping):
            return {name: kept(inner) for name, inner in one.items() if not gone(inner)}
        return [kept(inner) for inner in one if not gone(inner)] if isinstance(one, list) else one

    return kept(value), names


def with_files(answers: Any, kept: Mapping[str, Mapping[str, str]]) -> Any:
    """Return answers with kept files, as forms hold them, in place of the files of the record, wherever they are."""
    if isinstance(answers, Mapping):
        named = answers.get("offline")
        if isinstance(named, str) and named in kept:
            return dict(kept[named])
        return {name: with_files(value, kept) for name, value in answers.items()}
    if isinstance(answers, list):
        return [with_files(value, kept) for value in answers]
    return answers


def _file(one: Mapping[str, Any]) -> OfflineFile | tuple[str, Message]:
    """Return a file of a record, or its name and why it cannot be kept."""
    called = _text(one["name"])
    head, _, data = _text(one["data"]).partition(",")
    try:
        content = base64.b64decode(data, validate=True) if head.endswith(";base64") else b""
    except binascii.Error:
        content = b""
    if not content:
        return called, say("内容已损坏")
    if len(content) > KEPT_FILE.bytes:
        size, most = -(-len(content) // 1_000_000), KEPT_FILE.bytes // 1_000_000
        return called, say("有 {seen} MB，最多 {most} MB", seen=size, most=most)
    return OfflineFile(called, content)


def _flat(path: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [row for name, inner in value.items() for row in _flat(f"{path}.{name}", inner)]
    if isinstance(value, list):
        return [row for at, inner in enumerate(value) for row in _flat(f"{path}[{at}]", inner)]
    return [(path, repr(value))]


def _no_number(word: str) -> object:
    raise ValueError(word)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
