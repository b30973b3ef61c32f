"""Published definitions in SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.app.ports.records import Version
from engine.app.ports.store import ConflictError
from engine.store.codec import version_of, version_row
from engine.store.sql.prepared import (
    DriverConnection,
    PreparedStatement,
    at_most,
    bind,
    insert_new,
)
from engine.store.sql.tables import definition_source, workflow_version

_VERSION = select(workflow_version).where(workflow_version.c.workflow == bind(workflow_version, "workflow"))

PUT_TEXT = insert_new(definition_source)
TEXT = PreparedStatement(
    select(definition_source.c.content).where(
        definition_source.c.digest == bind(definition_source, "digest")
    ),
    "digest",
)
ADD_VERSION = insert_new(workflow_version)
VERSION = PreparedStatement(
    _VERSION.where(workflow_version.c.number == bind(workflow_version, "number")), "workflow", "number"
)
LAST_VERSION = PreparedStatement(at_most(_VERSION.order_by(workflow_version.c.number.desc())), "workflow")


class SqlDefinitions:
    """`engine.app.ports.repositories.Definitions`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put_texts(self, texts: Mapping[str, bytes]) -> None:
        """Store source texts by their SHA-256; one that is already stored is left as it is."""
        rows = list(texts.items())
        added = self._driver.run_each(PUT_TEXT, rows)
        self._driver.wrote("definition_source", [row for row, new in zip(rows, added, strict=True) if new])

    def text(self, digest: str) -> bytes | None:
        """Return a source text."""
        row = self._driver.first(TEXT, (digest,))
        return None if row is None else bytes(row[0])

    def add_version(self, version: Version) -> None:
        """Add a version of a workflow. Raises ConflictError where the number is taken."""
        row = version_row(version)
        if self._driver.run(ADD_VERSION, row).rowcount != 1:
            raise ConflictError(version.workflow)
        self._driver.wrote("workflow_version", [row])

    def version(self, workflow: str, number: int | None = None) -> Version | None:
        """Return a version: the one with `number`, else the newest."""
        if number is None:
            row = self._driver.first(LAST_VERSION, (workflow,))
        else:
            row = self._driver.first(VERSION, (workflow, number))
        return None if row is None else version_of(row)

    def versions(self, workflow: str | None = None) -> list[Version]:
        """Return versions, ordered by workflow and number."""
        query = select(workflow_version).order_by(workflow_version.c.workflow, workflow_version.c.number)
        if workflow is not None:
            query = query.where(workflow_version.c.workflow == workflow)
        return [version_of(row) for row in self._driver.connection.execute(query)]
