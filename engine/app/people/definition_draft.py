"""Texts of definitions that are not published, as their writer keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.records import Draft

#: What the case of such a draft begins with; no case is called so.
DEFINITIONS = "definition/"


def is_definition(draft: Draft) -> bool:
    """Tell whether a draft is the text of a definition, not the answers to a form."""
    return draft.case.startswith(DEFINITIONS)
