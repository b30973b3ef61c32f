"""Published definitions in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.sql.building import at_most, bind, insert_new
from engine.store.sql.prepared import PreparedStatement
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


_IN_ORDER = (workflow_version.c.workflow, workflow_version.c.number)
VERSIONS = PreparedStatement(select(workflow_version).order_by(*_IN_ORDER))
OF_WORKFLOW = PreparedStatement(_VERSION.order_by(*_IN_ORDER), "workflow")
