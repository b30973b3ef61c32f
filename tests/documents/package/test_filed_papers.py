"""Papers and publications of a package are held against its history; documents without PDF are named."""

from __future__ import annotations

from typing import Any

from engine.documents.package.filed_papers import papers_unlike, publication_digest, without_pdf


def event(seq: int, kind: str, **body: Any) -> dict[str, Any]:
    return {"stream": "visit-1", "seq": seq, "kind": kind, "body": body}


def test_a_paper_made_again_may_have_other_days_and_a_received_one_has_its_digest() -> None:
    signed = event(1, "advanced", effects={"papers": {"c/notice/1": {"state": "signed", "on": "2026-03-01"}}})
    again = event(2, "advanced", effects={"rendered": ["notice"], "numbers": {"c/notice/1": "1号"}})
    papers = [{"id": "c/notice/1", "number": "1号", "facts": [{"state": "drafted", "on": "2026-03-02"}]}]
    assert [code for code, _ in papers_unlike([signed], {}, papers, {})] == ["paper-said"]
    assert papers_unlike([signed, again], {}, papers, {}) == []
    received = event(3, "recorded", firm={"document": "c/1", "sha256": "ab"})
    assert papers_unlike([received], {"01-01-notice.html": "ab"}, papers, {}) == []
    changed = papers_unlike([received], {"01-01-notice.html": "cd"}, papers, {})
    assert changed == [("paper", {"name": "c/1 01-01-notice.html"})]
    by_command = event(4, "recorded", paper="c/notice/1", number="2号", on="2026-03-02", becomes="served")
    assert [code for code, _ in papers_unlike([by_command], {}, papers, {})] == ["paper-said", "paper-said"]


def test_publications_of_earlier_programs_are_named_where_they_are_gone() -> None:
    listed = event(1, "advanced", effects={"archive": {"publications": ["c/result/1"]}})
    shown: dict[str, Any] = {
        "kind": "result",
        "case": "c",
        "title": "x",
        "body": {},
        "published_at": "t",
        "due_on": None,
    }
    here = {"c/result/1": {**shown, "late": False}}
    assert papers_unlike([listed], {}, [], here) == []
    assert papers_unlike([listed], {}, [], {}) == [("no-publication", {"name": "c/result/1"})]
    right = {"c/result/1": publication_digest(here["c/result/1"])}
    filed = event(2, "advanced", effects={"archive": {"publications": right}})
    assert papers_unlike([filed], {}, [], here) == []
    late = {"c/result/1": {**shown, "late": True}}
    assert papers_unlike([filed], {}, [], late) == [("publication", {"name": "c/result/1"})]


def test_documents_without_a_pdf_are_named() -> None:
    names = ["c/data/documents/01-01-a.html", "c/data/documents/01-01-a.pdf", "c/data/documents/02-02-b.html"]
    assert without_pdf(names) == ["02-02-b.html"]
    assert without_pdf(["data/case.json"]) == []
