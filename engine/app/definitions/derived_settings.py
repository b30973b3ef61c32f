"""Names of the settings that are written on publishing, and what the fields of a process are called by its versions.

Rules of the bureau, formats and other processes name fields without the file of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.migration.former_names import FieldNames

#: Which states of which child workflows are waited for.
JOINS = "joins"
#: Among those states: every event of such a child may let its parent go on.
EVERY_EVENT = "*"
#: lock -> ``in``: the (workflow, state) only one case may be in at a time; ``before``: those from which the engine takes one there.
LOCKS = "locks"
#: The (workflow, state) in which a case waits for somebody to commit to a draw.
COMMITTING = "committing"
#: Workflows the calendar starts, each with the last day for which somebody looked whether one is due.
CALENDAR_STARTS = "calendar_starts"
#: Beside them, the last day for which somebody looked at the tasks nobody has touched.
UNTOUCHED = ":untouched"
#: A text of a published definition -> its English, where its file says it.
ENGLISH_TEXTS = "english_texts"
#: workflow -> what its fields are called by its versions, by place: the name -> what the values are kept under.
FIELD_NAMES = "field_names"
#: path -> SHA-256 of the files that act beside the definitions: templates of papers, kinds of public pages.
PUBLISHED_FILES = "published_files"
#: Which roles are of the whole bureau. One the bureau does not have is of none.
BUREAU_ROLES = "bureau_roles"
#: The laws a text may cite, each with its articles: the table of articles as it was published last.
ARTICLES = "articles"


def field_names(transaction: Transaction) -> Mapping[str, FieldNames]:
    """Return, for each process with a field that was renamed, its names by place, as they were noted on publishing."""
    return transaction.settings.get(FIELD_NAMES) or {}


def names_of(transaction: Transaction, workflow: str) -> FieldNames:
    """Return the names of the fields of one process."""
    return field_names(transaction).get(workflow, {})
