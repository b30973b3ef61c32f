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
from engine.lifecycle.model.form import FILES, Field, Form

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
    transaction: Transaction,
    case_id: str,
    forms: Iterable[Form],
    answers: Mapping[str, Any] | None,
    item_forms: Iterable[Form] = (),
    coming: frozenset[str] | None = frozenset(),
) -> Mapping[str, Any] | None:
    """Return `answers` with each name of a kept file (its id or its digest) in place of the file it names, in rows and items too.

    What names no file of the case is left as the text it is: the form refuses it. So it does a file by its name and digest
    whose bytes are not kept with the case; of it the name is left. `coming` are digests of files that will be kept before
    the step is taken; None where there is no place for files, and names and digests alone are answers.
    """
    if answers is None:
        return None
    known = _FilesOfCase(transaction, case_id, coming)
    found = answers
    for form in forms:
        found = _of_fields(form.fields, found, known)
    items = answers.get("items")
    if isinstance(items, Mapping):
        of_items = {
            form.id: given
            for form in item_forms
            if isinstance(before := items.get(form.id), Mapping)
            and (given := _of_fields(form.fields, before, known)) is not before
        }
        if of_items:
            found = {**found, "items": {**items, **of_items}}
    return found


class _FilesOfCase:
    """The files of a case, looked up once where an answer names one."""

    def __init__(self, transaction: Transaction, case_id: str, coming: frozenset[str] | None) -> None:
        self._transaction, self._case_id, self._coming = transaction, case_id, coming
        self._files: dict[str, KeptFile] | None = None

    def resolved(self, value: Any) -> Any:
        """Return an answer with kept files; `value` itself where nothing of it changes."""
        if isinstance(value, list):
            found = [self.resolved(one) for one in value]
            return value if all(new is old for new, old in zip(found, value, strict=True)) else found
        if isinstance(value, str):
            kept = self._kept(value)
            return value if kept is None else {"name": kept.name, "sha256": kept.sha256}
        if not isinstance(value, Mapping) or self._coming is None:
            return value
        digest = str(value.get("sha256", ""))
        if digest in self._coming or self._kept(digest) is not None:
            return value
        return str(value.get("name") or digest)

    def _kept(self, name: str) -> KeptFile | None:
        if self._files is None:
            self._files = {}
            for file in self._transaction.papers.files(self._case_id):
                self._files |= {file.id: file, file.sha256: file, file.id.rpartition("/")[2]: file}
        return self._files.get(name)


def _of_fields(fields: Iterable[Field], given: Mapping[str, Any], known: _FilesOfCase) -> Mapping[str, Any]:
    """Return answers of fields with kept files; `given` itself where nothing changes."""
    changed: dict[str, Any] = {}
    for asked in fields:
        # A field that is called otherwise today may be answered under either name.
        for name in (asked.name, asked.alias):
            value = given.get(name) if name is not None else None
            if not value or name is None:
                continue
            if asked.type in FILES:
                found = known.resolved(value)
            elif asked.columns and isinstance(value, list):
                found = [
                    _of_fields(asked.columns, row, known) if isinstance(row, Mapping) else row
                    for row in value
                ]
                if all(new is old for new, old in zip(found, value, strict=True)):
                    found = value
            else:
                continue
            if found is not value:
                changed[name] = found
    return {**given, **changed} if changed else given
