"""What becomes of a case that is moved to another version, and of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.migration.carried_answers import CHANGE_WORDS, AnswerChange
from engine.lifecycle.migration.rename_map import CASE
from engine.lifecycle.model.workflow import Workflow


def migration_verdict(row: Mapping[str, Any]) -> Message:
    """Return what becomes of one case: where it is then, or why it stays."""
    if row["after"] is None:
        return say("留在原版：{reasons}", reasons=[reason["message"] for reason in row["reasons"]])
    return say("环节：{before} → {after}", before=row["before"]["title"], after=row["after"]["title"])


def changed_answers(workflow: Workflow, case: Case) -> list[tuple[str, Message]]:
    """Return the answers of a case that a migration has changed and nobody has looked at: what they are called, what was done."""
    return [
        (_title(workflow, name), CHANGE_WORDS[AnswerChange(what)]) for name, what in case.to_review.items()
    ]


def _title(workflow: Workflow, name: str) -> str:
    """Return the title of an answer, of a form that of the form too; the name where it is no more."""
    group, _, field = name.partition(".")
    if group == CASE:
        asked = workflow.fields.get(field)
        return asked.title if asked is not None else name
    form = workflow.forms.get(group)
    question = form.field(field) if form is not None else None
    return f"{form.title} · {question.title}" if form is not None and question is not None else name
