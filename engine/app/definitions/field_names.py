"""What the fields of a process are called by its versions: rules of the bureau, formats and other processes name them without the file of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.definitions.derived_settings import FIELD_NAMES
from engine.lifecycle.migration.former_names import NO_NAMES, FieldNames

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


def field_names(transaction: Transaction) -> Mapping[str, FieldNames]:
    """Return, for each process with a field that was renamed, its names by place, as they were noted on publishing."""
    return transaction.settings.get(FIELD_NAMES) or {}


def names_of(transaction: Transaction, workflow: str) -> FieldNames:
    """Return the names of the fields of one process."""
    return field_names(transaction).get(workflow, NO_NAMES)
