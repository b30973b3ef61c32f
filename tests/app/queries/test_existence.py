"""A case one may not see is answered exactly as one there is not, by every query that takes the id of something of a case."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from bureau_of_sections import Opened, open_sections

import engine.app.queries
from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.kernel.refusal import Refusal

HIDDEN, MISSING = "errand-1", "errand-9"
#: Somebody of another section, with no part in the case.
VIEWER = "bela"


def named(module: Any) -> dict[str, Any]:
    return {
        f"{module.__name__.removeprefix('engine.app.queries.')}.{name}": function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


QUERIES = {
    name: function
    for found in pkgutil.walk_packages(engine.app.queries.__path__, "engine.app.queries.")
    for name, function in named(import_module(found.name)).items()
}

#: Query -> what it is asked with, given the id of a case. Whoever adds a query that takes one adds a line.
ASKED: dict[str, Callable[[str], tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "audit.inclusion_proof": lambda case: ((case,), {}),
    "audit.refused_attempts": lambda case: ((case,), {}),
    "audit.verify_histories": lambda case: ((case,), {}),
    "calendar.explain_clocks": lambda case: ((case,), {}),
    "cases.case_history": lambda case: ((case,), {}),
    "cases.case_tree": lambda case: ((case,), {}),
    "cases.form_setting": lambda case: ((case, "close"), {}),
    "cases.step_forms": lambda case: ((case, "close"), {}),
    "cases.show_case": lambda case: ((case,), {}),
    "draws.anchor_request": lambda case: ((case,), {}),
    "draws.draw_kit": lambda case: ((case,), {}),
    "draws.filed_minutes": lambda case: ((case, [f"{case}/1"]), {}),
    "draws.firm_slip": lambda case: ((case, "x"), {}),
    "draws.forecast_draw": lambda case: ((case,), {}),
    "draws.hand_check": lambda case: ((case, "x"), {}),
    "draws.list_anchors": lambda case: ((case,), {}),
    "draws.open_ceremony": lambda case: ((case, "anna"), {}),
    "draws.show_draw": lambda case: ((case,), {}),
    "draws.trial_draw": lambda case: ((case, "123456"), {}),
    "draws.verify_draw": lambda case: ((case,), {}),
    "incidents.show_incident": lambda case: ((f"{case}/deadline",), {}),
    "papers.items.items_of_case": lambda case: ((case,), {}),
    "papers.archive.check_archive": lambda case: ((case,), {}),
    "papers.archive.read_archive": lambda case: ((case,), {}),
    "papers.documents.list_documents": lambda case: ((case,), {}),
    "papers.documents.preview_document": lambda case: ((case, "notice", None), {}),
    "papers.archive.read_case_file": lambda case: ((case,), {}),
    "papers.documents.read_document": lambda case: ((f"{case}/1",), {}),
    "papers.offline.compare_record": lambda case: ((case, "close", (1, "open", ""), {}, "r-1"), {}),
    "papers.offline.offline_forms": lambda case: ((case, VIEWER), {}),
    "papers.papers.list_files": lambda case: ((case,), {}),
    "papers.papers.list_papers": lambda case: ((case,), {}),
    "papers.papers.read_file": lambda case: ((f"{case}/F1", None), {}),
    "papers.papers.show_paper": lambda case: ((f"{case}/P1",), {}),
    "papers.signing.list_signatures": lambda case: ((case,), {}),
    "people.drafts.read_draft": lambda case: ((case, "close"), {"person": VIEWER}),
    "rectification.firm.show_feedback": lambda case: ((case,), {}),
}
#: Arguments that name something of a case; a query that has one stands above.
OF_A_CASE = {"case", "case_id", "batch", "document_id", "file_id", "paper", "incident_id"}
#: Queries that have such an argument and say nothing of a case.
OTHERWISE: dict[str, str] = {
    "draws.public_draw": "has no viewer: whoever has the digest of a commitment gets what is public, everybody else nothing",
    "rectification.firm.firm_document": "has no viewer: whoever has opened the page of a case by its code gets its papers, everybody else nothing",
}


@pytest.fixture(scope="module")
def opened() -> Opened:
    """A case of another section with a document, a paper with a number, a kept file, an incident."""
    found = open_sections()
    with found.services.store.write() as transaction:
        now = found.services.clock.now()
        made = PaperFact(next(iter(PaperState)), date(2024, 9, 2), now, "anna")
        paper = PaperRecord(
            id=f"{HIDDEN}/P1", case=HIDDEN, kind="notice", document=f"{HIDDEN}/1", facts=(made,)
        )
        transaction.papers.put(paper)
        number = PaperNumber(
            series="letter",
            year=2024,
            number=1,
            text="示函〔2024〕1号",
            status=NumberStatus.VOID,
            paper=paper.id,
            on=date(2024, 9, 2),
            by="anna",
            reason="错了",
        )
        transaction.papers.add_number(number)
        file = KeptFile(
            id=f"{HIDDEN}/F1",
            case=HIDDEN,
            title="照片",
            name="a.png",
            sha256="0" * 64,
            size=1,
            type="image/png",
            at=now,
            by="anna",
        )
        transaction.papers.add_file(file)
    return found


def test_every_query_with_the_id_of_a_case_is_asked() -> None:
    taking = {
        name
        for name, function in QUERIES.items()
        if OF_A_CASE & set(inspect.signature(inspect.unwrap(function)).parameters)
    }
    assert taking - set(OTHERWISE) <= set(ASKED)
    assert set(ASKED) <= set(QUERIES)


@pytest.mark.parametrize("name", ASKED)
def test_it_answers_a_hidden_case_as_a_missing_one(name: str, opened: Opened) -> None:
    found = []
    for case in (HIDDEN, MISSING):
        words, named_words = ASKED[name](case)
        answer = QUERIES[name](opened.services, VIEWER, *words, **named_words)
        shown = answer.as_json() if isinstance(answer, Refusal) else answer
        found.append(str(shown).replace(case, "CASE"))
    assert found[0] == found[1]


def test_numbers_of_a_series_say_nothing_of_the_cases_of_others(opened: Opened) -> None:
    """All numbers are listed, so that a gap shows; which case, by whom and why is for those who see the case."""
    ask = QUERIES["papers.papers.list_numbers"]
    (other,) = ask(opened.services, VIEWER)
    assert other.number.text == "示函〔2024〕1号"
    assert (other.number.paper, other.number.by, other.number.reason) == (None, None, None)
    for viewer in ("anna", "lena"):
        (own,) = ask(opened.services, viewer)
        assert (own.number.paper, own.number.by, own.number.reason) == (f"{HIDDEN}/P1", "anna", "错了")


def test_lists_of_others_have_nothing_of_it(opened: Opened) -> None:
    for name in ("cases.list_cases", "tasks.list_tasks", "draws.list_draws", "incidents.list_incidents"):
        assert HIDDEN not in str(QUERIES[name](opened.services, VIEWER))
    assert QUERIES["cases.search_cases"](opened.services, VIEWER, "示例") == []
