"""Published definitions, settings and receipts in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from engine.app.ports.records import IdempotencyRecord, Version
from engine.app.ports.store import ConflictError
from engine.store.codec import from_json, receipt_of, receipt_row, to_json, version_of, version_row
from engine.store.sql.prepared import (
    DriverConnection,
    PreparedStatement,
    at_most,
    bind,
    insert_new,
    insert_or_replace,
)
from engine.store.sql.tables import request, setting, source_text, workflow_version

_VERSION = select(workflow_version).where(workflow_version.c.workflow == bind(workflow_version, "workflow"))

PUT_TEXT = insert_new(source_text)
TEXT = PreparedStatement(
    select(source_text.c.content).where(source_text.c.digest == bind(source_text, "digest")), "digest"
)
ADD_VERSION = insert_new(workflow_version)
VERSION = PreparedStatement(
    _VERSION.where(workflow_version.c.number == bind(workflow_version, "number")), "workflow", "number"
)
LAST_VERSION = PreparedStatement(at_most(_VERSION.order_by(workflow_version.c.number.desc())), "workflow")
GET_SETTING = PreparedStatement(
    select(setting.c.value).where(setting.c.name == bind(setting, "name")), "name"
)
PUT_SETTING = insert_or_replace(setting)
DROP_SETTING = PreparedStatement(delete(setting).where(setting.c.name == bind(setting, "name")), "name")
GET_RECEIPT = PreparedStatement(select(request).where(request.c.id == bind(request, "id")), "id")
PUT_RECEIPT = insert_new(request)


class SqlDefinitions:
    """`engine.app.ports.store.Definitions`."""

    __slots__ = ("_link",)

    def __init__(self, link: DriverConnection) -> None:
        self._link = link

    def put_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep source texts by their SHA-256; one that is already there is left as it is."""
        self._link.run_many(PUT_TEXT, list(texts.items()))

    def text(self, digest: str) -> bytes | None:
        """Return a source text."""
        row = self._link.first(TEXT, (digest,))
        return None if row is None else bytes(row[0])

    def add_version(self, version: Version) -> None:
        """Add a version of a workflow. Raises Conflict where the number is taken."""
        if self._link.run(ADD_VERSION, version_row(version)).rowcount != 1:
            raise ConflictError(version.workflow)

    def version(self, workflow: str, number: int | None = None) -> Version | None:
        """Return a version: the one with `number`, else the newest."""
        if number is None:
            row = self._link.first(LAST_VERSION, (workflow,))
        else:
            row = self._link.first(VERSION, (workflow, number))
        return None if row is None else version_of(row)

    def versions(self, workflow: str | None = None) -> list[Version]:
        """Return versions, ordered by workflow and number."""
        query = select(workflow_version).order_by(workflow_version.c.workflow, workflow_version.c.number)
        if workflow is not None:
            query = query.where(workflow_version.c.workflow == workflow)
        return [version_of(row) for row in self._link.connection.execute(query)]


class SqlSettings:
    """`engine.app.ports.store.Settings`."""

    __slots__ = ("_link",)

    def __init__(self, link: DriverConnection) -> None:
        self._link = link

    def get(self, name: str) -> Any:
        """Return what is kept under `name` (JSON values), or None."""
        row = self._link.first(GET_SETTING, (name,))
        return None if row is None else from_json(row[0])

    def put(self, name: str, value: Any) -> None:
        """Keep a JSON value under `name`."""
        self._link.touched = True
        self._link.run(PUT_SETTING, (name, to_json(value)))

    def drop(self, name: str) -> None:
        """Keep nothing under `name` any more."""
        self._link.touched = True
        self._link.run(DROP_SETTING, (name,))

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        query = select(setting.c.name).where(setting.c.name >= prefix).order_by(setting.c.name)
        return [name for name in self._link.connection.execute(query).scalars() if name.startswith(prefix)]


class SqlReceipts:
    """What requests answered."""

    __slots__ = ("_link",)

    def __init__(self, link: DriverConnection) -> None:
        self._link = link

    def get(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered."""
        row = self._link.first(GET_RECEIPT, (request_id,))
        return None if row is None else receipt_of(row)

    def put(self, receipt: IdempotencyRecord) -> None:
        """Keep the answer of a request. Raises Conflict where the id is taken."""
        if self._link.run(PUT_RECEIPT, receipt_row(receipt)).rowcount != 1:
            raise ConflictError(receipt.request_id)
