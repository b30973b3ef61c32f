"""Answers that name a kept file.

Apart from what judges the content of a file, which loads readers of zips and pictures that no step needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.lifecycle.model.form import FILES, Field, Form

if TYPE_CHECKING:
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction


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
