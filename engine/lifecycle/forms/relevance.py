"""What is asked now: whether a question is put, and which of its codes may be chosen, by the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.kernel.clean_text import clean
from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError, Scope
from engine.lifecycle.model.form import Field, Form


def relevant_now(asked: Field, scope: Scope) -> bool:
    """Tell whether a question is put; one whose condition has no answer yet is not."""
    if asked.relevant is None:
        return True
    try:
        return asked.relevant.holds(scope)
    except EvaluationError:
        return False


def settled_form(form: Form, scope: Scope) -> Form:
    """Return `form` without the questions whose condition is known not to hold; where it is known to hold, it is taken away.

    `scope` is that of the case: what a condition reads of the form itself is not known before it is filled in.
    """
    fields: list[Field] = []
    for asked in form.fields:
        if asked.relevant is not None and not any(
            path[0] in ("form", "it")
            for expression in asked.relevant.expressions()
            for path in expression.names()
        ):
            try:
                holds = asked.relevant.holds(scope)
            except EvaluationError:
                holds = None
            if holds is False:
                continue
            if holds:
                fields.append(replace(asked, relevant=None))
                continue
        fields.append(asked)
    return replace(form, fields=tuple(fields))


def offered_now(asked: Field, scope: Scope) -> Mapping[str, str]:
    """Return the codes that may be chosen, with their texts."""
    if not asked.offered:
        return asked.choices
    bound: set[str] = set()
    free: set[str] = set()
    for offer in asked.offered:
        bound.update(offer.codes)
        try:
            if offer.when.holds(scope):
                free.update(offer.codes)
        except EvaluationError:
            continue
    return {code: shown for code, shown in asked.choices.items() if code not in bound or code in free}


def not_offered(asked: Field, kept: Any, scope: Scope) -> Message | None:
    """Return the sentence about a code that may not be chosen with the answers so far; None where all may."""
    if not asked.offered:
        return None
    possible = offered_now(asked, scope)
    for code in kept if isinstance(kept, list) else [kept]:
        if code not in possible:
            chosen = asked.choices.get(code, code)
            return say("“{title}”在此情形下不能选“{choice}”", title=asked.title, choice=chosen)
    return None


def is_blank(value: Any) -> bool:
    """Tell whether nothing was answered: no value, or nothing but characters nobody sees."""
    if isinstance(value, str):
        if "\u4e00" <= value[:1] <= "\u9fff":
            # An ideograph is seen.
            return False
        return value == "" or (not value.isspace() and not clean(value))
    return value is None or value == [] or value == {}


def answered_rows(asked: Field, value: Any) -> Any:
    """Return what is given for a list without the rows in which nothing is answered; anything else as it is."""
    if not isinstance(value, (list, tuple)) or not any(column.answered for column in asked.columns):
        return value
    return [row for row in value if not _is_blank_row(asked, row)]


def _is_blank_row(asked: Field, row: Any) -> bool:
    columns = {column.name: column for column in asked.columns}
    return isinstance(row, Mapping) and all(
        is_blank(answered_rows(columns[name], cell) if name in columns else cell)
        for name, cell in row.items()
    )
