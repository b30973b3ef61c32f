"""Answers that name a kept file, and whether the kept files of a case are still as they were kept.

Apart from what judges the content of a file, which loads readers of zips and pictures that no step needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from engine.app.ports.retention import RetentionState
from engine.kernel.budget import JSON_ERRORS, BudgetExceededError
from engine.language import Message, say
from engine.lifecycle.case import EventKind
from engine.lifecycle.model.form import FILES, Form

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction
    from engine.lifecycle.chain import Event


class FileHolder(Protocol):
    """What has the store of files: the services, or the source of a query."""

    @property
    def files(self) -> FileStore | None:
        """Return the store of files; None where no file is kept, as in a simulation."""
        ...


class KeptBytes:
    """The kept files of a case, each read and held against its entry when something asks for it first."""

    def __init__(
        self, transaction: Transaction, case_id: str, events: Sequence[Event], holder: FileHolder | None
    ) -> None:
        self._transaction = transaction
        self._case = case_id
        self._events = events
        self._holder = holder
        self._said: dict[str, Message | None] = {}
        self._gone: set[str] = set()

    def named_in(self, value: Any) -> list[str]:
        """Return the ids of the kept files that answers name; none where there is no store to read them from."""
        named = set(_digests_in(value))
        if not named or self._store is None:
            return []
        return [one for one in self._ids if named.intersection(self._digests(one))]

    def wrong(self, file_id: str) -> Message | None:
        """Return what is wrong with a kept file of the case; None where it is as it was kept, or was destroyed in its time."""
        if file_id not in self._said:
            self._said[file_id] = self._judged(file_id)
        return self._said[file_id]

    def destroyed(self, file_id: str) -> bool:
        """Tell whether the bytes of a kept file were destroyed when its time was over."""
        return self.wrong(file_id) is None and file_id in self._gone

    def all_wrong(self) -> list[Message]:
        """Return what is wrong with the kept files of the case, file by file in their order."""
        return [] if self._store is None else [wrong for one in self._ids if (wrong := self.wrong(one))]

    def _judged(self, file_id: str) -> Message | None:
        if self._store is None:
            return None
        row, entered = self._rows.get(file_id), self._entered.get(file_id)
        if row is None:
            return say("附件“{file}”的登记被删除", file=file_id)
        if entered is not None and row.sha256 != entered:
            return say("附件“{file}”的登记与历史不符", file=file_id)
        wrong = unlike(self._store, row)
        if wrong is not None:
            record = self._transaction.retention.get(self._case)
            if record is not None and record.state is RetentionState.DESTROYED:
                self._gone.add(file_id)
                return None
        return wrong

    @cached_property
    def _store(self) -> FileStore | None:
        return None if self._holder is None else self._holder.files

    @cached_property
    def _rows(self) -> Mapping[str, KeptFile]:
        return {one.id: one for one in self._transaction.papers.files(self._case)}

    @cached_property
    def _entered(self) -> Mapping[str, str]:
        """Return the digest of each file, as the entry says with which it was kept."""
        kept = [one.body for one in self._events if one.kind == EventKind.RECORDED.value]
        return {
            str(body["file"]): str(body["sha256"]) for body in kept if "file" in body and "sha256" in body
        }

    @property
    def _ids(self) -> Iterable[str]:
        return dict.fromkeys((*self._entered, *self._rows))

    def _digests(self, file_id: str) -> set[str]:
        row = self._rows.get(file_id)
        return {one for one in (self._entered.get(file_id), row and row.sha256) if one}


def unlike(store: FileStore, file: KeptFile) -> Message | None:
    """Return what is wrong with the bytes of a kept file; None where they are those that were kept."""
    found = content_of(store, file)
    return None if isinstance(found, bytes) else found


def content_of(store: FileStore, file: KeptFile) -> bytes | Message:
    """Return the bytes of a kept file as they were kept, or why there are none."""
    try:
        content = store.get(file.sha256)
    except (OSError, BudgetExceededError, *JSON_ERRORS):
        # What is stored as its digest may be no text.
        content = None
    if content is None:
        return say("附件“{file}”不在了，或读不出来", file=file.id)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return say("附件“{file}”的内容与存入时不同", file=file.id)
    return content


def _digests_in(value: Any) -> Iterator[str]:
    """Yield the digests of the files that answers name, at any depth."""
    if isinstance(value, Mapping):
        if isinstance(digest := value.get("sha256"), str):
            yield digest
        for one in value.values():
            yield from _digests_in(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _digests_in(one)


def with_kept_files(
    transaction: Transaction, case_id: str, forms: Iterable[Form], answers: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return `answers` with each name of a kept file (its id or its digest) in place of the file it names.

    What names no file of the case is left as it is: the form refuses it.
    """
    if answers is None:
        return None
    named: list[str] = []
    for form in forms:
        for field in form.fields:
            if field.type in FILES and field.name not in named and _names(answers.get(field.name)):
                named.append(field.name)
    if not named:
        return answers
    known: dict[str, KeptFile] = {}
    for file in transaction.papers.files(case_id):
        known |= {file.id: file, file.sha256: file, file.id.rpartition("/")[2]: file}
    return {**answers, **{name: _resolved(answers[name], known) for name in named}}


def _names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))


def _resolved(value: Any, known: Mapping[str, KeptFile]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, known) for one in value]
    found = known.get(value) if isinstance(value, str) else None
    return value if found is None else {"name": found.name, "sha256": found.sha256}
