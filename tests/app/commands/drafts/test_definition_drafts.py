"""Texts of definitions that are not published: kept for their writer alone, and no drafts of forms."""

from __future__ import annotations

from draft_fixtures import by, desk, said

from engine.app.commands.application import Application
from engine.app.commands.drafts.definition_drafts import drop_definition_draft, keep_definition_draft
from engine.app.people.definition_draft import is_definition
from engine.app.queries.people.drafts import list_definition_drafts, list_drafts
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal

FILE = "visit.form.yaml"


def keep(office: Application, who: str = "anna", text: str = "form: visit\n", file: str = FILE) -> object:
    return keep_definition_draft(office, by(who), "anna", "errand", file, text, 1)


def test_a_text_is_kept_replaced_and_removed() -> None:
    office = desk()
    assert keep(office) is True
    assert keep(office, text="form: visit\ntitle: 走访\n" + "#" * 5000) is True
    (kept,) = list_definition_drafts(office, "anna", "errand", person="anna")  # type: ignore[misc]
    assert kept.step == FILE
    assert is_definition(kept)
    assert kept.answers["text"].startswith("form: visit\ntitle")
    # It is no draft of a form.
    assert list_drafts(office, "anna", person="anna") == []
    assert drop_definition_draft(office, by("anna"), "anna", "errand", "other.yaml") is False
    assert drop_definition_draft(office, by("anna"), "anna", "errand") is True
    assert list_definition_drafts(office, "anna", "errand", person="anna") == []


def test_a_text_of_another_window_is_not_replaced_unseen() -> None:
    office = desk()
    assert keep_definition_draft(office, by("anna"), "anna", "errand", FILE, "a", 1, "") is True
    assert (
        "另一个窗口" in said(keep_definition_draft(office, by("anna"), "anna", "errand", FILE, "b", 1, ""))[0]
    )
    (kept,) = list_definition_drafts(office, "anna", "errand", person="anna")  # type: ignore[misc]
    mark = to_text(kept.saved_at)
    assert keep_definition_draft(office, by("anna"), "anna", "errand", FILE, "b", 1, mark) is True


def test_it_is_of_a_file_of_a_published_workflow_and_of_its_writer() -> None:
    office = desk()
    assert "没有文件" in said(keep(office, file="x.yaml"))[0]
    assert isinstance(keep(office, who="bela"), Refusal)
    assert isinstance(drop_definition_draft(office, by("bela"), "anna", "errand"), Refusal)
    assert isinstance(list_definition_drafts(office, "bela", "errand", person="anna"), Refusal)
    assert "最多" in said(keep(office, text="x" * 400_001))[0]
    assert list_definition_drafts(office, "anna", "errand", person="anna") == []
