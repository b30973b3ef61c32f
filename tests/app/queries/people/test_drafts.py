"""草稿: shown to their person alone; one that is older says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from draft_fixtures import FORM, by, desk, publish, said

from engine.app.commands.application import Application
from engine.app.commands.drafts.drafts import save_draft
from engine.app.queries.people.drafts import DraftView, list_drafts, read_draft
from engine.deployment.clocks import VirtualClock


def view(office: Application) -> DraftView:
    found = read_draft(office, "anna", "errand-1", "look", person="anna")
    assert isinstance(found, DraftView)
    return found


def test_a_draft_is_read_by_its_person_alone() -> None:
    office = desk()
    save_draft(office, by("anna"), "anna", "errand-1", "look", {"firm": 1})
    found = view(office)
    assert (found.older, found.draft.answers) == (None, {"firm": 1})
    assert found.as_json()["answers"] == {"firm": 1}
    for who in ("bela", "kate"):
        assert said(read_draft(office, who, "errand-1", "look", person="anna")) == [
            "这件事只能由本人（anna）办理"
        ]
        assert said(list_drafts(office, who, person="anna")) == ["这件事只能由本人（anna）办理"]
    assert list_drafts(office, "bela", person="bela") == []


def test_a_case_that_went_on_makes_a_draft_an_older_one_even_if_it_came_back() -> None:
    office = desk()
    save_draft(office, by("anna"), "anna", "errand-1", "look", {"firm": 1})
    assert isinstance(office.clock, VirtualClock)
    office.clock.advance(timedelta(minutes=1))
    office.advance("errand-1", "look", "bela", {"firm": "甲", "owed": "1"})
    assert str(view(office).older) == "存草稿以后，案件已经办了别的步骤"
    office.advance("errand-1", "back", "bela")
    assert str(view(office).older) == "存草稿以后，案件已经办了别的步骤"


def test_another_version_of_the_form_makes_a_draft_an_older_one() -> None:
    office = desk()
    save_draft(office, by("anna"), "anna", "errand-1", "look", {"firm": 1})
    publish(office.store, office.clock, FORM + "  - more: {title: 补充}\n")  # type: ignore[arg-type] # those of the desk
    assert view(office).older is None
    with office.store.write() as transaction:
        case = transaction.cases.get("errand-1")
        assert case is not None
        transaction.cases.save(replace(case, version=2, rev=case.rev + 1), case.rev)
    assert str(view(office).older) == "存草稿时是第 1 版流程，现在是第 2 版"
