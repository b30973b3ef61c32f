"""What repositories report of what they have written. A module of its own: a command that reads loads no more than this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

#: What a report is of: whole rows, values of one part, keys of rows that are gone, events, rows as they were before.
ROWS, PARTIAL, REMOVED, EVENTS, BEFORE = range(5)

#: What it is of, the table or the part, and the rows.
Report: TypeAlias = "tuple[int, str, Sequence[Any]]"

#: Rows after which a statement is written, so that its size is bounded: `MAX_STATED` of the port, which a command that
#: reads does not load; a test holds them together.
MAX_REPORTS = 2000
