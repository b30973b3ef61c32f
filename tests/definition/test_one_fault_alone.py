"""An error in one shipped file brings nothing about the others: what it may do is not known, and is not held against them."""

from __future__ import annotations

import pytest
from faults_put_in import f, templates, texts, w

from engine.definition.library import load_files

#: Of every kind: what starts others, what is started, what prints papers others print, what a bureau counts, and their forms.
FILES = (
    *(w(name) for name in ("inspection", "batch", "follow_up", "penalty", "annual_plan", "objection", "recusal")),
    *(f(name) for name in ("onsite_check", "case_judgement", "batch_plan", "approval_after", "paper_service")),
)  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_said_of_the_others(file: str) -> None:
    files = texts()
    files[file] = f"{files[file].rstrip()}\nno_such_key: 1\n"
    found = load_files(files, templates=templates()).problems
    assert [(one.file, one.rule) for one in found] == [(file, "unknown-key")]


def test_a_state_a_step_never_starts_from_is_told_at_its_line_alone() -> None:
    files = texts()
    old, new = "{to_review: case.state == 'to_enter'}", "{to_review: case.state == 'to_review'}"
    line = files[w("inspection")].split(old)[0].count("\n") + 1
    files[w("inspection")] = files[w("inspection")].replace(old, new)
    found = load_files(files, templates=templates()).problems
    assert [(one.file, one.line) for one in found] == [(w("inspection"), line)]


def test_what_really_has_no_name_is_still_told_beside_it() -> None:
    files, papers = texts(), dict(templates())
    files[w("batch")] = f"{files[w('batch')].rstrip()}\nno_such_key: 1\n"
    name = next(name for name, text in papers.items() if "batch_title" in text)
    papers[name] = papers[name].replace("batch_title", "batch_titel")
    found = load_files(files, templates=papers).problems
    assert {one.rule for one in found} == {"unknown-key", "unknown-template"}
