"""Texts of the small bureau as somebody works at them in the studio."""

from __future__ import annotations

from page_visits import visit_of
from workbench_fixtures import Desk

from engine.kernel.refusal import Refusal
from engine.web.pages.studio.texts import WorkingTexts, keep_text, working_texts


def working(desk: Desk, person: str = "head-1") -> WorkingTexts:
    """Return what a person works at."""
    found = working_texts(visit_of(desk, "/", person, workflow="visit"), "visit")
    assert not isinstance(found, Refusal)
    return found


def changed(desk: Desk, before: str, after: str, person: str = "head-1") -> WorkingTexts:
    """Keep a changed text of the workflow, and return what the person works at then."""
    found = working(desk, person)
    text = found.texts[found.own]
    assert before in text
    assert keep_text(visit_of(desk, "/", person), found, found.own, text.replace(before, after)) is None
    return working(desk, person)
