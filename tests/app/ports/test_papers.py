"""Both stores implement the repository of papers; a paper says what happened to it last."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.app.ports.papers import KeptFile, PaperFact, PaperRecord, Papers, PaperState
from engine.store.memory.papers import MemoryPapers
from engine.store.sql.repositories.papers import SqlPapers

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_both_stores_have_what_the_port_names() -> None:
    wanted = {name for name in vars(Papers) if not name.startswith("_")}
    for one in (MemoryPapers, SqlPapers):
        assert wanted <= set(vars(one))


def test_the_state_of_a_paper_is_its_last_fact() -> None:
    facts = (
        PaperFact(PaperState.DRAFTED, date(2026, 3, 1), NOON, "a"),
        PaperFact(PaperState.SERVED, date(2026, 3, 2), NOON, "b", "直接送达"),
    )
    paper = PaperRecord(id="c-1/notice/1", case="c-1", kind="notice", document="c-1/1", facts=facts)
    assert paper.state is PaperState.SERVED
    assert paper.fact(PaperState.DRAFTED) == facts[0]
    assert paper.fact(PaperState.SIGNED) is None
    assert paper.as_json()["facts"][1] == {
        "state": "served",
        "on": "2026-03-02",
        "at": "2026-03-02T04:00:00Z",
        "by": "b",
        "note": "直接送达",
    }


def test_a_kept_file_as_plain_values() -> None:
    kept = KeptFile(
        id="c-1/F1",
        case="c-1",
        title="合同",
        name="a.pdf",
        sha256="ab" * 32,
        size=12,
        type="pdf",
        at=NOON,
        by="anna",
    )
    assert kept.as_json() == {
        "id": "c-1/F1",
        "case": "c-1",
        "title": "合同",
        "name": "a.pdf",
        "sha256": "ab" * 32,
        "size": 12,
        "type": "pdf",
        "at": "2026-03-02T04:00:00Z",
        "by": "anna",
    }
