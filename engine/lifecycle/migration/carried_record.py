"""Answers that were filled in by an earlier version of a form and are handed in now: under the names of today, what has no place named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.lifecycle.migration.carried_answers import AnswerChange, AnswerMove, CarriedSheets, Gone
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Passage:
    """A case has gone from a version to another."""

    old: Workflow
    new: Workflow
    renames: RenameMap


def carried_record(
    passages: Iterable[Passage],
    step: str,
    form: Form,
    item_forms: Mapping[str, Form],
    answers: Mapping[str, Any],
) -> tuple[dict[str, Any], CarriedSheets]:
    """Return what was filled in for `step` as `form` and the forms of the case's items ask it, and what was done to it.

    Nothing is read: whoever hands it in sees what cannot be kept. What has no place is left out and listed as removed.
    """
    carried = CarriedSheets(RenameMap(), gone=Gone.LEFT_OUT)
    given = dict(answers)
    for passage in passages:
        before, after = (_form_of(one, step) for one in (passage.old, passage.new))
        if before is None or after is None:
            continue
        sheets = CarriedSheets(
            passage.renames,
            passage.old.forms,
            passage.new.forms,
            (),
            Gone.LEFT_OUT,
            carried.moves,
            carried.problems,
        )
        given = sheets.sheet(before, after, given, form.id)
    # As it is asked now: rows of items that are none of the case any more are not.
    last = CarriedSheets(
        RenameMap(), item_forms, item_forms, (), Gone.LEFT_OUT, carried.moves, carried.problems
    )
    return last.sheet(form, form, given, form.id), carried


def left_out(carried: CarriedSheets) -> list[AnswerMove]:
    """Return what has no place any more."""
    return [move for move in carried.moves if move.what is AnswerChange.REMOVED]


def _form_of(workflow: Workflow, step: str) -> Form | None:
    names = (one.form for one in workflow.transitions if one.id == step and one.form)
    return workflow.forms.get(next(names, ""))
