"""What may be said of a check row beside its answer; an answer 不符合 opens a row of its own for its problem. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language import term
from engine.lifecycle.model.form import CheckRow, Field, FieldType

#: Said with any answer.
_OF_EVERY_ANSWER = (
    Field(name="note", title=term("问题或说明"), type=FieldType.TEXT),
    Field(name="evidence", title=term("证据"), type=FieldType.TEXT),
)
#: Of a problem: what it breaches where that is not the whole basis of the row, what is demanded, by when, of whom.
_OF_PROBLEMS = (
    Field(name="article", title=term("违反的规定"), type=FieldType.TEXT),
    Field(name="measure", title=term("整改要求"), type=FieldType.TEXT),
    Field(name="due_on", title=term("整改期限"), type=FieldType.DATE),
    Field(name="person", title=term("责任人"), type=FieldType.TEXT, personal=True),
)
ROW_PARTS = (*_OF_EVERY_ANSWER, *_OF_PROBLEMS)
#: Those that are of a person, as the answers to fields marked so are.
PERSONAL_PARTS = tuple(part.name for part in ROW_PARTS if part.personal)
#: The answer that opens a problem.
FAIL = "fail"


def parts_of(answer: str) -> tuple[Field, ...]:
    """Return what may be said with an answer."""
    return ROW_PARTS if answer == FAIL else _OF_EVERY_ANSWER


def problem_of(row: CheckRow, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the problem a row that is not as it should be opens: what was said, and of the row what nobody need type."""
    return {"row": row.id, "title": row.title, "basis": row.basis, **given}


def article_of(problem: Mapping[str, Any]) -> str:
    """Return what a problem breaches: the basis of its row, unless somebody named a part of it."""
    return str(problem.get("article") or problem["basis"])
