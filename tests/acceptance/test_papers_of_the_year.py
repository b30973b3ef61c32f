"""Every paper of the demonstration's year holds what its kind must hold, where it must, with the values of its case."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from papers_of_year import Asked, Lacking, blank_cells, day_words, lacking_parts, template_words
from seals import seals_alone

from engine.app.draws.document_request import request_for
from engine.app.papers.facts import dated_on
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.ports.records import CaseFilter
from engine.app.queries.papers.documents import preview_document
from engine.app.services import Services
from engine.app.session.unit_of_work import UnitOfWork
from engine.definition.library import Library, load_paths
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.deployment.rendering import TemplateRenderer
from engine.documents.paper.html_reading import read_paper
from engine.documents.parts.paper_tests import PaperTests, Place, find_paper_tests
from engine.documents.parts.places import squeezed, texts_by_place
from engine.lifecycle.model.paper_series import PaperSeries
from tests.demonstration import demonstration


@dataclass(frozen=True, slots=True)
class PaperOfYear:
    """A paper as it was made, the values of its case, and the numbers of the papers of its case, of the one above and of those below."""

    paper: PaperRecord
    html: bytes
    values: dict[str, Any]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """All papers of the year, and what they are held against."""

    papers: tuple[PaperOfYear, ...]
    tests: PaperTests
    library: Library
    templates: Path

    def lacking(self, one: PaperOfYear, html: bytes | None = None) -> list[Lacking]:
        """Return what a paper lacks, as it was made or as `html`."""
        kind = self.tests.kinds[one.paper.kind]
        return list(
            lacking_parts(
                kind,
                one.paper,
                html or one.html,
                one.values,
                self.tests,
                self.library,
                self.templates,
                one.related,
            )
        )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    home = demonstration(tmp_path_factory) / "demo"
    forms = home / "forms"
    library = load_paths(
        [*sorted((home / "workflows").glob("*.yaml")), *sorted(forms.glob("*.yaml"))]
    ).library
    tests = find_paper_tests((forms,))
    assert tests is not None
    return Year(tuple(_papers(home)), tests, library, forms / "templates")


def _papers(home: Path) -> Iterator[PaperOfYear]:
    asked = Asked([home / "forms/templates"])
    application = open_application(find_home(str(home)))
    services = Services(application.store, application.clock, application.definitions)
    try:
        with application.store.read() as transaction:
            cases = transaction.cases.find(CaseFilter())
            papers = {case.id: transaction.papers.of_case(case.id) for case in cases}
            below: dict[str, list[PaperRecord]] = {}
            for case in cases:
                below.setdefault(case.parent or "", []).extend(papers[case.id])
            for case in cases:
                documents = {one.id: one for one in transaction.records.documents(case.id)}
                near = [*papers[case.id], *papers.get(case.parent or "", ()), *below.get(case.id, ())]
                for paper in papers[case.id]:
                    uow = UnitOfWork(services, transaction, application.clock.now())
                    asked.render(request_for(uow, case, paper.kind, paper))
                    yield PaperOfYear(
                        paper,
                        documents[paper.document].content,
                        dict(asked.values),
                        tuple(one.number or "" for one in near),
                    )
    finally:
        application.store.close()


def test_every_paper_of_the_year_holds_its_obligatory_parts(year: Year) -> None:
    lacking = [found for one in year.papers for found in year.lacking(one)]
    assert lacking == []


def test_no_paper_of_the_year_leaves_a_value_blank_that_is_not_written_in_by_hand(year: Year) -> None:
    blank = {(one.paper.kind, row) for one in year.papers for row in blank_cells(one.html.decode())}
    assert blank == set()


def test_a_revised_plan_has_a_number_of_its_own_and_marks_what_it_cancels(year: Year) -> None:
    first, revised = (one for one in year.papers if one.paper.kind == "annual_plan")
    assert first.paper.number != revised.paper.number
    assert all(one.paper.fact(PaperState.SERVED) for one in (first, revised))
    assert (first.paper.state, revised.paper.replaces) == (PaperState.VOID, first.paper.id)
    assert "（取消）" not in first.html.decode()
    assert "第四期·民办职业培训学校专项（取消）" in revised.html.decode()


def test_no_paper_of_the_year_has_its_seal_alone_on_a_page(year: Year) -> None:
    looked: Counter[str] = Counter()
    for one in reversed(year.papers):
        looked[one.paper.kind] += 1
        # Papers of one kind differ in few letters: some of each show where its pages end.
        if looked[one.paper.kind] <= 6:
            assert seals_alone(read_paper(one.html.decode())) == [], one.paper.id


def test_a_value_that_is_taken_out_is_missed(year: Year) -> None:
    html = next(one.html for one in year.papers if one.paper.kind == "approval").decode()
    assert set(blank_cells(re.sub(r"(本年已检查次数</th><td[^>]*>)[^<]+", r"\1", html))) == {"本年已检查次数"}


#: What signs a paper for the office: kind -> the form whose giver and day are printed.
SIGNED = {"approval": "inspection_approval", "training_record": "training_record"}


def test_who_approved_and_when_is_printed(year: Year) -> None:
    looked = 0
    for one in year.papers:
        if form := SIGNED.get(one.paper.kind):
            given = one.values["given"][form]
            signed = texts_by_place(read_paper(one.html.decode()))[Place.SIGNATURES]
            assert squeezed(given["by"]) in signed
            assert day_words(given["on"]) in signed
            looked += 1
    assert looked > 40


def test_the_year_makes_papers_of_many_kinds_each_with_the_number_of_its_series(year: Year) -> None:
    looked = Counter(one.paper.kind for one in year.papers)
    assert len(looked) >= 20
    assert sum(looked.values()) >= 400
    assert looked.keys() <= year.tests.kinds.keys()
    bureau = year.library.bureau
    assert bureau is not None
    for one in year.papers:
        series: PaperSeries | None = bureau.papers.series_of(one.paper.kind)
        assert (one.paper.number is not None) is (series is not None), one.paper.id


@pytest.mark.parametrize(
    "kind", ["notice", "rectification_order", "penalty_decision", "copy_letter", "crime_transfer"]
)
def test_a_number_a_remedy_or_a_date_that_is_taken_out_is_missed(year: Year, kind: str) -> None:
    """The look is a look: without its number, its date or its remedies the same paper lacks that part."""
    one = next(one for one in year.papers if one.paper.kind == kind)
    number, day = str(one.paper.number), day_words(dated_on(one.paper))
    assert {found.part for found in year.lacking(one, one.html.replace(number.encode(), b""))} >= {"文号"}
    assert "落款" in {found.part for found in year.lacking(one, one.html.replace(day.encode(), b""))}
    if "救济" in {part.name for part in year.tests.kinds[kind].parts}:
        without = one.html.replace("六十日内".encode(), b"")
        assert {found.part for found in year.lacking(one, without)} == {"救济"}


def test_every_kind_is_written_for_a_case_of_the_year(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Papers of a process the year has no case of are printed for a firm's case, blank where only that process asks."""
    home = demonstration(tmp_path_factory) / "demo"
    tests = find_paper_tests((home / "forms",))
    assert tests is not None
    application = open_application(find_home(str(home)))
    renderer = TemplateRenderer([home / "forms/templates"])
    try:
        with application.store.read() as transaction:
            # The first of each process: the last batch of the year was cancelled before its draw.
            cases = {case.workflow: case.id for case in reversed(transaction.cases.find(CaseFilter()))}
        for name, kind in tests.kinds.items():
            case = cases.get(kind.workflow, cases["follow_up"])
            made = preview_document(application, "head", case, name, renderer)
            assert isinstance(made, bytes), (name, str(made))
            title = next(
                text
                for part in kind.parts
                for place, texts in part.texts
                if place is Place.TITLE
                for text in texts
            )
            if squeezed(title) in template_words(home / "forms/templates", name):
                assert squeezed(title) in texts_by_place(read_paper(made.decode()))[Place.TITLE]
    finally:
        application.store.close()
