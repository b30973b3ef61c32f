"""The form of items as one case is asked it: rows of items that are none of the case are left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.lifecycle.model.form import Form


def form_of_items(form: Form, items: Iterable[Any]) -> Form:
    """Return `form` with the rows that belong to one of `items`, or to none in particular.

    `items` are codes, or rows with a ``code``. What was not notified cannot be asked, nor published. Where a bureau has codes
    of its own, and the form names none of the case, every row is asked: nothing is left out for want of a name.
    """
    codes = {str(item["code"] if isinstance(item, Mapping) else item) for item in items}
    if not codes & {code for row in form.rows for code in row.items}:
        return form
    return replace(form, rows=tuple(row for row in form.rows if not row.items or codes & set(row.items)))
