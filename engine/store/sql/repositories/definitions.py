"""Published definitions in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.ports.records import Version
from engine.app.ports.store import ConflictError
from engine.store.codec import version_of, version_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import definitions as core
else:
    core = kept("definitions")


class SqlDefinitions:
    """`engine.app.ports.repositories.Definitions`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put_texts(self, texts: Mapping[str, bytes]) -> None:
        """Store source texts by their SHA-256; one that is already stored is left as it is."""
        rows = list(texts.items())
        added = self._driver.run_each(core.PUT_TEXT, rows)
        self._driver.wrote("definition_source", [row for row, new in zip(rows, added, strict=True) if new])

    def text(self, digest: str) -> bytes | None:
        """Return a source text."""
        row = self._driver.first(core.TEXT, (digest,))
        return None if row is None else bytes(row[0])

    def add_version(self, version: Version) -> None:
        """Add a version of a workflow. Raises ConflictError where the number is taken."""
        row = version_row(version)
        if self._driver.run(core.ADD_VERSION, row).rowcount != 1:
            raise ConflictError(version.workflow)
        self._driver.wrote("workflow_version", [row])

    def version(self, workflow: str, number: int | None = None) -> Version | None:
        """Return a version: the one with `number`, else the newest."""
        if number is None:
            row = self._driver.first(core.LAST_VERSION, (workflow,))
        else:
            row = self._driver.first(core.VERSION, (workflow, number))
        return None if row is None else version_of(row)

    def versions(self, workflow: str | None = None) -> list[Version]:
        """Return versions, ordered by workflow and number."""
        rows = (
            self._driver.run(core.VERSIONS)
            if workflow is None
            else self._driver.run(core.OF_WORKFLOW, (workflow,))
        )
        return [version_of(row) for row in rows]
