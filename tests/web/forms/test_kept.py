"""Files chosen in a form: their bytes are kept with the case, each once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from page_visits import visit_of
from workbench_fixtures import Desk, MemoryFiles

from engine.app.queries.cases import show_case
from engine.app.worklist.case_view import TaskView
from engine.web.forms.kept import keep_chosen
from engine.web.forms.typed import Typed, TypedFile

PDF = b"%PDF-1.4\n%%EOF\n"


def view_of(desk: Desk, case: str) -> TaskView:
    found = show_case(desk.bureau.application, "clerk-1", case)
    assert isinstance(found, TaskView)
    return found


def chosen(content: bytes, name: str = "a.pdf") -> Typed:
    return Typed({}, {"q.paper": [TypedFile(name, hashlib.sha256(content).hexdigest(), content)]})


def test_each_is_kept_once_and_what_is_no_paper_is_refused(desk: Desk) -> None:
    case = desk.bureau.start()
    visit = visit_of(desk, typed={}, case=case, step="report")
    there = replace(visit, typed=chosen(PDF))
    # Without a place for files nothing is kept, and nothing is wrong.
    assert keep_chosen(there, view_of(desk, case), {}) == []
    assert view_of(desk, case).files == ()
    desk.bureau.application.files = MemoryFiles()
    for _ in range(2):
        assert keep_chosen(there, view_of(desk, case), {"paper": "照片"}) == []
    (kept,) = view_of(desk, case).files
    assert (kept.title, kept.name, kept.type) == ("照片", "a.pdf", "pdf")
    (wrong,) = keep_chosen(replace(visit, typed=chosen(b"MZ", "a.exe")), view_of(desk, case), {})
    assert wrong.field == "paper"
