"""What the file of a case lacks and holds, for who may see it."""

from __future__ import annotations

from dataclasses import replace

from bureau_of_sections import open_sections

from engine.app.queries.papers.archive import Addressee, check_archive, read_archive, read_case_file
from engine.kernel.refusal import Refusal


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    for read in (check_archive, read_archive, read_case_file):
        assert isinstance(read(opened.services, "bela", opened.case), Refusal)
        assert not isinstance(read(opened.services, "anna", opened.case), Refusal)


def test_a_case_whose_process_names_no_pieces_has_what_came_about_in_its_order() -> None:
    opened = open_sections()
    for whom in Addressee:
        found = read_archive(opened.services, "anna", opened.case, whom)
        assert not isinstance(found, Refusal)
        assert (found.draw, found.signatures) == ({}, [])
        assert [(one.number, one.title, one.paper, one.complete) for one in found.pieces] == [
            (1, "通知.html", "notice", True)
        ]
        assert found.states


def test_what_is_shown_of_a_case_is_what_its_package_is_made_of() -> None:
    opened = open_sections()
    shown = read_case_file(opened.services, "anna", opened.case)
    packed = read_archive(opened.services, "anna", opened.case)
    assert not isinstance(shown, Refusal)
    assert not isinstance(packed, Refusal)
    assert (shown.title, [event.kind for event in shown.events]) == ("差事", ["started"])
    assert len(shown.documents) == 1
    for part in ("case", "title", "events", "documents", "publications", "files"):
        assert getattr(shown, part) == getattr(packed, part)


def test_a_case_that_was_changed_outside_of_any_step_is_named_before_it_is_packed() -> None:
    opened = open_sections()
    store = opened.services.store
    with store.write() as writing:
        case = writing.cases.get(opened.case)
        assert case is not None
        writing.cases.save(replace(case, fields={"class": "A"}), case.rev)
    found = read_archive(opened.services, "anna", opened.case)
    assert not isinstance(found, Refusal)
    assert [str(one) for one in found.unlike] == ["案件现状与历史不符：fields"]
