"""Every kind of paper rendered for the made-up case, once for all tests that look at them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from document_factories import TEMPLATES, definitions

from engine.documents.paper.blocks import Paper
from engine.documents.paper.html_reading import read_paper
from engine.documents.parts.made_up import made_up_document
from engine.documents.parts.paper_tests import PaperTests, find_paper_tests


@cache
def shipped_tests() -> PaperTests:
    """Return the shipped paper tests."""
    found = find_paper_tests((TEMPLATES.parent,))
    assert found is not None
    return found


KINDS = sorted(shipped_tests().kinds)


@cache
def made_up_html(name: str) -> bytes:
    """Return a kind of paper as HTML, with the made-up case."""
    workflows, bureau = definitions()
    kind = shipped_tests().kinds[name]
    return made_up_document(kind, workflows[kind.workflow], bureau, shipped_tests(), [TEMPLATES])


@cache
def made_up_paper(name: str) -> Paper:
    """Return a kind of paper as blocks."""
    return read_paper(made_up_html(name).decode("utf-8"))


def without_answers(name: str) -> bytes:
    """Return a kind of paper of a case on which nothing was answered."""
    workflows, bureau = definitions()
    kind = replace(shipped_tests().kinds[name], answers={}, papers=())
    workflow = workflows[kind.workflow]
    bare = {key: shipped_tests().example[key] for key in ("day", "title", "section", "subject", "draws")}
    empty = replace(shipped_tests(), example={**bare, "answers": {form: {} for form in workflow.forms}})
    forms = {form: replace(model, fields=()) for form, model in workflow.forms.items()}
    return made_up_document(kind, replace(workflow, forms=forms), bureau, empty, [TEMPLATES])
