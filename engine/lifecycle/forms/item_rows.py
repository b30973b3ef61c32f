"""The form of items as one case is asked it: rows of items that are none of the case are left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.lifecycle.model.form import Form


def form_of_items(form: Form, items: Iterable[Any]) -> Form:
    """Return `form` with the rows that belong to one of `items`, or to none in particular.

    `items` are codes, or rows with a ``code``. What was not notified cannot be asked, nor published.
    """
    if not any(row.items for row in form.rows):
        return form
    codes = {str(item["code"] if isinstance(item, Mapping) else item) for item in items}
    return replace(form, rows=tuple(row for row in form.rows if not row.items or codes & set(row.items)))
