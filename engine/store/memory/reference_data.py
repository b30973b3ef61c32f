"""Registers, records, definitions, settings and idempotency records in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.app.ports.records import (
    Document,
    DrawRow,
    IdempotencyRecord,
    MadeDocument,
    Publication,
    RegisterEntry,
    Snapshot,
    Version,
)
from engine.app.ports.store import ConflictError
from engine.kernel.instants import from_text, require_aware, to_text
from engine.store import codec
from engine.store.memory.undo_log import Groups, KnownGroups, MemoryTable, UndoLog


class MemoryRegisters:
    """`engine.app.ports.repositories.Registers`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log
        self._kinds: KnownGroups[tuple[str, str], tuple[RegisterEntry, str]] = KnownGroups(
            lambda row: row[0].kind
        )
        self._entries = MemoryTable(
            undo_log,
            self._kinds,
            table="register_entry",
            row=lambda _, kept: codec.entry_row(kept[0], kept[1]),
        )
        self._snapshots: MemoryTable[str, Snapshot] = MemoryTable(
            undo_log, table="register_snapshot", row=lambda _, kept: codec.snapshot_row(kept)
        )

    def put(self, entries: Sequence[RegisterEntry], at: datetime) -> None:
        """Store entries; one with the same kind and id is replaced."""
        moment = to_text(at)
        self._undo_log.touched = True
        for entry in entries:
            settled = codec.entry_of(codec.entry_row(entry, moment))
            self._entries.put((entry.kind, entry.id), (settled, moment))

    def get(self, kind: str, entry_id: str) -> RegisterEntry | None:
        """Return one entry."""
        row = self._entries.get((kind, entry_id))
        return row[0] if row else None

    def all(self, kind: str) -> list[RegisterEntry]:
        """Return all entries of a register, ordered by the bytes of their ids."""
        return list(self._sorted(kind))

    def _sorted(self, kind: str) -> Sequence[RegisterEntry]:
        # Code points sort as their UTF-8 bytes do.
        return self._kinds.known(
            kind, "sorted", lambda keys: [self._entries.rows[key][0] for key in sorted(keys)]
        )

    def some(self, kind: str, ids: Sequence[str]) -> dict[str, RegisterEntry]:
        """Return entries by id."""
        return {i: entry for i in ids if (entry := self.get(kind, i)) is not None}

    def mentioning(self, kind: str, word: str) -> list[str]:
        """Return the ids of at least all entries in whose data `word` is a whole text, unordered."""
        wanted = codec.to_json(word)
        texts = self._kinds.known(
            kind, "texts", lambda _: [(entry.id, codec.to_json(entry.data)) for entry in self._sorted(kind)]
        )
        return [entry_id for entry_id, text in texts if wanted in text]

    def with_role(self, kind: str, role: str) -> list[str]:
        """Return the ids of at least all entries that name `role` among their roles, unordered."""
        return list(
            self._kinds.known(
                kind,
                ("role", role),
                lambda _: [e.id for e in self._sorted(kind) if role in (e.data.get("roles") or ())],
            )
        )

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove entries."""
        self._undo_log.touched = True
        for entry_id in ids:
            self._entries.remove((kind, entry_id))

    def summary(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return, per register, how many entries it holds and when it was last changed."""

        def count(keys: list[tuple[str, str]]) -> tuple[int, datetime]:
            return len(keys), from_text(max(self._entries.rows[key][1] for key in keys))

        kinds = sorted(str(kind) for kind in self._kinds.groups())
        return {kind: self._kinds.known(kind, "count", count) for kind in kinds}

    def changed_at(self, kind: str, entry_id: str) -> datetime | None:
        """Return when an entry was last put; None where there is none."""
        row = self._entries.get((kind, entry_id))
        return from_text(row[1]) if row else None

    def unchanged_since(self, kind: str, before: datetime) -> Iterator[tuple[RegisterEntry, datetime]]:
        """Yield the entries last put before an instant, with when that was, ordered by the bytes of their ids."""
        moment = to_text(before)
        for key in sorted(self._kinds.of(kind)):
            entry, at = self._entries.rows[key]
            if at < moment:
                yield entry, from_text(at)

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a frozen copy of a register. Raises ConflictError where the id is taken."""
        if self._snapshots.get(snapshot.id) is not None:
            raise ConflictError(snapshot.id)
        self._snapshots.put(snapshot.id, codec.snapshot_of(codec.snapshot_row(snapshot)))

    def snapshots(self, kind: str | None = None) -> list[Snapshot]:
        """Return the snapshots, newest first."""
        fitting = [s for s in self._snapshots.rows.values() if kind in (None, s.kind)]
        return sorted(fitting, key=lambda s: (s.taken_at, s.id), reverse=True)


class MemoryRecords:
    """`engine.app.ports.repositories.Records`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._draws: MemoryTable[tuple[str, int], DrawRow] = MemoryTable(
            undo_log, table="draw", row=lambda _, kept: codec.draw_row(kept)
        )
        #: (case, number, place in the log) -> line, as `DrawRow.added` has them.
        self._lines: MemoryTable[tuple[str, int, int], str] = MemoryTable(
            undo_log, table="draw_line", row=lambda place, line: (*place, line)
        )
        self._log: MemoryTable[int, str] = MemoryTable(
            undo_log, table="draw_log", row=lambda seq, line: (seq, line)
        )
        self._keys: MemoryTable[tuple[str, int], bytes] = MemoryTable(
            undo_log, table="draw_key", row=lambda place, key: (*place, key)
        )
        self._evidence: MemoryTable[str, bytes] = MemoryTable(
            undo_log, table="evidence", row=lambda sha256, content: (sha256, content)
        )
        self._published: Groups[str, Publication] = Groups(lambda row: row.case)
        self._publications = MemoryTable(
            undo_log, self._published, table="publication", row=lambda _, kept: codec.publication_row(kept)
        )
        self._filed: Groups[str, Document] = Groups(lambda row: row.case)
        self._documents = MemoryTable(
            undo_log, self._filed, table="document", row=lambda _, kept: codec.document_row(kept)
        )

    def put_draw(self, row: DrawRow) -> None:
        """Store a draw whose record holds all of its log; one with the same case and number is replaced."""
        before = self._draws.get((row.case, row.number))
        if before is not None:
            for seq in range(len(before.log) - len(before.added) + 1, len(before.log) + 1):
                self._lines.remove((row.case, row.number, seq))
        self._draws.put((row.case, row.number), codec.draw_of(codec.draw_row(row)))

    def add_draw_line(self, case_id: str, number: int, seq: int, line: str) -> None:
        """Add a line to the log of a draw. Raises ConflictError where its number is taken."""
        row = self._draws.get((case_id, number))
        if row is None or seq != len(row.log) + 1:
            raise ConflictError(case_id)
        self._draws.put((case_id, number), replace(row, added=(*row.added, line)))
        self._lines.put((case_id, number, seq), line)

    def draw(self, case_id: str, number: int | None = None) -> DrawRow | None:
        """Return a draw of a case."""
        if number is not None:
            return self._draws.get((case_id, number))
        return max(self.draws(case_id), key=lambda row: row.number, default=None)

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return draws, ordered by case and number."""
        return [row for key, row in sorted(self._draws.rows.items()) if case_id in (None, key[0])]

    def add_log_line(self, seq: int, line: str) -> None:
        """Add a line to the public log of the bureau. Raises ConflictError where its number is taken."""
        if self._log.get(seq) is not None:
            raise ConflictError("")
        self._log.put(seq, line)

    def log_lines(self, after: int = 0) -> list[str]:
        """Return the public log of the bureau."""
        return [line for seq, line in sorted(self._log.rows.items()) if seq > after]

    def put_draw_key(self, case_id: str, number: int, key: bytes) -> None:
        """Keep the key of a draw. Raises ConflictError where there is one."""
        if self._keys.get((case_id, number)) is not None:
            raise ConflictError(case_id)
        self._keys.put((case_id, number), key)

    def draw_key(self, case_id: str, number: int) -> bytes | None:
        """Return the key of a draw; empty bytes where it is destroyed."""
        return self._keys.get((case_id, number))

    def forget_draw_key(self, case_id: str, number: int) -> None:
        """Put nothing in the place of the key of a draw."""
        if self._keys.get((case_id, number)):
            self._keys.put((case_id, number), b"")

    def draws_before(self, before: datetime) -> list[tuple[str, int]]:
        """Return case and number of the draws made before an instant, oldest first."""
        moment = require_aware(before)
        found = sorted((row.made_at, key) for key, row in self._draws.rows.items() if row.made_at < moment)
        return [key for _, key in found]

    def put_evidence(self, sha256: str, content: bytes) -> None:
        """Keep a file under its SHA-256."""
        if self._evidence.get(sha256) is None:
            self._evidence.put(sha256, content)

    def evidence(self, sha256: str) -> bytes | None:
        """Return the file of this SHA-256; empty bytes where it is destroyed."""
        return self._evidence.get(sha256)

    def forget_evidence(self, sha256: str) -> None:
        """Put nothing in the place of a file."""
        if self._evidence.get(sha256):
            self._evidence.put(sha256, b"")

    def put_publication(self, publication: Publication) -> None:
        """Store a publication; one with the same id is replaced."""
        settled = codec.publication_of(codec.publication_row(publication))
        self._publications.put(publication.id, settled)

    def publications(
        self, *, kind: str | None = None, case_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[Publication]:
        """Return publications, ordered by when they were published and id."""
        found = self._publications.rows if case_id is None else self._published.of(case_id)
        rows = (self._publications.rows[i] for i in found if ids is None or i in ids)
        return sorted((p for p in rows if kind in (None, p.kind)), key=lambda p: (p.published_at, p.id))

    def put_document(self, document: Document) -> None:
        """Keep a document; one with the same id is replaced."""
        self._documents.put(document.id, codec.document_of(codec.document_row(document)))

    def documents(self, case_id: str) -> list[Document]:
        """Return the documents of a case, oldest first."""
        rows = (self._documents.rows[i] for i in self._filed.of(case_id))
        return sorted(rows, key=lambda row: (row.made_at, row.id))

    def count_documents(self, case_id: str) -> int:
        """Return how many documents a case has."""
        return len(list(self._filed.of(case_id)))

    def made_documents(self, cases: Sequence[str]) -> list[MadeDocument]:
        """Return which documents were made for cases, and when, by case and oldest first."""
        return [
            MadeDocument(case=row.case, kind=row.kind, name=row.name, made_at=row.made_at)
            for case in sorted(set(cases))
            for row in self.documents(case)
        ]


class MemoryDefinitions:
    """`engine.app.ports.repositories.Definitions`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._texts: MemoryTable[str, bytes] = MemoryTable(
            undo_log, table="definition_source", row=lambda digest, text: (digest, text)
        )
        self._numbers: Groups[tuple[str, int], Version] = Groups(lambda version: version.workflow)
        self._versions = MemoryTable(
            undo_log, self._numbers, table="workflow_version", row=lambda _, kept: codec.version_row(kept)
        )

    def put_texts(self, texts: Mapping[str, bytes]) -> None:
        """Store source texts by their SHA-256; one that is already stored is left as it is."""
        for digest, text in texts.items():
            if self._texts.get(digest) is None:
                self._texts.put(digest, text)

    def text(self, digest: str) -> bytes | None:
        """Return a source text."""
        return self._texts.get(digest)

    def add_version(self, version: Version) -> None:
        """Add a version of a workflow. Raises ConflictError where the number is taken."""
        key = (version.workflow, version.number)
        if self._versions.get(key) is not None:
            raise ConflictError(version.workflow)
        self._versions.put(key, codec.version_of(codec.version_row(version)))

    def version(self, workflow: str, number: int | None = None) -> Version | None:
        """Return a version."""
        if number is not None:
            return self._versions.get((workflow, number))
        newest = max(self._numbers.of(workflow), default=None)
        return self._versions.get(newest) if newest else None

    def versions(self, workflow: str | None = None) -> list[Version]:
        """Return versions, ordered by workflow and number."""
        return [row for key, row in sorted(self._versions.rows.items()) if workflow in (None, key[0])]


class MemorySettings:
    """`engine.app.ports.repositories.Settings`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log
        self._texts: MemoryTable[str, str] = MemoryTable(
            undo_log, table="setting", row=lambda name, text: (name, text)
        )

    def get(self, name: str) -> Any:
        """Return the JSON value of `name`, or None."""
        text = self._texts.get(name)
        return None if text is None else codec.from_json(text)

    def put(self, name: str, value: Any) -> None:
        """Store a JSON value as `name`."""
        self._undo_log.touched = True
        self._texts.put(name, codec.to_json(value))

    def drop(self, name: str) -> None:
        """Remove the value of `name`."""
        self._undo_log.touched = True
        self._texts.remove(name)

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        return sorted(name for name in self._texts.rows if name.startswith(prefix))


class MemoryIdempotencyRecords:
    """What requests answered."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._records: MemoryTable[str, IdempotencyRecord] = MemoryTable(
            undo_log, table="idempotency_key", row=lambda _, kept: codec.idempotency_row(kept)
        )

    def get(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        return self._records.get(request_id)

    def put(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        if self._records.get(record.request_id) is not None:
            raise ConflictError(record.request_id)
        self._records.put(record.request_id, codec.idempotency_of(codec.idempotency_row(record)))
